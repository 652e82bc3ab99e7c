"""The feeds of incident.io: an entry is an incident as it stands, with its state in bold and its parts in a list.

`<b>Status: Resolved</b><br/><br/>…<br/><br/><b>Affected components</b><ul><li>Login (Operational)</li></ul>`.
What was said before is not in it, nor when it began; but the incident's id is a ULID, whose first ten signs are
that moment.
"""

import re
from datetime import UTC, datetime

from app.domain.status import Status, severity
from app.domain.vendor import Phase, VendorIncident, VendorMaintenance, VendorUpdate
from app.vendors.feeds.dialect import Dialect, Events, id_of, last_told, times_of, title_of, url_of
from app.vendors.feedxml import Entry, Feed
from app.vendors.shape import Drift, word_form
from app.vendors.story import span
from app.vendors.text import plain, plain_line
from app.vendors.words import COMPONENT, PHASE

_STATE = re.compile(r"<b>\s*Status:\s*(?P<words>[^<]{1,60})</b>", re.IGNORECASE)
_PARTS = re.compile(r"[Aa]ffected [Cc]omponents:?\s{0,9}(?:</[Bb]>)?\s{0,9}:?\s{0,9}<[Uu][Ll]>")
_PART = re.compile(r"<li[^<>]*>(?P<name>[^<]{1,200})</li>", re.IGNORECASE)
_WITH_STATE = re.compile(r"(?P<name>.*)\((?P<words>[A-Za-z ]{1,40})\)\Z")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ULID = re.compile(rf"[0-7][{_CROCKFORD}]{{25}}\Z")
_PLANNED = frozenset({Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.COMPLETED})


def _recognises(feed: Feed) -> bool:
    return "incident.io" in feed.generator or any(_STATE.search(entry.text) for entry in feed.entries[:3])


def _read(feed: Feed, _read_at: datetime, drift: Drift) -> Events:
    phases = [(entry, *_state(entry, drift)) for entry in feed.entries]
    return Events(
        incidents=tuple(_incident(*told, drift) for told in phases if told[1] not in _PLANNED),
        maintenances=tuple(_maintenance(*told) for told in phases if told[1] in _PLANNED),
    )


def _state(entry: Entry, drift: Drift) -> tuple[Phase, str]:
    told = _STATE.search(entry.text)
    if told is None:
        drift.note("entry[]: no status")
        return Phase.UNKNOWN, ""
    words = plain_line(told["words"])
    phase = PHASE.get(word_form(words))
    if phase is None:
        drift.note(f"entry[]: unknown word {words!r}")
    return phase or Phase.UNKNOWN, words


def _incident(entry: Entry, phase: Phase, words: str, drift: Drift) -> VendorIncident:
    born_at = _born_at(id_of(entry))
    updates = (_update(entry, phase, words),)
    when = span(entry.where, started=(*times_of(entry), born_at), resolved=None, phase=phase, updates=updates)
    parts = _parts(entry)
    impact, impact_words = _worst(parts, drift)
    return VendorIncident(
        id=id_of(entry),
        title=title_of(entry),
        phase=phase,
        words=words,
        impact=impact,
        impact_words=impact_words,
        started_at=when.started_at,
        published_at=born_at,
        resolved_at=when.resolved_at,
        updated_at=last_told(entry),
        updates=updates,
        component_names=tuple(parts),
        url=url_of(entry),
        oddities=when.oddities,
    )


def _maintenance(entry: Entry, phase: Phase, words: str) -> VendorMaintenance:
    """Planned work, whose window the feed does not tell: it is taken to begin when it was announced."""
    return VendorMaintenance(
        id=id_of(entry),
        title=title_of(entry),
        phase=phase,
        words=words,
        starts_at=min(times_of(entry)),
        updates=(_update(entry, phase, words),),
        component_names=tuple(_parts(entry)),
        url=url_of(entry),
    )


def _update(entry: Entry, phase: Phase, words: str) -> VendorUpdate:
    at = last_told(entry)
    said = _PARTS.split(entry.text, maxsplit=1)[0]
    text = plain(_STATE.sub("", said, count=1))
    return VendorUpdate(id=f"{id_of(entry)}:{at.isoformat()}", at=at, phase=phase, words=words, text=text)


def _parts(entry: Entry) -> dict[str, str]:
    """The state of each part that is named, as it is now: an incident that is over has only healthy ones."""
    heading = _PARTS.search(entry.text)
    if heading is None:
        return {}
    parts = {}
    for match in _PART.finditer(entry.text, heading.end()):
        name = plain_line(match["name"])
        stated = _WITH_STATE.match(name)
        parts[stated["name"].strip() if stated else name] = stated["words"] if stated else ""
    return parts


def _worst(parts: dict[str, str], drift: Drift) -> tuple[Status, str]:
    said = []
    for words in parts.values():
        status = COMPONENT.get(word_form(words), Status.UNKNOWN)
        if words and status is Status.UNKNOWN:
            drift.note(f"entry[]: unknown word {words!r}")
        said.append((Status.UNKNOWN if status is Status.UP else status, words))
    worst = max(said, key=lambda pair: severity(pair[0]), default=(Status.UNKNOWN, ""))
    return worst if worst[0] is not Status.UNKNOWN else (Status.UNKNOWN, "")


def _born_at(key: str) -> datetime | None:
    """The moment that a ULID was made at."""
    if not _ULID.match(key):
        return None
    milliseconds = 0
    for sign in key[:10]:
        milliseconds = milliseconds * 32 + _CROCKFORD.index(sign)
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


INCIDENTIO = Dialect(recognises=_recognises, read=_read, when_empty=Status.UP)
"""incident.io: empty on a page that is new."""
