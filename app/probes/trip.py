"""One probe on its way: which step it is in, how long that may last, how long each step took, what was met."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Annotated, Any, ClassVar, Protocol, Self

from annotated_types import Gt

from app.domain.result import Failure, Phases, ProbeResult
from app.probes.failures import Step, explain, timed_out, timed_out_in_all, too_busy
from app.probes.prober import SCHEMA, ProbeContext
from app.probes.resolve import Address

_LOOK_EVERY_S = 0.25
"""How often it is looked whether a deadline has passed; one that comes sooner is kept to within this."""
_BUSY_AFTER_S = 1.0
"""A deadline noticed so much later than it was due says more about this machine than about the peer."""

Span = Annotated[timedelta, Gt(timedelta(0))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long each step of a probe may take, and all of them together."""

    __pydantic_config__: ClassVar[dict[str, Any]] = SCHEMA

    dns: Span = timedelta(seconds=5)
    """Looking up the name."""
    connect: Span = timedelta(seconds=5)
    """Connecting, over all addresses that are tried."""
    tls: Span = timedelta(seconds=5)
    """The TLS handshake."""
    send: Span = timedelta(seconds=5)
    """Sending the request."""
    first_byte: Span = timedelta(seconds=15)
    """Waiting for the answer to begin."""
    body: Span = timedelta(seconds=15)
    """Reading the answer from its first byte to its end."""
    total: Span = timedelta(seconds=30)
    """Everything together."""

    def of(self, step: Step) -> float:
        """How many seconds a step may take."""
        span: timedelta = getattr(self, step)
        return span.total_seconds()


class Allowances(Protocol):
    """What a trip has to know of how long its steps may take."""

    @property
    def total(self) -> timedelta:
        """All of them together."""
        ...

    def of(self, step: Step) -> float:
        """How many seconds a step may take."""
        ...


class Trip:
    """The course of one probe; used as `with`, in a task, it ends every step in time and raises nothing.

    Inside, `begin` a step, do it, and call it `done`. Whatever is raised inside, and a deadline that passes,
    ends the block and is kept as `fault`; only a cancellation from outside passes through. Afterwards
    `result` gives the facts.

    A probe moves its deadline often and meets it rarely. So instead of setting a timer with every move, as
    `asyncio.timeout` does, one timer looks now and then where the deadline is.
    """

    __slots__ = (
        "_allowed_s",
        "_cancelling",
        "_ends",
        "_loop",
        "_marks",
        "_rang",
        "_started",
        "_started_at",
        "_step_began",
        "_task",
        "_timer",
        "address",
        "context",
        "evidence",
        "fault",
        "figures",
        "status_code",
        "step",
        "timeouts",
        "where",
    )

    def __init__(self, context: ProbeContext, timeouts: Allowances) -> None:
        self.context = context
        self.timeouts = timeouts
        self.step: Step = "dns"
        self._allowed_s = timeouts.of("dns")
        self.where = ""
        self.address: Address | None = None
        self.status_code: int | None = None
        self.fault: Failure | None = None
        self.figures: dict[str, int] = {}
        self.evidence: dict[str, str] = {}
        self._marks: list[tuple[Step | None, float]] = []
        self._started_at = context.clock.now()
        self._started = context.clock.monotonic()

    def __enter__(self) -> Self:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a probe needs a task that can be stopped in time")
        self._task = task
        self._cancelling = task.cancelling()
        self._rang = False
        self._loop = asyncio.get_running_loop()
        self._step_began = self._loop.time()
        self._ends = self._step_began + self.timeouts.total.total_seconds()
        self._timer = self._loop.call_later(_LOOK_EVERY_S, self._look)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._timer.cancel()
        if self._was_stopped(error):
            self.fault = self._overdue()
        elif isinstance(error, Exception):
            self.fault = explain(error, self.step, self.where)
        else:
            return False
        self._marks.append((None, self.context.clock.monotonic()))
        return True

    @property
    def began(self) -> float:
        """The moment, of the clock's monotonic time, at which the probe began."""
        return self._started

    def begin(self, step: Step, within_s: float | None = None) -> None:
        """Enter a step: from now on its own deadline holds, or that of the whole probe if it is sooner.

        `within_s` is another deadline than the step usually has; a step may be begun anew to move it.
        """
        self.step = step
        self._allowed_s = self.timeouts.of(step) if within_s is None else within_s
        self._step_began = self._loop.time()

    def done(self, at: float | None = None) -> None:
        """Leave the step, now or at a moment of the clock's monotonic time at which it really ended.

        A step that is made again (on the next hop of a redirect) is counted together with the first.
        """
        self._marks.append((self.step, self.context.clock.monotonic() if at is None else at))

    def result(self, judge: Callable[[Failure | None], Failure | None] = lambda fault: fault) -> ProbeResult:
        """The facts of the probe; `judge` makes the failure, if there is one, of the fault, if there was one."""
        try:
            failure = judge(self.fault)
        except Exception as error:  # noqa: BLE001 - what a peer sends must not break us, not even in judging it
            failure = explain(error, self.step, self.where)
        context = self.context
        return ProbeResult(
            check_id=context.check_id,
            slot_at=context.slot_at,
            started_at=self._started_at,
            region=context.region,
            is_confirmation=context.is_confirmation,
            phases=self._phases(),
            status_code=self.status_code,
            family=self.address and self.address.family,
            address=self.address and self.address.ip,
            failure=failure,
            figures=self.figures,
            evidence=self.evidence,
        )

    def _phases(self) -> Phases:
        spent: dict[Step | None, int] = {}
        elapsed = 0
        for step, moment in self._marks:
            until = max(round((moment - self._started) * 1000), elapsed)
            spent[step] = spent.get(step, 0) + until - elapsed
            elapsed = until
        return Phases(
            total_ms=elapsed,
            dns_ms=spent.get("dns"),
            connect_ms=spent.get("connect"),
            tls_ms=spent.get("tls"),
            send_ms=spent.get("send"),
            first_byte_ms=spent.get("first_byte"),
            body_ms=spent.get("body"),
        )

    def _look(self) -> None:
        left_s = self._deadline() - self._loop.time()
        if left_s > 0:
            self._timer = self._loop.call_later(min(left_s, _LOOK_EVERY_S), self._look)
        else:
            self._rang = True
            self._task.cancel()

    def _was_stopped(self, error: BaseException | None) -> bool:
        """Whether the work ended by our own cancellation, and nobody else asked for one meanwhile."""
        if not self._rang:
            return False
        return self._task.uncancel() <= self._cancelling and isinstance(error, asyncio.CancelledError)

    def _deadline(self) -> float:
        return min(self._step_began + self._allowed_s, self._ends)

    def _overdue(self) -> Failure:
        late_s = self._loop.time() - self._deadline()
        if late_s > _BUSY_AFTER_S:
            return too_busy(late_s)
        if self._deadline() == self._ends:
            return timed_out_in_all(self.timeouts.total.total_seconds())
        return timed_out(self.step, round(self._allowed_s, 1))
