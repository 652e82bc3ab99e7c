"""What is no longer true of a status page: of its format, of its kind, of what the catalogue says of it."""

from collections.abc import Iterator
from datetime import datetime

from app.domain.mapping import PageMap
from app.domain.said import PageState
from app.domain.vendorword import vendor_word
from app.domain.watched import WatchedPage


def page_drift(watched: WatchedPage, state: PageState, now: datetime) -> tuple[str, ...]:
    """What drifted of a page, in sentences; none where it is as the catalogue and its format say."""
    return tuple(_drift(watched, state, now))


def _drift(watched: WatchedPage, state: PageState, now: datetime) -> Iterator[str]:
    if state.trouble:
        yield state.trouble
    page = state.page
    if page is None:
        return
    if watched.page.kind not in ("auto", page.kind):
        yield f"The page is of the kind {page.kind}; the catalogue says {watched.page.kind}."
    for note in page.drift:
        yield f"The format differs: {note}."
    page_map = PageMap(watched, page.components)
    for service in watched.services:
        if not vendor_word(service, state, page_map, now).is_mapped:
            yield f"None of the parts that the page lists speaks of {service.name} ({service.id})."
