"""The story of a trouble, from the first bad reading to the recovery."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.detector import Transition
from app.domain.result import CheckId, FailureKind
from app.domain.status import Status, severity


class EventKind(StrEnum):
    """What a step of the story tells."""

    OPENED = "opened"
    WORSENED = "worsened"
    EASED = "eased"
    LOST_SIGHT = "lost_sight"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEvent:
    """One step of the story: true since `at`, known to us since `known_at`, with its reason."""

    kind: EventKind
    at: datetime
    known_at: datetime
    status: Status
    reason: str
    check_id: CheckId
    failure_kind: FailureKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A trouble of one service. `worst` is the worst it came to; open while `closed_at` is `None`.

    The id is computed from the service and the opening, so the same evidence always names the same incident.
    """

    id: str
    service_id: str
    opened_at: datetime
    status: Status
    worst: Status
    events: tuple[IncidentEvent, ...]
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether recovery has not been confirmed yet."""
        return self.closed_at is None


def follow(incident: Incident | None, service_id: str, status: Status, transition: Transition) -> Incident | None:
    """The service's open incident after a check's transition left the service with `status`.

    A bad status opens one or is told in it; `up` closes it; `unknown` never does: not seeing a trouble is not
    the end of it. Answers the incident unchanged (or `None`) where there is nothing to tell.
    """
    if incident is None or not incident.is_open:
        return _opened(service_id, status, transition) if status.is_bad else incident
    if status is incident.status:
        return incident
    kind = _step(incident.status, status)
    closed_at = max(transition.since_at, incident.opened_at) if kind is EventKind.CLOSED else None
    return replace(
        incident,
        status=status,
        worst=max(incident.worst, status, key=severity),
        events=(*incident.events, _event(kind, status, transition)),
        closed_at=closed_at,
    )


def _opened(service_id: str, status: Status, transition: Transition) -> Incident:
    return Incident(
        id=f"{service_id}-{transition.since_at:%Y%m%dT%H%M%S}",
        service_id=service_id,
        opened_at=transition.since_at,
        status=status,
        worst=status,
        events=(_event(EventKind.OPENED, status, transition),),
    )


def _step(before: Status, after: Status) -> EventKind:
    if after in (Status.UP, Status.MAINTENANCE):
        return EventKind.CLOSED
    if after is Status.UNKNOWN:
        return EventKind.LOST_SIGHT
    return EventKind.WORSENED if severity(after) > severity(before) else EventKind.EASED


def _event(kind: EventKind, status: Status, transition: Transition) -> IncidentEvent:
    return IncidentEvent(
        kind=kind,
        at=transition.since_at,
        known_at=transition.confirmed_at,
        status=status,
        reason=transition.reason,
        check_id=transition.check_id,
        failure_kind=transition.failure_kind,
    )
