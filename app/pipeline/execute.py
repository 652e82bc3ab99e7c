"""The second station: takes a seat, probes, and hands the result on."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Protocol

from app.clock import Clock
from app.domain.check import Check
from app.domain.result import Blame, CheckId, FailureKind, ProbeResult
from app.domain.saying import say
from app.domain.service import Catalogue
from app.pipeline.ask import Asker
from app.pipeline.network import NetworkWatch

Hand = Callable[[Check, ProbeResult], None]
"""What is done with a result; must not block."""


class SpendGate(Protocol):
    """Says whether a check that costs something may be asked, and counts what it cost."""

    async def admit(self, check: Check, vendor_id: str) -> str | None:
        """Why a check must not be asked now, in a sentence; `None` if it may."""

    async def settle(self, check: Check, vendor_id: str, result: ProbeResult) -> None:
        """Count what it cost; called once for every call that was let through."""


class Executor:
    """Carries out probes, only so many at once and only so many at one vendor."""

    def __init__(
        self,
        *,
        asker: Asker,
        clock: Clock,
        network: NetworkWatch,
        hand_on: Hand,
        seats: int,
        seats_per_vendor: int,
        is_full: Callable[[], bool] = lambda: False,
        spend: SpendGate | None = None,
    ) -> None:
        self._asker = asker
        self._clock = clock
        self._network = network
        self._hand_on = hand_on
        self._is_full = is_full
        self._spend = spend
        self._seats = asyncio.Semaphore(seats)
        self._vendor_seats: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(seats_per_vendor)
        )
        self._catalogue = Catalogue(vendors=(), services=())
        self._under_way: set[asyncio.Task[None]] = set()
        self._confirming: dict[CheckId, asyncio.TimerHandle] = {}

    def replace(self, catalogue: Catalogue) -> None:
        """Probe the checks of this catalogue from now on."""
        self._catalogue = catalogue

    @property
    def under_way(self) -> int:
        """Probes that are waiting for a seat or an answer."""
        return len(self._under_way)

    def due(self, check: Check, slot_at: datetime) -> None:
        """Probe `check` for its slot; not while what came back cannot be kept, which shows as a gap."""
        if not self._is_full():
            self._start(self._probe(check, slot_at, is_confirmation=False))

    def confirm(self, check: Check, after: timedelta = timedelta()) -> None:
        """Look again that soon, on a fresh connection and beside the schedule, instead of any look yet to come.

        The check is asked as it stands by then, should the catalogue change meanwhile.
        """
        if (waiting := self._confirming.pop(check.id, None)) is not None:
            waiting.cancel()
        if not after:
            self._look(check.id)
            return
        loop = asyncio.get_running_loop()
        self._confirming[check.id] = loop.call_later(after.total_seconds(), self._look, check.id)

    def missed(self, check: Check, slot_at: datetime, late: timedelta) -> None:
        """Record that the slot passed without a probe: it is a gap we know of."""
        sentence = say(
            "Not probed: we were {seconds:.0f} s late for this slot.", seconds=late / timedelta(seconds=1)
        )
        self._hand_on(check, self._asker.not_asked(check, slot_at, FailureKind.MISSED, Blame.US_LOAD, sentence))

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def stop(self) -> None:
        """Give up what is under way."""
        for look in self._confirming.values():
            look.cancel()
        self._confirming.clear()
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _start(self, probing: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(probing)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def _look(self, check_id: CheckId) -> None:
        self._confirming.pop(check_id, None)
        check = self._catalogue.check_by_id.get(check_id)
        if check is not None:
            self._start(self._probe(check, self._clock.now(), is_confirmation=True))

    async def _probe(self, check: Check, slot_at: datetime, *, is_confirmation: bool) -> None:
        if check.id not in self._catalogue.check_by_id:
            return
        vendor_id = self._catalogue.vendor_of(check)
        async with self._vendor_seats[vendor_id], self._seats:
            waited = self._clock.now() - slot_at
            if waited > check.cadence.grace:
                self.missed(check, slot_at, waited)
                return
            result = await self._asked(check, slot_at, vendor_id, is_confirmation=is_confirmation)
        self._hand_on(check, await self._network.judged(result))

    async def _asked(
        self, check: Check, slot_at: datetime, vendor_id: str, *, is_confirmation: bool
    ) -> ProbeResult:
        if self._spend is None:
            return await self._asker.ask(check, slot_at, is_confirmation=is_confirmation)
        refusal = await self._spend.admit(check, vendor_id)
        if refusal is not None:
            return self._asker.not_asked(check, slot_at, FailureKind.SPEND_CAPPED, Blame.US_QUOTA, refusal)
        result = await self._asker.ask(check, slot_at, is_confirmation=is_confirmation)
        await self._spend.settle(check, vendor_id, result)
        return result
