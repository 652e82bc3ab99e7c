"""How long a trouble will probably last, from how long troubles of its vendor have lasted; and how good that is.

A survival curve of past durations, given that this one has already lasted so long: the Kaplan-Meier estimate
(J. Am. Stat. Assoc. 53, 1958) over those that lasted longer, in which what is still open, or implausibly long, is
censored, not dropped. A vendor's own `LATEST` incidents of `WITHIN` weigh one each; all others' together weigh as
much as `POOLED` of them, so that they matter where a vendor has few. What a vendor calls the impact is left out:
in recorded histories it does not tell how long an incident lasted.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

LATEST, WITHIN = 100, timedelta(days=180)
POOLED = 4.0
POOL_LATEST, POOL_WITHIN = 200, timedelta(days=365)
LEAST = 8
"""With fewer past incidents that lasted as long as this one, nothing is said."""

PLAUSIBLE = timedelta(days=7)
"""What is told to have lasted longer is only known to have lasted so long: such records were forgotten."""

HALF, MOST = (0.25, 0.75), (0.1, 0.9)
_STEPS = 40
"""The shortest half is looked for among quantiles this fine."""

AFTER = tuple(timedelta(minutes=minutes) for minutes in (0, 15, 40, 60, 120))
"""The ages at which past incidents are estimated anew to see how good the estimates were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An incident of the past: when it began, and how long it lasted, or has lasted so far if it is not over."""

    began_at: datetime
    lasted: timedelta
    is_over: bool = True

    @property
    def ended_at(self) -> datetime:
        """When it was over, as far as that is known."""
        return self.began_at + self.lasted


class NoEstimate(StrEnum):
    """Why nothing can be said."""

    TOO_FEW = "too_few"
    """Too few past incidents are known."""
    OUTLASTED = "outlasted"
    """It has lasted longer than nearly all that are known."""


Span = tuple[timedelta, timedelta]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How long a trouble that has `lasted` so long will have lasted in all.

    It rests on `known` past ones that lasted at least as long, `own` of them its vendor's.

    `likely` is the middle of the shortest span in which half of them ended; `half` and `most` hold the middle 50
    and 80 % of them; three of four were over `three_of_four` after they began. All are counted from the beginning.
    """

    lasted: timedelta
    known: int
    own: int
    likely: timedelta
    half: Span
    most: Span
    three_of_four: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRate:
    """How often `count` estimates of the past were right: their 50 % and 80 % ranges, and by how much they missed.

    `miss`, `vendor_miss` and `hour_miss` are the median errors of the likely duration, of the vendor's overall
    median, and of "an hour".
    """

    count: int
    half: float
    most: float
    miss: timedelta
    vendor_miss: timedelta
    hour_miss: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """Past incidents by the id of their vendor, in the order in which they began, and how good estimates were."""

    by_vendor: Mapping[str, Sequence[Past]] = field(default_factory=dict)
    rate: HitRate | None = None

    def of(self, vendor_id: str, began_at: datetime, now: datetime) -> Estimate | NoEstimate:
        """What can be said of a trouble of this vendor."""
        return estimate(self.by_vendor.get(vendor_id, ()), _others(self.by_vendor, vendor_id), began_at, now)


_Weighed = tuple[float, float, bool]
"""A duration in seconds, its weight, and whether it ended then."""


def estimate(
    own: Sequence[Past], others: Sequence[Past], began_at: datetime, now: datetime
) -> Estimate | NoEstimate:
    """What can be said at `now` of a trouble that began then, from its vendor's past incidents and from others'.

    Both are in the order in which they began; of what began or ended later nothing is used.
    """
    lasted = max(now - began_at, timedelta(0))
    mine = _known(own, now, WITHIN, LATEST)
    pool = _known(others, now, POOL_WITHIN, POOL_LATEST)
    longer = [each for each in mine if each.lasted > lasted]
    alike = [each for each in pool if each.lasted > lasted]
    if len(longer) + len(alike) < LEAST:
        return NoEstimate.TOO_FEW if len(mine) + len(pool) < LEAST else NoEstimate.OUTLASTED
    curve = _curve(longer, alike)
    fine = [_quantile(curve, step / _STEPS) for step in range(1, _STEPS)]
    return Estimate(
        lasted=lasted,
        known=len(longer) + len(alike),
        own=len(longer),
        likely=_seconds(_middle_of_shortest_half(fine)),
        half=(_seconds(_quantile(curve, HALF[0])), _seconds(_quantile(curve, HALF[1]))),
        most=(_seconds(_quantile(curve, MOST[0])), _seconds(_quantile(curve, MOST[1]))),
        three_of_four=_seconds(_quantile(curve, 0.75)),
    )


def hit_rate(histories: Mapping[str, Sequence[Past]]) -> HitRate | None:
    """How good the estimates of all these incidents would have been, each from what was over before.

    `histories` are past incidents by vendor, in the order in which they began. `None` where none can be estimated.
    """
    tries = [each for vendor in histories for each in _tries(vendor, histories)]
    if not tries:
        return None
    return HitRate(
        count=len(tries),
        half=sum(told.half[0] <= truth <= told.half[1] for told, truth, _ in tries) / len(tries),
        most=sum(told.most[0] <= truth <= told.most[1] for told, truth, _ in tries) / len(tries),
        miss=_median(abs(truth - told.likely) for told, truth, _ in tries),
        vendor_miss=_median(abs(truth - usual) for _, truth, usual in tries),
        hour_miss=_median(abs(truth - timedelta(hours=1)) for _, truth, _ in tries),
    )


def _tries(
    vendor: str, histories: Mapping[str, Sequence[Past]]
) -> Iterable[tuple[Estimate, timedelta, timedelta]]:
    """Estimates of a vendor's incidents at several ages, with the truth and the vendor's median until then."""
    own, others = histories[vendor], _others(histories, vendor)
    for each in own:
        before = [past.lasted for past in own if past.is_over and past.ended_at < each.began_at]
        if not each.is_over or each.lasted > PLAUSIBLE or not before:
            continue
        usual = _median(before)
        for age in AFTER:
            if each.lasted > age:
                told = estimate(own, others, each.began_at, each.began_at + age)
                if isinstance(told, Estimate):
                    yield told, each.lasted, usual


def _others(histories: Mapping[str, Sequence[Past]], vendor: str) -> Sequence[Past]:
    told = (each for name, past in histories.items() if name != vendor for each in past)
    return sorted(told, key=lambda each: each.began_at)


def _known(past: Sequence[Past], now: datetime, within: timedelta, latest: int) -> list[Past]:
    """What is known at `now`: what was over, the latest of it; what is implausibly long is censored."""
    first = bisect_left(past, now - within, key=lambda each: each.began_at)
    last = bisect_left(past, now, key=lambda each: each.began_at)
    over = [each for each in past[first:last] if each.ended_at < now or not each.is_over]
    return [
        Past(began_at=each.began_at, lasted=PLAUSIBLE, is_over=False) if each.lasted > PLAUSIBLE else each
        for each in over[-latest:]
    ]


def _curve(own: Sequence[Past], others: Sequence[Past]) -> list[tuple[float, float]]:
    """The share that is over by each duration, in seconds; the last of them stands for all that lasted longer."""
    weight = POOLED / len(others) if others else 0.0
    told: list[_Weighed] = sorted(
        [(each.lasted.total_seconds(), 1.0, each.is_over) for each in own]
        + [(each.lasted.total_seconds(), weight, each.is_over) for each in others]
    )
    at_risk, surviving, curve = sum(each for _, each, _ in told), 1.0, []
    for seconds, own_weight, is_over in told:
        if is_over:
            surviving *= max(0.0, 1 - own_weight / at_risk)
        at_risk = max(at_risk - own_weight, 1e-9)
        curve.append((seconds, 1 - surviving))
    return curve


def _quantile(curve: Sequence[tuple[float, float]], share: float) -> float:
    """The first duration by which this share is over, and the longest known where so many never were."""
    place = bisect_left(curve, share - 1e-9, key=lambda each: each[1])
    return curve[min(place, len(curve) - 1)][0]


def _middle_of_shortest_half(quantiles: Sequence[float]) -> float:
    """Where durations crowd: half of the time, the truth is nearer to it than to the median of a skewed curve."""
    wide = _STEPS // 2
    first = min(range(len(quantiles) - wide), key=lambda place: quantiles[place + wide] - quantiles[place])
    return (quantiles[first] + quantiles[first + wide]) / 2


def _seconds(seconds: float) -> timedelta:
    return timedelta(seconds=round(seconds))


def _median(spans: Iterable[timedelta]) -> timedelta:
    ranked = sorted(spans)
    return ranked[len(ranked) // 2]
