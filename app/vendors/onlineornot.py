"""Reads status pages that OnlineOrNot hosts: the public summary, and the data within the page itself.

The summary (`api.onlineornot.com/v1/status_pages/<host>/summary`) tells how the components are and lists what is
open, without a word of what was said. The page carries more in its React Router stream: the updates, the incidents
of two weeks, and for every component those of three months. That part is documented nowhere and may change on any
day; the summary stands without it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

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
from app.vendors.words import COMPONENT, IMPACT, PHASE

_IMPACTS: Mapping[str, Status] = {**IMPACT, **COMPONENT, "no_impact": Status.UP}
_ENQUEUE = "streamController.enqueue("
_API = "https://api.onlineornot.com/v1/status_pages"
_HOSTED = ".onlineornot.com"


@dataclass(slots=True, kw_only=True)
class _Told:
    """Everything that one document tells of one incident: its fullest record, its impacts, and whom it hit."""

    record: Part
    impacts: list[Part] = field(default_factory=list)
    components: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What every entry is read in the light of."""

    read_at: datetime
    drift: Drift


def _looks_like(document: Document) -> bool:
    body = document.body
    return (b'"status_page"' in body[:4096] and b'"active_incidents"' in body) or (
        b"__reactRouterContext" in body and b"scheduledMaintenance" in body
    )


def _parse(document: Document) -> VendorPage:
    page = web_page(document)
    told = _summary(document) if page is None else _embedded(page)
    drift = Drift()
    context = _Context(read_at=document.read_at, drift=drift)
    for name in ("components", "activeIncidents", "scheduledMaintenance"):
        drift.missing(told, _spelled(told, name))
    incidents = [_incident(key, of_it, context) for key, of_it in _gathered(told).items()]
    components = tuple(_components(told, drift))
    planned = told.parts(_spelled(told, "scheduledMaintenance"))
    about = told.at(_spelled(told, "statusPage"))
    return VendorPage(
        kind=READER.kind,
        status=derived_status(components, incidents),
        words=told.at("status").text_or("description"),
        name=about.text_or("name") or None,
        url=_url(about),
        components=components,
        incidents=tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True)),
        maintenances=tuple(_maintenance(row, context) for row in planned),
        has_incidents=told.has(_spelled(told, "activeIncidents")),
        drift=drift.notes,
    )


def _summary(document: Document) -> Part:
    root = load_json(document)
    if not root.has("result"):
        raise ReadError(ReadErrorKind.MISSING_FIELD, "result", "missing")
    return root.at("result")


def _embedded(page: str) -> Part:
    """What the routes of the page loaded, as one object."""
    stream = "".join(chunk for _, script in scripts(page) for chunk in _chunks(script))
    if not stream:
        raise ReadError(ReadErrorKind.HTML_INSTEAD, "", "a web page without the data of a status page")
    loaded: dict[str, Any] = {}
    root = Part(load_slots(stream.partition("\n")[0])[0], meter=Meter(len(page)))
    for _, route in root.pairs("loaderData"):
        loaded.update((name, each.value) for name, each in route.pairs("result"))
    return Part(loaded, meter=root.meter)


def _chunks(script: str) -> Iterator[str]:
    """The pieces of the stream, each a string literal; the first that is none ends the reading."""
    at = script.find(_ENQUEUE)
    while at >= 0:
        try:
            chunk, at = json.JSONDecoder().raw_decode(script, at + len(_ENQUEUE))
        except (ValueError, RecursionError):
            return
        if isinstance(chunk, str):
            yield chunk
        at = script.find(_ENQUEUE, at)


def _spelled(told: Part, name: str) -> str:
    """A field's name as this document spells it: the summary writes `active_incidents`."""
    return (
        name
        if told.has(name)
        else "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    )


def _url(page: Part) -> str | None:
    domain = page.text_or(_spelled(page, "customDomain")).removeprefix("https://").strip("/")
    if not domain and page.text_or("subdomain"):
        domain = page.text_or("subdomain") + _HOSTED
    return f"https://{domain}" if domain else None


def _components(told: Part, drift: Drift) -> Iterator[VendorComponent]:
    """From the list of them, or from the bars where an older page has no such list."""
    listed, names = told.parts("components"), ("id", "name", "status")
    if not told.has("components"):
        listed, names = told.parts("uptime"), ("componentId", "componentName", "componentStatus")
    for row in listed:
        yield VendorComponent(
            id=row.text(names[0]),
            name=row.text(names[1]),
            status=drift.word(COMPONENT, row, names[2], Status.UNKNOWN),
            words=row.text_or(names[2]),
        )


def _gathered(told: Part) -> dict[str, _Told]:
    """Every incident that is told of anywhere, by its id; what is open comes first, then days, then bars."""
    found: dict[str, _Told] = {}
    for row in told.parts(_spelled(told, "activeIncidents")):
        found.setdefault(row.text("id"), _Told(record=row)).impacts.append(row)
    for _, day in told.pairs("incidents"):
        for row in day.parts():
            found.setdefault(row.text("id"), _Told(record=row))
    for bar in told.parts("uptime"):
        for day in bar.at("data").parts("incidents"):
            for row in day.parts("incidentData"):
                of_it = found.setdefault(row.text("incidentId"), _Told(record=row))
                of_it.impacts.append(row)
                of_it.components[bar.text("componentId")] = bar.text_or("componentName")
    return found


def _incident(incident_id: str, of_it: _Told, context: _Context) -> VendorIncident:
    record, drift = of_it.record, context.drift
    updates = _updates(record, context)
    ended_at = record.moment_or_none("ended")
    phase = Phase.RESOLVED if ended_at else updates[0].phase if updates else Phase.UNKNOWN
    written = [at for row in record.parts("updates") if (at := row.moment_or_none("createdAt")) is not None]
    created_at = record.moment_or_none("created_at")
    when = span(
        record.where,
        started=[record.moment_or_none("started"), created_at],
        resolved=ended_at,
        phase=phase,
        updates=updates,
    )
    said = [(drift.word(_IMPACTS, row, "impact", Status.UNKNOWN), row.text_or("impact")) for row in of_it.impacts]
    impact, impact_words = max(said, key=lambda pair: severity(pair[0]), default=(Status.UNKNOWN, ""))
    return VendorIncident(
        id=incident_id,
        title=record.text("title"),
        phase=phase,
        words=updates[0].words if updates else "",
        impact=impact,
        impact_words=impact_words,
        started_at=when.started_at,
        published_at=min(written, default=created_at),
        resolved_at=when.resolved_at,
        updated_at=record.moment_or_none("updated_at") or (updates[0].at if updates else None),
        updates=updates,
        component_ids=tuple(of_it.components),
        component_names=tuple(of_it.components.values()),
        oddities=when.oddities,
    )


def _updates(record: Part, context: _Context) -> tuple[VendorUpdate, ...]:
    return newest_first(_update(row, context) for row in record.parts("updates"))


def _update(row: Part, context: _Context) -> VendorUpdate:
    at, words = row.moment_or_none("dateHappened") or row.moment("createdAt"), row.text_or("status")
    return VendorUpdate(
        id=f"{at.isoformat()} {words}",
        at=at,
        phase=context.drift.word(PHASE, row, "status", Phase.UNKNOWN),
        words=words,
        text=row.prose("description"),
    )


def _maintenance(row: Part, context: _Context) -> VendorMaintenance:
    starts_at, ends_at = row.moment("started"), row.moment_or_none("ended")
    if ends_at is not None and ends_at <= context.read_at:
        phase = Phase.COMPLETED
    else:
        phase = Phase.SCHEDULED if starts_at > context.read_at else Phase.IN_PROGRESS
    return VendorMaintenance(
        id=row.text("id"),
        title=row.text("title"),
        phase=phase,
        words=row.text_or("status"),
        starts_at=starts_at,
        ends_at=ends_at,
        updates=_updates(row, context),
    )


def _sources(url: str) -> Sources:
    """The page first, which says more, but need not be readable."""
    site = urlsplit(url)
    if "/status_pages/" in site.path:
        return Sources(now=(Source(url=url),))
    name = site.netloc.removesuffix(_HOSTED)
    return Sources(now=(Source(url=url, optional=True), Source(url=f"{_API}/{name}/summary")))


READER = Reader(kind="onlineornot", looks_like=_looks_like, parse=_parse, sources=_sources)
"""OnlineOrNot."""
