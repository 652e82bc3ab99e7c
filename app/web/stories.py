"""Troubles in plain words, for renderings that are lists: the Statuspage format, feeds, calendars; pure."""

from app.board.model import ServiceView
from app.board.words import as_sentence
from app.domain.incident import Incident, IncidentEvent
from app.web.moments import duration
from app.web.words import EVENT_WORDS, witness_words


def title_of(incident: Incident, view: ServiceView | None) -> str:
    """What it was about: "ChatGPT down", by the worst that it came to."""
    return f"{view.service.name if view is not None else incident.service_id} {incident.worst}"


def told(event: IncidentEvent, view: ServiceView | None) -> str:
    """One step of a story: "It began: Answered 503 instead of 401. (Measured)"."""
    reason = as_sentence(event.reason)
    words = EVENT_WORDS[event.kind]
    return f"{f'{words}: {reason}' if reason else f'{words}.'} ({witness_words(event.witness, view)})"


def headline_of(incident: Incident, view: ServiceView | None) -> str:
    """What it was about, and whether it is over: "ChatGPT down, over after 47 min"."""
    title = title_of(incident, view)
    if incident.closed_at is None:
        return title
    return f"{title}, over after {duration(incident.closed_at - incident.opened_at)}"
