"""What a vendor says of itself on its status page, in our words with theirs kept beside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.status import Status


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
    """One thing the vendor said, at a time it states. `text` is plain text; markup is gone, links are spelled out."""

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
class VendorPage:
    """A status page as read at one moment.

    `status` is derived by us from components and open incidents (page-wide indicators understate); `words` is
    the vendor's headline. Incidents and updates stand newest first. `has_all_components` is false where
    the document is known to leave some out, so that absence is not taken for removal; `has_incidents` false where
    the document does not speak of incidents at all; `drift` names fields the format promises and the document
    lacks.
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
    has_all_components: bool = True
    has_incidents: bool = True
    drift: tuple[str, ...] = ()

    @property
    def open_incidents(self) -> tuple[VendorIncident, ...]:
        """Incidents the vendor has not called over."""
        return tuple(incident for incident in self.incidents if incident.is_open)


def merge_pages(pages: Sequence[VendorPage]) -> VendorPage:
    """One page from several documents of it (summary first, then components, incidents, history).

    For a part that several documents tell of, the earlier document wins, but an incident's updates are united
    and a document that leaves components out yields to one that has them all.
    """
    first = pages[0]
    complete = next((page for page in pages if page.components and page.has_all_components), None)
    source = complete or next((page for page in pages if page.components), first)
    return replace(
        first,
        name=next((page.name for page in pages if page.name), None),
        url=next((page.url for page in pages if page.url), None),
        components=source.components,
        has_all_components=source.has_all_components,
        has_incidents=any(page.has_incidents for page in pages),
        incidents=_merged_incidents(pages),
        maintenances=_merged_maintenances(pages),
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
    return replace(
        known,
        started_at=min(known.started_at, other.started_at),
        resolved_at=known.resolved_at or other.resolved_at,
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
