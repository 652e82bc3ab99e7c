"""What a vendor says of itself on its status page, in our words with theirs kept beside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.status import Status, worst_of


class Phase(StrEnum):
    """How far a vendor says an incident, or a maintenance, has come."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    INFORMATION = "information"
    UNKNOWN = "unknown"

    @property
    def is_over(self) -> bool:
        """Whether the vendor considers the matter closed."""
        return self in (Phase.RESOLVED, Phase.COMPLETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorComponent:
    """A part of a status page: `words` is its status, `status` ours (`unknown` if none)."""

    id: str
    name: str
    status: Status
    words: str
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorUpdate:
    """One thing the vendor said, at a time it states. `text` is plain: no markup, links spelled out."""

    id: str
    at: datetime
    phase: Phase
    words: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorIncident:
    """A trouble the vendor tells of.

    `started_at` is the earliest moment any of its fields claims, `published_at` when it was first said (where
    the page tells), `resolved_at` the last closing, never before the start. `impact` is our status for the
    worst the vendor says of it, `unknown` where it says nothing; `impact_words` the vendor's. `component_ids`
    and `component_names` are what it says is hit; both empty means that it names no part.
    `oddities` lists what was wrong with the record and mended in reading ("resolved before it started").
    """

    id: str
    title: str
    phase: Phase
    words: str
    impact: Status
    impact_words: str
    started_at: datetime
    published_at: datetime | None = None
    resolved_at: datetime | None = None
    updated_at: datetime | None = None
    updates: tuple[VendorUpdate, ...] = ()
    component_ids: tuple[str, ...] = ()
    component_names: tuple[str, ...] = ()
    url: str | None = None
    oddities: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the vendor has not called it over."""
        return not self.phase.is_over and self.resolved_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorMaintenance:
    """Planned silence that the vendor announces; `ends_at` is `None` where it gives no end."""

    id: str
    title: str
    phase: Phase
    words: str
    starts_at: datetime
    ends_at: datetime | None = None
    updates: tuple[VendorUpdate, ...] = ()
    component_ids: tuple[str, ...] = ()
    component_names: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorDay:
    """A day on which a part of a page was not simply up, as the page sums it up.

    `day` is a day of the page's own calendar, whatever zone that is in; `down_for` is the time out of service that
    the vendor counts.
    """

    component_id: str
    day: date
    status: Status
    words: str
    down_for: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorPage:
    """A status page as read at one moment.

    `status` is derived by us from components and open incidents (page-wide indicators understate); `words` is
    the vendor's headline. Incidents and updates stand newest first. `has_all_components` is false where
    the document is known to leave some out, so that absence is not taken for removal; `has_incidents` false where
    the document does not speak of incidents at all; `drift` names fields the format promises and the document
    lacks. `days` are the bad days that some formats sum up per part, as far back as the document goes.
    """

    kind: str
    status: Status
    words: str
    name: str | None = None
    url: str | None = None
    updated_at: datetime | None = None
    components: tuple[VendorComponent, ...] = ()
    incidents: tuple[VendorIncident, ...] = ()
    maintenances: tuple[VendorMaintenance, ...] = ()
    days: tuple[VendorDay, ...] = ()
    has_all_components: bool = True
    has_incidents: bool = True
    drift: tuple[str, ...] = ()

    @property
    def open_incidents(self) -> tuple[VendorIncident, ...]:
        """Incidents the vendor has not called over."""
        return tuple(incident for incident in self.incidents if incident.is_open)


def derived_status(components: Sequence[VendorComponent], incidents: Sequence[VendorIncident]) -> Status:
    """Our status for a page from its parts and its open incidents; `unknown` where neither tells anything.

    Parts speak for themselves. An open incident adds what they leave unsaid: one whose parts are all listed makes
    the page degraded while nobody claims a fix, and no worse (impacts drift upwards while an incident is open);
    one that names no part, or parts that are not listed, counts with the impact that the vendor gives it.
    """
    parts = {name for component in components for name in (component.id, component.name)}
    told = [component.status for component in components]
    told += [_told_by(incident, parts) for incident in incidents if incident.is_open]
    return worst_of(told)


def _told_by(incident: VendorIncident, parts: set[str]) -> Status:
    unfixed = incident.phase in (Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.UNKNOWN)
    named = incident.component_ids or incident.component_names
    listed = bool(named) and parts.issuperset(named)
    if incident.impact is Status.UNKNOWN:
        return Status.DEGRADED if unfixed and not listed else Status.UNKNOWN
    if not incident.impact.is_bad or incident.phase is Phase.INFORMATION:
        return Status.UP
    if listed:
        return Status.DEGRADED if unfixed else Status.UP
    return incident.impact if unfixed else Status.DEGRADED


def merge_pages(pages: Sequence[VendorPage]) -> VendorPage:
    """One page from several documents of it (summary first, then components, incidents, history).

    For a part that several documents tell of, the earlier document wins, but an incident's updates are united,
    what one document does not know of it is taken from the other, and a document that leaves components out yields
    to one that has them all. The status is the first document's, or what all together amount to if that is worse.
    """
    first = pages[0]
    if len(pages) == 1:
        return first
    complete = next((page for page in pages if page.components and page.has_all_components), None)
    source = complete or next((page for page in pages if page.components), first)
    incidents = _merged_incidents(pages)
    return replace(
        first,
        status=worst_of((first.status, derived_status(source.components, incidents))),
        name=next((page.name for page in pages if page.name), None),
        url=next((page.url for page in pages if page.url), None),
        components=source.components,
        has_all_components=source.has_all_components,
        has_incidents=any(page.has_incidents for page in pages),
        incidents=incidents,
        maintenances=_merged_maintenances(pages),
        days=next((page.days for page in pages if page.days), ()),
        drift=tuple(dict.fromkeys(note for page in pages for note in page.drift)),
    )


def _merged_incidents(pages: Sequence[VendorPage]) -> tuple[VendorIncident, ...]:
    by_id: dict[str, VendorIncident] = {}
    for page in pages:
        for incident in page.incidents:
            known = by_id.get(incident.id)
            by_id[incident.id] = incident if known is None else _united(known, incident)
    return tuple(sorted(by_id.values(), key=lambda incident: incident.started_at, reverse=True))


def _united(known: VendorIncident, other: VendorIncident) -> VendorIncident:
    updates = {update.id: update for update in (*other.updates, *known.updates)}
    phased = other if known.phase is Phase.UNKNOWN else known
    judged = other if known.impact is Status.UNKNOWN else known
    return replace(
        known,
        phase=phased.phase,
        words=phased.words,
        impact=judged.impact,
        impact_words=judged.impact_words,
        started_at=min(known.started_at, other.started_at),
        resolved_at=known.resolved_at or (other.resolved_at if phased.phase.is_over else None),
        component_ids=known.component_ids or other.component_ids,
        component_names=known.component_names or other.component_names,
        updates=tuple(sorted(updates.values(), key=lambda update: update.at, reverse=True)),
    )


def _merged_maintenances(pages: Sequence[VendorPage]) -> tuple[VendorMaintenance, ...]:
    by_id: dict[str, VendorMaintenance] = {}
    for page in pages:
        for maintenance in page.maintenances:
            by_id.setdefault(maintenance.id, maintenance)
    return tuple(sorted(by_id.values(), key=lambda maintenance: maintenance.starts_at, reverse=True))
