"""The documents under `/api/v2`, as Statuspage made them and other products imitate them, part by part.

Readers put these parts together; each knows what its product leaves out. What the documents are wrong about is
mended here: starts that are later than their own updates, ends before the beginning, ends kept after reopening,
maintenance that was filed as an incident.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.status import Status
from app.domain.vendor import Phase, VendorComponent, VendorIncident, VendorMaintenance, VendorUpdate
from app.vendors.shape import Drift, Part
from app.vendors.story import newest_first, span
from app.vendors.words import COMPONENT, IMPACT, PHASE


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """The incidents and the maintenances of a document, each newest first."""

    incidents: tuple[VendorIncident, ...]
    maintenances: tuple[VendorMaintenance, ...]


def read_components(rows: Iterable[Part], drift: Drift) -> tuple[VendorComponent, ...]:
    """The parts of a page without its groups, which stand among them with a status of their own."""
    rows = tuple(rows)
    groups = {row.text_or("id"): row.text_or("name") for row in rows if row.flag("group")}
    return tuple(_component(row, groups, drift) for row in rows if not row.flag("group"))


def _component(row: Part, groups: Mapping[str, str], drift: Drift) -> VendorComponent:
    status, words = drift.said(COMPONENT, row, "status", Status.UNKNOWN)
    return VendorComponent(
        id=row.text("id"),
        name=row.text("name"),
        status=status,
        words=words,
        group=groups.get(row.text_or("group_id")) or None,
    )


def read_events(rows: Iterable[Part], page_url: str | None, drift: Drift) -> Events:
    """Incidents and maintenances, told apart by what they are, not by the list in which they stand."""
    incidents, maintenances = {}, {}
    for row in rows:
        if row.text_or("impact") == "maintenance" or row.has("scheduled_for"):
            maintenances[row.text("id")] = _maintenance(row, page_url, drift)
        else:
            incidents[row.text("id")] = _incident(row, page_url, drift)
    return Events(
        incidents=tuple(sorted(incidents.values(), key=lambda one: one.started_at, reverse=True)),
        maintenances=tuple(sorted(maintenances.values(), key=lambda one: one.starts_at, reverse=True)),
    )


def _incident(row: Part, page_url: str | None, drift: Drift) -> VendorIncident:
    told = tuple(row.parts("incident_updates"))
    updates = _updates(row, told, drift)
    phase, words = drift.said(PHASE, row, "status", Phase.UNKNOWN)
    created_at = row.moment_or_none("created_at")
    when = span(
        row.where,
        started=(row.moment_or_none("started_at"), created_at),
        resolved=row.moment_or_none("resolved_at"),
        phase=phase,
        updates=updates,
    )
    stated = "impact_override" if row.text_or("impact_override") else "impact"
    impact, impact_words = drift.said(IMPACT, row, stated, Status.UNKNOWN)
    affected = _affected(row, told)
    return VendorIncident(
        id=row.text("id"),
        title=row.text("name"),
        phase=phase,
        words=words,
        impact=impact,
        impact_words=impact_words,
        started_at=when.started_at,
        published_at=min(_written(told), default=created_at),
        resolved_at=when.resolved_at,
        updated_at=row.moment_or_none("updated_at"),
        updates=updates,
        component_ids=tuple(affected),
        component_names=tuple(affected.values()),
        url=_link(row, page_url),
        oddities=when.oddities,
    )


def _maintenance(row: Part, page_url: str | None, drift: Drift) -> VendorMaintenance:
    told = tuple(row.parts("incident_updates"))
    affected = _affected(row, told)
    starts_at = row.moment_or_none("scheduled_for") or row.moment_or_none("started_at") or row.moment("created_at")
    return VendorMaintenance(
        id=row.text("id"),
        title=row.text("name"),
        phase=_planned(drift.word(PHASE, row, "status", Phase.UNKNOWN)),
        words=row.text_or("status"),
        starts_at=starts_at,
        ends_at=row.moment_or_none("scheduled_until") or row.moment_or_none("resolved_at"),
        updates=_updates(row, told, drift),
        component_ids=tuple(affected),
        component_names=tuple(affected.values()),
        url=_link(row, page_url),
    )


def _planned(phase: Phase) -> Phase:
    """The phase of maintenance that was filed as an incident."""
    if phase is Phase.RESOLVED:
        return Phase.COMPLETED
    return Phase.IN_PROGRESS if phase in (Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.MONITORING) else phase


def _updates(row: Part, told: Iterable[Part], drift: Drift) -> tuple[VendorUpdate, ...]:
    return newest_first(_update(row, one, drift) for one in told)


def _update(row: Part, one: Part, drift: Drift) -> VendorUpdate:
    at = one.moment_or_none("display_at") or one.moment("created_at")
    phase, words = drift.said(PHASE, one, "status", Phase.UNKNOWN)
    return VendorUpdate(
        id=one.text_or("id") or f"{row.text('id')} {at.isoformat()}",
        at=at,
        phase=phase,
        words=words,
        text=one.prose("body"),
    )


def _written(told: Iterable[Part]) -> Iterator[datetime]:
    """When each update was written down, which for one told after the fact is later than what it displays."""
    for one in told:
        if (written_at := one.moment_or_none("created_at")) is not None:
            yield written_at


def _affected(row: Part, told: Iterable[Part]) -> dict[str, str]:
    """The names of the parts that are hit, by id: those joined to it now, and those its updates told of.

    An update keeps the name that a part had then, and prefixes it with its group; the current name wins.
    """
    then = {
        part.text_or("code"): part.text_or("name") for one in told for part in one.parts("affected_components")
    }
    now = {part.text_or("id"): part.text_or("name") for part in row.parts("components")}
    return {key: name for key, name in {**now, **then, **now}.items() if key}


def _link(row: Part, page_url: str | None) -> str | None:
    """Where people read it. A short link is only the second best: they have all changed at once before."""
    if page_url:
        return f"{page_url.rstrip('/')}/incidents/{row.text('id')}"
    return row.link("shortlink")
