"""Azure's status feed: only what hits many customers appears in it, and it goes when it is over.

An item is an incident as it stands. What is told of it is its text, in which the services and regions are named;
the catalogue searches there, so the parts that an item names are its categories and its title's.
"""

import re
from datetime import datetime

from app.domain.status import Status
from app.domain.vendor import Phase, VendorIncident, VendorUpdate
from app.vendors.feeds.dialect import Dialect, Events, id_of, last_told, times_of, title_of, url_of
from app.vendors.feedxml import Entry, Feed
from app.vendors.shape import Drift, word_form
from app.vendors.story import span
from app.vendors.text import plain
from app.vendors.words import PHASE

_WORDS = re.compile(
    r"\b(?P<words>mitigated|resolved|investigating|identified|monitoring|mitigating)\b", re.IGNORECASE
)
# A report of what happened "between … and …" is written when it is over.
_REPORT = re.compile(r"(?:Summary of impact|What happened)\W{1,5}Between\b", re.IGNORECASE)
_PHASE = {**PHASE, "mitigated": Phase.RESOLVED, "mitigating": Phase.IDENTIFIED}
_SERVICES = re.compile(
    r"\bAzure OpenAI(?: Service)?|\b(?:Azure |Microsoft )?(?:AI )?Foundry|\b(?:Azure )?Cognitive Services",
    re.IGNORECASE,
)


def _recognises(feed: Feed) -> bool:
    return feed.title == "Azure Status" or "azure.status.microsoft" in feed.link


def _read(feed: Feed, _read_at: datetime, _drift: Drift) -> Events:
    return Events(incidents=tuple(_incident(entry) for entry in feed.entries))


def _incident(entry: Entry) -> VendorIncident:
    text = plain(entry.text)
    phase, words = _state(entry, text)
    at = last_told(entry)
    told = VendorUpdate(id=f"{id_of(entry)}:{at.isoformat()}", at=at, phase=phase, words=words, text=text)
    when = span(entry.where, started=times_of(entry), resolved=None, phase=phase, updates=(told,))
    return VendorIncident(
        id=id_of(entry),
        title=title_of(entry),
        phase=phase,
        words=words,
        impact=Status.UNKNOWN,
        impact_words="",
        started_at=when.started_at,
        published_at=entry.published_at,
        resolved_at=when.resolved_at,
        updated_at=at,
        updates=(told,),
        component_names=_parts(entry, text),
        url=url_of(entry),
        oddities=when.oddities,
    )


def _state(entry: Entry, text: str) -> tuple[Phase, str]:
    """What the title says, else how the text begins. An item that says nothing is trouble, or it were gone."""
    for told in (_WORDS.search(title_of(entry)), _WORDS.search(text[:200])):
        if told is not None:
            return _PHASE[word_form(told["words"])], told["words"]
    return (Phase.RESOLVED if _REPORT.search(text) else Phase.INVESTIGATING), ""


def _parts(entry: Entry, text: str) -> tuple[str, ...]:
    titled = [part for part in title_of(entry).split(" - ") if not _WORDS.fullmatch(part.strip())]
    named = entry.categories or tuple(titled)
    return tuple(dict.fromkeys((*named, *(match[0] for match in _SERVICES.finditer(text)))))


AZURE = Dialect(recognises=_recognises, read=_read, when_empty=Status.UP)
"""Azure: empty as long as nothing hits many customers."""
