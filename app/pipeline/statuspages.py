"""Starts the reading of status pages late: what parses them takes longer to import than all that shows a page."""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from app.domain.service import Catalogue
from app.store.engine import StoreError

log = logging.getLogger(__name__)


class Station(Protocol):
    """What reads pages: a `Poller`."""

    async def load(self) -> None:
        """Take up where the last process stopped. Raises `StoreError`."""

    def replace(self, catalogue: Catalogue) -> None:
        """Read the pages of this catalogue from now on."""

    async def tick(self) -> None:
        """Start reading every page that is due."""

    async def stop(self) -> None:
        """Give up what is under way."""


class StatusPages:
    """A station that is built at the first tick, in a thread: what that imports must not make probes late."""

    def __init__(self, build: Callable[[], Station]) -> None:
        self._build = build
        self._catalogue = Catalogue(vendors=(), services=())
        self._built: Station | None = None
        self._is_loaded = False

    def replace(self, catalogue: Catalogue) -> None:
        """Read the pages of this catalogue from now on."""
        self._catalogue = catalogue
        if self._built is not None and self._is_loaded:
            self._built.replace(catalogue)

    async def tick(self) -> None:
        """Start reading every page that is due."""
        if self._built is None:
            self._built = await asyncio.to_thread(self._build)
        if not self._is_loaded:
            try:
                await self._built.load()
            except StoreError as error:
                log.warning("status pages have to wait: %s", error)
                return
            self._is_loaded = True
            self._built.replace(self._catalogue)
        await self._built.tick()

    async def stop(self) -> None:
        """Give up what is under way."""
        if self._built is not None:
            await self._built.stop()
