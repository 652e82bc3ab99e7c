"""What the probes of one check amounted to since the process began: counts and histograms, of constant size."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from app.domain.histogram import Histogram
from app.domain.result import Blame, FailureKind, ProbeResult, Recorded
from app.domain.status import Status

SPAN_BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds, for the steps of a probe: from a loopback's answer to the longest that any is waited for."""

FIRST_TOKEN_BOUNDS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0)
"""Seconds, for the first token: the finest where models differ."""

SPEED_BOUNDS: Final = (5.0, 10.0, 20.0, 30.0, 40.0, 60.0, 80.0, 100.0, 150.0, 200.0, 300.0, 500.0, 1000.0)
"""Tokens a second, from a model that crawls to the fastest hardware there is."""

_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The probes of one check in one region.

    `readings` counts every result, confirmations too; `failures` those that failed, by kind and blame. `phases`
    are seconds by name (`dns`, `connect`, `tls`, `first_byte`, `total`), `first_token` seconds and `speed` tokens
    a second, of right answers alone: how long a failure took says nothing of how fast a service is.
    """

    readings: Mapping[Status, int] = field(default_factory=dict)
    failures: Mapping[tuple[FailureKind, Blame], int] = field(default_factory=dict)
    phases: Mapping[str, Histogram] = field(default_factory=dict)
    first_token: Histogram | None = None
    speed: Histogram | None = None


def counted(before: Counts, recorded: Recorded) -> Counts:
    """The same with one result more."""
    result, status = recorded.result, recorded.status
    after = replace(before, readings={**before.readings, status: before.readings.get(status, 0) + 1})
    if result.failure is not None:
        key = result.failure.kind, result.failure.blame
        return replace(after, failures={**before.failures, key: before.failures.get(key, 0) + 1})
    spans = _spans(result)
    phases = {name: before.phases.get(name) or Histogram.of(SPAN_BOUNDS) for name in spans}
    return replace(
        after,
        phases={**before.phases, **{name: phases[name].seen(span) for name, span in spans.items()}},
        first_token=_seen(before.first_token, FIRST_TOKEN_BOUNDS, _first_token(result)),
        speed=_seen(before.speed, SPEED_BOUNDS, _speed(result)),
    )


def _spans(result: ProbeResult) -> Mapping[str, float]:
    phases = result.phases
    told = {
        "dns": phases.dns_ms,
        "connect": phases.connect_ms,
        "tls": phases.tls_ms,
        "first_byte": phases.first_byte_ms,
        "total": phases.total_ms,
    }
    return {name: span / 1000 for name, span in told.items() if span is not None}


def _first_token(result: ProbeResult) -> float | None:
    return result.figures["ttft_ms"] / 1000 if "ttft_ms" in result.figures else None


def _speed(result: ProbeResult) -> float | None:
    return _MICROSECONDS / result.figures["tpot_us"] if result.figures.get("tpot_us") else None


def _seen(before: Histogram | None, bounds: tuple[float, ...], value: float | None) -> Histogram | None:
    return before if value is None else (before or Histogram.of(bounds)).seen(value)
