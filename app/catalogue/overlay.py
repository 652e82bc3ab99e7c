"""Many files as one tree: those of the builtin catalogue side by side, the operator's laid over them."""

from collections.abc import Collection, Sequence

from app.catalogue.errors import Complain, Place, quoted
from app.catalogue.tree import Entry, Items, Path, Scalar, Table, Tree, table_at

_VOUCHED = ("verified_on", "note")
"""What is said of a question, and does not hold for another question."""


def overlay(base: Table, over: Table, kinds: Collection[str]) -> Table:
    """`base` with what `over` says instead: mappings are merged, everything else is replaced.

    Three things are not that simple. `controls` are replaced as a whole. In `order`, those that `over` names come
    first, then its own services, then those that `base` names. And a check whose question `over` changes loses
    what was vouched for the old one, and its old kind where the new question is of another.
    """
    entries = dict(_merged(base, over, (), kinds).entries)
    if "controls" in over.entries:
        entries["controls"] = over.entries["controls"]
    if "order" not in over.entries or isinstance(over.entries["order"].value, Items):
        entries["order"] = _order(base, over)
    return Table(place=over.place, entries=entries)


def _order(base: Table, over: Table) -> Entry:
    builtin = table_at(base, ("services",))
    new = [
        Scalar(place=entry.place, value=key, written=key)
        for key, entry in table_at(over, ("services",)).items()
        if key not in builtin
    ]
    items = (*_listed(over), *new, *_listed(base))
    return Entry(place=over.place, value=Items(place=over.place, items=items))


def _listed(tree: Table) -> tuple[Tree, ...]:
    order = tree.entries["order"].value if "order" in tree.entries else None
    return order.items if isinstance(order, Items) else ()


def _merged(base: Table, over: Table, path: Path, kinds: Collection[str]) -> Table:
    entries = dict(base.entries)
    if _is_check(path) and (asked := over.entries.keys() & set(kinds)):
        for key in {*_VOUCHED, *kinds} - asked:
            entries.pop(key, None)
    for key, entry in over.entries.items():
        below = entries[key].value if key in entries else None
        entries[key] = Entry(place=entry.place, value=_laid(below, entry.value, (*path, key), kinds))
    return Table(place=over.place, entries=entries)


def _laid(base: Tree | None, over: Tree, path: Path, kinds: Collection[str]) -> Tree:
    if isinstance(base, Table) and isinstance(over, Table):
        return _merged(base, over, path, kinds)
    return over


def _is_check(path: Path) -> bool:
    match path:
        case ("services", _, "checks", _):
            return True
        case _:
            return False


def joined(files: Sequence[Table], complain: Complain) -> Table:
    """Files that stand beside each other as one; what two of them say of the same id is a problem."""
    entries: dict[str, Entry] = {}
    for file in files:
        for key, entry in file.entries.items():
            before = entries.get(key)
            entries[key] = entry if before is None else _side_by_side(key, before, entry, complain)
    return Table(place=files[0].place if files else Place(file=""), entries=entries)


def _side_by_side(key: str, first: Entry, second: Entry, complain: Complain) -> Entry:
    match first.value, second.value:
        case Table(), Table():
            for name in first.value.entries.keys() & second.value.entries.keys():
                complain(
                    second.value.entries[name].place,
                    f"{quoted(name)} stands in {quoted(key)} of {first.value.entries[name].place} already",
                )
            united = {**first.value.entries, **second.value.entries}
            return Entry(place=first.place, value=Table(place=first.value.place, entries=united))
        case Items(), Items():
            items = (*first.value.items, *second.value.items)
            return Entry(place=first.place, value=Items(place=first.value.place, items=items))
        case _:
            complain(second.place, f"{quoted(key)} stands in {first.place} already")
            return first
