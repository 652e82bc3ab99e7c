"""The catalogue is watched: a change is taken up while everything runs, a mistake keeps the last good one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from app.catalogue.errors import CatalogueError
from app.domain.service import Catalogue, diff

log = logging.getLogger(__name__)

Take = Callable[[Catalogue], Awaitable[None]]
"""What is done with a catalogue that is good."""


class CatalogueWatch:
    """Looks now and then whether the catalogue's files changed, and hands on what they say.

    `load` reads them all (it blocks, and runs in a thread), raising `CatalogueError`; `fingerprint` tells
    cheaply whether it is worth doing.
    """

    def __init__(self, *, load: Callable[[], Catalogue], fingerprint: Callable[[], object], take: Take) -> None:
        self._load = load
        self._fingerprint = fingerprint
        self._take = take
        self._seen: object = None
        self.catalogue: Catalogue | None = None
        """The last good catalogue."""
        self.trouble: str | None = None
        """What is wrong with the files as they stand; `None` while they are what is watched."""

    async def start(self) -> Catalogue:
        """Load for the first time. Raises `CatalogueError`: without any catalogue there is nothing to watch."""
        self._seen = self._fingerprint()
        catalogue = await asyncio.to_thread(self._load)
        await self._adopt(catalogue)
        return catalogue

    async def look(self) -> None:
        """Load again if a file changed."""
        seen = self._fingerprint()
        if seen == self._seen:
            return
        self._seen = seen
        try:
            catalogue = await asyncio.to_thread(self._load)
        except CatalogueError as error:
            self.trouble = str(error)
            log.error("the catalogue has a mistake, keeping the last good one:\n%s", error)  # noqa: TRY400 - the message is the whole story
            return
        before = self.catalogue
        await self._adopt(catalogue)
        if before is not None:
            change = diff(before, catalogue)
            log.info(
                "took up the changed catalogue: %d checks added, %d removed, %d changed",
                len(change.added),
                len(change.removed),
                len(change.changed),
            )

    async def _adopt(self, catalogue: Catalogue) -> None:
        await self._take(catalogue)
        self.catalogue = catalogue
        self.trouble = None
