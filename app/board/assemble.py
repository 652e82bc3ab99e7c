"""From what is stored to what is shown; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from app.board.headline import headline
from app.board.history import DAY, HOUR
from app.board.model import Board, CheckView, OwnHealth, ServiceView
from app.board.stretches import (
    Key,
    Pasts,
    Tallies,
    floor,
    judges,
    leading,
    stretch,
    with_live,
    worst_coverage,
    worst_uptime,
)
from app.board.witness import plans_of, reports_of
from app.board.words import clock
from app.domain.check import Check
from app.domain.detector import CheckState
from app.domain.discord import discords
from app.domain.estimate import Durations
from app.domain.incident import Incident
from app.domain.proof import furthest, proves
from app.domain.report import People
from app.domain.result import LOCAL, CheckId, Reading, Recorded, reading
from app.domain.saying import say
from app.domain.sequential import explained
from app.domain.service import Catalogue, Service, Vendor
from app.domain.status import Status, capped, severity
from app.domain.verdict import Verdict, measure, weigh
from app.store.vendor_words import VendorView

SLOTS_OF_PATIENCE = 3
"""A status that no probe has borne out for so many intervals is no longer known."""

TIME_TO_STORE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Present:
    """What is stored of the present: live counts by check, our incidents of 90 days, and vendors' words."""

    states: Sequence[CheckState] = ()
    latest: Mapping[Key, Recorded] = field(default_factory=dict)
    live: Tallies = field(default_factory=dict)
    incidents: Sequence[Incident] = ()
    vendors: VendorView = field(default_factory=VendorView)
    durations: Durations = field(default_factory=Durations)
    people: Mapping[str, People] = field(default_factory=dict)

    @cached_property
    def states_of(self) -> Mapping[CheckId, Sequence[CheckState]]:
        """The states of a check, one a region."""
        gathered: dict[CheckId, list[CheckState]] = {}
        for state in sorted(self.states, key=lambda state: state.region):
            gathered.setdefault(state.check_id, []).append(state)
        return gathered

    @cached_property
    def incidents_of(self) -> Mapping[str, Sequence[Incident]]:
        """The incidents of a service, newest first."""
        gathered: dict[str, list[Incident]] = {}
        for incident in self.incidents:
            gathered.setdefault(incident.service_id, []).append(incident)
        return gathered


def assemble_board(catalogue: Catalogue, pasts: Pasts, present: Present, own: OwnHealth, now: datetime) -> Board:
    """The board at `now`."""
    views = _with_discords(
        [
            _service(
                service,
                catalogue.vendor_by_id[service.vendor_id],
                [each for check in service.checks for each in _sightings(check, present, now)],
                pasts,
                present,
            )
            for service in catalogue.services
        ]
    )
    return Board(
        made_at=now,
        headline=headline(views, own),
        services=views,
        incidents=tuple(present.incidents),
        own=own,
        reports=reports_of(views),
        plans=plans_of(views, now),
        durations=present.durations,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A check in a region: the state that may still be believed, and how it is shown."""

    state: CheckState
    view: CheckView


def sight(check: Check, state: CheckState, last: Recorded | None, now: datetime) -> Sighting:
    """How a check in a region stands. What has not been probed for long is unknown, whatever it was before."""
    seen_at = last.result.started_at if last is not None else state.last_at
    believed, reason = state, _reason(check, state, last)
    if seen_at is None:
        reason = say("Not probed yet")
    elif now - seen_at > SLOTS_OF_PATIENCE * check.cadence.interval + TIME_TO_STORE:
        believed = replace(state, status=Status.UNKNOWN, since_at=seen_at)
        reason = say("Not probed since {since}", since=clock(seen_at, now))
    view = CheckView(
        check=check,
        region=state.region,
        status=believed.status,
        since_at=believed.since_at,
        reason=reason,
        last=last.result if last is not None else None,
        last_status=last.status if last is not None else Status.UNKNOWN,
        adds_up_to=_sum(believed, reason),
    )
    return Sighting(state=believed, view=view)


def _sightings(check: Check, present: Present, now: datetime) -> Sequence[Sighting]:
    """How a check stands in every region it was seen from; one never seen stands as unknown."""
    states = present.states_of.get(check.id) or [CheckState(check_id=check.id, region=LOCAL)]
    return [sight(check, state, present.latest.get((check.id, state.region)), now) for state in states]


def _service(
    service: Service, vendor: Vendor, sightings: Sequence[Sighting], pasts: Pasts, present: Present
) -> ServiceView:
    states: dict[CheckId, list[CheckState]] = {}
    for each in sightings:
        states.setdefault(each.state.check_id, []).append(each.state)
    checks = tuple(each.view for each in sightings)
    word = present.vendors.words.get(service.id)
    people = present.people.get(service.id, People())
    verdict = weigh(measure(service, states), word, people.claim)
    leader = leading(service)
    past = pasts.by_service[service.id]
    live = {check.id: present.live[check.id] for check in service.checks if check.id in present.live}
    total = with_live(past.total, live)
    judging = [total[check.id] for check in judges(service) if check.id in total]
    last_day = with_live(past.last_day, live)
    lately = [last_day[check.id] for check in judges(service) if check.id in last_day]
    return ServiceView(
        service=service,
        vendor=vendor,
        verdict=verdict,
        reason=_told_by(verdict, checks),
        evidence=furthest(proves(view.check, view.last) for view in checks if view.check.impact is not Status.UP),
        checks=checks,
        days=(*past.days, stretch(service, floor(pasts.anchor, DAY), DAY, with_live(past.today, live))),
        hours=(*past.hours, stretch(service, pasts.anchor, HOUR, live)),
        uptime=worst_uptime(judging),
        coverage=worst_coverage(judging),
        uptime_24h=worst_uptime(lately),
        coverage_24h=worst_coverage(lately),
        leading=leader,
        latency_ms=next((view.latency_ms for view in checks if view.check is leader), None),
        last_probed_at=max((view.last.ended_at for view in checks if view.last is not None), default=None),
        incidents=tuple(present.incidents_of.get(service.id, ())),
        word=word,
        people=people,
        told=present.vendors.told.get(service.id, ()),
        told_days=present.vendors.bad_days.get(service.id, {}),
    )


def _told_by(verdict: Verdict, checks: Sequence[CheckView]) -> str:
    """Why the service has its status: in the words of its weightiest check if measured, else of who tells."""
    if verdict.status is not verdict.measured.status:
        return verdict.reason
    speaking = [
        view
        for view in checks
        if view.check.impact is not Status.UP and capped(view.status, view.check.impact) is verdict.status
    ]
    leading_one = max(speaking, key=lambda view: severity(view.check.impact), default=None)
    return leading_one.reason if leading_one is not None else say("No check judges this service")


def _with_discords(views: Sequence[ServiceView]) -> tuple[ServiceView, ...]:
    """The views with what the witnesses do not agree upon; a vendor's other services are witnesses, too."""
    of_vendor: dict[str, list[tuple[Service, Status]]] = {}
    for view in views:
        of_vendor.setdefault(view.vendor.id, []).append((view.service, view.status))
    told = [
        discords(view.service, view.verdict, view.accord, of_vendor[view.vendor.id], reports=view.people.last_hour)
        for view in views
    ]
    return tuple(replace(view, discords=each) if each else view for view, each in zip(views, told, strict=True))


def _sum(state: CheckState, reason: str) -> str:
    """What the evidence of a trouble adds up to; why is left to the reason where that says it already."""
    evidence = state.evidence
    if state.status.is_bad and evidence.status is state.status:
        return explained([replace(evidence, why="") if evidence.why == reason else evidence])
    return state.slow.why if state.status is Status.DEGRADED and state.slow.since_at is not None else ""


def _reason(check: Check, state: CheckState, last: Recorded | None) -> str:
    """What the status rests on: the last reading if it says the same, else the one that last did."""
    newest: Reading | None = reading(last.result, check.thresholds) if last is not None else state.last
    if newest is None:
        return say("Not probed yet")
    if newest.status is state.status or (newest.status.is_bad and state.status.is_bad):
        return newest.reason
    if state.last is not None and state.last.status is state.status:
        return state.last.reason
    if state.status.is_bad and newest.status is Status.UP:
        return say("the last probe was good again, but it takes more to call it over")
    return say("{reason}; not confirmed yet", reason=newest.reason)
