"""Keeps the board that is shown, and has a new one made when something changed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from app.board.model import Board, Trouble
from app.clock import Clock, SystemClock
from app.domain.histogram import Histogram

log = logging.getLogger(__name__)

Listener = Callable[[], None]

MAKING_BOUNDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds, for the making of one board."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a board is made: newer figures wait for `calm`, spans grow and days end also in silence (`idle`).

    Making one takes at most a `share` of the time, so a large catalogue is shown later instead of probed worse.
    """

    calm: timedelta = timedelta(seconds=5)
    idle: timedelta = timedelta(seconds=30)
    share: float = 0.05


class BoardKeeper:
    """Has a board made at the start, after every change, and now and then.

    A change of status is shown at once. Where no board can be made, the last one stays and says since when.
    """

    def __init__(
        self, load: Callable[[], Awaitable[Board]], *, clock: Clock | None = None, pace: Pace | None = None
    ) -> None:
        self._load = load
        self._clock = clock or SystemClock()
        self._pace = pace or Pace()
        self._listeners: list[Listener] = []
        self._changed = asyncio.Event()
        self._urgent = asyncio.Event()
        self._took = timedelta(0)
        self._keeping: asyncio.Task[None] | None = None
        self.making = Histogram.of(MAKING_BOUNDS)
        """Seconds that each board took, those that could not be made included."""
        self.board: Board | None = None
        """The board as it stands; `None` before the first could be made."""
        self.trouble: Trouble | None = None
        """Why no newer board can be made; `None` while it can."""

    def subscribe(self, listener: Listener) -> None:
        """Have `listener` called after every change of `board` or `trouble`."""
        self._listeners.append(listener)

    def invalidate(self, *, is_urgent: bool = False) -> None:
        """Something changed; `is_urgent` where people should not wait to see it."""
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
        began = self._clock.monotonic()
        try:
            self.board = await self._load()
        except Exception as error:
            # Whatever it was: the last board is better than none, and the next attempt may succeed.
            if self.trouble is None:
                log.exception("no board can be made; showing the last one")
                self.trouble = Trouble(since_at=self._clock.now(), sentence=str(error))
            if self.board is not None:
                self.board = replace(self.board, trouble=self.trouble)
        else:
            self.trouble = None
        took = self._clock.monotonic() - began
        self._took, self.making = timedelta(seconds=took), self.making.seen(took)
        for listener in self._listeners:
            listener()

    async def _keep(self) -> None:
        while True:
            calm = max(self._pace.calm, self._took / self._pace.share)
            await _within(self._urgent, calm)
            await _within(self._changed, self._pace.idle - calm)
            await self.renew()


async def _within(event: asyncio.Event, span: timedelta) -> None:
    """Wait for `event`, but no longer than `span`."""
    try:
        async with asyncio.timeout(max(0.0, span.total_seconds())):
            await event.wait()
    except TimeoutError:
        return
