"""The hand-written documents, as they would have been fetched."""

from datetime import UTC, datetime
from pathlib import Path

from app.domain.vendor import VendorIncident, VendorPage
from app.vendors.reader import Document, ReadError
from app.vendors.registry import READERS

SAMPLES = Path(__file__).parent.parent / "samples"
URL = "https://status.example/"
READ_AT = "2026-04-02 11:00"


def at(moment: str) -> datetime:
    """A moment in UTC, written as briefly as a test wants it."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def document(path: str, *, url: str = URL, read_at: str = READ_AT) -> Document:
    """A document of `tests/samples`."""
    return wrote((SAMPLES / path).read_bytes(), url=url, read_at=read_at)


def wrote(body: str | bytes, *, url: str = URL, read_at: str = READ_AT) -> Document:
    """A document of these very words."""
    return Document(body=body.encode() if isinstance(body, str) else body, url=url, read_at=at(read_at))


def page(kind: str, path: str, *, url: str = URL, read_at: str = READ_AT) -> VendorPage:
    """What the reader of a kind makes of a document of `tests/samples`."""
    return READERS[kind].parse(document(path, url=url, read_at=read_at))


def incident(told: VendorPage, key: str) -> VendorIncident:
    """The incident of an id."""
    return next(one for one in told.incidents if one.id == key)


def attempt(kind: str, document: Document) -> VendorPage | ReadError:
    """What a reader answers; anything that it raises beside `ReadError` fails the test."""
    READERS[kind].looks_like(document)
    try:
        return READERS[kind].parse(document)
    except ReadError as error:
        return error
