"""Reads status pages that Rootly hosts: the public API on the page's own domain.

`/api/v1/status.json` tells the headline and what is open, `/api/v1/incidents.json` lists incidents. Neither speaks
of components, and incidents have no id but the last step of their address. `started` is all that an incident's own
status says while it lasts; how far it has come stands in its updates.
"""

from collections.abc import Mapping

from app.domain.status import Status, worst_of
from app.domain.vendor import (
    Phase,
    VendorIncident,
    VendorMaintenance,
    VendorPage,
    VendorUpdate,
    derived_status,
)
from app.vendors.reader import Document, Reader, Source, Sources
from app.vendors.shape import Drift, Part, load_json, word_form
from app.vendors.story import newest_first, span
from app.vendors.words import IMPACT, PHASE

# There is nothing above `major`: it is a full outage here.
_INDICATORS: Mapping[str, Status] = {**IMPACT, "major": Status.DOWN}
_PHASES: Mapping[str, Phase] = {
    **PHASE,
    "in_triage": Phase.INVESTIGATING,
    "started": Phase.INVESTIGATING,
    "detected": Phase.INVESTIGATING,
    "acknowledged": Phase.INVESTIGATING,
    "mitigated": Phase.MONITORING,
    "closed": Phase.RESOLVED,
    "cancelled": Phase.RESOLVED,
}
_PLANNED = frozenset({"scheduled", "in_progress", "verifying", "completed"})


def _looks_like(document: Document) -> bool:
    head = document.body[:4096]
    return "/api/v1/" in document.url and b'"page"' in head and b'"incidents"' in head


def _parse(document: Document) -> VendorPage:
    root, drift = load_json(document), Drift()
    page = root.at("page")
    name = page.text("name")
    drift.missing(root, "incidents")
    drift.missing(page, "url", "updated_at")
    told_of = tuple(root.parts("incidents"))
    incidents = [_incident(told, drift) for told in told_of if not _is_planned(told)]
    maintenances = [_maintenance(told, drift) for told in told_of if _is_planned(told)]
    indicator = drift.word(_INDICATORS, root.at("status"), "indicator", Status.UNKNOWN)
    return VendorPage(
        kind=READER.kind,
        status=worst_of([indicator, derived_status((), incidents)]),
        words=root.at("status").text_or("description"),
        name=name,
        url=page.link("url"),
        updated_at=page.moment_or_none("updated_at"),
        incidents=tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True)),
        maintenances=tuple(sorted(maintenances, key=lambda planned: planned.starts_at, reverse=True)),
        has_all_components=False,
        has_incidents=root.has("incidents"),
        drift=drift.notes,
    )


def _is_planned(told: Part) -> bool:
    return word_form(told.text_or("status")) in _PLANNED


def _incident(told: Part, drift: Drift) -> VendorIncident:
    updates = _updates(told, drift)
    phase, words = _phase(told, updates, drift)
    when = span(
        told.where,
        started=[told.moment_or_none("started_at")],
        resolved=told.moment_or_none("resolved_at"),
        phase=phase,
        updates=updates,
    )
    return VendorIncident(
        id=_id(told),
        title=told.headline("name") or _id(told),
        phase=phase,
        words=words,
        impact=drift.word(IMPACT, told, "impact", Status.UNKNOWN),
        impact_words=told.text_or("impact"),
        started_at=when.started_at,
        published_at=updates[-1].at if updates else None,
        resolved_at=when.resolved_at,
        updated_at=updates[0].at if updates else None,
        updates=updates,
        url=told.link("url"),
        oddities=when.oddities,
    )


def _phase(told: Part, updates: tuple[VendorUpdate, ...], drift: Drift) -> tuple[Phase, str]:
    stated = drift.word(_PHASES, told, "status", Phase.UNKNOWN)
    if stated.is_over or not updates or updates[0].phase is Phase.UNKNOWN:
        return stated, told.text_or("status")
    return updates[0].phase, updates[0].words


def _maintenance(told: Part, drift: Drift) -> VendorMaintenance:
    return VendorMaintenance(
        id=_id(told),
        title=told.headline("name") or _id(told),
        phase=drift.word(_PHASES, told, "status", Phase.UNKNOWN),
        words=told.text_or("status"),
        starts_at=told.moment("started_at"),
        ends_at=told.moment_or_none("resolved_at"),
        updates=_updates(told, drift),
        url=told.link("url"),
    )


def _updates(told: Part, drift: Drift) -> tuple[VendorUpdate, ...]:
    return newest_first(_update(entry, drift) for entry in told.parts("incident_updates"))


def _update(entry: Part, drift: Drift) -> VendorUpdate:
    at = entry.moment("created_at")
    words = entry.text_or("status")
    return VendorUpdate(
        id=entry.text_or("id") or f"{at.isoformat()} {words}",
        at=at,
        phase=drift.word(_PHASES, entry, "status", Phase.UNKNOWN),
        words=words,
        text=entry.prose("body"),
    )


def _id(told: Part) -> str:
    """An id if there should be one, else the last step of its address, else its name and start."""
    return (
        told.text_or("id")
        or told.text_or("url").rstrip("/").rpartition("/")[2]
        or f"{told.text('name')} {told.text('started_at')}"
    )


def _sources(url: str) -> Sources:
    home = url.partition("/api/v1/")[0].rstrip("/")
    return Sources(
        now=(
            Source(url=f"{home}/api/v1/status.json"),
            Source(url=f"{home}/api/v1/incidents.json?per_page=100", optional=True),
        )
    )


READER = Reader(kind="rootly", looks_like=_looks_like, parse=_parse, sources=_sources)
"""Rootly."""
