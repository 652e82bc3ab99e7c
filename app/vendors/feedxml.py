"""RSS and Atom as expat reads them: one builder for RSS 0.9 to 2.0, RDF and Atom, which differ in names alone."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.parsers import expat

from app.vendors.meter import Meter
from app.vendors.reader import ReadError, ReadErrorKind
from app.vendors.shape import Drift
from app.vendors.text import effort, one_line, plain_line
from app.vendors.times import is_unset, parse_time

LONGEST_MARKUP = 100_000
"""Letters of a field that are read; feeds of twenty-five incidents with all that was said have fewer."""
_DEEPEST = 100
# Letters of a document for each attribute in it, at least.
_APART = 40
_SPARED = 1_000
# What it takes to read an element, an entry, and an update within its text, in units of the document's meter.
_AN_ELEMENT, _AN_ENTRY, _AN_UPDATE = 2, 65, 20
_UPDATE = "<strong>"
_ROOTS = frozenset({"rss", "feed", "RDF"})
ENTRY_NAMES = frozenset({"item", "entry"})
_PREFIXES = frozenset({"", "atom", "a10", "dc", "dcterms", "content", "rss"})
# What fields are called in RSS 0.9 to 2.0, RDF and Atom, in the order in which the first that is there wins.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "id": ("guid", "id"),
    "published": ("pubDate", "published", "issued", "date", "created"),
    "updated": ("updated", "modified"),
    "text": ("encoded", "content", "description", "summary"),
    "status": ("status",),
    "generator": ("generator",),
    "built": ("updated", "lastBuildDate", "pubDate"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item of a feed; its title is a line of plain text, its `text` HTML. What it lacks is empty, or `None`."""

    title: str
    id: str
    link: str
    published_at: datetime | None
    updated_at: datetime | None
    text: str
    status: str
    categories: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: what it says of itself, and its entries in its own order.

    `is_whole` is false where there were more entries than could be read: those are left out, which is harmless as
    long as the newest stand first.
    """

    title: str
    link: str
    generator: str
    built_at: datetime | None
    entries: tuple[Entry, ...]
    is_whole: bool = True


@dataclass(slots=True)
class _Node:
    """An element being read that holds fields: the feed itself or one of its entries."""

    fields: dict[str, str] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


class _Builder:
    """Takes what expat tells and keeps what feeds are made of, as long as the meter lets it."""

    def __init__(self, parser: expat.XMLParserType, meter: Meter) -> None:
        self.root = ""
        self.is_full = False
        self.has_long = False
        self.meter = meter
        self._parser = parser
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.data
        self.channel = _Node()
        self.entries: list[_Node] = []
        self._path: list[str] = []
        self._entry: _Node | None = None
        self._entry_depth = 0
        self._field = ""
        self._field_depth = 0
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        if not self._affords(_AN_ELEMENT):
            return
        prefix, _, local = name.rpartition(":")
        if not self._path:
            self.root = local
            if local not in _ROOTS:
                raise ReadError(ReadErrorKind.NOT_THIS_FORMAT, "", one_line(f"the root is <{name}>, not a feed"))
        self._path.append(local)
        depth = len(self._path)
        if depth > _DEEPEST:
            raise ReadError(ReadErrorKind.TOO_DEEP, "", "nested too deep")
        if self._field:
            self._text.append(_opened(local, attributes))
        elif self._entry is None and local in ENTRY_NAMES:
            self._entry, self._entry_depth = _Node(), depth
        elif prefix in _PREFIXES and self._is_field(depth):
            self._field, self._field_depth, self._text = local, depth, []
            self._note_attributes(local, attributes)

    def _is_field(self, depth: int) -> bool:
        """A child of an entry, or of the feed: of `<channel>` in RSS, of the root in Atom."""
        if self._entry is not None:
            return depth == self._entry_depth + 1
        return self._path[-2:-1] == ["channel"] or (depth == 2 and self._path[-1] != "channel")  # noqa: PLR2004  # root's child

    def _note_attributes(self, local: str, attributes: dict[str, str]) -> None:
        node = self._entry or self.channel
        if local == "link" and attributes.get("href"):
            node.links.append((attributes.get("rel", "alternate"), attributes["href"]))
        elif local == "category" and attributes.get("term"):
            node.categories.append(attributes["term"])

    def end(self, _name: str) -> None:
        """An element closes."""
        depth = len(self._path)
        local = self._path.pop()
        if self._field:
            if depth == self._field_depth:
                self._keep()
            else:
                self._text.append(f"</{local}>")
        elif self._entry is not None and depth == self._entry_depth:
            text = _field(self._entry, "text")
            if self._affords(_AN_ENTRY + 2 * effort(text) + _AN_UPDATE * text.lower().count(_UPDATE)):
                self.entries.append(self._entry)
            self._entry = None

    def data(self, text: str) -> None:
        """Text within an element."""
        if self._field:
            self._text.append(text)

    def _affords(self, units: int) -> bool:
        """Pay for what comes next. Once that is too much, a feed that has entries is full; others are refused.

        Of a full feed it still matters whether it is well-formed to its end, which the parser knows by itself.
        """
        self.meter.left -= units
        if self.meter.left >= 0:
            return True
        if not self.entries:
            raise self.meter.spent("")
        self.is_full = True
        self._parser.StartElementHandler = self._parser.EndElementHandler = self._parser.CharacterDataHandler = (
            None
        )
        return False

    def _keep(self) -> None:
        node, name = self._entry or self.channel, self._field
        value = "".join(self._text).strip()
        self._field, self._text = "", []
        if not value:
            return
        if name == "category":
            node.categories.append(value)
        elif name == "link":
            node.links.append(("alternate", value))
        else:
            self.has_long = self.has_long or len(value) > LONGEST_MARKUP
            node.fields.setdefault(name, value[:LONGEST_MARKUP])


def _opened(local: str, attributes: dict[str, str]) -> str:
    """An element within a text (XHTML, or HTML that nobody escaped), as HTML again."""
    target = attributes.get("href", "")
    return f'<{local} href="{html.escape(target)}">' if target else f"<{local}>"


def read_xml(text: str, meter: Meter, drift: Drift) -> Feed:
    """The feed in a text of well-formed XML, as far as the meter lets it be read.

    `ReadError` TOO_LARGE where not even one entry can be read, NOT_THIS_FORMAT for other XML, TOO_DEEP, UNPARSABLE
    for one that declares entities; `expat.ExpatError` for what is not well-formed.
    """
    if text.count('="') + text.count("='") > _SPARED + len(text) // _APART:
        raise ReadError(ReadErrorKind.TOO_LARGE, "", "more attributes than a feed has")
    parser = expat.ParserCreate()
    parser.buffer_text = True
    builder = _Builder(parser, meter)
    parser.EntityDeclHandler = _refuse_entity
    parser.Parse(text, True)  # noqa: FBT003  # expat takes it by position only
    if builder.has_long:
        drift.note(f"a text of more than {LONGEST_MARKUP} letters: its end is not read")
    if builder.is_full:
        drift.note(f"more entries than a page has: read are the first {len(builder.entries)}")
    name = "entry" if builder.root == "feed" else "item"
    return Feed(
        title=one_line(_field(builder.channel, "title")),
        link=_link(builder.channel),
        generator=one_line(_field(builder.channel, "generator")),
        built_at=read_moment(_field(builder.channel, "built"), "updated"),
        entries=tuple(_entry(node, f"{name}[{index}]") for index, node in enumerate(builder.entries)),
        is_whole=not builder.is_full,
    )


def _refuse_entity(*_declaration: Any) -> None:
    raise ReadError(ReadErrorKind.UNPARSABLE, "", "declares entities of its own, as no feed does")


def read_moment(text: str, where: str) -> datetime | None:
    """The moment that a field tells, if it is there; `ReadError` BAD_TIMESTAMP if it tells none."""
    return None if is_unset(text) else parse_time(text, where)


def _entry(node: _Node, where: str) -> Entry:
    link = _link(node)
    return Entry(
        title=plain_line(_field(node, "title")),
        id=one_line(_field(node, "id") or link),
        link=link,
        published_at=read_moment(_field(node, "published"), f"{where}.published"),
        updated_at=read_moment(_field(node, "updated"), f"{where}.updated"),
        text=_field(node, "text"),
        status=one_line(_field(node, "status")),
        categories=tuple(one_line(category) for category in node.categories),
        where=where,
    )


def _field(node: _Node, meaning: str) -> str:
    return next((node.fields[name] for name in _NAMES[meaning] if name in node.fields), "")


def _link(node: _Node) -> str:
    """Where people read it, not where the feed itself is."""
    links = [href for rel, href in node.links if rel == "alternate"]
    return one_line(links[0]) if links else ""
