"""Probing from the command line: the same probers, the same look at our own network first."""

from collections.abc import Sequence
from typing import Any

from app.clock import SystemClock
from app.domain.check import Check
from app.domain.network import NetworkView
from app.domain.result import ProbeResult, Reading, Region, reading
from app.domain.service import Catalogue
from app.pipeline.ask import Asker
from app.pipeline.execute import Executor
from app.pipeline.network import NetworkWatch
from app.settings import Settings
from app.wiring import KINDS, run, user_agent

Answers = list[tuple[Check, ProbeResult]]


def ask_all(checks: Sequence[Check], catalogue: Catalogue, settings: Settings) -> tuple[Answers, NetworkView]:
    """Probe every check once, politely; answers in the order of `checks`, and how our own network fared."""
    return run(_ask_all(checks, catalogue, settings))


async def _ask_all(
    checks: Sequence[Check], catalogue: Catalogue, settings: Settings
) -> tuple[Answers, NetworkView]:
    clock = SystemClock()
    asker = Asker(kinds=KINDS, clock=clock, region=Region(settings.region), user_agent=user_agent(settings))
    network = NetworkWatch(asker=asker, clock=clock)
    network.replace(catalogue.controls)
    view = await network.look()
    answers: Answers = []
    executor = Executor(
        asker=asker,
        clock=clock,
        network=network,
        hand_on=lambda check, result: answers.append((check, result)),
        seats=settings.seats,
        seats_per_vendor=settings.seats_per_vendor,
    )
    executor.replace(catalogue)
    for check in checks:
        executor.confirm(check)
    await executor.idle()
    place = {check.id: number for number, check in enumerate(checks)}
    answers.sort(key=lambda answer: place[answer[0].id])
    return answers, view


def as_json(check: Check, result: ProbeResult) -> dict[str, Any]:
    """One answer as JSON: the reading, the phases in milliseconds, and the failure if there is one."""
    judged: Reading = reading(result, check.thresholds)
    failure = result.failure
    return {
        "check": check.id,
        "target": check.spec.target,
        "kind": check.kind,
        "status": judged.status,
        "reason": judged.reason,
        "started_at": result.started_at.isoformat().replace("+00:00", "Z"),
        "status_code": result.status_code,
        "family": result.family,
        "address": result.address,
        "phases": {name: getattr(result.phases, name) for name in PHASES},
        "figures": dict(result.figures),
        "failure": None
        if failure is None
        else {"kind": failure.kind, "blame": failure.blame, "sentence": failure.sentence},
        "evidence": dict(result.evidence),
    }


PHASES = ("dns_ms", "connect_ms", "tls_ms", "send_ms", "first_byte_ms", "body_ms", "total_ms")
