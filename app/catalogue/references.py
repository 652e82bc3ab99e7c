"""What the parts of a catalogue must be to each other: ids that name something, one question in each check."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence

from app.catalogue.errors import Complain, Place, quoted
from app.catalogue.interpolate import Hole
from app.catalogue.suggest import did_you_mean, nearest
from app.catalogue.tree import Entry, Items, Path, Scalar, Table, Tree, table_at
from app.catalogue.whereabouts import key_in, name_of

_NEEDED = {
    "services": ("service", ("name", "vendor", "capabilities", "home", "checks")),
    "vendors": ("vendor", ("name", "home")),
}
_LISTS_OF_SERVICES = ("disable", "order")


def without_strays(own: Table, base: Table, complain: Complain) -> Table:
    """The operator's tree without services and vendors that look like mistyped builtin ones.

    Those are near a builtin id and lack what a new one needs; each is told once, as an unknown id, instead of by
    all that it lacks.
    """
    entries = dict(own.entries)
    for section, (word, needed) in _NEEDED.items():
        known, given = table_at(base, (section,)), table_at(own, (section,))
        strays = [
            key
            for key in given
            if key not in known and nearest(key, known) and not table_at(own, (section, key)).keys() >= set(needed)
        ]
        for key in strays:
            meant = did_you_mean(key, known)
            complain(
                given[key].place, f"unknown {word} {quoted(key)}{meant} (a new one needs {', '.join(needed)})"
            )
        if strays:
            kept = {key: entry for key, entry in given.items() if key not in strays}
            place = entries[section].place
            entries[section] = Entry(place=place, value=Table(place=place, entries=kept))
    return Table(place=own.place, entries=entries)


def check_references(tree: Table, kinds: Collection[str], complain: Complain) -> None:
    """Tell of every id that names nothing, and of every check that does not ask exactly one thing."""
    for key in table_at(tree, ("services",)):
        if vendor := table_at(tree, ("services", key)).get("vendor"):
            _expect_known(vendor.value, "vendor", key_in(("services", key, "vendor")), tree, complain)
        for item in _grounds(tree, key):
            _expect_known(item, "service", key_in(("services", key, "depends_on")), tree, complain)
    _expect_no_circle(tree, complain)
    for key in _LISTS_OF_SERVICES:
        for item in _items(tree.entries.get(key)):
            _expect_known(item, "service", f'"{key}"', tree, complain)
    for path, check in _checks(tree):
        _expect_one_kind(path, check, tree, kinds, complain)


def _expect_known(part: Tree, word: str, subject: str, tree: Table, complain: Complain) -> None:
    section = tree.entries.get(f"{word}s")
    if section is not None and not isinstance(section.value, Table):
        return  # that is told already, and would make every id an unknown one
    if not isinstance(part, Scalar) or not isinstance(part.value, str) or isinstance(part.value, Hole):
        return
    known = table_at(tree, (f"{word}s",))
    if part.value not in known:
        meant = "" if part.is_secret else did_you_mean(part.value, known)
        complain(part.place, f"{subject} names the unknown {word} {quoted(part.written)}{meant}")


def _expect_no_circle(tree: Table, complain: Complain) -> None:
    """Tell of every circle of services that depend on each other, once."""
    ahead = {key: _places_of_grounds(tree, key) for key in table_at(tree, ("services",))}
    told: set[str] = set()
    for key, grounds in ahead.items():
        circle = () if key in told else _way_back(key, ahead)
        if circle:
            told.update(circle)
            subject, way = key_in(("services", key, "depends_on")), " → ".join((key, *circle))
            complain(grounds[circle[0]], f"{subject} goes round in a circle: {way}")


def _places_of_grounds(tree: Table, key: str) -> Mapping[str, Place]:
    """Where a service names each that it depends on."""
    return {
        item.value: item.place
        for item in _grounds(tree, key)
        if isinstance(item, Scalar) and isinstance(item.value, str) and not item.is_secret
    }


def _way_back(key: str, ahead: Mapping[str, Mapping[str, Place]]) -> tuple[str, ...]:
    """The shortest way from a service to itself, without its beginning; nothing where there is none."""
    ways: deque[tuple[str, ...]] = deque((ground,) for ground in ahead[key])
    seen: set[str] = set()
    while ways:
        way = ways.popleft()
        if way[-1] == key:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways.extend((*way, ground) for ground in ahead.get(way[-1], {}))
    return ()


def _grounds(tree: Table, key: str) -> Sequence[Tree]:
    """What stands in the list of services that one depends on."""
    return _items(table_at(tree, ("services", key)).get("depends_on"))


def _items(entry: Entry | None) -> Sequence[Tree]:
    return entry.value.items if entry is not None and isinstance(entry.value, Items) else ()


def _expect_one_kind(path: Path, check: Table, tree: Table, kinds: Collection[str], complain: Complain) -> None:
    asked = [key for key in check.entries if key in kinds]
    if len(asked) > 1:
        both = " and ".join(f'"{kind}"' for kind in asked)
        complain(check.entries[asked[-1]].place, f"{name_of(path)} asks {both}; it can ask only one of them")
    elif not asked:
        name = nearest(str(path[-1]), [name for name in table_at(tree, path[:-1]) if name != path[-1]])
        meant = f"; did you mean the check {quoted(name)}?" if name else f"; give it one of: {', '.join(kinds)}"
        complain(check.place, f"{name_of(path)} asks nothing{meant}")


def _checks(tree: Table) -> Iterator[tuple[Path, Table]]:
    homes: list[Path] = [("controls",)]
    homes += [("services", key, "checks") for key in table_at(tree, ("services",))]
    for home in homes:
        for name, entry in table_at(tree, home).items():
            if isinstance(entry.value, Table):
                yield (*home, name), entry.value
