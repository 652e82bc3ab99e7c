"""When answers, or first tokens, are slower than is usual at this hour: a sequential test on ranks alone."""

import math
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain.saying import say
from app.domain.sequential import (
    FALSE_RECOVERY,
    LOOK_EVERY,
    LOOKS,
    RATES,
    YEAR,
    Chart,
    alarm_at,
    healthy_rate,
    moved,
    weight,
)

PAST_DAYS = 7
"""What is usual is learnt from this hour of the day on so many days before."""

LEAST_COUNT = 40
"""With fewer latencies than this nothing is usual yet."""

TIMES, LEAST_MORE_MS = 2.0, 250.0
"""An answer is not called slow before it takes twice the usual median and so much longer, whatever its rank."""

SUSPECT_SLOW, LEAST_SLOW = 2, 3
"""So many slow answers are a reason to ask more often, and so many are needed to confirm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What is usual at this hour: the median and the 95th percentile of `count` latencies of past days."""

    p95_ms: float
    count: int
    p50_ms: float = 0.0

    @property
    def exceeded(self) -> float:
        """How often health exceeds it: 0.05 plus two standard errors of an estimate from `count` values."""
        return min(0.25, 0.05 + 2 * math.sqrt(0.05 * 0.95 / max(1, self.count)))

    @property
    def slow_after_ms(self) -> float:
        """The latency above which an answer counts as slow."""
        return max(self.p95_ms, self.p50_ms * TIMES, self.p50_ms + LEAST_MORE_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slowness:
    """What is carried from answer to answer: the evidence of slowness, and of its end while it is confirmed.

    `since_at` is since when answers are slow, `eased_at` since when they were no more; `why` explains the former.
    `slow_at` is when the last answer was taken if it was slow.
    """

    chart: Chart = field(default_factory=Chart)
    relief: Chart = field(default_factory=Chart)
    since_at: datetime | None = None
    eased_at: datetime | None = None
    slow_at: datetime | None = None
    why: str = ""


def observe_latency(
    before: Slowness,
    latency_ms: float,
    baseline: Baseline,
    at: datetime,
    *,
    interval: timedelta,
    every: timedelta = YEAR,
) -> Slowness:
    """Take one right answer into account; beginning and end are dated from where their evidence began.

    The alternative is that half of the answers are slower than 19 of 20 usually are. Only ranks count, so an
    answer of an hour weighs as much as one just over; log-latency has the same ranks.
    """
    bad = latency_ms > baseline.slow_after_ms
    gap = at - before.slow_at if before.slow_at is not None else None
    healthy = healthy_rate(baseline.exceeded, gap, interval, after_bad=gap is not None)
    step = weight(bad=bad, failing=RATES[1], healthy=healthy)
    heard = replace(before, slow_at=at if bad else None)
    if before.since_at is None:
        chart = moved(before.chart, step, bad, at)
        if chart.score < alarm_at(interval, every, charts=1) or chart.failed < LEAST_SLOW:
            return replace(heard, chart=chart)
        why = say(
            "{slow} of {asked} answers since {since:%H:%M} UTC took longer than {most:.0f} ms; "
            "{usual:.0f} ms is usual at this hour",
            slow=chart.failed,
            asked=chart.asked,
            since=chart.began_at,
            most=baseline.slow_after_ms,
            usual=baseline.p50_ms,
        )
        return Slowness(since_at=chart.began_at, slow_at=at, why=why)
    relief = moved(before.relief, -step, not bad, at)
    if relief.score < math.log(FALSE_RECOVERY):
        return replace(heard, relief=relief)
    return Slowness(eased_at=relief.began_at)


def compare_again_after(slow: Slowness, interval: timedelta) -> timedelta | None:
    """How soon to ask again while slowness is suspected. One slow answer is no suspicion: 1 in 20 is slow."""
    doubted = slow.since_at is None and slow.chart.failed >= SUSPECT_SLOW and slow.chart.asked <= LOOKS
    return min(LOOK_EVERY, interval / 2) if doubted else None
