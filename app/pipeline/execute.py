"""The second station: takes a seat, probes, and hands the result on."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta

from app.clock import Clock
from app.domain.check import Check
from app.domain.result import NO_PHASES, Blame, Failure, FailureKind, ProbeResult, Region
from app.domain.service import Catalogue
from app.domain.status import Status
from app.pipeline.network import NetworkWatch
from app.probes.prober import Kinds, ProbeContext

log = logging.getLogger(__name__)

Hand = Callable[[Check, ProbeResult], None]
"""What is done with a result; must not block."""


class Executor:
    """Carries out probes, only so many at once and only so many at one vendor."""

    def __init__(
        self,
        *,
        kinds: Kinds,
        clock: Clock,
        network: NetworkWatch,
        hand_on: Hand,
        region: Region,
        user_agent: str,
        seats: int,
        seats_per_vendor: int,
        is_full: Callable[[], bool] = lambda: False,
    ) -> None:
        self._kinds = kinds
        self._clock = clock
        self._network = network
        self._hand_on = hand_on
        self._is_full = is_full
        self._region = region
        self._user_agent = user_agent
        self._seats = asyncio.Semaphore(seats)
        self._vendor_seats: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(seats_per_vendor)
        )
        self._catalogue = Catalogue(vendors=(), services=())
        self._under_way: set[asyncio.Task[None]] = set()

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

    def confirm(self, check: Check) -> None:
        """Look again at once, on a fresh connection, beside the schedule."""
        self._start(self._probe(check, self._clock.now(), is_confirmation=True))

    def missed(self, check: Check, slot_at: datetime, late: timedelta) -> None:
        """Record that the slot passed without a probe: it is a gap we know of."""
        self._hand_on(check, self._missed(check, slot_at, late))

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _start(self, probing: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(probing)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _probe(self, check: Check, slot_at: datetime, *, is_confirmation: bool) -> None:
        if check.id not in self._catalogue.check_by_id:
            return
        vendor_id = self._catalogue.vendor_of(check)
        async with self._vendor_seats[vendor_id], self._seats:
            waited = self._clock.now() - slot_at
            if waited > check.cadence.grace:
                self.missed(check, slot_at, waited)
                return
            result = await self._ask(check, slot_at, is_confirmation=is_confirmation)
        self._hand_on(check, await self._network.judged(result))

    async def _ask(self, check: Check, slot_at: datetime, *, is_confirmation: bool) -> ProbeResult:
        context = ProbeContext(
            check_id=check.id,
            slot_at=slot_at,
            clock=self._clock,
            user_agent=self._user_agent,
            region=self._region,
            is_confirmation=is_confirmation,
            allow_private=check.allow_private,
        )
        try:
            return await self._kinds[check.kind].probe(check.spec, context)
        except Exception:
            # Probers promise not to raise; one that does is our fault and must not look like an outage.
            log.exception("the prober of %s broke", check.id)
            return self._blameless(
                check, slot_at, FailureKind.PROBER_BROKE, Blame.US_CONFIG, "Our own prober broke; see the log."
            )

    def _missed(self, check: Check, slot_at: datetime, late: timedelta) -> ProbeResult:
        sentence = f"Not probed: we were {late / timedelta(seconds=1):.0f} s late for this slot."
        return self._blameless(check, slot_at, FailureKind.MISSED, Blame.US_LOAD, sentence)

    def _blameless(
        self, check: Check, slot_at: datetime, kind: FailureKind, blame: Blame, sentence: str
    ) -> ProbeResult:
        return ProbeResult(
            check_id=check.id,
            slot_at=slot_at,
            started_at=self._clock.now(),
            phases=NO_PHASES,
            region=self._region,
            failure=Failure(kind=kind, blame=blame, verdict=Status.UNKNOWN, sentence=sentence),
        )
