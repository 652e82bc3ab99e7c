"""From what is stored to what is shown; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.board.model import Board, CheckView, Day, OwnHealth, Point, ServiceView
from app.domain.check import Check
from app.domain.detector import CheckState
from app.domain.incident import Incident
from app.domain.result import CheckId, Recorded, Region
from app.domain.rollup import STRIP_DAYS, Rollup, Strip, Tally, dated, day_status, merge_tallies
from app.domain.service import Catalogue, Service
from app.domain.sketch import merge_sketches
from app.domain.status import Status, severity, worst_of
from app.domain.verdict import measured

Key = tuple[CheckId, Region]
HOURS_SHOWN = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a board is made of, as it was read from the store."""

    states: Sequence[CheckState] = ()
    latest: Mapping[Key, Recorded] = field(default_factory=dict)
    strips: Mapping[Key, Strip] = field(default_factory=dict)
    hours: Mapping[Key, Sequence[Rollup]] = field(default_factory=dict)
    live: Mapping[Key, Tally] = field(default_factory=dict)
    incidents: Sequence[Incident] = ()


def assemble_board(catalogue: Catalogue, stored: Stored, own: OwnHealth, now: datetime) -> Board:
    """The board at `now`."""
    states: dict[CheckId, list[CheckState]] = {}
    for state in stored.states:
        states.setdefault(state.check_id, []).append(state)
    views = tuple(
        _service(catalogue, service, stored, {check.id: states.get(check.id, []) for check in service.checks}, now)
        for service in catalogue.services
    )
    return Board(
        made_at=now,
        sentence=headline(views, own, now),
        status=worst_of(view.status for view in views),
        services=views,
        own=own,
    )


def _service(
    catalogue: Catalogue,
    service: Service,
    stored: Stored,
    states: Mapping[CheckId, Sequence[CheckState]],
    now: datetime,
) -> ServiceView:
    checks = tuple(view for check in service.checks for view in _checks(check, states[check.id], stored.latest))
    status = measured(service, states)
    days = _days(service, stored, now)
    incidents = tuple(incident for incident in stored.incidents if incident.service_id == service.id)
    own = [day.tally for day in days if day.tally is not None]
    sum_of_days = merge_tallies(own)
    speaking = [view for view in checks if view.check.impact is not Status.UP]
    return ServiceView(
        service=service,
        vendor=catalogue.vendor_by_id[service.vendor_id],
        status=status,
        since_at=_since(status, speaking, incidents),
        reason=_reason(status, speaking),
        checks=checks,
        days=days,
        points=_points(service, stored.hours, now),
        uptime=sum_of_days.uptime,
        coverage=sum_of_days.coverage,
        latency_ms=_latency(service, checks),
        last_probed_at=max((view.last.ended_at for view in checks if view.last is not None), default=None),
        incidents=incidents,
    )


def _checks(check: Check, states: Sequence[CheckState], latest: Mapping[Key, Recorded]) -> Iterable[CheckView]:
    """One view a region; a check that was never probed has one that is unknown."""
    for state in states or [CheckState(check_id=check.id, region=Region("local"))]:
        recorded = latest.get((check.id, state.region))
        reason = state.last.reason if state.last is not None else "Not probed yet."
        if recorded is not None and recorded.result.failure is not None:
            reason = recorded.result.failure.sentence
        elif recorded is not None:
            reason = f"answered as expected after {recorded.result.phases.total_ms} ms"
        yield CheckView(
            check=check,
            region=state.region,
            status=state.status,
            since_at=state.since_at,
            last=recorded.result if recorded is not None else None,
            last_status=recorded.status if recorded is not None else Status.UNKNOWN,
            reason=_sentence(reason),
        )


def _since(status: Status, checks: Sequence[CheckView], incidents: Sequence[Incident]) -> datetime | None:
    """Since when the service has its status: a trouble from its first bad reading, else from the latest change."""
    if status.is_bad:
        opened = next((incident.opened_at for incident in incidents if incident.is_open), None)
        if opened is not None:
            return opened
    told = [view.since_at for view in checks if view.since_at is not None and view.status is not Status.UNKNOWN]
    if status is Status.UNKNOWN:
        told = [view.since_at for view in checks if view.since_at is not None]
    return max(told, default=None)


def _reason(status: Status, checks: Sequence[CheckView]) -> str:
    """One sentence of what the status rests on: the check that speaks for it."""
    asked = [view for view in checks if view.last is not None or view.since_at is not None]
    if not asked:
        return "No probe has come back yet."
    speaker = max(asked, key=lambda view: (severity(view.status), severity(view.last_status)))
    if status is Status.UP:
        answering = sum(view.status is Status.UP for view in checks)
        blind = sum(view.status is Status.UNKNOWN for view in checks)
        told = f"{answering} of {len(checks)} checks answer as they should"
        return f"{told}; {blind} cannot tell." if blind else f"{told}."
    return f"{speaker.reason.rstrip('.')} (check {speaker.check.name})."


def _sentence(text: str) -> str:
    """A failure's sentence as it stands by itself: it names the facts, and leaves out who did it."""
    started = text[:1].upper() + text[1:]
    return started if started.endswith((".", "!", "?", "…")) else f"{started}."


def counting(service: Service) -> list[Check]:
    """The checks that a service's figures are taken from: those that may say it is down, else all that judge."""
    return [check for check in service.checks if check.impact is Status.DOWN] or [
        check for check in service.checks if check.impact is not Status.UP
    ]


def _latency(service: Service, checks: Sequence[CheckView]) -> int | None:
    """The last answer of the first check that counts and answered: what the service's line shows."""
    asked = counting(service)
    answered = (view.last for view in checks if view.check in asked and view.last is not None)
    return next((last.phases.total_ms for last in answered if last.failure is None), None)


def _days(service: Service, stored: Stored, now: datetime) -> tuple[Day, ...]:
    today = now.date()
    ids = {check.id for check in counting(service)}
    per_series = [
        _with_live(dated(stored.strips[key]) if key in stored.strips else {}, stored.live.get(key), today)
        for key in sorted({*stored.strips, *stored.live})
        if key[0] in ids
    ]
    return tuple(_day(today - timedelta(days=STRIP_DAYS - 1 - number), per_series) for number in range(STRIP_DAYS))


def _with_live(days: dict[date, Tally | None], live: Tally | None, today: date) -> Mapping[date, Tally | None]:
    if live is None:
        return days
    folded = days.get(today)
    return days | {today: merge_tallies([folded, live] if folded is not None else [live])}


def _day(day: date, per_series: Sequence[Mapping[date, Tally | None]]) -> Day:
    """A service's day is as bad as its worst check's; a day on which none was known is a gap."""
    tallies = [tally for days in per_series if (tally := days.get(day)) is not None and tally.due]
    if not tallies:
        return Day(date=day, status=Status.UNKNOWN, tally=None)
    known = [tally for tally in tallies if tally.judged]
    worst = min(known, key=_badness) if known else tallies[0]
    return Day(date=day, status=day_status(worst), tally=worst)


def _badness(tally: Tally) -> float:
    uptime = tally.uptime
    return uptime if uptime is not None else 1.0


def _points(service: Service, hours: Mapping[Key, Sequence[Rollup]], now: datetime) -> tuple[Point, ...]:
    """The median latency of each of the last full hours, over the checks that judge the service."""
    ids = {check.id for check in counting(service)}
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS_SHOWN)
    by_hour: dict[datetime, list[Rollup]] = {}
    for (check_id, _), rollups in hours.items():
        if check_id in ids:
            for rollup in rollups:
                by_hour.setdefault(rollup.start_at, []).append(rollup)
    return tuple(
        Point(
            start_at=start_at,
            median_ms=merge_sketches(rollup.sketch for rollup in by_hour.get(start_at, [])).quantile(0.5),
        )
        for start_at in (first + timedelta(hours=number) for number in range(HOURS_SHOWN))
    )


def headline(views: Sequence[ServiceView], own: OwnHealth, now: datetime) -> str:
    """The sentence at the top: what is true now, as one would say it aloud."""
    if own.network_fails:
        return "We cannot tell: our own network is failing."
    if not any(view.last_probed_at or view.since_at for view in views):
        return f"Watching {len(views)} services; the first results are coming in."
    troubled = sorted((view for view in views if view.status.is_bad), key=lambda view: -severity(view.status))
    unknown = sum(view.status is Status.UNKNOWN for view in views)
    if not troubled:
        return _calm(len(views), unknown)
    blind = f" {unknown} cannot be seen from here." if unknown else ""
    if len(troubled) == 1:
        return f"{_trouble(troubled[0], now)}{blind}"
    names = _listed([view.service.name for view in troubled])
    return f"{len(troubled)} of {len(views)} services have trouble: {names}.{blind}"


def _calm(services: int, unknown: int) -> str:
    if unknown == services:
        return "We cannot tell: none of the services can be seen from here."
    if unknown:
        working = services - unknown
        told = "1 service works" if working == 1 else f"{working} services work"
        return f"{told}; {unknown} cannot be seen from here."
    return f"All {services} services work."


def _trouble(view: ServiceView, now: datetime) -> str:
    what = "is down" if view.status is Status.DOWN else "has trouble"
    if view.since_at is None:
        return f"{view.service.name} {what}."
    return f"{view.service.name} {what} since {view.since_at:%H:%M} UTC ({spell(now - view.since_at)})."


def _listed(names: Sequence[str], most: int = 3) -> str:
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def spell(span: timedelta) -> str:
    """A span as people say it: "40 s", "18 min", "2 h 10 min", "3 days"."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:  # noqa: PLR2004 - two days
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} days"
