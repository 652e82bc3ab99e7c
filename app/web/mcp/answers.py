"""What tools answer, in the shapes of the API and in words; pure. Both are told from the board, as pages are."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.board.alternatives import Offers
from app.board.basis import beside, measured_sentence, people_sentence, rests_on
from app.board.forecast import forecast_sentence
from app.board.headline import claim_of, sentence
from app.board.model import Board, Headline, ServiceView, Story
from app.board.witness import STATE_WORDS, vendor_sentence
from app.board.words import as_sentence, clock
from app.domain.incident import Incident
from app.domain.service import Capability
from app.domain.status import Status, severity
from app.web import stories
from app.web.api.alternatives import AlternativeOut, AlternativesOut
from app.web.api.estimates import estimate_out
from app.web.api.schemas import ServiceLine
from app.web.api.stories import incident_line
from app.web.api.tell import service_out, services_out
from app.web.markdowntext import escaped
from app.web.mcp.shapes import (
    IncidentBrief,
    IncidentsFoundOut,
    ServiceBrief,
    ServicesFoundOut,
    ServiceStatusOut,
    WitnessesOut,
)
from app.web.moments import duration, iso
from app.web.timeline import Step, steps_of
from app.web.words import lag_sentence, phase_words

MOST_OFFERED = 3
SIMULATED = "Simulated: all of this is pretended, and nothing of it is about a real service."


def service_status(board: Board, view: ServiceView, address: str, *, is_simulated: bool) -> ServiceStatusOut:
    """One service as it stands."""
    now = board.made_at
    likely, offers = estimate_out(board, view), Offers(board).instead_of(view.service.id, most=MOST_OFFERED)
    told = service_out(view, offers, likely, now, is_simulated=is_simulated)
    return ServiceStatusOut(
        simulated=is_simulated,
        made_at=now,
        sentence=_claim(view, now),
        service=ServiceLine(**{name: getattr(told, name) for name in ServiceLine.model_fields}),
        witnesses=WitnessesOut(
            measured=measured_sentence(view) if view.status.is_bad else as_sentence(view.reason),
            vendor=vendor_sentence(view, now) or None,
            people=people_sentence(view),
        ),
        notes=beside(view),
        estimate=likely,
        estimate_sentence=forecast_sentence(board, view) or None,
        alternatives=told.alternatives,
        own_troubles=_own_troubles(board),
        url=f"{address}/services/{view.service.id}",
    )


def service_words(told: ServiceStatusOut, view: ServiceView) -> str:
    """The same in words."""
    witnesses, vendor = told.witnesses, told.service.vendor.name
    lines = [
        told.sentence,
        *told.own_troubles,
        f"Measured: {witnesses.measured}",
        f"{vendor}: {witnesses.vendor}" if witnesses.vendor else f"{vendor} has no status page that is read.",
        f"People: {witnesses.people}",
        *told.notes,
        rests_on(view),
        told.estimate_sentence or "",
    ]
    offers = ["Use instead:", *_instead(told.alternatives)] if view.status.is_bad and told.alternatives else []
    story = [f"Incident: `{told.service.incident}`"] if told.service.incident is not None else []
    return _words(
        [*map(escaped, lines), *offers, *story, f"More: {told.url}"], told.made_at, is_simulated=told.simulated
    )


def services_found(
    board: Board,
    *,
    status: Status | None,
    capability: Capability | None,
    vendor_id: str | None,
    is_simulated: bool,
) -> ServicesFoundOut:
    """The services that fit, the worst first."""
    fitting = [
        view
        for view in board.services
        if status in (None, view.status)
        and (capability is None or capability in view.service.capabilities)
        and vendor_id in (None, view.vendor.id)
    ]
    fitting.sort(key=lambda view: severity(view.status), reverse=True)
    told = services_out(board, is_simulated=is_simulated)
    lines = {line.id: line for line in told.services}
    return ServicesFoundOut(
        simulated=is_simulated,
        made_at=told.made_at,
        sentence=told.sentence,
        services=tuple(_brief(lines[view.service.id]) for view in fitting),
    )


def services_words(told: ServicesFoundOut) -> str:
    """The same in words."""
    lines = [told.sentence, *(_service(each, told.made_at) for each in told.services)]
    return _words(lines if told.services else [*lines, "None fits."], told.made_at, is_simulated=told.simulated)


def alternatives_words(told: AlternativesOut) -> str:
    """What works now, in words."""
    wanted = " or ".join(told.capabilities)
    left_out = ", ".join(f"{escaped(each.name)} ({each.why.replace('_', ' ')})" for each in told.left_out)
    lines = [
        f"What works now for {wanted}, the best first:"
        if told.alternatives
        else f"Nothing is known to work now for {wanted}.",
        *_instead(told.alternatives),
        f"Not offered: {left_out}." if left_out else "",
    ]
    return _words(lines, told.made_at, is_simulated=told.simulated)


def incidents_found(
    board: Board, incidents: Sequence[Incident], address: str, *, has_more: bool, is_simulated: bool
) -> IncidentsFoundOut:
    """Incidents in short."""
    return IncidentsFoundOut(
        simulated=is_simulated,
        made_at=board.made_at,
        incidents=tuple(_incident(board, each, address) for each in incidents),
        has_more=has_more,
    )


def incidents_words(told: IncidentsFoundOut) -> str:
    """The same in words."""
    lines = [f"- {escaped(each.sentence)} (`{each.id}`)" for each in told.incidents] or ["There was none."]
    more = ["There are older ones; ask for more days, or for one service."] if told.has_more else []
    return _words([*lines, *more], told.made_at, is_simulated=told.simulated)


def story_words(board: Board, story: Story, view: ServiceView | None, *, is_simulated: bool) -> str:
    """One incident in words."""
    incident, now = story.incident, board.made_at
    vendor = view.vendor.name if view is not None else "The vendor"
    lines = [
        _incident_sentence(board, incident),
        lag_sentence(story.lag, vendor) if story.lag is not None else "",
        forecast_sentence(board, view) if view is not None and incident.is_open else "",
    ]
    steps = [f"- {clock(step.at, now)}: {escaped(_step(step, view, vendor))}" for step in steps_of(story)]
    others = ", ".join(f"`{each.id}`" for each in board.related_to(incident))
    related = f"At the same time: {others}." if others else ""
    return _words([*map(escaped, lines), *steps, related], now, is_simulated=is_simulated)


def suggestion(views: Iterable[ServiceView]) -> str:
    """Services to choose from, in words."""
    return ", ".join(f"`{view.service.id}` ({view.service.name} by {view.vendor.name})" for view in views)


def _claim(view: ServiceView, now: datetime) -> str:
    since_at = view.since_at if view.status is not Status.UNKNOWN else None
    return sentence(Headline(status=view.status, claim=claim_of(view), since_at=since_at), now)


def _own_troubles(board: Board) -> tuple[str, ...]:
    return (*board.own.troubles, *((board.trouble.sentence,) if board.trouble is not None else ()))


def _brief(line: ServiceLine) -> ServiceBrief:
    return ServiceBrief(
        id=line.id,
        name=line.name,
        vendor=line.vendor.name,
        capabilities=line.capabilities,
        status=line.status,
        since_at=line.since_at,
        reason=line.reason,
    )


def _service(each: ServiceBrief, now: datetime) -> str:
    told = f"- {STATE_WORDS[each.status]}: {escaped(each.name)} (`{each.id}`, {escaped(each.vendor)})"
    if each.status is Status.UP:
        return told
    since = f" since {clock(each.since_at, now)}" if each.since_at is not None else ""
    return f"{told}{since}. {escaped(each.reason)}"


def _instead(offers: Iterable[AlternativeOut]) -> list[str]:
    return [
        f"{each.rank}. {escaped(each.name)} (`{each.id}`, {escaped(each.vendor.name)}), {each.home}: "
        f"{escaped(each.sentence)}"
        for each in offers
    ]


def _incident(board: Board, incident: Incident, address: str) -> IncidentBrief:
    return IncidentBrief(
        **dict(incident_line(incident)),
        name=_name_of(board, incident),
        sentence=_incident_sentence(board, incident),
        url=f"{address}/incidents/{incident.id}",
    )


def _incident_sentence(board: Board, incident: Incident) -> str:
    name, began = _name_of(board, incident), clock(incident.opened_at, board.made_at)
    why = as_sentence(incident.events[0].reason)
    if incident.closed_at is None:
        return f"{name} is {STATE_WORDS[incident.status]} since {began}, and it is not over. {why}"
    lasted = duration(incident.closed_at - incident.opened_at)
    return f"{name} was {STATE_WORDS[incident.worst]} for {lasted} from {began}. {why}"


def _name_of(board: Board, incident: Incident) -> str:
    view = board.by_id.get(incident.service_id)
    return view.service.name if view is not None else incident.service_id


def _step(step: Step, view: ServiceView | None, vendor: str) -> str:
    """One step of a story: ours with its reason, or the vendor's in its own words."""
    if step.event is not None:
        return stories.told(step.event, view)
    update = step.update
    return f"{vendor}, {phase_words(update.phase, update.words)}: “{update.text}”" if update is not None else ""


def _words(lines: Iterable[str], made_at: datetime, *, is_simulated: bool) -> str:
    told = [line for line in lines if line]
    return "\n".join([*([SIMULATED] if is_simulated else []), *told, f"As of {iso(made_at)}."])
