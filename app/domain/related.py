"""Which troubles of other services belong to one: at the same time, and for a reason that is known."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from app.domain.alternatives import relied_on
from app.domain.incident import Incident
from app.domain.service import Service

SLACK = timedelta(minutes=30)
"""Two troubles that miss each other by no more than this may still be of one cause."""


def related(
    incident: Incident, others: Iterable[Incident], services: Mapping[str, Service], now: datetime
) -> tuple[Incident, ...]:
    """The troubles of other services that met this one and are kin to it, in the order in which they began.

    Kin are services that one vendor runs, of which one relies on the other, or that rely on the same.
    """
    service = services.get(incident.service_id)
    if service is None:
        return ()
    met = (
        other
        for other in others
        if other.service_id != incident.service_id
        and other.service_id in services
        and _meet(incident, other, now)
        and _is_kin(service, services[other.service_id], services)
    )
    return tuple(sorted(met, key=lambda other: (other.opened_at, other.id)))


def _meet(one: Incident, other: Incident, now: datetime) -> bool:
    return other.opened_at <= (one.closed_at or now) + SLACK and (other.closed_at or now) + SLACK >= one.opened_at


def _is_kin(one: Service, other: Service, services: Mapping[str, Service]) -> bool:
    depends_on = {key: service.depends_on for key, service in services.items()}
    ours, theirs = relied_on(depends_on, one.id), relied_on(depends_on, other.id)
    return one.vendor_id == other.vendor_id or other.id in ours or one.id in theirs or bool(ours & theirs)
