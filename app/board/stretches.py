"""What the counts of a service's checks amount to over spans of time; pure.

A service over a span is as bad as its worst check may say. The checks that *judge* it (impact `down`, or where it
has none, `degraded`) decide over uptime and coverage; only they can vouch that it was up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from app.board.history import DAY, HOUR, History, Stretch, Stretches, Window
from app.domain.check import Check
from app.domain.proof import ANSWERING
from app.domain.result import CheckId, Region
from app.domain.rollup import STRIP_DAYS, Rollup, Strip, Tally, dated, day_status, merge_tallies
from app.domain.schedule import EPOCH
from app.domain.service import Service
from app.domain.sketch import Sketch, merge_sketches
from app.domain.status import Status, worst_of

HOURS_SHOWN = 24
FOLDING_LAG = timedelta(hours=2)
"""Folding that is farther behind than this is not waiting for an hour to end, but does not work."""

NOTHING = Tally()

Key = tuple[CheckId, Region]
Tallies = Mapping[CheckId, Tally]
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What is folded of all checks, by check; a list holds what its regions saw. Changes once an hour."""

    strips: Mapping[CheckId, Sequence[Strip]]
    hours: Mapping[CheckId, Sequence[Sequence[Rollup]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is folded of one service, worked out.

    `today`, `total` (90 days) and `last_day` (24 hours) are by check, over its regions.
    """

    days: Stretches
    today: Tallies
    total: Tallies
    last_day: Tallies
    hours: Stretches


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasts:
    """What is folded of all services, up to the `anchor`: the start of the hour that is counted live."""

    anchor: datetime
    by_service: Mapping[str, Past]


def by_check(by_key: Mapping[Key, Kept]) -> dict[CheckId, list[Kept]]:
    """The same by check alone: what was kept of each region, in one list."""
    gathered: dict[CheckId, list[Kept]] = {}
    for (check_id, _), kept in by_key.items():
        gathered.setdefault(check_id, []).append(kept)
    return gathered


def live_hour(folded_until: datetime | None, now: datetime) -> datetime:
    """The start of the hour to which is counted what is not folded yet."""
    if folded_until is not None and now - folded_until < FOLDING_LAG:
        return folded_until
    return floor(now, HOUR)


def floor(moment: datetime, span: timedelta) -> datetime:
    """The start of the bucket of that span, in UTC, in which a moment lies."""
    return moment - (moment - EPOCH) % span


def judges(service: Service) -> tuple[Check, ...]:
    """The checks of the thing itself; where a service has none, those of its parts."""
    direct = tuple(check for check in service.checks if check.impact is Status.DOWN)
    return direct or tuple(check for check in service.checks if check.impact is Status.DEGRADED)


def leading(service: Service) -> Check | None:
    """The check whose latencies stand for the service: the first that judges it and takes a time worth telling."""
    judging = judges(service)
    return next((check for check in judging if check.kind == "http"), judging[0] if judging else None)


def is_model(check: Check) -> bool:
    """Whether a model is asked, so that there is a first token, and a speed."""
    return check.kind in ANSWERING


def stretch(
    service: Service, start_at: datetime, span: timedelta, tallies: Tallies, sketch: Sketch | None = None
) -> Stretch:
    """The service over a span, from the counts of its checks."""
    asked = {
        check.id: (check, tally)
        for check in service.checks
        if check.impact is not Status.UP and (tally := tallies.get(check.id)) is not None
    }
    judging = [asked[check.id][1] for check in judges(service) if check.id in asked]
    known = [tally for tally in judging if tally.judged]
    status = worst_of(day_status(_capped(tally, check.impact)) for check, tally in asked.values())
    if not known and not status.is_bad:
        status = Status.UNKNOWN
    return Stretch(
        start_at=start_at,
        span=span,
        status=status,
        uptime=worst_uptime(known),
        coverage=worst_coverage(known),
        tally=_summed(judging),
        p50_ms=sketch.quantile(0.5) if sketch is not None else None,
        p95_ms=sketch.quantile(0.95) if sketch is not None else None,
    )


def worst_uptime(tallies: Iterable[Tally]) -> float | None:
    """The least uptime among those that are known; `None` where none is."""
    return min((tally.uptime for tally in tallies if tally.uptime is not None), default=None)


def worst_coverage(tallies: Iterable[Tally]) -> float:
    """The least coverage among those of which something is known: as much as the uptime rests on."""
    return min((tally.coverage for tally in tallies if tally.judged), default=0.0)


def assemble_past(service: Service, folded: Folded, anchor: datetime) -> Past:
    """The 89 days before the anchor's, its own so far, and the 24 hours before the anchor."""
    today = anchor.date()
    first = today - timedelta(days=STRIP_DAYS - 1)
    days = {check.id: _days(folded.strips.get(check.id, ()), first) for check in service.checks}
    dates = [first + timedelta(days=number) for number in range(STRIP_DAYS - 1)]
    return Past(
        days=tuple(stretch(service, _midnight(day), DAY, _on(days, day)) for day in dates),
        today=_on(days, today),
        total={check_id: merge_tallies(known.values()) for check_id, known in days.items() if known},
        last_day={
            check.id: merge_tallies(rollup.tally for regional in folded.hours[check.id] for rollup in regional)
            for check in service.checks
            if check.id in folded.hours
        },
        hours=stretches_of(service, folded.hours, anchor - HOURS_SHOWN * HOUR, HOUR, HOURS_SHOWN),
    )


def with_live(folded: Tallies, live: Tallies) -> Tallies:
    """Counts of what is folded and of what is not yet, together."""
    return {
        check_id: merge_tallies([folded[check_id], live[check_id]])
        if check_id in folded and check_id in live
        else (folded.get(check_id) or live[check_id])
        for check_id in {**folded, **live}
    }


def assemble_history(
    service: Service,
    window: Window,
    rollups: Mapping[CheckId, Sequence[Sequence[Rollup]]],
    live: Tallies,
    anchor: datetime,
) -> History:
    """The service over a window that ends with the bucket of the anchor, which is still under way."""
    span = window.bucket
    last = floor(anchor, span)
    count = window.length // span
    stretches = []
    for start_at, (tallies, sketch) in _bucketed(service, rollups, last - (count - 1) * span, span, count):
        counted = with_live(tallies, live) if start_at == last else tallies
        stretches.append(stretch(service, start_at, span, counted, sketch))
    return History(window=window, stretches=tuple(stretches), leading=leading(service))


def stretches_of(
    service: Service,
    rollups: Mapping[CheckId, Sequence[Sequence[Rollup]]],
    first_at: datetime,
    span: timedelta,
    count: int,
) -> Stretches:
    """The service over so many spans from `first_at` on."""
    buckets = _bucketed(service, rollups, first_at, span, count)
    return tuple(stretch(service, start_at, span, *bucket) for start_at, bucket in buckets)


def alone(service: Service, check: Check) -> Service:
    """The service as if it had this check only, and it were the thing itself."""
    return replace(service, checks=(replace(check, impact=Status.DOWN),))


def _capped(tally: Tally, impact: Status) -> Tally:
    """The counts as far as the check may speak for its service: what it calls down is no worse than its impact."""
    if impact is not Status.DEGRADED or not tally.down:
        return tally
    return replace(tally, degraded=tally.degraded + tally.down, down=0)


def _days(strips: Sequence[Strip], first: date) -> dict[date, Tally]:
    """The days of a check from `first` on, over its regions."""
    gathered: dict[date, list[Tally]] = {}
    for strip in strips:
        for day, tally in dated(strip).items():
            if tally is not None and day >= first:
                gathered.setdefault(day, []).append(tally)
    return {day: _summed(tallies) for day, tallies in gathered.items()}


def _summed(tallies: Sequence[Tally]) -> Tally:
    if not tallies:
        return NOTHING
    return tallies[0] if len(tallies) == 1 else merge_tallies(tallies)


def _on(days: Mapping[CheckId, Mapping[date, Tally]], day: date) -> Tallies:
    return {check_id: known[day] for check_id, known in days.items() if day in known}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), EPOCH.tzinfo)


Bucket = tuple[Tallies, Sketch | None]


def _bucketed(
    service: Service,
    rollups: Mapping[CheckId, Sequence[Sequence[Rollup]]],
    first_at: datetime,
    span: timedelta,
    count: int,
) -> list[tuple[datetime, Bucket]]:
    """So many buckets from `first_at` on: what each check counted in each, and the leading one's latencies."""
    leader = leading(service)
    tallies: list[dict[CheckId, list[Tally]]] = [{} for _ in range(count)]
    sketches: list[list[Sketch]] = [[] for _ in range(count)]
    for check in service.checks:
        for rollup in (rollup for regional in rollups.get(check.id, ()) for rollup in regional):
            place = (rollup.start_at - first_at) // span
            if 0 <= place < count:
                tallies[place].setdefault(check.id, []).append(rollup.tally)
                if check is leader:
                    sketches[place].append(rollup.sketch)
    return [
        (
            first_at + number * span,
            (
                {check_id: merge_tallies(parts) for check_id, parts in tallies[number].items()},
                merge_sketches(sketches[number]) if sketches[number] else None,
            ),
        )
        for number in range(count)
    ]
