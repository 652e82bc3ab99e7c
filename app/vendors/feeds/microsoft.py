"""The feeds of status.cloud.microsoft: one item per surface, with its state now in `<status>`, and no incidents.

The item's date is that of the last refresh, and its text the same sentence on every good day: it is a part of
the page with a status, not the beginning of anything.
"""

from datetime import datetime

from app.domain.status import Status
from app.domain.vendor import VendorComponent
from app.vendors.feeds.dialect import Dialect, Events, title_of
from app.vendors.feedxml import Feed
from app.vendors.shape import Drift, word_form

_STATUS = {
    "available": Status.UP,
    "operational": Status.UP,
    "servicerestored": Status.UP,
    "servicedegradation": Status.DEGRADED,
    "serviceinterruption": Status.DOWN,
    "unavailable": Status.DOWN,
    "unknown": Status.UNKNOWN,
}


def _recognises(feed: Feed) -> bool:
    return any(entry.status for entry in feed.entries[:3])


def _read(feed: Feed, _read_at: datetime, drift: Drift) -> Events:
    components = []
    for entry in feed.entries:
        status = _STATUS.get(word_form(entry.status).replace("_", ""))
        if status is None:
            drift.note(f"item[].status: unknown word {entry.status!r}")
        name = title_of(entry)
        components.append(VendorComponent(id=name, name=name, status=status or Status.UNKNOWN, words=entry.status))
    return Events(components=tuple(components))


MICROSOFT = Dialect(recognises=_recognises, read=_read, when_empty=Status.UNKNOWN)
"""Microsoft 365: its feeds always have their item."""
