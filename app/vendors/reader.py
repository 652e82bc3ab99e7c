"""What every reader of status pages has in common: what it is given, and the one way it may fail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.vendor import VendorPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as it was fetched. `read_at` (aware UTC) decides what lies in the future."""

    body: bytes
    url: str
    read_at: datetime
    content_type: str = ""


class ReadErrorKind(StrEnum):
    """Why a document could not be read."""

    NOT_THIS_FORMAT = "not_this_format"
    UNPARSABLE = "unparsable"
    HTML_INSTEAD = "html_instead"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    BAD_TIMESTAMP = "bad_timestamp"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"


class ReadError(Exception):
    """The one exception a reader raises: what is wrong, and where in the document (`incidents[3].created_at`)."""

    def __init__(self, kind: ReadErrorKind, where: str, detail: str) -> None:
        self.kind = kind
        self.where = where
        self.detail = detail
        super().__init__(f"{where}: {detail} ({kind})" if where else f"{detail} ({kind})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document to fetch: most are plain GETs; a few vendors want a POST with a body and headers."""

    url: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where a page's documents are: `now` is polled and merged in this order; `history` is read at first start."""

    now: tuple[Source, ...]
    history: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How one kind of status page is read.

    `looks_like` answers whether a document is of this kind, cheaply and without raising. `parse` is pure, raises
    `ReadError` and nothing else, and costs no more than the document's `Meter` allows. `sources` tells which
    documents make up the page at a URL (the catalogue's `feed` where it gives one, else its `url`).
    """

    kind: str
    looks_like: Callable[[Document], bool]
    parse: Callable[[Document], VendorPage]
    sources: Callable[[str], Sources]
