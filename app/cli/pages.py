"""Reading status pages from the command line: every page of the catalogue once, nothing stored."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from app.clock import SystemClock
from app.domain.drift import page_drift
from app.domain.said import PageState
from app.domain.service import Catalogue
from app.domain.watched import WatchedPage, watched_pages
from app.pipeline.pagereader import PageError, PageReader
from app.settings import Settings
from app.wiring import build_page_reader, run

PAGES_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFound:
    """A status page as it was found, and what is no longer true of it, in sentences."""

    watched: WatchedPage
    drift: tuple[str, ...]


def read_pages(catalogue: Catalogue, settings: Settings) -> Sequence[PageFound]:
    """Read every status page of the catalogue once, in its order."""
    return run(_read_pages(catalogue, settings))


async def _read_pages(catalogue: Catalogue, settings: Settings) -> Sequence[PageFound]:
    clock = SystemClock()
    reader = build_page_reader(settings, clock)
    seats = asyncio.Semaphore(PAGES_AT_ONCE)

    async def found(watched: WatchedPage) -> PageFound:
        async with seats:
            state = await _read(reader, watched, clock)
        return PageFound(watched=watched, drift=page_drift(watched, state, clock.now()))

    return await asyncio.gather(*(found(watched) for watched in watched_pages(catalogue)))


async def _read(reader: PageReader, watched: WatchedPage, clock: SystemClock) -> PageState:
    try:
        reading = await reader.read(watched)
    except PageError as error:
        return PageState(key=watched.key, trouble=str(error))
    return PageState(key=watched.key, page=reading.page, read_at=clock.now())
