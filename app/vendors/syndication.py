"""A feed from a document: RSS or Atom, well-formed or not quite.

expat reads it, at a twentieth of feedparser's time. What is not well-formed is mended first (stray ampersands,
HTML's named characters, control characters), and only a small feed that even then is not is given to feedparser,
which guesses. A feed that is cut off is never guessed at: what is missing may be the outage.
"""

import html
import io
import re
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

import feedparser

from app.vendors.encoding import decoded
from app.vendors.feedxml import ENTRY_NAMES, Entry, Feed, read_moment, read_xml
from app.vendors.meter import Meter
from app.vendors.reader import Document, ReadError, ReadErrorKind
from app.vendors.shape import LARGEST_BODY, Drift, looks_like_html
from app.vendors.text import one_line, plain_line

_LARGEST_MENDED = 256 * 1024
_LARGEST_GUESSED = 64 * 1024
_MOST_GUESSED = 1_000
"""Marks of markup that feedparser may be given: each takes it up to 30 µs."""
_MOST_MENDED = 20_000
_ROOT = re.compile(r"<(rss|feed|rdf:RDF)(?=[\s>])")
_BARE_AMPERSAND = re.compile(
    r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)(?P<name>[A-Za-z]{2,31};)?"
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_CLOSED = re.compile(r"</(?:rss|feed|rdf:RDF)\s*>\s*(?:<!--[^<>]*-->\s*)?\Z")


def load_feed(document: Document, drift: Drift) -> Feed:
    """The feed that a document is.

    `ReadError`: TOO_LARGE, HTML_INSTEAD, NOT_THIS_FORMAT (JSON, other XML), TOO_DEEP, UNPARSABLE.
    """
    if len(document.body) > LARGEST_BODY:
        raise ReadError(ReadErrorKind.TOO_LARGE, "", f"{len(document.body)} bytes are more than {LARGEST_BODY}")
    text = decoded(document.body, document.content_type).strip()
    if not text.startswith("<"):
        raise ReadError(ReadErrorKind.NOT_THIS_FORMAT, "", "no XML" if text else "empty")
    if looks_like_html(text):
        raise ReadError(ReadErrorKind.HTML_INSTEAD, "", "a web page instead of a feed")
    meter = Meter(len(document.body))
    try:
        return read_xml(text, meter, drift)
    except expat.ExpatError as error:
        if len(text) > _LARGEST_MENDED:
            raise _ill_formed(error, is_whole=_CLOSED.search(text[-400:]) is not None) from None
    try:
        feed = read_xml(_mended(text), meter, drift)
    except expat.ExpatError as error:
        feed = _guessed(text, error)
    drift.note("the feed is not well-formed XML")
    return feed


def is_feed(document: Document) -> str | None:
    """The name of the root element if a document is a feed: `rss`, `feed` or `rdf:RDF`; cheap."""
    head = decoded(document.body[:2048], document.content_type).lstrip()
    if not head.startswith("<") or looks_like_html(head):
        return None
    found = _ROOT.search(head)
    return found[1] if found else None


def _mended(text: str) -> str:
    """The same with what most often makes XML of feeds ill-formed put right."""

    def spelled(match: re.Match[str]) -> str:
        name = match["name"] or ""
        meant = html.unescape(f"&{name}") if name else ""
        return meant if meant and not meant.startswith("&") else f"&amp;{name}"

    return _CONTROLS.sub("", _BARE_AMPERSAND.sub(spelled, text, count=_MOST_MENDED))


def _guessed(text: str, error: expat.ExpatError) -> Feed:
    """What feedparser makes of it. It takes seconds for a megabyte, and reads the beginning of a feed cut off."""
    is_whole = _CLOSED.search(text[-400:]) and all(
        text.count(f"<{name}>") + text.count(f"<{name} ") <= text.count(f"</{name}>") for name in ENTRY_NAMES
    )
    is_small = len(text) <= _LARGEST_GUESSED and text.count("<") + text.count("&") <= _MOST_GUESSED
    if not is_whole or not is_small or "<!ENTITY" in text.upper():
        raise _ill_formed(error, is_whole=bool(is_whole)) from None
    told = feedparser.parse(io.BytesIO(text.encode()), sanitize_html=False, resolve_relative_uris=False)
    if not told.get("version"):
        raise ReadError(ReadErrorKind.NOT_THIS_FORMAT, "", "no feed")
    return Feed(
        title=one_line(_said(told.feed, "title")),
        link=one_line(_said(told.feed, "link")),
        generator=one_line(_said(told.feed, "generator")),
        built_at=read_moment(_said(told.feed, "updated"), "updated"),
        entries=tuple(_guessed_entries(told.entries)),
    )


def _ill_formed(error: expat.ExpatError, *, is_whole: bool) -> ReadError:
    detail = f"not well-formed XML: {expat.errors.messages[error.code]}" if is_whole else "cut off"
    return ReadError(ReadErrorKind.UNPARSABLE, f"line {error.lineno}", detail)


def _guessed_entries(told: list[Any]) -> Iterator[Entry]:
    for index, one in enumerate(told):
        content, where = one.get("content") or [{}], f"entry[{index}]"
        yield Entry(
            title=plain_line(_said(one, "title")),
            id=one_line(_said(one, "id") or _said(one, "link")),
            link=one_line(_said(one, "link")),
            published_at=read_moment(_said(one, "published"), f"{where}.published"),
            updated_at=read_moment(_said(one, "updated"), f"{where}.updated"),
            text=_said(content[0], "value") or _said(one, "summary"),
            status=one_line(_said(one, "status")),
            categories=tuple(one_line(tag.get("term") or "") for tag in one.get("tags", ())),
            where=where,
        )


def _said(told: Any, key: str) -> str:
    """A field, and nothing where there is none: feedparser would answer for one with another, and warn of it."""
    value = dict.get(told, key, "")
    return value if isinstance(value, str) else ""
