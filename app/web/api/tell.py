"""The board in the shapes of the API; pure."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from app.board.alternatives import Offer
from app.board.headline import sentence
from app.board.history import History, Stretch
from app.board.model import Board, CheckView, ServiceView
from app.board.words import as_sentence
from app.domain.check import Check
from app.domain.result import ProbeResult
from app.domain.status import Status
from app.web.api.alternatives import alternatives_out
from app.web.api.estimates import EstimateOut
from app.web.api.schemas import (
    Bucket,
    CheckOut,
    Counts,
    FailureOut,
    HistoryOut,
    Own,
    PeopleOut,
    ProbeOut,
    ServiceLine,
    ServiceOut,
    ServicesOut,
)
from app.web.api.stories import incident_line
from app.web.api.vendor import ToldDay, VendorOut, vendor_incident, vendor_says

MILLISECOND = timedelta(milliseconds=1)
MOST_OFFERED = 5
COUNTS = ("due", "up", "degraded", "down", "unknown", "missed")


def services_out(board: Board, *, is_simulated: bool) -> ServicesOut:
    """All services."""
    network = board.own.network
    return ServicesOut(
        simulated=is_simulated,
        made_at=board.made_at,
        status=board.headline.status,
        sentence=sentence(board.headline, board.made_at),
        counts=Counts(**{status.value: number for status, number in board.counts.items()}),
        own=Own(
            probing=board.own.probing,
            network_works=network.works if network is not None else None,
            troubles=(*board.own.troubles, *((board.trouble.sentence,) if board.trouble is not None else ())),
        ),
        services=tuple(ServiceLine(**_line(view)) for view in board.services),
    )


def service_out(
    view: ServiceView, offers: Sequence[Offer], likely: EstimateOut | None, now: datetime, *, is_simulated: bool
) -> ServiceOut:
    """One service at `now`, with how long its trouble may last and what may be used instead."""
    return ServiceOut(
        simulated=is_simulated,
        **_line(view),
        about=view.service.about,
        checks=tuple(_check(check) for check in view.checks),
        vendor_says=vendor_says(view, now),
        days=tuple(_bucket(day) for day in view.days),
        incidents=tuple(incident_line(incident) for incident in view.incidents),
        vendor_incidents=tuple(vendor_incident(each.seen.incident, each.basis, each.seen) for each in view.told),
        vendor_days=tuple(ToldDay(day=day, status=status) for day, status in sorted(view.told_days.items())),
        people=PeopleOut(
            last_hour=view.people.last_hour, usual=view.people.usual, surge_since_at=view.people.since_at
        ),
        estimate=likely,
        depends_on=view.service.depends_on,
        alternatives=alternatives_out(offers[:MOST_OFFERED]),
    )


def history_out(service_id: str, check: Check | None, history: History, *, is_simulated: bool) -> HistoryOut:
    """A window of a service, or of one check of it."""
    return HistoryOut(
        simulated=is_simulated,
        service_id=service_id,
        check_id=check.id if check is not None else None,
        window=history.window,
        bucket_ms=history.window.bucket // MILLISECOND,
        latency_of=history.leading.id if history.leading is not None else None,
        buckets=tuple(_bucket(each) for each in history.stretches),
    )


def _line(view: ServiceView) -> dict[str, Any]:
    service, incident = view.service, view.open_incident
    return {
        "id": service.id,
        "name": service.name,
        "vendor": VendorOut(id=view.vendor.id, name=view.vendor.name),
        "group": service.group,
        "capabilities": service.capabilities,
        "home": service.home,
        "status": view.status,
        "measured": view.verdict.measured.status,
        "witnesses": view.verdict.witnesses,
        "disagreements": view.discords,
        "since_at": view.since_at,
        "reason": as_sentence(view.reason),
        "evidence": view.evidence,
        "latency_ms": view.latency_ms,
        "uptime_90d": view.uptime,
        "coverage_90d": view.coverage,
        "last_probed_at": view.last_probed_at,
        "vendor_status": view.word.status if view.word is not None else None,
        "incident": incident.id if incident is not None else None,
    }


def _check(view: CheckView) -> CheckOut:
    check = view.check
    slow_after = check.thresholds.slow_after
    return CheckOut(
        id=check.id,
        kind=check.kind,
        target=check.spec.target,
        interval_ms=check.cadence.interval // MILLISECOND,
        slow_after_ms=slow_after // MILLISECOND if slow_after is not None else None,
        impact=check.impact,
        verified_on=check.verified_on,
        note=check.note,
        region=view.region,
        status=view.status,
        since_at=view.since_at,
        reason=as_sentence(view.reason),
        is_ours=view.is_ours,
        last=_probe(view.last, view.last_status) if view.last is not None else None,
    )


def _probe(result: ProbeResult, status: Status) -> ProbeOut:
    failure = result.failure
    return ProbeOut(
        started_at=result.started_at,
        reading=status,
        status_code=result.status_code,
        family=result.family,
        **asdict(result.phases),
        figures=dict(result.figures),
        failure=None
        if failure is None
        else FailureOut(kind=failure.kind, blame=failure.blame, sentence=as_sentence(failure.sentence)),
    )


def _bucket(stretch: Stretch) -> Bucket:
    tally = stretch.tally
    counts = {name: getattr(tally, name) if stretch.was_watched else None for name in COUNTS}
    return Bucket(
        start_at=stretch.start_at,
        status=stretch.status,
        uptime=stretch.uptime,
        coverage=stretch.coverage if stretch.was_watched else None,
        p50_ms=stretch.p50_ms,
        p95_ms=stretch.p95_ms,
        **counts,
    )
