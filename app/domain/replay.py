"""A recorded timeline played through everything that judges what a vendor says, in the recording's own time.

The same functions tell this story that tell the one on the board: `hear` for what was said, `vendor_word` for what
it means for a service, `observe` and `follow` for what was measured beside it, `fold_ledger` for who was first.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from app.domain.detector import CheckState, observe
from app.domain.hear import hear, miss
from app.domain.incident import Incident, follow
from app.domain.lag import LagEntry, judged
from app.domain.ledger import Spell, Stories, fold_ledger, looked_at
from app.domain.mapping import Basis, PageMap, is_selected, is_whole_page
from app.domain.result import LOCAL, CheckId
from app.domain.said import Heard, PageState, Said, SaidKind, SeenIncident, SeenMaintenance
from app.domain.schedule import EPOCH
from app.domain.service import Service
from app.domain.span import spell
from app.domain.status import Status, worst_of
from app.domain.timeline import Look, Step, Story, Teller, Timeline, ToldStory
from app.domain.vendor import VendorComponent, VendorPage
from app.domain.vendorword import STALE_AFTER, vendor_word
from app.domain.verdict import measured_alone

CACHED_FOR = timedelta(minutes=5)
"""An update dated earlier than this before a reading that did not show it was dated back; pages are cached."""


USUAL_INTERVAL = timedelta(minutes=5)


@dataclass(slots=True)
class _Hearing:
    """What is carried from look to look."""

    state: PageState
    status: Status = Status.UNKNOWN
    since_at: datetime | None = None
    seen: dict[str, SeenIncident] = field(default_factory=dict)
    planned: dict[str, SeenMaintenance] = field(default_factory=dict)
    parts: tuple[VendorComponent, ...] = ()
    steps: list[Step] = field(default_factory=list)
    spans: dict[Status, timedelta] = field(default_factory=dict)


def play(timeline: Timeline) -> Story:
    """The story of a recording with at least one look; the clock is the recording's."""
    hearing = _Hearing(state=PageState(key=timeline.watched.key))
    for look in _standing(timeline.looks, timeline.pace):
        _take(hearing, look, timeline)
    ours, own_steps = _measured(timeline)
    page_map = PageMap(timeline.watched, hearing.parts)
    moments = [*(look.at for look in timeline.looks), *(each.at for each in timeline.measured)]
    told = [step for step in hearing.steps if _is_about(step, timeline.service, hearing, page_map)]
    stories = _stories(timeline, hearing, page_map, ours)
    return Story(
        first_at=min(moments),
        last_at=max(moments),
        looks=len(timeline.looks),
        failed=sum(look.page is None for look in timeline.looks),
        kind=hearing.state.page.kind if hearing.state.page else "",
        spans=hearing.spans,
        steps=tuple(sorted((*told, *own_steps), key=lambda step: step.at)),
        incidents=tuple(_told(timeline, hearing, page_map)),
        measured=tuple(ours),
        lags=tuple(_lags(timeline, stories, max(moments))),
    )


def _standing(looks: Sequence[Look], pace: timedelta | None) -> Iterator[Look]:
    """The looks; a failure that stood for longer than the pace was met more than once."""
    for number, look in enumerate(looks, start=1):
        yield look
        if pace and look.page is None and number < len(looks) and looks[number].at - look.at > pace:
            yield replace(look, at=look.at + pace)


def _take(hearing: _Hearing, look: Look, timeline: Timeline) -> None:
    before = _rested(hearing.state, look.at, timeline.pace)
    if look.page is None:
        heard = miss(before, look.trouble, look.at)
    else:
        heard = hear(before, look.page, look.at, _known(hearing, look.page))
        hearing.parts = look.page.components or hearing.parts
    hearing.seen |= {each.incident.id: each for each in heard.incidents}
    hearing.planned |= {each.maintenance.id: each for each in heard.maintenances}
    hearing.steps += [_step(said, before) for said in heard.said]
    _take_word(hearing, heard, look.at, timeline)
    hearing.state = heard.state


def _rested(state: PageState, at: datetime, pace: timedelta | None) -> PageState:
    """The state as the last look before `at` left it, if somebody looked on and found nothing new."""
    if pace is None or state.read_at is None or state.failures:
        return state
    return replace(state, read_at=max(state.read_at, at - pace))


def _known(hearing: _Hearing, page: VendorPage) -> Mapping[str, SeenIncident]:
    """What `hear` has to know: all that is open, was listed on the reading before, or is listed now."""
    before = hearing.state.page.incidents if hearing.state.page else ()
    listed = {incident.id for incident in (*before, *page.incidents)}
    return {key: seen for key, seen in hearing.seen.items() if seen.ended_at is None or key in listed}


def _step(said: Said, before: PageState) -> Step:
    return Step(
        at=said.seen_at,
        witness=Teller.VENDOR,
        kind=said.kind,
        sentence=said.sentence,
        said=said,
        dated_back_by=_dated_back_by(said, before.read_at),
    )


def _dated_back_by(said: Said, last_read_at: datetime | None) -> timedelta | None:
    """How long before the last reading, which did not show it, an update claims to have been said."""
    if said.kind is not SaidKind.UPDATE_ADDED or said.at is None or last_read_at is None:
        return None
    early = last_read_at - said.at
    return early if early > CACHED_FOR else None


def _take_word(hearing: _Hearing, heard: Heard, at: datetime, timeline: Timeline) -> None:
    word = vendor_word(timeline.service, heard.state, PageMap(timeline.watched, hearing.parts), at)
    if hearing.since_at is not None:
        stood = at - hearing.since_at
        sure = stood if timeline.pace else min(stood, STALE_AFTER)
        for status, span in ((hearing.status, sure), (Status.UNKNOWN, stood - sure)):
            hearing.spans[status] = hearing.spans.get(status, timedelta()) + span
    if hearing.since_at is None or word.status is not hearing.status:
        was = "" if hearing.since_at is None else f" (was {hearing.status})"
        why = word.why_unknown or (f"“{word.words}”" if word.words else "")
        sentence = f"{timeline.service.name} is {word.status}{was}" + (f": {why}" if why else "")
        hearing.steps.append(Step(at=at, witness=Teller.WORD, kind=word.status, sentence=sentence))
    hearing.status, hearing.since_at = word.status, at


def _is_about(step: Step, service: Service, hearing: _Hearing, page_map: PageMap) -> bool:
    """Whether a step tells of the service, or of the page itself."""
    said = step.said
    if said is None or said.subject_id is None:
        return True
    seen, planned = hearing.seen.get(said.subject_id), hearing.planned.get(said.subject_id)
    if seen is not None:
        return page_map.basis(service, seen.incident) is not None
    if planned is not None:
        return page_map.basis(service, planned.maintenance) is not None
    return is_whole_page(service) or is_selected(service.components, said.subject_id, said.subject)


def _told(timeline: Timeline, hearing: _Hearing, page_map: PageMap) -> Iterator[ToldStory]:
    """The incidents that concern the service, but for those that were over when the recording began."""
    first_at = timeline.looks[0].at
    for seen in sorted(hearing.seen.values(), key=lambda each: each.incident.started_at, reverse=True):
        basis = page_map.basis(timeline.service, seen.incident)
        about = [step for step in hearing.steps if step.said and step.said.subject_id == seen.incident.id]
        was_over = seen.not_yet_at is None and seen.ended_at is not None and seen.ended_at <= first_at
        if basis is not None and (about or not was_over):
            yield _told_story(seen, basis, about)


def _told_story(seen: SeenIncident, basis: Basis, about: Sequence[Step]) -> ToldStory:
    incident = seen.incident
    return ToldStory(
        id=incident.id,
        title=incident.title,
        phase=incident.phase,
        impact=incident.impact,
        impact_words=incident.impact_words,
        basis=basis,
        started_at=incident.started_at,
        said_at=seen.said_at,
        told_after=seen.said_at - incident.started_at,
        ended_at=seen.ended_at,
        lasted=None if seen.ended_at is None else seen.ended_at - incident.started_at,
        updates=len(incident.updates),
        quiet_edits=sum(step.is_quiet_edit for step in about),
        dated_back=sum(step.dated_back_by is not None for step in about),
        was_known=seen.not_yet_at is None,
        is_witnessed=seen.is_witnessed,
        gone_at=seen.gone_at,
        is_deleted=seen.is_deleted,
        oddities=incident.oddities,
    )


def _measured(timeline: Timeline) -> tuple[list[Incident], list[Step]]:
    """Our own incidents, and every confirmed change of what was measured."""
    states: dict[CheckId, CheckState] = {}
    interval = _interval(timeline)
    told: dict[str, Incident] = {}
    steps: list[Step] = []
    for each in timeline.measured:
        blank = CheckState(check_id=each.check_id, region=LOCAL)
        seen = observe(states.get(each.check_id, blank), each.reading, each.at, interval)
        states[each.check_id] = seen.state
        if seen.transition is None:
            continue
        change = seen.transition
        late = f", known {spell(change.confirmed_at - change.since_at)} later" * (
            change.confirmed_at > change.since_at
        )
        sentence = f"{each.check_id} is {change.after} since {change.since_at:%H:%M:%S}{late}: {change.reason}"
        steps.append(Step(at=each.at, witness=Teller.MEASURED, kind=change.after, sentence=sentence))
        status = worst_of(state.status for state in states.values())
        last = next(reversed(told.values()), None)
        now = follow(last, timeline.service.id, measured_alone(change, status), change.confirmed_at, change)
        if now is not None:
            told[now.id] = now
    return list(told.values()), steps


def _interval(timeline: Timeline) -> timedelta:
    """How often was measured: the shortest time between two readings, which is that of nobody's confirmation."""
    moments = sorted({each.at for each in timeline.measured})
    return min((later - earlier for earlier, later in pairwise(moments)), default=USUAL_INTERVAL)


def _stories(timeline: Timeline, hearing: _Hearing, page_map: PageMap, ours: Sequence[Incident]) -> Stories:
    """Both witnesses' stories, as the ledger wants them: what names nothing is no word on any service."""
    service = timeline.service
    concerns = [
        each
        for each in hearing.seen.values()
        if page_map.basis(service, each.incident) not in (None, Basis.NOTHING_NAMED)
    ]
    planned = [
        Spell(start_at=each.maintenance.starts_at, end_at=each.maintenance.ends_at)
        for each in hearing.planned.values()
        if page_map.basis(service, each.maintenance) not in (None, Basis.NOTHING_NAMED)
    ]
    return Stories(
        service_id=service.id,
        page_key=timeline.watched.key,
        ours=ours,
        theirs=concerns,
        planned=planned,
        blind=tuple(_blind(hearing)),
    )


def _blind(hearing: _Hearing) -> Iterator[Spell]:
    for step in hearing.steps:
        if step.said is not None and step.said.kind.ends_blindness:
            yield Spell(start_at=step.said.at or EPOCH, end_at=step.at)
    if hearing.state.unknown_since_at is not None:
        yield Spell(start_at=hearing.state.unknown_since_at, end_at=None)


def _lags(timeline: Timeline, stories: Stories, now: datetime) -> Iterable[LagEntry]:
    """Who told first of each trouble; nothing where nothing was measured."""
    if not timeline.measured:
        return
    moments = [each.at for each in timeline.measured if each.reading.status is not Status.UNKNOWN]
    for entry in fold_ledger((), stories, now).kept:
        during = looked_at(entry, now)
        has_looked = any(during.overlaps(moment, moment) for moment in moments)
        yield judged(replace(entry, we_looked=has_looked), now)
