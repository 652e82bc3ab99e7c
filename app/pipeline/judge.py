"""What results amount to, pure: read, observed, and followed into incidents beside what other witnesses tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.check import Check
from app.domain.detector import Answered, CheckState, Transition, observe
from app.domain.incident import Incident, follow
from app.domain.result import CheckId, ProbeResult, Recorded, Region, reading
from app.domain.sequential import essence
from app.domain.service import Catalogue, Service
from app.domain.slowness import Baseline
from app.domain.status import Status
from app.domain.vendorword import VendorWord
from app.domain.verdict import Claim, Verdict, measure, weigh
from app.pipeline.bus import Change

States = Mapping[CheckId, tuple[CheckState, ...]]
"""What the detector carries, by check: one state a region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What is known beside what is measured now: by service id what vendors and people tell; what is usual."""

    words: Mapping[str, VendorWord] = field(default_factory=dict)
    crowds: Mapping[str, Claim] = field(default_factory=dict)
    usual: Mapping[tuple[CheckId, Region], Baseline] = field(default_factory=dict)
    usual_at: datetime | None = None
    """The hour that `usual` is for."""

    def weighed(self, service: Service, states: States) -> Verdict:
        """The verdict on a service, of all witnesses."""
        return weigh(measure(service, states), self.words.get(service.id), self.crowds.get(service.id))

    def answered(self, result: ProbeResult) -> Answered | None:
        """How long an answer took beside what is usual, where that is known."""
        usual = self.usual.get((result.check_id, result.region))
        return None if usual is None else Answered(latency_ms=result.latency_ms, usual=usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A check to look at again, beside the schedule, after so long."""

    check: Check
    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a batch of results amounts to: what to store, whom to tell, where to look again.

    `material` are the states a restart would miss: a check that goes on being up needs no new one. `incidents`
    are those that changed, by service id.
    """

    recorded: tuple[Recorded, ...]
    states: States
    material: tuple[CheckState, ...]
    incidents: Mapping[str, Incident]
    transitions: tuple[Transition, ...]
    confirmations: tuple[Confirmation, ...]

    @property
    def change(self) -> Change:
        """What to tell the bus once it is committed."""
        services = frozenset(recorded.result.check_id.partition("/")[0] for recorded in self.recorded)
        return Change(service_ids=services, is_transition=bool(self.transitions))


def judge(
    batch: Sequence[tuple[Check, ProbeResult]],
    states: States,
    incidents: Mapping[str, Incident],
    catalogue: Catalogue,
    others: Others | None = None,
) -> Judged:
    """Read, observe and follow every result of a batch, in order; `incidents` are the latest by service id."""
    others = others or Others()
    new_states = dict(states)
    new_incidents = dict(incidents)
    touched: dict[tuple[CheckId, Region], CheckState | None] = {}
    recorded: list[Recorded] = []
    transitions: list[Transition] = []
    confirmations: dict[CheckId, Confirmation] = {}
    for check, result in batch:
        judged = reading(result, check.thresholds)
        recorded.append(Recorded(result=result, status=judged.status))
        before = _state(new_states, check.id, result.region)
        touched.setdefault((check.id, result.region), before)
        blank = CheckState(check_id=check.id, region=result.region)
        interval, rarely = check.cadence.interval, check.policy.false_alarm_every
        answered = others.answered(result) if judged.status is Status.UP else None
        seen = observe(before or blank, judged, result.started_at, interval, rarely, answered=answered)
        new_states[check.id] = with_state(new_states.get(check.id, ()), seen.state)
        confirmations.pop(check.id, None)
        if seen.look_again_after is not None:
            confirmations[check.id] = Confirmation(check=check, after=seen.look_again_after)
        service = catalogue.service_by_id.get(check.service_id)
        if seen.transition is not None and service is not None:
            transitions.append(seen.transition)
            _take(new_incidents, service, others.weighed(service, new_states), seen.transition)
    return Judged(
        recorded=tuple(recorded),
        states=new_states,
        material=_material(touched, new_states),
        incidents={key: told for key, told in new_incidents.items() if incidents.get(key) != told},
        transitions=tuple(transitions),
        confirmations=tuple(confirmations.values()),
    )


def _take(incidents: dict[str, Incident], service: Service, verdict: Verdict, change: Transition) -> None:
    incident = follow(incidents.get(service.id), service.id, verdict, change.confirmed_at, change)
    if incident is not None:
        incidents[service.id] = incident


def reconsider(
    states: States, incidents: Mapping[str, Incident], catalogue: Catalogue, others: Others, now: datetime
) -> Mapping[str, Incident]:
    """The incidents, by service id, that change because other witnesses tell something else than before."""
    told = {
        service.id: follow(incidents.get(service.id), service.id, others.weighed(service, states), now)
        for service in catalogue.services
    }
    return {key: each for key, each in told.items() if each is not None and incidents.get(key) != each}


def _state(states: States, check_id: CheckId, region: Region) -> CheckState | None:
    return next((state for state in states.get(check_id, ()) if state.region == region), None)


def with_state(regional: tuple[CheckState, ...], state: CheckState) -> tuple[CheckState, ...]:
    """The states of a check with this one in place of that of its region."""
    return (*(other for other in regional if other.region != state.region), state)


def _material(before: Mapping[tuple[CheckId, Region], CheckState | None], after: States) -> tuple[CheckState, ...]:
    now = {key: _state(after, *key) for key in before}
    return tuple(
        state for key, state in now.items() if state is not None and _essence(state) != _essence(before[key])
    )


def _essence(state: CheckState | None) -> object:
    if state is None:
        return None
    return state.status, state.since_at, state.blind, essence(state.evidence), state.slow
