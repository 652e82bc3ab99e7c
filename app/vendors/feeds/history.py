"""The incident history that Statuspage publishes as Atom and RSS, and that others (Instatus, OnlineOrNot) imitate.

An entry is an incident, its text every update, newest first:
`<small>Aug <var>21</var>, <var>00:37</var> UTC</small><br><strong>Resolved</strong> - …`. The times have no year
and are in the page's own zone. Planned work opens with `THIS IS A SCHEDULED EVENT Jun 29, 06:00 - 08:00 UTC`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from app.domain.status import Status
from app.domain.vendor import Phase, VendorIncident, VendorMaintenance, VendorUpdate
from app.vendors.feeds.dialect import Dialect, Events, id_of, last_told, pieces, times_of, title_of, url_of
from app.vendors.feedxml import Entry, Feed
from app.vendors.shape import Drift, word_form
from app.vendors.story import newest_first, span
from app.vendors.text import plain, plain_line
from app.vendors.times import parse_wall_span, parse_wall_time
from app.vendors.words import PHASE

_UPDATE = re.compile(
    r"<small>(?P<when>[^<]*(?:</?var\b[^<>]*>[^<]*)*)</small>\s*<br\s*/?>\s*<strong>(?P<words>[^<]{1,60})</strong>"
    r"|<strong>(?P<known>Resolved|Monitoring|Identified|Investigating|Update|Postmortem|Scheduled|In progress"
    r"|Verifying|Completed)</strong>\s*-",
    re.IGNORECASE,
)
_PLANNED = re.compile(r"<strong>\s*(?:THIS IS A )?SCHEDULED EVENT\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_AHEAD = timedelta(days=180)


def _recognises(feed: Feed) -> bool:
    if "Incident History" in feed.title:
        return True
    return any(_UPDATE.search(entry.text) or _PLANNED.search(entry.text) for entry in feed.entries[:3])


def _read(feed: Feed, _read_at: datetime, drift: Drift) -> Events:
    planned = [_PLANNED.search(entry.text) is not None for entry in feed.entries]
    entries = tuple(zip(feed.entries, planned, strict=True))
    return Events(
        incidents=tuple(_incident(entry, drift) for entry, is_planned in entries if not is_planned),
        maintenances=tuple(_maintenance(entry, drift) for entry, is_planned in entries if is_planned),
    )


def _incident(entry: Entry, drift: Drift) -> VendorIncident:
    updates = _updates(entry, drift)
    phase = updates[0].phase if updates else Phase.UNKNOWN
    # `published` moves to the last update on some pages, so only the updates tell when it began.
    started = () if updates else times_of(entry)
    when = span(entry.where, started=started, resolved=None, phase=phase, updates=updates)
    return VendorIncident(
        id=id_of(entry),
        title=title_of(entry),
        phase=phase,
        words=updates[0].words if updates else "",
        impact=Status.UNKNOWN,
        impact_words="",
        started_at=when.started_at,
        resolved_at=when.resolved_at,
        updated_at=last_told(entry),
        updates=updates,
        url=url_of(entry),
        oddities=when.oddities,
    )


def _maintenance(entry: Entry, drift: Drift) -> VendorMaintenance:
    updates = _updates(entry, drift)
    latest = last_told(entry)
    window = parse_wall_span(plain_line(entry.text), entry.where, latest=latest + _AHEAD)
    starts_at, ends_at = window or (min((update.at for update in updates), default=latest), None)
    return VendorMaintenance(
        id=id_of(entry),
        title=title_of(entry),
        phase=updates[0].phase if updates else Phase.SCHEDULED,
        words=updates[0].words if updates else "",
        starts_at=starts_at,
        ends_at=ends_at,
        updates=updates,
        url=url_of(entry),
    )


def _updates(entry: Entry, drift: Drift) -> tuple[VendorUpdate, ...]:
    """Every update of an entry, newest first."""
    told = pieces(_UPDATE, entry.text)
    words = tuple((match["words"] or match["known"]).strip() for match, _ in told)
    moments = _moments((match for match, _ in told), entry)
    key = id_of(entry)
    return newest_first(
        VendorUpdate(
            id=f"{key}:{at.isoformat()}",
            at=at,
            phase=phase,
            words=word,
            text=plain(said).lstrip(" -–\n"),
        )
        for (_, said), word, at, phase in zip(told, words, moments, _phases(words, drift), strict=True)
    )


def _moments(matches: Iterable[re.Match[str]], entry: Entry) -> Iterator[datetime]:
    """When each was said. Going back in time, every one is the last such moment before the one after it."""
    latest = last_told(entry)
    for match in matches:
        if match["when"]:
            latest = parse_wall_time(_TAG.sub("", match["when"]).strip(), entry.where, latest=latest)
        yield latest


def _phases(words: Sequence[str], drift: Drift) -> tuple[Phase, ...]:
    """What each says of how far it has come; "Update" leaves it as it was before."""
    phases = []
    phase = Phase.INVESTIGATING
    for word in reversed(words):
        form = word_form(word)
        if form != "update":
            phase = PHASE.get(form, Phase.UNKNOWN)
            if phase is Phase.UNKNOWN:
                drift.note(f"entry[]: unknown word {word!r}")
        phases.append(phase)
    return tuple(reversed(phases))


HISTORY = Dialect(recognises=_recognises, read=_read, when_empty=Status.UP)
"""Statuspage's incident history: empty on a page that is new."""
