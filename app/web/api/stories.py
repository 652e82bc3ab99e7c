"""Incidents in the API: their shapes, and how they are told in them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.board.model import Story
from app.domain.incident import EventKind, Incident
from app.domain.result import FailureKind
from app.domain.status import Status
from app.domain.verdict import Witness
from app.web.api.shape import Answer, Shape

MILLISECOND = timedelta(milliseconds=1)


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
    """The kind of failure."""


class IncidentOut(IncidentLine, Answer):
    """One incident with its whole story."""

    service_id: str
    """Whose incident it is."""
    events: tuple[EventOut, ...]
    """Step by step, oldest first."""
    related: tuple[str, ...]
    """The ids of troubles of other services at the same time that share a vendor, or rely on each other."""
    vendor_incident_id: str | None
    """The vendor's incident that tells of the same trouble, where there is one."""
    lag_ms: int | None
    """How much later than our first bad reading the vendor's first word came; negative where it was first, `null`
    where it did not speak or one of the two was not looking."""


def incident_line(incident: Incident) -> IncidentLine:
    """An incident in short."""
    return IncidentLine(
        id=incident.id,
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
        service_id=incident.service_id,
        events=tuple(
            EventOut(
                kind=event.kind,
                at=event.at,
                known_at=event.known_at,
                status=event.status,
                reason=event.reason,
                witness=event.witness,
                check_id=event.check_id,
                failure_kind=event.failure_kind,
            )
            for event in incident.events
        ),
        related=tuple(each.id for each in related),
        vendor_incident_id=told.incident.id if told is not None else None,
        lag_ms=lag.lag // MILLISECOND if lag is not None and lag.lag is not None else None,
    )
