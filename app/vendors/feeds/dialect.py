"""What every dialect of feeds has in common: how it is recognised, how it is read, what silence means in it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.status import Status, worst_of
from app.domain.vendor import VendorComponent, VendorIncident, VendorMaintenance
from app.vendors.feedxml import Entry, Feed
from app.vendors.reader import ReadError, ReadErrorKind
from app.vendors.shape import Drift
from app.vendors.text import web_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """What a feed tells of, in its own order."""

    incidents: tuple[VendorIncident, ...] = ()
    maintenances: tuple[VendorMaintenance, ...] = ()
    components: tuple[VendorComponent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the feeds of one maker are read.

    `recognises` is cheap and never raises. `read` is given the feed, the moment at which it was read, and where to
    note what is new. `when_empty` is what a feed without entries says: `up` only where the maker is known to empty
    its feed when all is well, or to begin with an empty one.
    """

    recognises: Callable[[Feed], bool]
    read: Callable[[Feed, datetime, Drift], Events]
    when_empty: Status


def title_of(entry: Entry) -> str:
    """The title of an entry; MISSING_FIELD if it has none."""
    if not entry.title:
        raise ReadError(ReadErrorKind.MISSING_FIELD, f"{entry.where}.title", "missing")
    return entry.title


def times_of(entry: Entry) -> tuple[datetime, ...]:
    """Every moment that an entry claims for itself; MISSING_FIELD if it claims none."""
    told = tuple(at for at in (entry.published_at, entry.updated_at) if at is not None)
    if not told:
        raise ReadError(ReadErrorKind.MISSING_FIELD, f"{entry.where}.published", "neither published nor updated")
    return told


def last_told(entry: Entry) -> datetime:
    """The last moment that an entry claims for itself; MISSING_FIELD if it claims none."""
    return max(times_of(entry))


def id_of(entry: Entry) -> str:
    """What identifies the incident: the step after `/incidents/`, as the page's other documents do, else its guid.

    What has neither is identified by what it is called and since when.
    """
    _, _, rest = entry.link.partition("/incidents/")
    step = rest.partition("/")[0].partition("#")[0]
    return step or entry.id or f"{title_of(entry)} {last_told(entry).isoformat()}"


def pieces(pattern: re.Pattern[str], text: str) -> tuple[tuple[re.Match[str], str], ...]:
    """What follows each match in a text, up to the next one."""
    matches = tuple(pattern.finditer(text))
    ends = [match.start() for match in matches] + [len(text)]
    return tuple((match, text[match.end() : end]) for match, end in zip(matches, ends[1:], strict=True))


def url_of(entry: Entry) -> str | None:
    """Where people read it; some feeds leave the scheme out, or write a slash too many."""
    scheme, found, rest = entry.link.partition("://")
    if not found:
        return f"https://{entry.link}" if entry.link else None
    return web_address(f"{scheme}://{rest.replace('//', '/')}")


def components_named(
    incidents: Sequence[VendorIncident], keys: Iterable[tuple[str, str]]
) -> tuple[VendorComponent, ...]:
    """The parts that a feed names, by id and name: as bad as the open incidents that name them say, else up."""
    hit: dict[str, list[VendorIncident]] = {}
    for one in incidents:
        for key in one.component_ids if one.is_open else ():
            hit.setdefault(key, []).append(one)
    return tuple(_component(key, name, hit.get(key, ())) for key, name in dict(keys).items())


def _component(key: str, name: str, hit: Sequence[VendorIncident]) -> VendorComponent:
    # Trouble of unsaid impact is trouble.
    told = [Status.DEGRADED if one.impact is Status.UNKNOWN else one.impact for one in hit]
    status = worst_of(told) if hit else Status.UP
    return VendorComponent(id=key, name=name, status=status, words=hit[0].impact_words if hit else "")
