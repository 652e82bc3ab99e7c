"""From reading to reading: when a change of status is confirmed, and since when it has been true.

The evidence is added up in `sequential`; here is what becomes of it: the status, blindness, and transitions that
explain themselves. A confirmed change is dated from where its evidence began, not from when it sufficed.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain import sequential
from app.domain.result import CheckId, FailureKind, Reading, Region
from app.domain.sequential import YEAR, Evidence, Seen, explained, look_again_after
from app.domain.slowness import Baseline, Slowness, compare_again_after, observe_latency
from app.domain.status import Status

BLIND_AFTER = 2
"""So many readings in a row that tell nothing make a known status unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckState:
    """What is carried from reading to reading, for one check and region.

    `since_at` dates `status`. `blind` holds the moments of the readings that told nothing since one last did.
    """

    check_id: CheckId
    region: Region
    status: Status = Status.UNKNOWN
    since_at: datetime | None = None
    evidence: Evidence = field(default_factory=Evidence)
    slow: Slowness = field(default_factory=Slowness)
    blind: tuple[datetime, ...] = ()
    last_at: datetime | None = None
    last: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A confirmed change of a check's status, true since `since_at`, known since `confirmed_at`."""

    check_id: CheckId
    region: Region
    before: Status
    after: Status
    since_at: datetime
    confirmed_at: datetime
    reason: str
    failure_kind: FailureKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The state after a reading, the change it confirmed if any, and how soon to look again."""

    state: CheckState
    transition: Transition | None = None
    look_again_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How long a right answer took, and what is usual at its hour."""

    latency_ms: float
    usual: Baseline


def observe(
    state: CheckState,
    reading: Reading,
    at: datetime,
    interval: timedelta,
    false_alarm_every: timedelta = YEAR,
    *,
    answered: Answered | None = None,
) -> Observation:
    """Take one more reading, of a check asked every `interval`, into account; one not newer changes nothing.

    `answered` is how long a right answer took, where enough is known of what is usual.
    """
    if state.last_at is not None and at <= state.last_at:
        return Observation(state=state)
    seen = replace(state, last=reading, last_at=at)
    if reading.status is Status.UNKNOWN:
        seen = replace(seen, blind=(*state.blind, at)[-BLIND_AFTER:])
        return _observation(state, seen, *_after_blindness(seen))
    told = Seen(at=at, status=reading.status, why=reading.reason)
    evidence = sequential.observe(_known(state), told, interval, false_alarm_every)
    slow = state.slow
    if answered is not None:
        slow = observe_latency(
            slow, answered.latency_ms, answered.usual, at, interval=interval, every=false_alarm_every
        )
    seen = replace(seen, blind=(), evidence=evidence, slow=slow)
    observed = _observation(state, seen, *_paced(state, slow, *_after_sight(state, evidence, reading.status, at)))
    return replace(observed, look_again_after=_soonest(evidence, slow, interval))


def _soonest(evidence: Evidence, slow: Slowness, interval: timedelta) -> timedelta | None:
    """When to look again beside the schedule; nothing is left to confirm of what is known to be bad."""
    if evidence.status.is_bad:
        return None
    waits = look_again_after(evidence, interval), compare_again_after(slow, interval)
    return min((wait for wait in waits if wait is not None), default=None)


def _known(state: CheckState) -> Evidence:
    """The evidence so far. A status that came without any, of an earlier version, is taken over as it is."""
    if state.evidence.status is Status.UNKNOWN and state.status is not Status.UNKNOWN:
        return replace(state.evidence, status=state.status, since_at=state.since_at)
    return state.evidence


def _observation(before: CheckState, seen: CheckState, status: Status, since_at: datetime) -> Observation:
    settled = replace(seen, status=status, since_at=since_at)
    if status is before.status:
        return Observation(state=settled)
    transition = Transition(
        check_id=seen.check_id,
        region=seen.region,
        before=before.status,
        after=status,
        since_at=since_at,
        confirmed_at=seen.last_at or since_at,
        reason=_reason(seen, status),
        failure_kind=seen.last.failure_kind if seen.last is not None else None,
    )
    return Observation(state=settled, transition=transition)


def _reason(seen: CheckState, status: Status) -> str:
    """What confirmed it: all the readings of a trouble, or the one that ended it."""
    if status.is_bad and seen.evidence.status is status:
        return explained([seen.evidence])
    if status is Status.DEGRADED and seen.slow.since_at is not None:
        return seen.slow.why
    return seen.last.reason if seen.last is not None else ""


def _paced(state: CheckState, slow: Slowness, status: Status, since_at: datetime) -> tuple[Status, datetime]:
    """The status with what is known of slowness: a check that answers rightly, but slowly, is degraded."""
    if status is not Status.UP:
        return status, since_at
    if slow.since_at is not None:
        return Status.DEGRADED, slow.since_at
    eased_now = state.slow.since_at is not None and slow.eased_at is not None
    return status, slow.eased_at if eased_now and slow.eased_at is not None else since_at


def _after_blindness(state: CheckState) -> tuple[Status, datetime]:
    """Unknown once it has been dark long enough, dated from when it grew dark."""
    first_dark = state.blind[0]
    if state.status is Status.UNKNOWN:
        return Status.UNKNOWN, state.since_at or first_dark
    if len(state.blind) >= BLIND_AFTER:
        return Status.UNKNOWN, first_dark
    return state.status, state.since_at or first_dark


def _after_sight(state: CheckState, evidence: Evidence, read: Status, at: datetime) -> tuple[Status, datetime]:
    """The status that the evidence amounts to; after blindness, once a reading bears it out again."""
    if state.status is not Status.UNKNOWN or evidence.since_at is None:
        return evidence.status, evidence.since_at or state.since_at or at
    if state.evidence.status is Status.UP and evidence.status is Status.UP:
        return (Status.UNKNOWN, state.since_at or at) if read.is_bad else (Status.UP, at)
    return evidence.status, evidence.since_at
