"""When answers are slower than is usual at this hour: a sequential test on ranks, so that no shape is assumed."""

import math
from dataclasses import dataclass
from datetime import datetime

from app.domain.sequential import RATES, Chart, moved, weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What is usual at this hour: the 95th percentile of `count` latencies at the same hour of past days."""

    p95_ms: float
    count: int

    @property
    def exceeded(self) -> float:
        """How often health exceeds it: 0.05 plus two standard errors of an estimate from `count` values."""
        return min(0.25, 0.05 + 2 * math.sqrt(0.05 * 0.95 / max(1, self.count)))


def slow(latency_ms: float, baseline: Baseline) -> bool:
    """Whether an answer is slower than 19 of 20 at this hour: a rank, so no shape of latencies is assumed."""
    return latency_ms > baseline.p95_ms


def slowness(chart: Chart, latency_ms: float, baseline: Baseline, at: datetime) -> Chart:
    """The chart of "half of the answers exceed the usual 95th percentile", one answer on.

    Only ranks count, so an answer of an hour weighs as much as one just over; log-latency has the same ranks.
    The caller confirms at `alarm_at`, and only once `failed` is two or more.
    """
    bad = slow(latency_ms, baseline)
    return moved(chart, weight(bad=bad, failing=RATES[1], healthy=baseline.exceeded), bad, at)
