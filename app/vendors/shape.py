"""Access into foreign JSON: typed, lenient where a field is a help, strict where it is the identity of a thing.

`load_json` turns a document into a `Part`; a `Part` is a value that knows its path, so that what is missing or
wrong is told as `incidents[3].created_at`. Lists are walked lazily and only known paths are walked, so depth and
breadth of the rest cost nothing; what is read is paid for to the document's `Meter`.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, TypeVar

from app.vendors.meter import Meter
from app.vendors.reader import Document, ReadError, ReadErrorKind
from app.vendors.text import effort, one_line, plain, plain_line, web_address
from app.vendors.times import is_unset, parse_time

LARGEST_BODY = 32 * 1024 * 1024
"""Bytes that a document may have at most; no page that is recorded has a twentieth of it."""
# Signs in a document for each bracket, and for each comma, at least: recorded pages have 32 and 22.
_SPREAD, _APART = 16, 8
_SPARED = 1_000
_MOST_NOTES = 50
_LONGEST_STEP = 60
# Units of a meter, beside the one for the field itself.
_MOMENT, _ODD_MOMENT, _ODD_WORD = 3, 15, 6
# What React writes into a page's data for a field that has no value.
_UNDEFINED = "$undefined"

Key = str | int | None
Meaning = TypeVar("Meaning")


def load_json(document: Document) -> "Part":
    """The root of a JSON document in any Unicode encoding, with or without a byte order mark.

    `ReadError`: TOO_LARGE, HTML_INSTEAD, NOT_THIS_FORMAT (XML), TOO_DEEP, UNPARSABLE.
    """
    body = document.body
    if len(body) > LARGEST_BODY:
        raise ReadError(ReadErrorKind.TOO_LARGE, "", f"{len(body)} bytes are more than {LARGEST_BODY}")
    text = body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        raise refused_markup(text)
    return Part(parse_json(text), meter=Meter(len(body)))


def parse_json(text: str, *, apart: int = _APART) -> Any:
    """The value that a text of JSON is, which has a comma in every `apart` letters at most.

    `ReadError`: TOO_LARGE where it is nothing but brackets and commas, which take a page's whole time in parsing;
    TOO_DEEP, UNPARSABLE.
    """
    brackets, commas = text.count("[") + text.count("{"), text.count(",")
    if brackets > _SPARED + len(text) // _SPREAD or commas > _SPARED + len(text) // apart:
        raise ReadError(ReadErrorKind.TOO_LARGE, "", f"{brackets} brackets and {commas} commas are no page")
    try:
        return json.loads(text)
    except RecursionError:
        raise ReadError(ReadErrorKind.TOO_DEEP, "", "nested too deep") from None
    except ValueError as error:
        raise ReadError(ReadErrorKind.UNPARSABLE, "", one_line(f"not JSON: {error}")) from None


def refused_markup(text: str) -> ReadError:
    """The error for markup where something else was wanted: a web page, or some XML."""
    if looks_like_html(text):
        return ReadError(ReadErrorKind.HTML_INSTEAD, "", "a web page instead of a status document")
    return ReadError(ReadErrorKind.NOT_THIS_FORMAT, "", "XML instead of JSON")


def looks_like_html(text: str) -> bool:
    """Whether markup is a web page: it says so, or opens with what only web pages open with."""
    head = text[:1024].lstrip("\ufeff \t\r\n").lower()
    return head.startswith(
        ("<!doctype html", "<html", "<head", "<body", "<script", "<!--", "<meta", "<title")
    ) or ("<html" in head and "<rss" not in head and "<feed" not in head)


class Part:
    """A value within a document, and its path.

    Every reading method takes the key (or the position) of a field, or nothing for the value itself. A part that
    is absent or null is an empty one: it has no fields and no items.
    """

    __slots__ = ("key", "meter", "parent", "value")

    def __init__(
        self, value: Any, parent: "Part | None" = None, key: Key = None, meter: Meter | None = None
    ) -> None:
        self.value = value
        self.parent = parent
        self.key = key
        self.meter: Meter = parent.meter if parent is not None else meter or Meter()

    def __bool__(self) -> bool:
        """Whether there is anything: not absent, null, or an empty object or list."""
        return self.value is not None and self.value not in ({}, [])

    @property
    def where(self) -> str:
        """The path from the root, `""` for the root itself."""
        path = ""
        part: Part | None = self
        while part is not None and part.key is not None:
            step = f"[{part.key}]" if isinstance(part.key, int) else part.key[:_LONGEST_STEP]
            path = f"{step}{path}" if not path or path[0] == "[" else f"{step}.{path}"
            part = part.parent
        return one_line(path)

    def where_of(self, key: Key) -> str:
        """The path of a field."""
        return self.where if key is None else Part(None, self, key).where

    def has(self, key: Key) -> bool:
        """Whether a field is there and not null."""
        return self._get(key) is not None

    def at(self, key: Key) -> "Part":
        """A field as a part of its own; an absent one is empty."""
        return Part(self._get(key), self, key)

    def parts(self, key: Key = None) -> Iterator["Part"]:
        """The items of a list, one by one; none where it is absent. `ReadError` WRONG_TYPE, or TOO_LARGE."""
        value = self._get(key)
        if value is None:
            return
        home = self if key is None else Part(value, self, key)
        if not isinstance(value, list):
            raise home.wrong("a list")
        self.pay(len(value) // 2)
        for index, item in enumerate(value):
            yield Part(item, home, index)

    def pairs(self, key: Key = None) -> Iterator[tuple[str, "Part"]]:
        """The fields of an object by name; none where it is absent. `ReadError` WRONG_TYPE if it is no object."""
        value = self._get(key)
        if value is None:
            return
        home = self if key is None else Part(value, self, key)
        if not isinstance(value, dict):
            raise home.wrong("an object")
        self.pay(len(value))
        for name, item in value.items():
            yield one_line(name), Part(item, home, name)

    def text(self, key: Key = None) -> str:
        """A line that has to be there (an id, a name); whole numbers count. MISSING_FIELD or WRONG_TYPE if not."""
        value = self._get(key)
        if value is None or value == "":
            raise ReadError(ReadErrorKind.MISSING_FIELD, self.where_of(key), "missing")
        line = one_line(value) if type(value) is str else _number(value)
        if line is None:
            raise self.at(key).wrong("text")
        return line

    def text_or(self, key: Key = None, default: str = "") -> str:
        """A line that helps where it is there and is text; else the default."""
        value = self._get(key)
        return (one_line(value) if type(value) is str else _number(value)) or default

    def headline(self, key: Key = None) -> str:
        """A line that may carry markup, without it; nothing where there is none."""
        value = self._get(key)
        return plain_line(self._paid(value)) if value and isinstance(value, str) else ""

    def prose(self, key: Key = None) -> str:
        """What the vendor wrote there, as plain text; nothing where there is none."""
        value = self._get(key)
        return plain(self._paid(value)) if value and isinstance(value, str) else ""

    def link(self, key: Key = None) -> str | None:
        """The web address there, `None` for what is none."""
        return web_address(self.text_or(key))

    def flag(self, key: Key = None) -> bool:
        """Whether a field says true."""
        return self._get(key) is True

    def moment(self, key: Key = None, *, zone: tzinfo = UTC) -> datetime:
        """A time that has to be there, in UTC, read in `zone` if it names none. MISSING_FIELD or BAD_TIMESTAMP."""
        value = self._get(key)
        if is_unset(value):
            raise ReadError(ReadErrorKind.MISSING_FIELD, self.where_of(key), "missing")
        return self._moment(value, key, zone)

    def moment_or_none(self, key: Key = None, *, zone: tzinfo = UTC) -> datetime | None:
        """A time where there is one, in UTC. BAD_TIMESTAMP if what is there is none."""
        value = self._get(key)
        return None if value is None or is_unset(value) else self._moment(value, key, zone)

    def wrong(self, wanted: str) -> ReadError:
        """The error for a value of another type than `wanted`."""
        return ReadError(ReadErrorKind.WRONG_TYPE, self.where, f"wanted {wanted}, got {_type_of(self.value)}")

    def _moment(self, value: Any, key: Key, zone: tzinfo) -> datetime:
        self.pay(_ODD_MOMENT if isinstance(value, str) and value[4:5] != "-" else _MOMENT)
        try:
            return parse_time(value, "", zone=zone)
        except ReadError as error:
            raise ReadError(error.kind, self.where_of(key), error.detail) from None

    def pay(self, units: int) -> None:
        """Pay for work beside the reading of fields. `ReadError` TOO_LARGE where there is not that much left."""
        meter = self.meter
        meter.left -= units
        if meter.left < 0:
            raise meter.spent(self.where)

    def _paid(self, text: str) -> str:
        self.pay(effort(text))
        return text

    def _get(self, key: Key) -> Any:
        meter, value = self.meter, self.value
        meter.left -= 1
        if meter.left < 0:
            raise meter.spent(self.where)
        if type(key) is str:
            if type(value) is dict:
                value = value.get(key)
            elif value is not None:
                raise self.wrong("an object")
        elif type(key) is int:
            if type(value) is list:
                value = value[key] if -len(value) <= key < len(value) else None
            elif value is not None:
                raise self.wrong("a list")
        return None if value == _UNDEFINED else value


class Drift:
    """Collects what a document says, or fails to say, otherwise than its format promises; each thing once."""

    __slots__ = ("_notes",)

    def __init__(self) -> None:
        self._notes: dict[str, None] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What was noted, in order."""
        return tuple(self._notes)

    def note(self, what: str) -> None:
        """Note it, unless it is known or too much is noted already."""
        if len(self._notes) < _MOST_NOTES:
            self._notes[one_line(what)] = None

    def missing(self, part: Part, *keys: str) -> None:
        """Note every field that the format promises and this part lacks."""
        for key in keys:
            if not isinstance(part.value, dict) or key not in part.value:
                part.pay(_ODD_WORD)
                self.note(f"{_unnumbered(part.where_of(key))}: missing")

    def word(self, table: Mapping[str, Meaning], part: Part, key: Key, default: Meaning) -> Meaning:
        """What the vendor's word at a field means; the default for none, and for one that is new, which is noted.

        Tables are keyed by `word_form`: small letters, with underscores.
        """
        return self.said(table, part, key, default)[0]

    def said(self, table: Mapping[str, Meaning], part: Part, key: Key, default: Meaning) -> tuple[Meaning, str]:
        """As `word`, and the vendor's word itself."""
        word = part.text_or(key)
        if not word:
            return default, word
        meaning = table.get(word) or table.get(word_form(word))
        if meaning is None:
            part.pay(_ODD_WORD)
            self.note(f"{_unnumbered(part.where_of(key))}: unknown word {word[:60]!r}")
            return default, word
        return meaning, word


def word_form(word: str) -> str:
    """A vendor's word in the form that tables are keyed by: `In Progress` and `in-progress` are `in_progress`."""
    return word.strip().lower().replace(" ", "_").replace("-", "_")


def _unnumbered(path: str) -> str:
    return "[]".join(piece.partition("]")[2] if place else piece for place, piece in enumerate(path.split("[")))


def _number(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return one_line(str(value)) if abs(value) < 10**30 else None
    return None


def _type_of(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")
