"""Reads recorded documents: what somebody kept of a status page, told apart where nobody says what it is.

The readers are loaded when the first is needed: their parsers take long, and most commands read no page.
"""

from collections.abc import Sequence

from app.domain.vendor import VendorPage
from app.vendors.reader import Document, ReadError, ReadErrorKind


def known_kinds() -> tuple[str, ...]:
    """Every kind of page that can be read."""
    from app.vendors.registry import READERS  # noqa: PLC0415 - see above

    return tuple(READERS)


def kinds_of(documents: Sequence[Document], kind: str | None = None) -> tuple[str | None, ...]:
    """The kind of each document of one page: `kind` if it is given, else what each shows to be.

    One that does not show it goes with the first that does, `None` if none does.
    """
    from app.vendors.registry import detect  # noqa: PLC0415 - see above

    if kind is not None:
        return (kind,) * len(documents)
    shown = [detect(document) for document in documents]
    first = next(filter(None, shown), None)
    return tuple(each or first for each in shown)


def read_recorded(document: Document, kind: str | None) -> VendorPage:
    """What a document says, by the reader of its kind. Raises `ReadError`, also where its kind is not known."""
    from app.vendors.registry import READERS  # noqa: PLC0415 - see above

    if kind is None:
        raise ReadError(ReadErrorKind.NOT_THIS_FORMAT, "", "the document is of no kind that is known")
    return READERS[kind].parse(document)
