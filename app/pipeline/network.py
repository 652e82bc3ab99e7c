"""Is our own network working? Control targets are asked before a failure is held against anyone."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.clock import Clock
from app.domain.check import Check
from app.domain.network import NetworkView, excuse, judge_network
from app.domain.result import ProbeResult
from app.domain.saying import say
from app.pipeline.ask import Asker

FRESH = timedelta(seconds=10)
"""A view of our network this old still speaks for a probe that ended now."""


class NetworkWatch:
    """Asks the control targets now and then, and again whenever a probe fails."""

    def __init__(self, *, asker: Asker, clock: Clock) -> None:
        self._asker = asker
        self._clock = clock
        self._controls: Sequence[Check] = ()
        self._looking: asyncio.Task[NetworkView] | None = None
        self.view: NetworkView | None = None
        """The latest view; `None` until the controls were asked for the first time."""

    def replace(self, controls: Sequence[Check]) -> None:
        """Ask these targets from now on."""
        self._controls = controls
        self.view = None

    async def look(self) -> NetworkView:
        """Ask every control now; callers that come meanwhile share the answer."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._ask())
        return await asyncio.shield(self._looking)

    async def judged(self, result: ProbeResult) -> ProbeResult:
        """The result, excused where it failed while our own network did."""
        if result.failure is None or not result.failure.blame.is_vendors:
            return result
        return excuse(result, await self._view_at(result.started_at))

    async def trouble_at(self, moment: datetime) -> str | None:
        """What was wrong with our own network when something was asked at `moment`; `None` where nothing was."""
        view = await self._view_at(moment)
        return say("Our own network was failing: {why}", why=view.sentence) if view.works is False else None

    async def _view_at(self, moment: datetime) -> NetworkView:
        view = self.view
        now = self._clock.now()
        # A good view from before the probe proves nothing about it: the network may have failed since.
        if view is not None and view.seen_at >= moment and now - view.seen_at < FRESH:
            return view
        return await self.look()

    async def _ask(self) -> NetworkView:
        seen_at = self._clock.now()
        results = await asyncio.gather(*(self._asker.ask(control, seen_at) for control in self._controls))
        self.view = judge_network(results, seen_at)
        return self.view
