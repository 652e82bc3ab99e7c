"""The first station: says "this check is due", and how late it said so.

APScheduler wakes us once a second; what falls due within the coming second is handed to the event loop's own
timers. One job and one heap instead of a job per check: the same lateness for a third of the work, and no
grace time that drops runs in silence (see `docs/decisions/`).
"""

import asyncio
import heapq
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from app.clock import Clock
from app.domain.check import Check
from app.domain.histogram import Histogram
from app.domain.result import CheckId, Region
from app.domain.schedule import next_slot

AHEAD = timedelta(seconds=1.5)
"""A tick, once a second, hands over what falls due within this span: the next tick may itself be late."""

SET_BACK = timedelta(seconds=1)
"""A tick this much earlier than the last one means that the machine's clock was set back."""

REMEMBERED = 2_000

LATENESS_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0)
"""Seconds after its slot; a probe that is later than the last is missed, whatever its interval."""


class StartProbe(Protocol):
    """What is done with a check that is due; a slot that comes too late is told as missed instead."""

    def due(self, check: Check, slot_at: datetime) -> None:
        """Probe now."""
        ...

    def missed(self, check: Check, slot_at: datetime, late: timedelta) -> None:
        """The slot has passed; it was not probed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Punctuality:
    """How late the latest slots were told, and how many were told and missed since the start."""

    told: int
    missed: int
    p50_ms: float | None
    p99_ms: float | None
    max_ms: float | None


class Schedule:
    """Tells when checks are due, for one region."""

    def __init__(self, *, clock: Clock, region: Region, station: StartProbe) -> None:
        self._clock = clock
        self._region = region
        self._station = station
        self._checks: dict[CheckId, Check] = {}
        self._heap: list[tuple[float, CheckId]] = []
        self._timers: dict[CheckId, asyncio.TimerHandle] = {}
        self._last_tick_at: datetime | None = None
        self._until = 0.0
        self._late_ms: deque[float] = deque(maxlen=REMEMBERED)
        self._told = 0
        self._missed = 0
        self.lateness = Histogram.of(LATENESS_BOUNDS)
        """Seconds by which every slot since the start was told late."""

    def replace(self, checks: Iterable[Check]) -> None:
        """Watch these checks from now on. Slots are computed, so a check that stays keeps its own."""
        self._checks = {check.id: check for check in checks}
        self._rewind(self._clock.now())

    async def tick(self) -> None:
        """Hand to the event loop what falls due before the next tick; called once a second.

        Awaits nothing: APScheduler runs in the event loop only what it can await, the rest in threads.
        """
        now = self._clock.now()
        if self._last_tick_at is not None and now < self._last_tick_at - SET_BACK:
            # The slots in the heap would lie in a far future. After a jump forward there is nothing to mend:
            # what is overdue fires at once, and is probed or told as missed by its own lateness.
            self._rewind(now)
        self._last_tick_at = now
        self._until = (now + AHEAD).timestamp()
        while self._heap and self._heap[0][0] < self._until:
            slot, check_id = heapq.heappop(self._heap)
            self._arm(check_id, slot, now)

    def stop(self) -> None:
        """Tell nothing any more."""
        self._checks = {}
        self._rewind(self._clock.now())

    @property
    def punctuality(self) -> Punctuality:
        """How well the schedule was kept."""
        late = sorted(self._late_ms)
        return Punctuality(
            told=self._told,
            missed=self._missed,
            p50_ms=late[len(late) // 2] if late else None,
            p99_ms=late[len(late) * 99 // 100] if late else None,
            max_ms=late[-1] if late else None,
        )

    def _rewind(self, now: datetime) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._heap = [(self._next(check, now), check.id) for check in self._checks.values()]
        heapq.heapify(self._heap)

    def _arm(self, check_id: CheckId, slot: float, now: datetime) -> None:
        loop = asyncio.get_running_loop()
        moment = loop.time() + slot - now.timestamp()
        self._timers[check_id] = loop.call_at(moment, self._fire, check_id, slot)

    def _next(self, check: Check, after: datetime) -> float:
        return next_slot(check.id, check.cadence, self._region, after).timestamp()

    def _fire(self, check_id: CheckId, slot: float) -> None:
        self._timers.pop(check_id, None)
        check = self._checks[check_id]
        now = self._clock.now()
        slot_at = datetime.fromtimestamp(round(slot, 3), now.tzinfo)
        late = now - slot_at
        self._late_ms.append(max(0.0, late / timedelta(milliseconds=1)))
        self._told += 1
        self.lateness = self.lateness.seen(max(0.0, late.total_seconds()))
        if late > check.cadence.grace:
            self._missed += 1
            self._station.missed(check, slot_at, late)
        else:
            self._station.due(check, slot_at)
        following = self._next(check, max(now, slot_at))
        if following < self._until:
            self._arm(check_id, following, now)
        else:
            heapq.heappush(self._heap, (following, check_id))
