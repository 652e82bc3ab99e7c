"""Reads status pages that Checkly hosts: the JSON behind the page, and the Nuxt page that carries the same.

Below `/api/status-page/<slug>/`, `uptime` holds groups, their services and the events of every day,
`unresolved-incidents` what is open, `maintenance-windows` what is planned. There is no headline and no status of a
service: one is up unless an event of it is not resolved. An event stands under every service and every day that it
touches. Monitors write most of them, so many last less than a minute; none is left out here. The format is
documented nowhere.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

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
from app.vendors.meter import Meter
from app.vendors.reader import Document, Reader, ReadError, ReadErrorKind, Source, Sources
from app.vendors.shape import Drift, Part, load_json
from app.vendors.slots import load_slots, scripts, web_page
from app.vendors.story import newest_first, span
from app.vendors.words import IMPACT, PHASE

_SEVERITIES: Mapping[str, Status] = {**IMPACT, "medium": Status.DEGRADED}
_LISTS = ("metadata", "uptime", "incidents", "active", "upcoming")
_NUXT = re.compile(r"""id\s*=\s*["']?__NUXT_DATA__""")
_LONGEST_S = timedelta(days=3650).total_seconds()


@dataclass(slots=True, kw_only=True)
class _Told:
    """Everything that one document tells of one incident: its fullest record, and the services it hit by id."""

    record: Part
    services: dict[str, str] = field(default_factory=dict)


def _looks_like(document: Document) -> bool:
    body = document.body
    return b"lastUpdateStatus" in body or b'"partialError"' in body


def _parse(document: Document) -> VendorPage:
    page = web_page(document)
    told = load_json(document) if page is None else _embedded(page)
    if not any(told.has(key) for key in _LISTS):
        raise ReadError(ReadErrorKind.NOT_THIS_FORMAT, "", "tells of no services, incidents or windows")
    drift = Drift()
    if told.has("uptime"):
        drift.missing(told, "metadata", "partialError")
    gathered = _gathered(told)
    incidents = [_incident(key, of_it, drift) for key, of_it in gathered.items()]
    components = tuple(_components(told, incidents))
    return VendorPage(
        kind=READER.kind,
        status=derived_status(components, incidents),
        words="",
        components=components,
        incidents=tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True)),
        maintenances=tuple(_maintenances(told)),
        has_all_components=told.has("uptime") and not told.flag("partialError"),
        has_incidents=told.has("uptime") or told.has("incidents"),
        drift=drift.notes,
    )


def _embedded(page: str) -> Part:
    """What the page loaded, whatever it calls its requests: all lists of the kinds that the JSON has."""
    written = next((text for attributes, text in scripts(page) if _NUXT.search(attributes)), None)
    if written is None:
        raise ReadError(ReadErrorKind.HTML_INSTEAD, "", "a web page without the data of a status page")
    found: dict[str, Any] = {}
    for value in load_slots(written):
        for key in _LISTS if isinstance(value, dict) else ():
            if isinstance(value.get(key), list) and not found.get(key):
                found[key] = value[key]
    return Part(found, meter=Meter(len(page)))


def _components(told: Part, incidents: list[VendorIncident]) -> Iterator[VendorComponent]:
    worst: dict[str, VendorIncident] = {}
    for incident in incidents:
        for service_id in incident.component_ids if incident.is_open else ():
            known = worst.get(service_id)
            if known is None or severity(incident.impact) > severity(known.impact):
                worst[service_id] = incident
    for group in told.parts("uptime"):
        for service in group.parts("services"):
            hit = worst.get(service.text("id"))
            yield VendorComponent(
                id=service.text("id"),
                name=service.text("name"),
                status=Status.UP if hit is None else hit.impact,
                words="" if hit is None else hit.impact_words,
                group=group.text_or("name") or None,
            )


def _gathered(told: Part) -> dict[str, _Told]:
    """Every incident by its id: from what is open, which says the most, then from the days of every service."""
    found: dict[str, _Told] = {}
    for record in told.parts("incidents"):
        of_it = found.setdefault(record.text("id"), _Told(record=record))
        of_it.services.update((each.text("id"), each.text_or("name")) for each in record.parts("services"))
    for group in told.parts("uptime"):
        for service in group.parts("services"):
            for day in service.parts("days"):
                for event in day.parts("events"):
                    of_it = found.setdefault(event.text("id"), _Told(record=event))
                    of_it.services[service.text("id")] = service.text_or("name")
    return found


def _incident(incident_id: str, of_it: _Told, drift: Drift) -> VendorIncident:
    record = of_it.record
    updates = newest_first(_update(row, drift) for row in record.parts("incidentUpdates"))
    phase = drift.word(PHASE, record, "lastUpdateStatus", Phase.UNKNOWN)
    created_at = record.moment("created_at")
    duration_s = record.at("duration").value
    is_timed = type(duration_s) in (int, float) and 0 <= duration_s <= _LONGEST_S
    ended_at = created_at + timedelta(seconds=duration_s) if is_timed and phase.is_over else None
    when = span(record.where, started=[created_at], resolved=ended_at, phase=phase, updates=updates)
    return VendorIncident(
        id=incident_id,
        title=record.text("name"),
        phase=phase,
        words=record.text_or("lastUpdateStatus"),
        impact=drift.word(_SEVERITIES, record, "severity", Status.UNKNOWN),
        impact_words=record.text_or("severity"),
        started_at=when.started_at,
        published_at=created_at,
        resolved_at=when.resolved_at,
        updated_at=record.moment_or_none("updated_at"),
        updates=updates,
        component_ids=tuple(of_it.services),
        component_names=tuple(of_it.services.values()),
        oddities=when.oddities,
    )


def _update(row: Part, drift: Drift) -> VendorUpdate:
    at, words = row.moment("created_at"), row.text_or("status")
    return VendorUpdate(
        id=row.text_or("id") or f"{at.isoformat()} {words}",
        at=at,
        phase=drift.word(PHASE, row, "status", Phase.UNKNOWN),
        words=words,
        text=row.prose("description"),
    )


def _maintenances(told: Part) -> Iterator[VendorMaintenance]:
    for key, phase in (("active", Phase.IN_PROGRESS), ("upcoming", Phase.SCHEDULED)):
        for window in told.parts(key):
            yield VendorMaintenance(
                id=window.text("id"),
                title=window.text("name"),
                phase=phase,
                words=key,
                starts_at=window.moment("startsAt"),
                ends_at=window.moment_or_none("endsAt"),
            )


def _sources(url: str) -> Sources:
    """The JSON where the address names the slug of the page, which its own address does not; else the page."""
    home, found, rest = url.partition("/api/status-page/")
    if not found:
        return Sources(now=(Source(url=url),))
    base = f"{home}{found}{rest.partition('/')[0]}"
    return Sources(
        now=(
            Source(url=f"{base}/uptime"),
            Source(url=f"{base}/unresolved-incidents", optional=True),
            Source(url=f"{base}/maintenance-windows", optional=True),
        )
    )


READER = Reader(kind="checkly", looks_like=_looks_like, parse=_parse, sources=_sources)
"""Checkly, as Mistral used it."""
