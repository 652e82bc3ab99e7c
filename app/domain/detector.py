"""From reading to reading: when a change of status is confirmed, and since when it has been true.

First form: so many of the last so many readings. A first bad reading asks for an immediate confirmation on a
fresh connection instead of waiting for the next slot; a confirmed change is dated from the first reading that
told of it, not from the one that confirmed it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.check import Policy
from app.domain.result import CheckId, FailureKind, Reading, Region
from app.domain.status import Status

BLIND_AFTER = 2
"""So many readings in a row that tell nothing make a known status unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One reading as the detector remembers it."""

    at: datetime
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckState:
    """What is carried from reading to reading, for one check and region.

    `since_at` dates `status`. `recent` holds the latest readings that told something, oldest first; `blind`
    the moments of the readings since then that told nothing.
    """

    check_id: CheckId
    region: Region
    status: Status = Status.UNKNOWN
    since_at: datetime | None = None
    recent: tuple[Seen, ...] = ()
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
    """The state after a reading, the change it confirmed if any, and whether to look again at once."""

    state: CheckState
    transition: Transition | None = None
    wants_confirmation: bool = False


def observe(state: CheckState, reading: Reading, at: datetime, policy: Policy) -> Observation:
    """Take one more reading into account. A reading not newer than the last one changes nothing."""
    if state.last_at is not None and at <= state.last_at:
        return Observation(state=state)
    if reading.status is Status.UNKNOWN:
        seen = replace(state, last=reading, last_at=at, blind=(*state.blind, at)[-BLIND_AFTER:])
        status, since_at = _after_blindness(seen)
    else:
        window = max(policy.down_within, policy.degraded_within, policy.up_of)
        recent = (*state.recent, Seen(at=at, status=reading.status))[-window:]
        seen = replace(state, last=reading, last_at=at, blind=(), recent=recent)
        status, since_at = _after_sight(seen, policy)
    if status is state.status and state.since_at is not None:
        return Observation(state=seen, wants_confirmation=reading.status.is_bad and not state.status.is_bad)
    settled = replace(seen, status=status, since_at=since_at)
    if status is state.status:
        return Observation(state=settled, wants_confirmation=reading.status.is_bad)
    transition = Transition(
        check_id=state.check_id,
        region=state.region,
        before=state.status,
        after=status,
        since_at=since_at,
        confirmed_at=at,
        reason=reading.reason,
        failure_kind=reading.failure_kind,
    )
    return Observation(state=settled, transition=transition)


def _after_blindness(state: CheckState) -> tuple[Status, datetime]:
    """Unknown once it has been dark long enough, dated from when it grew dark."""
    first_dark = state.blind[0]
    if state.status is Status.UNKNOWN:
        return Status.UNKNOWN, state.since_at or first_dark
    if len(state.blind) >= BLIND_AFTER:
        return Status.UNKNOWN, first_dark
    return state.status, state.since_at or first_dark


def _after_sight(state: CheckState, policy: Policy) -> tuple[Status, datetime]:
    """The status that the recent readings amount to, dated from the first of them that says so."""
    recent = state.recent
    down = [seen for seen in recent[-policy.down_within :] if seen.status is Status.DOWN]
    if len(down) >= policy.down_of:
        return Status.DOWN, _dated(state, Status.DOWN, down[0].at)
    bad = [seen for seen in recent[-policy.degraded_within :] if seen.status.is_bad]
    if len(bad) >= policy.degraded_of:
        return Status.DEGRADED, _dated(state, Status.DEGRADED, bad[0].at)
    tail = recent[-policy.up_of :]
    if not any(seen.status.is_bad for seen in tail):
        return Status.UP, _dated(state, Status.UP, tail[0].at)
    return state.status, state.since_at or recent[-1].at


def _dated(state: CheckState, status: Status, first_at: datetime) -> datetime:
    """Since when `status` is true: what already was true keeps its date."""
    if state.status is status and state.since_at is not None:
        return state.since_at
    return first_at
