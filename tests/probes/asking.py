"""What a prober is told, and what is asserted of every answer."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

from app.clock import SystemClock
from app.domain.result import CheckId, Failure, ProbeResult
from app.probes.prober import ProbeContext
from app.probes.registry import PROBERS
from app.probes.trip import Timeouts

AGENT = "Stillup/0.1 (+https://stillup.example)"
LONG = timedelta(seconds=20)
PATIENT = Timeouts(dns=LONG, connect=LONG, tls=LONG, send=LONG, first_byte=LONG, body=LONG, total=LONG * 2)
"""More than any of these tests takes, however busy the machine is."""
SOON = timedelta(seconds=0.3)


def impatient(*steps: str) -> Timeouts:
    """Little time for these steps, and enough for the others."""
    return replace(PATIENT, **dict.fromkeys(steps, SOON))


def a_context(**changes: Any) -> ProbeContext:
    clock = SystemClock()
    usual = ProbeContext(
        check_id=CheckId("lab/models"), slot_at=clock.now(), clock=clock, user_agent=AGENT, allow_private=True
    )
    return replace(usual, **changes)


async def ask(kind: str, spec: Any, **changes: Any) -> ProbeResult:
    """Probe once, and see what holds for every result."""
    context = a_context(**changes)
    result = await PROBERS[kind].probe(spec, context)
    assert (result.check_id, result.slot_at) == (context.check_id, context.slot_at)
    assert result.started_at >= context.slot_at
    phases = result.phases
    spent = [getattr(phases, field.name) for field in fields(phases) if field.name != "total_ms"]
    known = sum(span for span in spent if span is not None)
    assert known == phases.total_ms if result.failure is None else known <= phases.total_ms
    return result


def said(result: ProbeResult) -> str:
    """The sentence of a failure."""
    assert result.failure is not None
    return result.failure.sentence


def told(failure: Failure | None) -> tuple[str, str, str] | str:
    """A failure as a row of a table: kind, blame, verdict; `up` for none."""
    if failure is None:
        return "up"
    assert failure.sentence.isprintable()
    assert failure.sentence[0].islower()
    assert not failure.sentence.endswith(".")
    return failure.kind.value, failure.blame.value, failure.verdict.value
