"""A YAML document as values that remember their places, so that a mistake can be pointed at.

Trees are immutable and may share parts (that is what a YAML alias is). `size` counts every part as often as it
is met and `height` the levels below, so both bound the work that walking a tree can take.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.catalogue.errors import Place
from app.catalogue.interpolate import Hole, Secret

Path = tuple[str | int, ...]
"""The way from the root of a tree to a part of it: keys of tables, indexes of lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A single value. `written` is how the file says it, which is not its value where that was filled in."""

    place: Place
    value: bool | int | float | str | None
    written: str

    size = 1
    height = 0

    @property
    def is_secret(self) -> bool:
        """Whether the value came from the environment."""
        return isinstance(self.value, Secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list."""

    place: Place
    items: tuple["Tree", ...]
    size: int = field(init=False)
    height: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", 1 + sum(item.size for item in self.items))
        object.__setattr__(self, "height", 1 + max((item.height for item in self.items), default=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A key's place and its value."""

    place: Place
    value: "Tree"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A mapping of text to values, in the order of the file."""

    place: Place
    entries: Mapping[str, Entry]
    size: int = field(init=False)
    height: int = field(init=False)

    def __post_init__(self) -> None:
        values = [entry.value for entry in self.entries.values()]
        object.__setattr__(self, "size", 1 + sum(value.size for value in values))
        object.__setattr__(self, "height", 1 + max((value.height for value in values), default=0))


Tree = Scalar | Items | Table


def plain(tree: Tree, *, is_masked: bool = False) -> Any:
    """The tree as dicts, lists and scalars; masked, with what the file says in place of what was filled in."""
    match tree:
        case Scalar():
            return tree.written if is_masked and tree.is_secret else tree.value
        case Items():
            return [plain(item, is_masked=is_masked) for item in tree.items]
        case Table():
            return {key: plain(entry.value, is_masked=is_masked) for key, entry in tree.entries.items()}


def table_at(tree: Tree, path: Path) -> Mapping[str, Entry]:
    """The entries of the table at `path`; none where there is no table."""
    part, rest = deepest(tree, path)
    return part.entries if not rest and isinstance(part, Table) else {}


def deepest(tree: Tree, path: Path) -> tuple[Tree, Path]:
    """The deepest part of the tree on `path`, and the rest of the way that it does not have."""
    for index, step in enumerate(path):
        match tree:
            case Table() if step in tree.entries:
                tree = tree.entries[str(step)].value
            case Items() if isinstance(step, int) and step < len(tree.items):
                tree = tree.items[step]
            case _:
                return tree, path[index:]
    return tree, ()


def has_hole(tree: Tree) -> bool:
    """Whether some value in the tree could not be had, which was told already."""
    match tree:
        case Scalar():
            return isinstance(tree.value, Hole)
        case Items():
            return any(has_hole(item) for item in tree.items)
        case Table():
            return any(has_hole(entry.value) for entry in tree.entries.values())
