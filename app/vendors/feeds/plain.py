"""Feeds of nobody in particular: an entry, or all of one guid, is an incident whose state is looked for.

It is sought in the categories, in a line `Status: …`, in a bold word, in the title and in the first words. What
tells none is taken as over a day after its last word: a feed keeps old entries, and an entry does not open an
incident for ever.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from app.domain.status import Status
from app.domain.vendor import Phase, VendorIncident, VendorUpdate
from app.vendors.feeds.dialect import Dialect, Events, id_of, last_told, times_of, title_of, url_of
from app.vendors.feedxml import Entry, Feed
from app.vendors.shape import Drift, word_form
from app.vendors.story import newest_first, span
from app.vendors.text import plain
from app.vendors.words import PHASE

_PHASE = {
    **PHASE,
    "fixed": Phase.RESOLVED,
    "closed": Phase.RESOLVED,
    "recovered": Phase.RESOLVED,
    "restored": Phase.RESOLVED,
    "available": Phase.RESOLVED,
    "operational": Phase.RESOLVED,
    "ok": Phase.RESOLVED,
    "mitigated": Phase.RESOLVED,
    "active": Phase.INVESTIGATING,
    "ongoing": Phase.INVESTIGATING,
    "open": Phase.INVESTIGATING,
    "outage": Phase.INVESTIGATING,
    "disruption": Phase.INVESTIGATING,
    "degraded": Phase.INVESTIGATING,
}
_WORD = "|".join(sorted((word.replace("_", "[ _-]") for word in _PHASE), key=len, reverse=True))
_LINE = re.compile(rf"[Ss]tatus\s*:\s*(?:</?\w+>\s*)?(?P<words>(?i:{_WORD}))\b")
_BOLD = re.compile(rf"<(?:strong|b)>\s*(?P<words>{_WORD})\b", re.IGNORECASE)
_TITLED = re.compile(
    rf"[\[(](?P<bracketed>{_WORD})[\])]|\A(?P<first>{_WORD})\s*[:–-]|[:–-]\s*(?P<last>{_WORD})\Z", re.IGNORECASE
)
_FIRST = re.compile(
    rf"\A\W{{0,3}}(?:this (?:incident|issue) (?:has been|is(?: now)?) )?(?P<words>{_WORD})\b", re.IGNORECASE
)
# Letters of a text in which its state is looked for.
_TOLD_WITHIN = 10_000
_FADES = timedelta(days=1)


def _recognises(_feed: Feed) -> bool:
    return True


def _read(feed: Feed, read_at: datetime, _drift: Drift) -> Events:
    groups: dict[str, list[Entry]] = {}
    for entry in feed.entries:
        groups.setdefault(id_of(entry), []).append(entry)
    return Events(incidents=tuple(_incident(key, group, read_at) for key, group in groups.items()))


def _incident(key: str, group: Sequence[Entry], read_at: datetime) -> VendorIncident:
    updates = newest_first(_update(entry) for entry in group)
    newest, last = max(group, key=last_told), updates[0]
    has_faded = last.phase is Phase.INFORMATION and read_at - last.at > _FADES
    phase = Phase.RESOLVED if has_faded else last.phase
    claims = (at for entry in group for at in times_of(entry))
    resolved = last.at if has_faded else None
    when = span(newest.where, started=claims, resolved=resolved, phase=phase, updates=() if has_faded else updates)
    return VendorIncident(
        id=key,
        title=title_of(newest),
        phase=phase,
        words=last.words,
        impact=Status.UNKNOWN,
        impact_words="",
        started_at=when.started_at,
        resolved_at=when.resolved_at,
        updated_at=last_told(newest),
        updates=updates,
        url=url_of(newest),
        oddities=("no end is told: taken as over a day after its last word",) if has_faded else when.oddities,
    )


def _update(entry: Entry) -> VendorUpdate:
    at, text = last_told(entry), plain(entry.text)
    words = next(_states(entry, text), "")
    phase = _PHASE.get(word_form(words), Phase.INFORMATION)
    return VendorUpdate(id=f"{id_of(entry)}:{at.isoformat()}", at=at, phase=phase, words=words, text=text)


def _states(entry: Entry, text: str) -> Iterator[str]:
    """The words that may tell its state, the most trustworthy first."""
    head = entry.text[:_TOLD_WITHIN]
    yield from (category for category in entry.categories if word_form(category) in _PHASE)
    for pattern, where in ((_LINE, head), (_BOLD, head), (_TITLED, title_of(entry)), (_FIRST, text)):
        if told := pattern.search(where):
            yield next(word for word in told.groups() if word)


PLAIN = Dialect(recognises=_recognises, read=_read, when_empty=Status.UNKNOWN)
"""Any feed. Whether an empty one is quiet or broken cannot be told of a maker one does not know."""
