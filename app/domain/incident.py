"""The story of a trouble, from the first evidence of it to the recovery; of all witnesses, in one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.detector import Transition
from app.domain.result import CheckId, FailureKind
from app.domain.saying import say
from app.domain.status import Status, severity
from app.domain.verdict import Claim, Verdict, Witness

QUIET = timedelta(minutes=30)
"""A trouble that comes back so soon after it was over is the same one: it is opened again, not told twice."""


class EventKind(StrEnum):
    """What a step of the story tells."""

    OPENED = "opened"
    REOPENED = "reopened"
    WORSENED = "worsened"
    EASED = "eased"
    JOINED = "joined"
    """Another witness tells of it too."""
    LEFT = "left"
    """A witness tells that it is over, while another still tells of it."""
    PLANNED = "planned"
    """The vendor works on it by plan."""
    LOST_SIGHT = "lost_sight"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEvent:
    """One step of the story: true since `at`, known to us since `known_at`, with its reason and who told it."""

    kind: EventKind
    at: datetime
    known_at: datetime
    status: Status
    reason: str
    witness: Witness = Witness.MEASURED
    check_id: CheckId | None = None
    failure_kind: FailureKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """From when to when one witness told of a trouble; without an end it still does.

    A vendor's names its page and the ids of its incidents, as they were told of.
    """

    witness: Witness
    since_at: datetime
    until_at: datetime | None = None
    page_key: str = ""
    incident_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A trouble of one service. `worst` is the worst it came to; open while `closed_at` is `None`.

    The id is computed from the service and the opening, so the same evidence always names the same incident.
    `accounts` tells which witnesses told of it and when, in the order in which they came.
    """

    id: str
    service_id: str
    opened_at: datetime
    status: Status
    worst: Status
    events: tuple[IncidentEvent, ...]
    closed_at: datetime | None = None
    accounts: tuple[Account, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether recovery has not been confirmed yet."""
        return self.closed_at is None

    def account_of(self, witness: Witness) -> Account | None:
        """What this witness told of it."""
        return next((each for each in self.accounts if each.witness is witness), None)


def as_measured(incident: Incident) -> Incident | None:
    """The part of an incident that was measured, from the first bad reading to the recovery, if there is one."""
    told = incident.account_of(Witness.MEASURED)
    if told is None:
        return None
    return replace(incident, opened_at=told.since_at, closed_at=told.until_at)


def follow(
    last: Incident | None, service_id: str, verdict: Verdict, now: datetime, transition: Transition | None = None
) -> Incident | None:
    """The service's latest incident, after its verdict became this one, by `transition` if one changed it.

    A bad verdict opens one, or opens the last one again within `QUIET` of its end; another witness joins in the
    one that is open; `up` closes it; `unknown` never does: not seeing a trouble is not the end of it.
    Planned work opens none, nor does it close one. Answers the very incident (or `None`) where nothing is new.
    """
    told = _Told(verdict=verdict, now=now, transition=transition)
    if last is not None and last.is_open:
        return _continued(last, told)
    return _begun(last, service_id, told) if verdict.status.is_bad else last


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is told now, and when."""

    verdict: Verdict
    now: datetime
    transition: Transition | None

    def since(self, claim: Claim) -> datetime:
        """Since when a claim is true, as far as that can be: nothing is told of the future."""
        if self.transition is not None and claim.witness is Witness.MEASURED:
            return min(claim.since_at or self.transition.since_at, self.transition.since_at)
        return min(claim.since_at or self.now, self.now)

    def eased_at(self, witness: Witness) -> datetime:
        """Since when a witness tells of trouble no more."""
        if self.transition is not None and witness is Witness.MEASURED:
            return self.transition.since_at
        return min(self.verdict.well.get(witness) or self.now, self.now)

    def event(
        self, kind: EventKind, at: datetime, claim: Claim | None, *, by: Witness | None = None
    ) -> IncidentEvent:
        change = self.transition
        if change is not None and (claim is None or claim.witness is Witness.MEASURED):
            return IncidentEvent(
                kind=kind,
                at=at,
                known_at=change.confirmed_at,
                status=self.verdict.status,
                reason=change.reason,
                check_id=change.check_id,
                failure_kind=change.failure_kind,
            )
        return IncidentEvent(
            kind=kind,
            at=at,
            known_at=self.now,
            status=self.verdict.status,
            reason=claim.reason if claim is not None else _good_news(self.verdict, by),
            witness=claim.witness if claim is not None else by or _speaker(self.verdict),
            check_id=claim.check_id if claim is not None else None,
            failure_kind=claim.failure_kind if claim is not None else None,
        )


def _begun(last: Incident | None, service_id: str, told: _Told) -> Incident:
    """A new incident, or the last one again; the first claim that the verdict rests on tells why."""
    claim = _leading(told.verdict)
    accounts = tuple(_account(each, told) for each in told.verdict.claims)
    at = told.since(claim)
    if last is not None and last.closed_at is not None:
        # What a vendor says began long ago may have been told, and closed, before.
        at = max(at, last.closed_at)
        if at - last.closed_at <= QUIET:
            return replace(
                last,
                status=told.verdict.status,
                worst=max(last.worst, told.verdict.status, key=severity),
                events=(*last.events, told.event(EventKind.REOPENED, at, claim)),
                closed_at=None,
                accounts=_heard(last, told),
            )
    return Incident(
        id=f"{service_id}-{at:%Y%m%dT%H%M%S}",
        service_id=service_id,
        opened_at=at,
        status=told.verdict.status,
        worst=told.verdict.status,
        events=(told.event(EventKind.OPENED, at, claim),),
        accounts=accounts,
    )


def _continued(incident: Incident, told: _Told) -> Incident:
    accounts = _heard(incident, told)
    status = told.verdict.status
    events = tuple(_steps(incident, accounts, told))
    if not events and accounts == incident.accounts:
        return incident
    closed_at = None
    if status is Status.UP:
        ends = [each.until_at for each in accounts if each.until_at is not None]
        closed_at = max([incident.opened_at, *(ends or [told.now])])
        accounts = tuple(replace(each, until_at=each.until_at or closed_at) for each in accounts)
    return replace(
        incident,
        status=status,
        worst=max(incident.worst, status, key=severity) if status.is_bad else incident.worst,
        events=(*incident.events, *events),
        closed_at=closed_at,
        accounts=accounts,
    )


def _steps(incident: Incident, accounts: Iterable[Account], told: _Told) -> Iterable[IncidentEvent]:
    """What is new: one step for a change of the status, else one for every witness that joined in or left."""
    verdict = told.verdict
    if verdict.status is not incident.status:
        kind = _kind(incident.status, verdict.status)
        claim = _leading(verdict) if verdict.status.is_bad else None
        at = told.since(claim) if claim is not None and kind is not EventKind.EASED else _turned_at(incident, told)
        yield told.event(kind, max(at, incident.opened_at), claim)
        return
    for each in accounts:
        before = incident.account_of(each.witness)
        was_telling = before is not None and before.until_at is None
        if each.until_at is None and not was_telling:
            claim = verdict.claim_of(each.witness)
            since_at = told.since(claim) if claim is not None else told.now
            yield told.event(EventKind.JOINED, max(since_at, incident.opened_at), claim)
        elif each.until_at is not None and was_telling:
            yield told.event(EventKind.LEFT, each.until_at, None, by=each.witness)


def _heard(incident: Incident, told: _Told) -> tuple[Account, ...]:
    """The accounts with what is told now: who tells on goes on, who tells of none any more has ended."""
    verdict = told.verdict
    gone_on = [_gone_on(each, told) for each in incident.accounts]
    known = {each.witness for each in gone_on}
    return (*gone_on, *(_account(claim, told) for claim in verdict.claims if claim.witness not in known))


def _gone_on(before: Account, told: _Told) -> Account:
    claim = told.verdict.claim_of(before.witness)
    if claim is not None:
        ids = tuple(dict.fromkeys((*before.incident_ids, *claim.incident_ids)))
        return replace(before, until_at=None, page_key=claim.page_key or before.page_key, incident_ids=ids)
    if before.until_at is None and before.witness in told.verdict.well:
        return replace(before, until_at=max(told.eased_at(before.witness), before.since_at))
    return before


def _account(claim: Claim, told: _Told) -> Account:
    return Account(
        witness=claim.witness,
        since_at=told.since(claim),
        page_key=claim.page_key,
        incident_ids=claim.incident_ids,
    )


def _leading(verdict: Verdict) -> Claim:
    """The claim that a bad verdict rests on first."""
    return next(claim for claim in verdict.claims if claim.witness is verdict.witnesses[0])


def _turned_at(incident: Incident, told: _Told) -> datetime:
    """When a status of no more trouble, or of less, began: with the transition, else with who left last."""
    if told.transition is not None:
        return told.transition.since_at
    left = [
        told.eased_at(each.witness)
        for each in incident.accounts
        if each.until_at is None and each.witness in told.verdict.well
    ]
    return max(left, default=told.now)


def _kind(before: Status, after: Status) -> EventKind:
    if after is Status.UP:
        return EventKind.CLOSED
    if after is Status.MAINTENANCE:
        return EventKind.PLANNED
    if after is Status.UNKNOWN:
        return EventKind.LOST_SIGHT
    return EventKind.WORSENED if severity(after) > severity(before) else EventKind.EASED


def _speaker(verdict: Verdict) -> Witness:
    return next(iter(verdict.witnesses), Witness.MEASURED)


def _good_news(verdict: Verdict, by: Witness | None) -> str:
    said = {
        Witness.MEASURED: say("probes are answered rightly again"),
        Witness.VENDOR: say("its vendor calls it over"),
        Witness.PEOPLE: say("no more people report it than usual"),
    }
    return said[by] if by is not None else verdict.reason or said[_speaker(verdict)]
