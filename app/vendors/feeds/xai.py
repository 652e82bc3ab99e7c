"""The feed of xAI's own status page: an item is an incident of one part, which stands in brackets in its title.

`[API] …`, link `…/<part>/<id>`; categories are the severity and the state, which the text repeats as
`<h3>Status: RESOLVED</h3><p>Severity: available</p>` before the updates, each under `<strong>` and a whole date,
in no order one could rely on. `pubDate` is the start; the end is told apart at times, else it is the last
update.
"""

import re
from datetime import datetime

from app.domain.status import Status
from app.domain.vendor import Phase, VendorIncident, VendorUpdate
from app.vendors.feeds.dialect import Dialect, Events, components_named, id_of, pieces, times_of, title_of, url_of
from app.vendors.feedxml import Entry, Feed
from app.vendors.shape import Drift, word_form
from app.vendors.story import newest_first, span
from app.vendors.text import plain, plain_line
from app.vendors.times import parse_time
from app.vendors.words import PHASE

_TITLE = re.compile(r"\[(?P<part>[^\]]{1,100})\]\s*(?P<title>.+)\Z")
_STATE = re.compile(r"<h3>\s*Status:\s*(?P<words>[^<]{1,60})</h3>", re.IGNORECASE)
_SEVERITY = re.compile(r"<p>\s*Severity:\s*(?P<words>[^<]{1,60})</p>", re.IGNORECASE)
_DATE = r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? [A-Z]{1,4}"
_UPDATE = re.compile(
    rf"<strong>\s*(?P<when>{_DATE})\s*</strong>(?:\s*</p>)?(?:\s*<h3>(?P<words>[^<]{{1,200}})</h3>)?"
)
_RESOLVED = re.compile(rf"Resolved(?: at)?:?\s*(?:</?(?:strong|b|p|h\d)>\s*)*(?P<when>{_DATE})", re.IGNORECASE)
_IMPACT = {
    "degraded": Status.DEGRADED,
    "degradation": Status.DEGRADED,
    "disruption": Status.DEGRADED,
    "partial_outage": Status.DEGRADED,
    "outage": Status.DOWN,
    "maintenance": Status.MAINTENANCE,
}
_PHASE = {
    **PHASE,
    "active": Phase.INVESTIGATING,
    "open": Phase.INVESTIGATING,
    "disruption": Phase.INVESTIGATING,
    "degraded": Phase.INVESTIGATING,
    "outage": Phase.INVESTIGATING,
}


def _recognises(feed: Feed) -> bool:
    return "status.x.ai" in feed.link or any(_STATE.search(entry.text) for entry in feed.entries[:3])


def _read(feed: Feed, _read_at: datetime, drift: Drift) -> Events:
    incidents = tuple(_incident(entry, drift) for entry in feed.entries)
    named = [
        (key, name)
        for incident in incidents
        for key, name in zip(incident.component_ids, incident.component_names, strict=True)
    ]
    return Events(incidents=incidents, components=components_named(incidents, sorted(named)))


def _incident(entry: Entry, drift: Drift) -> VendorIncident:
    phase, words = _state(entry, drift)
    updates = _updates(entry, phase)
    resolved_at = _told_end(entry) or max((update.at for update in updates), default=None)
    when = span(
        entry.where,
        started=(*times_of(entry), *(update.at for update in updates)),
        resolved=resolved_at if phase.is_over else None,
        phase=phase,
        updates=(),
    )
    impact, impact_words = _impact(entry, drift, is_over=phase.is_over)
    told = _TITLE.match(title_of(entry))
    part = _part(entry, told["part"]) if told else None
    return VendorIncident(
        id=id_of(entry),
        title=told["title"] if told else title_of(entry),
        phase=phase,
        words=words,
        impact=impact,
        impact_words=impact_words,
        started_at=when.started_at,
        resolved_at=when.resolved_at,
        updated_at=max((*times_of(entry), *(update.at for update in updates))),
        updates=updates,
        component_ids=(part[0],) if part else (),
        component_names=(part[1],) if part else (),
        url=url_of(entry),
        oddities=when.oddities,
    )


def _state(entry: Entry, drift: Drift) -> tuple[Phase, str]:
    """The state that the text names, else one of the categories; unknown, and noted, where none is known."""
    told = _STATE.search(entry.text)
    said = [plain_line(told["words"])] if told else []
    for words in (*said, *reversed(entry.categories)):
        if phase := _PHASE.get(word_form(words)):
            return phase, words
    drift.note(f"item[]: unknown state {', '.join((*said, *entry.categories))!r}")
    return Phase.UNKNOWN, said[0] if said else ""


def _updates(entry: Entry, phase: Phase) -> tuple[VendorUpdate, ...]:
    """What was said. A heading may be a phase, or be what was said; the last update has the state of the whole."""
    updates = []
    for match, said in pieces(_UPDATE, entry.text):
        at = parse_time(match["when"], f"{entry.where}.description")
        words = plain_line(match["words"] or "")
        known = PHASE.get(word_form(words))
        body = plain(said).lstrip(" -–\n")
        text = body if known or word_form(words) == "updated" or not words else f"{words}\n{body}".strip()
        updates.append(
            VendorUpdate(
                id=f"{id_of(entry)}:{at.isoformat()}",
                at=at,
                phase=known or Phase.UNKNOWN,
                words=words,
                text=text,
            )
        )
    ordered = newest_first(updates)
    if ordered and phase.is_over and ordered[0].phase is Phase.UNKNOWN:
        newest = ordered[0]
        last = VendorUpdate(id=newest.id, at=newest.at, phase=phase, words=newest.words, text=newest.text)
        return (last, *ordered[1:])
    return ordered


def _told_end(entry: Entry) -> datetime | None:
    told = _RESOLVED.search(entry.text)
    return parse_time(told["when"], f"{entry.where}.description") if told else None


def _impact(entry: Entry, drift: Drift, *, is_over: bool) -> tuple[Status, str]:
    """How bad it is. Once it is over the severity says "available", and nobody tells how bad it was."""
    told = _SEVERITY.search(entry.text)
    words = plain_line(told["words"]) if told else next(iter(entry.categories), "")
    status = _IMPACT.get(word_form(words))
    if status is not None:
        return status, words
    if word_form(words) not in ("available", "operational", "resolved", ""):
        drift.note(f"item[]: unknown severity {words!r}")
    elif not is_over and word_form(words) in ("available", "operational"):
        return Status.UP, words
    return Status.UNKNOWN, words


def _part(entry: Entry, name: str) -> tuple[str, str]:
    """The id of a part, which is a step of the link, and its name."""
    steps = entry.link.rstrip("/").split("/")
    is_linked = len(steps) >= 5  # noqa: PLR2004  # https: / / host / part / incident
    return (steps[-2] if is_linked else name, name)


XAI = Dialect(recognises=_recognises, read=_read, when_empty=Status.UNKNOWN)
"""xAI: its feed keeps every incident, so that an empty one is a broken one."""
