"""Counts of readings over a span of time, and what may honestly be computed from them."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from app.domain.result import FailureKind, ProbeResult, Recorded
from app.domain.sketch import Sketch, merge_sketches
from app.domain.status import Status
from app.domain.varint import PackedError

STRIP_DAYS = 90
NOTHING_TIMED = Sketch()
_MICROSECONDS, _THOUSANDTHS = 1_000_000, 1_000
_DAY = struct.Struct("<6I")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many probes were due, and what the readings of those made amounted to.

    Confirmations are not counted: they are asked for only when things look bad and would weigh the bad twice.
    `missed` are slots we know we skipped; a slot of which nothing is known at all only shows in `due`.
    """

    due: int = 0
    up: int = 0
    degraded: int = 0
    down: int = 0
    unknown: int = 0
    missed: int = 0
    failures: Mapping[FailureKind, int] = field(default_factory=dict)

    @property
    def judged(self) -> int:
        """Readings that told something: up, degraded or down."""
        return self.up + self.degraded + self.down

    @property
    def uptime(self) -> float | None:
        """Share of the covered time in which the service answered, 0 to 1; `None` where nothing is known."""
        return (self.up + self.degraded) / self.judged if self.judged else None

    @property
    def coverage(self) -> float:
        """Share of the time of which something is known, 0 to 1: judged readings to probes due."""
        return min(1.0, self.judged / self.due) if self.due else 0.0


def merge_tallies(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies of disjoint spans (or regions)."""
    parts = list(tallies)
    failures: dict[FailureKind, int] = {}
    for part in parts:
        for kind, count in part.failures.items():
            failures[kind] = failures.get(kind, 0) + count
    return Tally(
        due=sum(part.due for part in parts),
        up=sum(part.up for part in parts),
        degraded=sum(part.degraded for part in parts),
        down=sum(part.down for part in parts),
        unknown=sum(part.unknown for part in parts),
        missed=sum(part.missed for part in parts),
        failures=failures,
    )


def day_status(tally: Tally) -> Status:
    """The colour of a stretch: bad if more than a stray reading says so, unknown if none says anything.

    A single bad reading that its confirmation did not bear out must not paint a day: bad needs two readings.
    """
    if not tally.judged:
        return Status.UNKNOWN
    if tally.down > 1 or tally.down == tally.judged:
        return Status.DOWN
    if tally.degraded + tally.down > 1 or tally.degraded == tally.judged:
        return Status.DEGRADED
    return Status.UP


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """One check and region over one bucket (an hour or a day, UTC): counts, and what was timed, as sketches.

    All of the answers that were not failures: `sketch` holds `latency_ms`; of a model, `first_token` holds
    milliseconds from when the request was sent, and `speed` thousandths of a token a second.
    """

    start_at: datetime
    tally: Tally
    sketch: Sketch
    first_token: Sketch = NOTHING_TIMED
    speed: Sketch = NOTHING_TIMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The last `STRIP_DAYS` UTC days of one check and region, oldest first; the last entry is `ends_on`.

    `None` stands for a day on which the check did not exist. Failure kinds are left out: a strip is read by
    every page and has to stay small.
    """

    ends_on: date
    days: tuple[Tally | None, ...]


def fold_results(start_at: datetime, results: Iterable[Recorded], due: int) -> Rollup:
    """The rollup of the results of one series whose slots lie in one bucket."""
    counts = dict.fromkeys(Status, 0)
    missed, failures, right = 0, dict[FailureKind, int](), list[ProbeResult]()
    for recorded in results:
        failure = recorded.result.failure
        if recorded.result.is_confirmation:
            continue
        counts[recorded.status] += 1
        if failure is None:
            right.append(recorded.result)
            continue
        failures[failure.kind] = failures.get(failure.kind, 0) + 1
        missed += failure.kind is FailureKind.MISSED
    tally = Tally(
        due=max(due, sum(counts.values())),
        up=counts[Status.UP],
        degraded=counts[Status.DEGRADED],
        down=counts[Status.DOWN],
        unknown=counts[Status.UNKNOWN] - missed,
        missed=missed,
        failures=failures,
    )
    return Rollup(
        start_at=start_at,
        tally=tally,
        sketch=Sketch.of(each.latency_ms for each in right),
        first_token=first_tokens_of(right),
        speed=speeds_of(right),
    )


def first_tokens_of(answers: Iterable[ProbeResult]) -> Sketch:
    """When the first token of right answers came, in milliseconds after the request; empty without a model."""
    return Sketch.of(each.figures["ttft_ms"] for each in answers if "ttft_ms" in each.figures)


def speeds_of(answers: Iterable[ProbeResult]) -> Sketch:
    """How fast the tokens of right answers came, in thousandths of a token a second; empty without a model."""
    spans_us = (each.figures.get("tpot_us") for each in answers)
    return Sketch.of(_MICROSECONDS * _THOUSANDTHS // span_us for span_us in spans_us if span_us)


def fold_rollups(start_at: datetime, rollups: Sequence[Rollup], due: int) -> Rollup:
    """The rollup of a longer bucket; `due` counts the whole of it, hours of which nothing is known included."""
    tally = merge_tallies(rollup.tally for rollup in rollups)
    return Rollup(
        start_at=start_at,
        tally=replace(tally, due=max(due, tally.due)),
        sketch=merge_sketches(rollup.sketch for rollup in rollups),
        first_token=merge_sketches(rollup.first_token for rollup in rollups),
        speed=merge_sketches(rollup.speed for rollup in rollups),
    )


def extend_strip(strip: Strip | None, day: date, tally: Tally) -> Strip:
    """The strip with `day` told anew; it moves on when the day lies after its end."""
    ends_on = day if strip is None else max(strip.ends_on, day)
    known: dict[date, Tally | None] = {} if strip is None else dated(strip)
    known[day] = tally
    first = ends_on - timedelta(days=STRIP_DAYS - 1)
    return Strip(
        ends_on=ends_on, days=tuple(known.get(first + timedelta(days=number)) for number in range(STRIP_DAYS))
    )


def dated(strip: Strip) -> dict[date, Tally | None]:
    """The days of a strip by their dates."""
    first = strip.ends_on - timedelta(days=len(strip.days) - 1)
    return {first + timedelta(days=number): tally for number, tally in enumerate(strip.days)}


def pack_days(days: Sequence[Tally | None]) -> bytes:
    """At most `STRIP_DAYS` days in few bytes that are quick to read; failures are left out.

    Most days are like others: each different one is told once, then for each day by one byte which it was, 0
    for none.
    """
    places: dict[tuple[int, ...], int] = {}
    order = bytes(0 if day is None else places.setdefault(_counts(day), len(places) + 1) for day in days)
    return bytes([len(places)]) + b"".join(_DAY.pack(*counts) for counts in places) + order


def unpack_days(packed: bytes) -> tuple[Tally | None, ...]:
    """The days that `pack_days` packed; days alike are one object. Raises `PackedError` for other bytes."""
    until = 1 + packed[0] * _DAY.size if packed else 1
    if len(packed) < until:
        raise PackedError("the packed days end too early")
    different = [None, *map(_tally, _DAY.iter_unpack(packed[1:until]))]
    try:
        return tuple([different[place] for place in packed[until:]])
    except IndexError:
        raise PackedError("the packed days name one that is not told") from None


def _counts(tally: Tally) -> tuple[int, ...]:
    return tally.due, tally.up, tally.degraded, tally.down, tally.unknown, tally.missed


@lru_cache(maxsize=4096)
def _tally(counts: tuple[int, ...]) -> Tally:
    """Kept, because the same few days are told by every strip."""
    due, up, degraded, down, unknown, missed = counts
    return Tally(due=due, up=up, degraded=degraded, down=down, unknown=unknown, missed=missed)
