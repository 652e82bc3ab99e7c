"""Every reader of status pages, by its kind, and which of them a document is for."""

from collections.abc import Mapping

from app.vendors import (
    aistudio,
    aws,
    betterstack,
    checkly,
    datadog,
    flashduty,
    google,
    incidentio,
    instatus,
    meta,
    onlineornot,
    rootly,
    statusio,
    statuspage,
)
from app.vendors.feed import ATOM, AZURE_RSS, RSS
from app.vendors.reader import Document, Reader, Source

# In the order in which they are asked whether a document is theirs: those with marks of their own before the one
# that others imitate (Statuspage), one maker's feeds before anyone's.
_IN_ORDER = (
    google.READER,
    betterstack.READER,
    onlineornot.READER,
    checkly.READER,
    datadog.READER,
    statusio.READER,
    flashduty.READER,
    rootly.READER,
    aws.READER,
    meta.READER,
    aistudio.READER,
    incidentio.READER,
    instatus.READER,
    statuspage.READER,
    AZURE_RSS,
    RSS,
    ATOM,
)
READERS: Mapping[str, Reader] = {reader.kind: reader for reader in _IN_ORDER}
"""Readers by kind: the names that the catalogue knows, without `auto`."""


def detect(document: Document) -> str | None:
    """The kind of page that a document is of, `None` if no reader knows it. Cheap, and never raises."""
    return next((kind for kind, reader in READERS.items() if reader.looks_like(document)), None)


def guesses(url: str) -> tuple[Source, ...]:
    """Where the documents of a page of unknown kind may be, each once: ask them in turn until one is detected.

    The page itself comes first: it may be a feed, or carry its data.
    """
    sources = [Source(url=url), *(reader.sources(url).now[0] for reader in READERS.values())]
    return tuple({(source.method, source.url): source for source in sources}.values())
