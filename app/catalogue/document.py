"""Reading YAML: text → a tree that knows where everything stands.

Plain scalars mean what YAML 1.2's core schema says: `no`, `on` and `1:30` are text, and so is `010`, which
older YAML takes for eight. The tree is composed here from the parser's events, so that its depth and what its
aliases unfold to are bounded while it is being read.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

from app.catalogue.errors import Complain, Place, quoted
from app.catalogue.interpolate import Hole
from app.catalogue.tree import Entry, Items, Scalar, Table, Tree

LARGEST_FILE = 1024 * 1024
LARGEST_TREE = 50_000
DEEPEST_TREE = 24

Fill = Callable[[str], str]
"""What a text becomes when the environment is filled in; raises `ValueError` with a sentence."""

_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)\.[0-9]*|[1-9][0-9]*(?=[eE]))([eE][-+]?[0-9]{1,2})?\Z")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_MERGE = "<<"
_YAML_TAG = "tag:yaml.org,2002:"
_TEXT_TAGS = (None, "", "!", f"{_YAML_TAG}str")


def read_document(content: bytes, file: str, complain: Complain, fill: Fill = str) -> Table:
    """Read one YAML document whose root is a mapping; an empty file is an empty one.

    `file` names it in places. What is wrong is told to `complain`; what could be read is answered all the same.
    """
    nothing = Table(place=Place(file=file), entries={})
    text = _decoded(content, file, complain)
    if text is None:
        return nothing
    try:
        root = _Composer(text, file, complain, fill).compose()
    except yaml.reader.ReaderError as error:
        complain(_place_after(file, text[: error.position]), "control characters are not allowed")
    except yaml.MarkedYAMLError as error:
        complain(*_syntax_error(error, file, text))
    except _UnboundedError as error:
        complain(error.place, error.text)
    else:
        if isinstance(root, Table):
            return root
        if isinstance(root, Items) or root.value is not None:
            complain(root.place, 'a catalogue is a mapping ("services:", "vendors:", …), not this')
    return nothing


def _decoded(content: bytes, file: str, complain: Complain) -> str | None:
    if len(content) > LARGEST_FILE:
        complain(Place(file=file), f"the file is larger than {LARGEST_FILE} bytes")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        complain(_place_after(file, content[: error.start].decode("utf-8-sig")), "this is not UTF-8 text")
        return None


class _UnboundedError(Exception):
    """The document is larger or deeper than any catalogue is; nothing of it can be used."""

    def __init__(self, place: Place, text: str) -> None:
        super().__init__(text)
        self.place = place
        self.text = text


class _Composer:
    """Builds the tree of one document from the parser's events, and goes on after what can be gone on after."""

    def __init__(self, text: str, file: str, complain: Complain, fill: Fill) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        self._file = file
        self._complain = complain
        self._fill = fill
        self._anchors: dict[str, Tree | None] = {}

    def compose(self) -> Tree:
        """Compose the only document of the stream."""
        root: Tree | None = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                if root is not None:
                    self._complain(self._place(event), "a second document begins here; a catalogue is one")
                    break
                root = self._tree(event, DEEPEST_TREE)
        return root or Scalar(place=Place(file=self._file), value=None, written="")

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(file=self._file, line=mark.line + 1, column=mark.column + 1)

    def _tree(self, event: Any, levels: int) -> Tree:
        """Compose what begins with `event` and may be `levels` high."""
        place = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            tree = self._aliased(event.anchor, place)
        else:
            if event.anchor:
                self._anchors[event.anchor] = None
            tree = self._fresh(event, place, levels)
            if event.anchor:
                self._anchors[event.anchor] = tree
        if tree.height > levels:
            raise _UnboundedError(place, f"this is nested more than {DEEPEST_TREE} levels deep")
        if tree.size > LARGEST_TREE:
            raise _UnboundedError(place, f"this unfolds to more than {LARGEST_TREE} values")
        return tree

    def _aliased(self, anchor: str | None, place: Place) -> Tree:
        tree = self._anchors.get(anchor or "")
        if tree is not None:
            return tree
        if anchor in self._anchors:
            self._complain(place, f'"*{anchor}" goes round in a circle: it stands inside what it refers to')
        else:
            self._complain(place, f'"*{anchor}" refers to an anchor "&{anchor}" that does not stand before it')
        return Scalar(place=place, value=Hole(), written=f"*{anchor}")

    def _fresh(self, event: Any, place: Place, levels: int) -> Tree:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if event.tag not in (None, "", "!"):
            self._complain_of_tag(event.tag, place)
        if levels == 0:
            raise _UnboundedError(place, f"this is nested more than {DEEPEST_TREE} levels deep")
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(place=place, items=tuple(self._tree(item, levels - 1) for item in self._until_end()))
        return self._table(place, levels)

    def _until_end(self) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield event

    def _table(self, place: Place, levels: int) -> Table:
        entries: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        for event in self._until_end():
            key_place = self._place(event)
            key = self._key(event, levels)
            value = self._tree(next(self._events), levels - 1)
            if key == _MERGE and not event.style:
                self._merge(merged, value)
            elif key in entries:
                first = entries[key].place.line
                self._complain(key_place, f"the key {quoted(key)} stands twice here; the first is in line {first}")
            elif key is not None:
                entries[key] = Entry(place=key_place, value=value)
        return Table(place=place, entries={**merged, **entries})

    def _key(self, event: Any, levels: int) -> str | None:
        if isinstance(event, yaml.ScalarEvent) and (event.value or event.style):
            return str(event.value)
        self._complain(self._place(event), "a key must be text")
        self._tree(event, levels - 1)
        return None

    def _merge(self, merged: dict[str, Entry], source: Tree) -> None:
        """Take over the entries of `<<: *anchor` (or a list of them, where the first wins)."""
        for table in source.items if isinstance(source, Items) else (source,):
            if isinstance(table, Table):
                for key, entry in table.entries.items():
                    merged.setdefault(key, entry)
            else:
                self._complain(table.place, '"<<" takes over mappings only')

    def _scalar(self, event: Any, place: Place) -> Scalar:
        text: str = event.value
        if event.tag not in _TEXT_TAGS:
            self._complain_of_tag(event.tag, place)
        if not event.style and not event.tag:
            return Scalar(place=place, value=self._filled(_resolved(text), place), written=text)
        return Scalar(place=place, value=self._filled(text, place), written=text)

    def _complain_of_tag(self, tag: str, place: Place) -> None:
        self._complain(place, f"YAML tags such as {quoted(tag.replace(_YAML_TAG, '!!'))} are not used here")

    def _filled(self, value: Any, place: Place) -> Any:
        if not isinstance(value, str) or "$" not in value:
            return value
        try:
            return self._fill(value)
        except ValueError as error:
            self._complain(place, str(error))
            return Hole()


def _resolved(text: str) -> bool | float | str | None:
    """What a plain scalar means."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text


def _place_after(file: str, text: str) -> Place:
    """The place of the character that follows `text`."""
    return Place(file=file, line=text.count("\n") + 1, column=len(text) - text.rfind("\n"))


_PLAIN_WORDS = (
    ("cannot start any token", "this character cannot begin a value: put the value in quotes"),
    (
        "mapping values are not allowed",
        '": " a second time in this line: put the value in quotes, or indent what follows',
    ),
    (
        "block sequence entries are not allowed",
        'a list item ("- ") cannot begin here: give it a line of its own',
    ),
    ("could not find expected ':'", 'a key without ":" stands before this'),
    ("did not find expected key", "this does not line up with what stands above: check indentation and quotes"),
    ("did not find expected '-' indicator", "this does not line up with the list above: check the indentation"),
    ("did not find expected ',' or ']'", 'a list that began with "[" is not closed before this'),
    ("did not find expected ',' or '}'", 'a mapping that began with "{" is not closed before this'),
    ("did not find expected node content", "a value is missing here, or a bracket is not closed"),
    ("found unexpected end of stream", "a quote that was opened is not closed before the end of the file"),
    ("found unknown escape character", 'an unknown "\\" escape in double quotes: use single quotes, or "\\\\"'),
)


def _syntax_error(error: yaml.MarkedYAMLError, file: str, text: str) -> tuple[Place, str]:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Place(file=file), "this is not YAML"
    place = Place(file=file, line=mark.line + 1, column=mark.column + 1)
    if text[mark.index : mark.index + 1] == "\t":
        return place, "a tab stands where only spaces may: indent with spaces"
    told = " ".join(part for part in (error.problem, error.context) if part)
    words = next((words for part, words in _PLAIN_WORDS if part in told), f"this is not YAML ({told})")
    return place, words
