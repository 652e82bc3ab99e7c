"""The board in the shapes of the API; pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.board.alternatives import Offer
from app.board.headline import sentence
from app.board.model import Board, ServiceView
from app.board.words import as_sentence
from app.web.api.alternatives import alternatives_out
from app.web.api.checks import check_out
from app.web.api.estimates import EstimateOut
from app.web.api.history import bucket_out
from app.web.api.schemas import Counts, Own, PeopleOut, ServiceLine, ServiceOut, ServicesOut
from app.web.api.stories import incident_line
from app.web.api.vendor import ToldDay, VendorOut, vendor_incident, vendor_says

MOST_OFFERED = 5


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
        checks=tuple(check_out(check) for check in view.checks),
        vendor_says=vendor_says(view, now),
        days=tuple(bucket_out(day) for day in view.days),
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
        "uptime_24h": view.uptime_24h,
        "coverage_24h": view.coverage_24h,
        "uptime_90d": view.uptime,
        "coverage_90d": view.coverage,
        "last_probed_at": view.last_probed_at,
        "vendor_status": view.word.status if view.word is not None else None,
        "incident": incident.id if incident is not None else None,
    }
