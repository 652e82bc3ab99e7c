"""The language incident.io's own pages read: `/proxy/<host>`, its history, and what is scraped from the page.

It lists every part and, apart, those that are affected: what is not among them is operational. Only where a
document has no such list at all (a page scraped before its data came) nothing is known of them.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from app.domain.status import Status, severity
from app.domain.vendor import (
    Phase,
    VendorComponent,
    VendorIncident,
    VendorMaintenance,
    VendorPage,
    VendorUpdate,
    derived_status,
)
from app.vendors.shape import Drift, Part
from app.vendors.story import newest_first, span
from app.vendors.words import COMPONENT, PHASE

_BADNESS = ("operational", "under_maintenance", "degraded_performance", "partial_outage", "full_outage")
_TELLING = ("affected_components", "ongoing_incidents", "structure")


def read_native(summary: Part, kind: str, drift: Drift) -> VendorPage:
    """The page as it is now: `summary` of `/proxy/<host>`, or the same as scraped from the page."""
    is_telling = any(summary.has(key) for key in _TELLING)
    if is_telling:
        drift.missing(summary, "name", "components", "ongoing_incidents", "structure")
    url = summary.link("public_url") or summary.link("url")
    components = _native_components(summary, drift, unlisted=Status.UP if is_telling else Status.UNKNOWN)
    names = {component.id: component.name for component in components}
    rows = tuple(chain(summary.parts("ongoing_incidents"), summary.parts("scheduled_maintenances")))
    incidents = _newest(_native_incident(row, names, url, drift) for row in rows if not _is_planned(row))
    return VendorPage(
        kind=kind,
        status=derived_status(components, incidents),
        words="",
        name=summary.text_or("name") or None,
        url=url,
        components=components,
        incidents=incidents,
        maintenances=tuple(_native_maintenance(row, names, url, drift) for row in rows if _is_planned(row)),
        has_incidents=is_telling,
        drift=drift.notes,
    )


def read_native_history(root: Part, kind: str, drift: Drift) -> VendorPage:
    """Incidents of a time: `/proxy/<host>/incidents`, or one of them. It knows the parts by their ids alone."""
    rows = (root.at("incident"),) if root.has("incident") else tuple(root.parts("incidents"))
    incidents = _newest(_native_incident(row, {}, None, drift) for row in rows if not _is_planned(row))
    status = derived_status((), incidents)
    return VendorPage(
        kind=kind,
        status=Status.UP if status is Status.UNKNOWN else status,
        words="",
        incidents=incidents,
        maintenances=tuple(_native_maintenance(row, {}, None, drift) for row in rows if _is_planned(row)),
        drift=drift.notes,
    )


def _native_components(summary: Part, drift: Drift, *, unlisted: Status) -> tuple[VendorComponent, ...]:
    """Every part of the page that is not hidden; one that is not among the affected has the status `unlisted`."""
    affected = {part.text("component_id"): part for part in summary.parts("affected_components")}
    groups, hidden = _structure(summary)
    return tuple(
        _native_component(row, affected.get(row.text("id")), groups.get(row.text("id")), unlisted, drift)
        for row in summary.parts("components")
        if row.text("id") not in hidden
    )


def _native_component(
    row: Part, affected: Part | None, group: str | None, unlisted: Status, drift: Drift
) -> VendorComponent:
    status, words = unlisted, "operational" if unlisted is Status.UP else ""
    if affected is not None:
        status, words = drift.word(COMPONENT, affected, "status", Status.UNKNOWN), affected.text_or("status")
    return VendorComponent(id=row.text("id"), name=row.text("name"), status=status, words=words, group=group)


def _structure(summary: Part) -> tuple[dict[str, str], set[str]]:
    """Which group each part stands in, and which are hidden."""
    groups: dict[str, str] = {}
    hidden: set[str] = set()
    for item in summary.at("structure").parts("items"):
        group = item.at("group")
        placed = group.parts("components") if group else iter((item.at("component"),))
        for row in placed:
            key = row.text_or("component_id")
            if group.text_or("name"):
                groups[key] = group.text_or("name")
            if row.flag("hidden") or group.flag("hidden"):
                hidden.add(key)
    return groups, hidden


def _is_planned(row: Part) -> bool:
    return row.text_or("type") == "maintenance" or row.text_or("status").startswith("maintenance_")


def _native_incident(row: Part, names: Mapping[str, str], url: str | None, drift: Drift) -> VendorIncident:
    updates = _native_updates(row, drift)
    phase = drift.word(PHASE, row, "status", Phase.UNKNOWN)
    published_at = row.moment_or_none("published_at")
    starts = [impact.moment_or_none("start_at") for impact in row.parts("component_impacts")]
    when = span(row.where, started=(published_at, *starts), resolved=None, phase=phase, updates=updates)
    impact, impact_words = _worst_impact(row, drift)
    affected = _affected(row)
    return VendorIncident(
        id=row.text("id"),
        title=row.text("name"),
        phase=phase,
        words=row.text_or("status"),
        impact=impact,
        impact_words=impact_words,
        started_at=when.started_at,
        published_at=published_at,
        resolved_at=when.resolved_at,
        updated_at=max((update.at for update in updates), default=published_at),
        updates=updates,
        component_ids=affected,
        component_names=tuple(names[key] for key in affected if key in names),
        url=_link(row, url),
        oddities=when.oddities,
    )


def _native_maintenance(row: Part, names: Mapping[str, str], url: str | None, drift: Drift) -> VendorMaintenance:
    """Its window is where its impacts are planned; what was published is only the announcement."""
    impacts = tuple(row.parts("component_impacts")) or tuple(row.parts("status_summaries"))
    starts = [at for impact in impacts if (at := impact.moment_or_none("start_at"))]
    ends = [at for impact in impacts if (at := impact.moment_or_none("end_at"))]
    affected = _affected(row)
    return VendorMaintenance(
        id=row.text("id"),
        title=row.text("name"),
        phase=drift.word(PHASE, row, "status", Phase.UNKNOWN),
        words=row.text_or("status"),
        starts_at=min(starts) if starts else row.moment("published_at"),
        ends_at=max(ends, default=None),
        updates=_native_updates(row, drift),
        component_ids=affected,
        component_names=tuple(names[key] for key in affected if key in names),
        url=_link(row, url),
    )


def _native_updates(row: Part, drift: Drift) -> tuple[VendorUpdate, ...]:
    return newest_first(_native_update(row, told, drift) for told in row.parts("updates"))


def _native_update(row: Part, told: Part, drift: Drift) -> VendorUpdate:
    at = told.moment("published_at")
    return VendorUpdate(
        id=told.text_or("id") or f"{row.text('id')} {at.isoformat()}",
        at=at,
        phase=drift.word(PHASE, told, "to_status", Phase.UNKNOWN),
        words=told.text_or("to_status"),
        text=told.prose("message_string"),
    )


def _affected(row: Part) -> tuple[str, ...]:
    """The parts that were ever hit: an incident that is over has no affected ones any more, but its impacts."""
    told = chain(row.parts("affected_components"), row.parts("component_impacts"))
    return tuple(dict.fromkeys(key for part in told if (key := part.text_or("component_id"))))


def _worst_impact(row: Part, drift: Drift) -> tuple[Status, str]:
    """The worst that any part had of it, and the vendor's word for that."""
    told = chain(row.parts("component_impacts"), row.parts("affected_components"))
    said = [(drift.word(COMPONENT, part, "status", Status.UNKNOWN), part.text_or("status")) for part in told]
    said += [
        (
            drift.word(COMPONENT, part, "worst_component_status", Status.UNKNOWN),
            part.text_or("worst_component_status"),
        )
        for part in row.parts("status_summaries")
    ]
    return max(said, key=_badness, default=(Status.UNKNOWN, ""))


def _badness(said: tuple[Status, str]) -> tuple[int, int]:
    """How bad a status is, and among those that are the same to us, its word."""
    status, words = said
    return severity(status), _BADNESS.index(words) if words in _BADNESS else -1


def _newest(incidents: Iterator[VendorIncident]) -> tuple[VendorIncident, ...]:
    return tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True))


def _link(row: Part, url: str | None) -> str | None:
    return f"{url.rstrip('/')}/incidents/{row.text('id')}" if url else None
