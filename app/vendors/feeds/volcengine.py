"""The feeds of Volcengine, one per product and region: an item is an update, and its title alone tells the state.

Items have no guid; those of an incident have the same title, to which `(已恢复)` (recovered) is added once it is
over. A region where nothing happened has an empty channel.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from app.domain.status import Status
from app.domain.vendor import Phase, VendorIncident, VendorUpdate
from app.vendors.feeds.dialect import Dialect, Events, last_told, title_of, url_of
from app.vendors.feedxml import Entry, Feed
from app.vendors.shape import Drift
from app.vendors.story import newest_first
from app.vendors.text import plain

_OVER = re.compile(r"\s*[(（]?(?P<words>已恢复|已解决|已修复)[)）]?\s*")  # noqa: RUF001  # full-width brackets are meant
_REGION = re.compile(r"[(（](?P<region>[^()（）]*[(（][^()（）]*[)）]|[^()（）]*)[)）]")  # noqa: RUF001  # same
# Titles come again with the next trouble: what is further apart than this is not the same incident.
_SAME = timedelta(hours=24)


def _recognises(feed: Feed) -> bool:
    return "volcengine.com" in feed.link or "火山引擎" in feed.title


def _read(feed: Feed, _read_at: datetime, _drift: Drift) -> Events:
    region = _REGION.search(feed.title)
    parts = (region["region"],) if region else ()
    return Events(incidents=tuple(_incident(group, parts) for group in _groups(feed.entries)))


def _groups(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Items of the same title that follow each other closely, newest first."""
    groups: list[list[Entry]] = []
    latest: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=last_told, reverse=True):
        subject = _OVER.sub("", title_of(entry))
        group = latest.get(subject)
        if group is None or last_told(group[-1]) - last_told(entry) > _SAME:
            group = latest[subject] = []
            groups.append(group)
        group.append(entry)
    return groups


def _incident(group: Sequence[Entry], parts: tuple[str, ...]) -> VendorIncident:
    newest, oldest = group[0], group[-1]
    over = _OVER.search(title_of(newest))
    updates = newest_first(_update(entry, is_over=over is not None and entry is newest) for entry in group)
    subject = _OVER.sub("", title_of(oldest))
    started_at = last_told(oldest)
    return VendorIncident(
        id=oldest.id if "#" in oldest.id else f"{subject} {started_at.isoformat()}",
        title=subject,
        phase=Phase.RESOLVED if over else Phase.INVESTIGATING,
        words=over["words"] if over else "",
        impact=Status.UNKNOWN,
        impact_words="",
        started_at=started_at,
        published_at=None,
        resolved_at=last_told(newest) if over else None,
        updated_at=last_told(newest),
        updates=updates,
        component_names=parts,
        url=url_of(newest),
    )


def _update(entry: Entry, *, is_over: bool) -> VendorUpdate:
    at = last_told(entry)
    over = _OVER.search(title_of(entry))
    return VendorUpdate(
        id=f"{title_of(entry)} {at.isoformat()}",
        at=at,
        phase=Phase.RESOLVED if is_over else Phase.INVESTIGATING,
        words=over["words"] if over else "",
        text=plain(entry.text),
    )


VOLCENGINE = Dialect(recognises=_recognises, read=_read, when_empty=Status.UP)
"""Volcengine: a region where nothing happened has an empty channel."""
