"""Incidents in the API: their shapes, and how they are told in them."""

from collections.abc import Iterable
from datetime import datetime

from app.board.model import Story
from app.domain.incident import EventKind, Incident, IncidentEvent
from app.domain.result import FailureKind, Recorded
from app.domain.status import Status
from app.domain.verdict import Witness
from app.web.api.checks import ProbeOut, probe_out
from app.web.api.ledger import PastIncident, past_incident
from app.web.api.shape import MILLISECOND, Answer, Shape


class AccountOut(Shape):
    """What one witness told of an incident."""

    witness: Witness
    """Who told."""
    since_at: datetime
    """Since when it told of it."""
    until_at: datetime | None
    """Until when; `null` while it does."""


class IncidentLine(Shape):
    """An incident in short."""

    id: str
    """Its name in addresses."""
    service_id: str
    """Whose incident it is."""
    opened_at: datetime
    """Where the evidence of it began."""
    closed_at: datetime | None
    """Since when no witness tells of it any more; `null` while it is open."""
    status: Status
    """The status now, or at its end."""
    worst: Status
    """The worst it came to."""
    accounts: tuple[AccountOut, ...]
    """Which witnesses told of it, and from when to when."""


class EventOut(Shape):
    """A step of an incident."""

    kind: EventKind
    """What the step tells."""
    at: datetime
    """Since when it is true."""
    known_at: datetime
    """When it was certain."""
    status: Status
    """The service's status from then on."""
    reason: str
    """What told of it, in words."""
    witness: Witness
    """Who told it."""
    check_id: str | None
    """Whose reading it was; `null` where it was not measured."""
    failure_kind: FailureKind | None
    """The kind of failure; `null` where it was none."""
    probe: ProbeOut | None
    """The very probe that it is dated from, with its phases and its evidence; `null` where there is none, or it is
    no longer kept."""


class IncidentsOut(Answer):
    """A page of incidents."""

    made_at: datetime
    """The moment this describes."""
    incidents: tuple[IncidentLine, ...]
    """Newest first."""
    next: str | None
    """Where the next page is; `null` where this is the last. The header `Link` says so, too."""


class IncidentOut(IncidentLine, Answer):
    """One incident with its whole story."""

    events: tuple[EventOut, ...]
    """Step by step, oldest first."""
    related: tuple[str, ...]
    """The ids of troubles of other services at the same time that share a vendor, or rely on each other."""
    vendor_incident_id: str | None
    """The vendor's incident that tells of the same trouble, where there is one."""
    lag_ms: int | None
    """How much later than our first bad reading the vendor's first word came; negative where it was first, `null`
    where it did not speak or one of the two was not looking."""
    vendor_incident: PastIncident | None
    """The same with all that the vendor said of it."""


def incident_line(incident: Incident) -> IncidentLine:
    """An incident in short."""
    return IncidentLine(
        id=incident.id,
        service_id=incident.service_id,
        opened_at=incident.opened_at,
        closed_at=incident.closed_at,
        status=incident.status,
        worst=incident.worst,
        accounts=tuple(
            AccountOut(witness=each.witness, since_at=each.since_at, until_at=each.until_at)
            for each in incident.accounts
        ),
    )


def incident_out(story: Story, related: Iterable[Incident], *, is_simulated: bool) -> IncidentOut:
    """One incident."""
    incident, lag, told = story.incident, story.lag, story.told
    return IncidentOut(
        simulated=is_simulated,
        **dict(incident_line(incident)),
        events=tuple(map(_event, incident.events, story.told_by)),
        related=tuple(each.id for each in related),
        vendor_incident_id=told.incident.id if told is not None else None,
        lag_ms=lag.lag // MILLISECOND if lag is not None and lag.lag is not None else None,
        vendor_incident=past_incident(told) if told is not None else None,
    )


def incidents_out(
    incidents: Iterable[Incident], following: str | None, made_at: datetime, *, is_simulated: bool
) -> IncidentsOut:
    """A page of incidents, and where the next is."""
    return IncidentsOut(
        simulated=is_simulated,
        made_at=made_at,
        incidents=tuple(map(incident_line, incidents)),
        next=following,
    )


def _event(event: IncidentEvent, told_by: Recorded | None) -> EventOut:
    return EventOut(
        kind=event.kind,
        at=event.at,
        known_at=event.known_at,
        status=event.status,
        reason=event.reason,
        witness=event.witness,
        check_id=event.check_id,
        failure_kind=event.failure_kind,
        probe=probe_out(told_by.result, told_by.status) if told_by is not None else None,
    )
