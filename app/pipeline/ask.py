"""One act of asking: the prober of a check's kind, told what all of them have to know."""

import logging
from datetime import datetime
from traceback import format_tb

from app.clock import Clock
from app.domain.check import Check
from app.domain.result import NO_PHASES, Blame, Failure, FailureKind, ProbeResult, Region
from app.domain.status import Status
from app.probes.prober import Kinds, ProbeContext
from app.probes.resolve import Resolver

log = logging.getLogger(__name__)


class Asker:
    """Carries out probes for one region, in the name of one user agent."""

    def __init__(self, *, kinds: Kinds, clock: Clock, region: Region, user_agent: str) -> None:
        self._kinds = kinds
        self._clock = clock
        self._region = region
        self._user_agent = user_agent
        self._resolver = Resolver()

    async def ask(self, check: Check, slot_at: datetime, *, is_confirmation: bool = False) -> ProbeResult:
        """Probe once; a prober that breaks its promise not to raise is a failure of ours."""
        context = ProbeContext(
            check_id=check.id,
            slot_at=slot_at,
            clock=self._clock,
            user_agent=self._user_agent,
            region=self._region,
            is_confirmation=is_confirmation,
            allow_private=check.allow_private,
            resolver=self._resolver,
        )
        try:
            return await self._kinds[check.kind].probe(check.spec, context)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other checks go on
            # Without the exception's own words, which may quote a key that somebody repeated.
            course = "".join(format_tb(error.__traceback__))
            log.error("the prober of %s broke: %s\n%s", check.id, type(error).__name__, course)  # noqa: TRY400 - see above
            return self.not_asked(
                check, slot_at, FailureKind.PROBER_BROKE, Blame.US_CONFIG, "Our own prober broke; see the log."
            )

    def not_asked(
        self, check: Check, slot_at: datetime, kind: FailureKind, blame: Blame, sentence: str
    ) -> ProbeResult:
        """The result of a probe that never took place, for a reason of ours."""
        return ProbeResult(
            check_id=check.id,
            slot_at=slot_at,
            started_at=self._clock.now(),
            phases=NO_PHASES,
            region=self._region,
            failure=Failure(kind=kind, blame=blame, verdict=Status.UNKNOWN, sentence=sentence),
        )
