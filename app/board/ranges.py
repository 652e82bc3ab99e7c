"""A service over any span of time in buckets of any usual size: what may be asked, and how it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.board.history import DAY, HOUR, Stretches, Window
from app.board.stretches import by_check, floor, leading, stretches_of
from app.domain.check import Check
from app.domain.result import CheckId, Recorded
from app.domain.rollup import Rollup, Tally, fold_results
from app.domain.schedule import EPOCH
from app.domain.service import Service
from app.domain.sketch import Sketch
from app.store.engine import Database, ReadTx
from app.store.results import first_kept_result, load_results
from app.store.rollups import first_kept, load_days, load_hours, load_unfolded_hours
from app.store.series import Key, Series, load_series
from app.store.tables import hours

WEEK = timedelta(days=7)
MONDAY = EPOCH - timedelta(days=3)
"""The Monday from which weeks are counted."""

MOST_BUCKETS = 1_500
FARTHEST_SINGLE = timedelta(days=2)
"""So far may buckets reach that are shorter than an hour: they are counted anew from single results."""

FARTHEST_HOURLY = timedelta(days=100)


class Step(StrEnum):
    """How long a bucket is. Shorter than an hour, results are counted one by one; from a day on, UTC days."""

    MINUTE = "1m"
    FIVE_MINUTES = "5m"
    TEN_MINUTES = "10m"
    QUARTER_HOUR = "15m"
    HALF_HOUR = "30m"
    HOUR = "1h"
    TWO_HOURS = "2h"
    THREE_HOURS = "3h"
    FOUR_HOURS = "4h"
    SIX_HOURS = "6h"
    EIGHT_HOURS = "8h"
    TWELVE_HOURS = "12h"
    DAY = "1d"
    WEEK = "7d"

    @property
    def span(self) -> timedelta:
        """The same as a span."""
        unit = {"m": timedelta(minutes=1), "h": HOUR, "d": DAY}[self.value[-1]]
        return int(self.value[:-1]) * unit


class RangeError(ValueError):
    """A span that cannot be told; `field` names the part of the question that is wrong."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Whole buckets in a row, from `start_at` on; the last holds, or ends at, the end that was asked for."""

    start_at: datetime
    step: timedelta
    count: int

    @property
    def end_at(self) -> datetime:
        """The end of the last bucket."""
        return self.start_at + self.count * self.step


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeHistory:
    """A service over a range; `kept_since_at` tells since when figures as fine as this are kept, if not always."""

    range: Range
    stretches: Stretches
    leading: Check | None
    kept_since_at: datetime | None


def range_asked(
    now: datetime, *, window: Window | None, from_at: datetime | None, to_at: datetime | None, step: Step | None
) -> Range:
    """The buckets that a question is about. Raises `RangeError`.

    Without an end it is now, and without a beginning the `window`, of a day if none is given, before the end.
    """
    if window is not None and from_at is not None:
        raise RangeError("window", "Give either `window` or `from`, not both.")
    end_at = to_at or now
    if from_at is not None and from_at >= end_at:
        raise RangeError("from", "`from` must be before `to`, and where that is not given, before now.")
    span = end_at - from_at if from_at is not None else (window or Window.DAY).length
    size = step.span if step is not None else _usual_step(span)
    last_at = _bucket_at(end_at - timedelta(milliseconds=1) if to_at is not None else end_at, size)
    first_at = _bucket_at(from_at, size) if from_at is not None else last_at + size - max(span, size)
    first_at = _bucket_at(first_at, size)
    return _bounded(Range(start_at=first_at, step=size, count=(last_at - first_at) // size + 1))


def assemble_range(
    service: Service, asked: Range, known: Mapping[Key, Sequence[Rollup]], kept_since_at: datetime | None
) -> RangeHistory:
    """The service over a range, from what is known of the series of its checks."""
    rollups: Mapping[CheckId, Sequence[Sequence[Rollup]]] = by_check(known)
    return RangeHistory(
        range=asked,
        stretches=stretches_of(service, rollups, asked.start_at, asked.step, asked.count),
        leading=leading(service),
        kept_since_at=kept_since_at,
    )


async def load_range(database: Database, service: Service, asked: Range, now: datetime) -> RangeHistory:
    """A service over a range. Raises `StoreError`."""
    ids = {check.id for check in service.checks}
    async with database.read() as tx:
        watched = [each for each in await load_series(tx) if each.key[0] in ids]
        if asked.step < HOUR:
            known, kept = await _load_single(tx, watched, asked, now), await first_kept_result(tx)
        elif asked.step < DAY:
            known, kept = await _load_hourly(tx, watched, asked, now), await first_kept(tx, hours)
        else:
            known, kept = await _load_daily(tx, watched, asked, now), None
    first_at = min((each.first_at for each in watched), default=now)
    was_kept_longer = kept is not None and floor(first_at, HOUR) < kept
    return assemble_range(service, asked, known, kept if was_kept_longer else None)


async def _load_single(
    tx: ReadTx, watched: Sequence[Series], asked: Range, now: datetime
) -> dict[Key, list[Rollup]]:
    known = {}
    for each in watched:
        gathered = {asked.start_at + number * asked.step: list[Recorded]() for number in range(asked.count)}
        for recorded in await load_results(tx, *each.key, asked.start_at, asked.end_at):
            gathered[floor(recorded.result.slot_at, asked.step)].append(recorded)
        known[each.key] = [
            fold_results(start_at, results, each.due(start_at, min(start_at + asked.step, now)))
            for start_at, results in gathered.items()
        ]
    return known


async def _load_hourly(
    tx: ReadTx, watched: Sequence[Series], asked: Range, now: datetime
) -> dict[Key, list[Rollup]]:
    ids = [each.key[0] for each in watched]
    folded = await load_hours(tx, asked.start_at, asked.end_at, ids)
    unfolded = await load_unfolded_hours(tx, now, ids)
    return {
        each.key: with_gaps([*folded.get(each.key, ()), *unfolded.get(each.key, ())], each, asked, now)
        for each in watched
    }


async def _load_daily(
    tx: ReadTx, watched: Sequence[Series], asked: Range, now: datetime
) -> dict[Key, list[Rollup]]:
    ids = [each.key[0] for each in watched]
    folded = await load_days(tx, asked.start_at, asked.end_at, ids)
    unfolded = await load_unfolded_hours(tx, now, ids)
    return {each.key: [*folded.get(each.key, ()), *unfolded.get(each.key, ())] for each in watched}


def with_gaps(told: Sequence[Rollup], series: Series, asked: Range, now: datetime) -> list[Rollup]:
    """The hours of a series within a range, those of which nothing is kept counted as due."""
    known = {rollup.start_at: rollup for rollup in told}
    end_at, hour_at = min(asked.end_at, now), max(asked.start_at, floor(series.first_at, HOUR))
    while hour_at < end_at:
        if hour_at not in known and (due := series.due(hour_at, min(hour_at + HOUR, now))):
            known[hour_at] = Rollup(start_at=hour_at, tally=Tally(due=due), sketch=Sketch())
        hour_at += HOUR
    return list(known.values())


def _usual_step(span: timedelta) -> timedelta:
    """Short enough to see a trouble, long enough to be counted well."""
    if span <= timedelta(days=2):
        return HOUR
    return 6 * HOUR if span <= timedelta(days=14) else DAY


def _bucket_at(moment: datetime, step: timedelta) -> datetime:
    """The start of the bucket in which a moment lies; weeks begin on Monday."""
    return moment - (moment - MONDAY) % step if step == WEEK else floor(moment, step)


def _bounded(asked: Range) -> Range:
    span = asked.count * asked.step
    farthest = FARTHEST_SINGLE if asked.step < HOUR else FARTHEST_HOURLY if asked.step < DAY else span
    if asked.count > MOST_BUCKETS:
        raise RangeError("step", f"That would be {asked.count} buckets; at most {MOST_BUCKETS} are told at once.")
    if span - 2 * asked.step > farthest:
        raise RangeError("step", f"Buckets so short reach over at most {farthest.days} days; take longer ones.")
    return asked
