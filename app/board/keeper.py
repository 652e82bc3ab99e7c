"""Keeps the board that is shown, and makes a new one when something changed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from app.board.model import Board

log = logging.getLogger(__name__)

CALM = timedelta(seconds=5)
"""A board that only has newer figures is made so often at most."""

RENEW = timedelta(seconds=60)
"""Spans grow and days end also while nothing is measured."""

Listener = Callable[[Board], None]


class BoardKeeper:
    """Makes a board at the start, after every change, and once a minute.

    A change of status is shown at once; mere results wait for company. Where the store cannot be read, the last
    board stays, and `trouble` says why.
    """

    def __init__(self, load: Callable[[], Awaitable[Board]]) -> None:
        self._load = load
        self._listeners: list[Listener] = []
        self._changed = asyncio.Event()
        self._urgent = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self.board: Board | None = None
        """The board as it stands; `None` before the first was made."""
        self.trouble: str | None = None
        """Why no newer board can be made; `None` while it can."""

    def subscribe(self, listener: Listener) -> None:
        """Have `listener` called with every new board."""
        self._listeners.append(listener)

    def invalidate(self, *, is_urgent: bool = False) -> None:
        """Something changed."""
        self._changed.set()
        if is_urgent:
            self._urgent.set()

    async def start(self) -> None:
        """Make the first board, and keep it from now on."""
        await self.renew()
        self._keeping = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Keep it no longer."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    async def renew(self) -> None:
        """Make a new board now."""
        self._changed.clear()
        self._urgent.clear()
        try:
            self.board = await self._load()
        except Exception as error:
            # Whatever it is, the last board is better than none, and the next attempt may succeed.
            log.exception("the board cannot be made")
            self.trouble = str(error)
            return
        self.trouble = None
        for listener in self._listeners:
            listener(self.board)

    async def _keep(self) -> None:
        while True:
            await _within(self._changed, RENEW)
            if not self._urgent.is_set():
                await _within(self._urgent, CALM)
            await self.renew()


async def _within(event: asyncio.Event, span: timedelta) -> None:
    """Wait for `event`, but no longer than `span`."""
    try:
        async with asyncio.timeout(span.total_seconds()):
            await event.wait()
    except TimeoutError:
        return
