"""Reads status pages that Atlassian Statuspage hosts: the documents under `/api/v2`, and `/history.json`.

A page's own indicator understates (four of six parts out partially is "minor" to it), so the status is derived
from parts and open incidents. `incidents.json` ends after fifty; `/history.json` lists three months a page as far
back as the page goes, with times as people read them.
"""

import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

from app.domain.status import Status
from app.domain.vendor import Phase, VendorIncident, VendorPage, derived_status
from app.vendors.reader import Document, Reader, ReadError, ReadErrorKind, Source, Sources
from app.vendors.shape import Drift, Part, load_json
from app.vendors.text import web_address
from app.vendors.times import parse_wall_span
from app.vendors.v2 import read_components, read_events
from app.vendors.words import IMPACT

_KNOWN = ("components", "incidents", "incident", "scheduled_maintenances", "scheduled_maintenance", "status")
_MARKS = (b'"incident_updates"', b'"scheduled_maintenances"', b'"indicator"', b'"time_zone"', b'"months"')
_YEAR = re.compile(r"20\d\d\Z", re.ASCII)
_HISTORY_PAGES = 4
# What it takes to read both ends out of a line, in units of the document's meter.
_WALL_SPAN = 30


def _looks_like(document: Document) -> bool:
    return document.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and any(
        mark in document.body for mark in _MARKS
    )


def _parse(document: Document) -> VendorPage:
    root, drift = load_json(document), Drift()
    if root.has("months"):
        return _history(root, document, drift)
    if not any(root.has(key) for key in _KNOWN):
        raise ReadError(ReadErrorKind.NOT_THIS_FORMAT, "", "tells of no components, incidents or status")
    _note_missing(root, drift)
    page, told = root.at("page"), root.at("status")
    url = page.link("url")
    components = read_components(root.parts("components"), drift)
    has_incidents = root.has("incidents") or root.has("incident")
    events = read_events(_rows(root), url, drift)
    status = derived_status(components, events.incidents)
    if status is Status.UNKNOWN and not components:
        status = _status_without_parts(told, drift, has_incidents=has_incidents)
    return VendorPage(
        kind=READER.kind,
        status=status,
        words=told.text_or("description") or told.text_or("indicator"),
        name=page.text_or("name") or None,
        url=url,
        updated_at=page.moment_or_none("updated_at"),
        components=components,
        incidents=events.incidents,
        maintenances=events.maintenances,
        has_incidents=has_incidents,
        drift=drift.notes,
    )


def _rows(root: Part) -> Iterator[Part]:
    """Every incident and maintenance, whether the document lists them or is about one."""
    yield from chain(root.parts("incidents"), root.parts("scheduled_maintenances"))
    for key in ("incident", "scheduled_maintenance"):
        if root.has(key):
            yield root.at(key)


def _note_missing(root: Part, drift: Drift) -> None:
    drift.missing(root, "page")
    drift.missing(root.at("page"), "id", "name", "url", "updated_at")
    if root.has("status"):
        drift.missing(root.at("status"), "indicator", "description")
        if root.has("components"):
            drift.missing(root, "incidents", "scheduled_maintenances")


def _status_without_parts(told: Part, drift: Drift, *, has_incidents: bool) -> Status:
    """Of a document without components: its indicator where it has one, else up if it lists no open incident."""
    otherwise = Status.UP if has_incidents else Status.UNKNOWN
    return drift.word(IMPACT, told, "indicator", otherwise) if told else otherwise


def _history(root: Part, document: Document, drift: Drift) -> VendorPage:
    """Past incidents from `/history.json`, which tells neither a status nor who was hit."""
    incidents = [
        incident
        for month in root.parts("months")
        for row in month.parts("incidents")
        if (incident := _past_incident(row, month, document, drift)) is not None
    ]
    return VendorPage(
        kind=READER.kind,
        status=Status.UNKNOWN,
        words="",
        incidents=tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True)),
        drift=drift.notes,
    )


def _past_incident(row: Part, month: Part, document: Document, drift: Drift) -> VendorIncident | None:
    """An incident that has both ends; what has one is still open, or was told of once, and has no duration."""
    if row.text_or("impact") == "maintenance":
        return None
    year = month.text("year")
    row.pay(_WALL_SPAN)
    when = parse_wall_span(
        row.headline("timestamp"),
        row.where_of("timestamp"),
        latest=document.read_at,
        year=int(year) if _YEAR.match(year) else None,
    )
    if when is None:
        return None
    started_at, resolved_at = when
    site = urlsplit(document.url)
    return VendorIncident(
        id=row.text("code"),
        title=row.text("name"),
        phase=Phase.RESOLVED,
        words="",
        impact=drift.word(IMPACT, row, "impact", Status.UNKNOWN),
        impact_words=row.text_or("impact"),
        started_at=started_at,
        resolved_at=resolved_at,
        url=web_address(f"{site.scheme}://{site.netloc}/incidents/{row.text('code')}"),
    )


def _sources(url: str) -> Sources:
    base = url.partition("/api/v2")[0].rstrip("/")
    recent = Source(url=f"{base}/api/v2/incidents.json", optional=True)
    past = tuple(
        Source(url=f"{base}/history.json?page={number}", optional=True) for number in range(1, _HISTORY_PAGES + 1)
    )
    return Sources(now=(Source(url=f"{base}/api/v2/summary.json"), recent), history=(recent, *past))


READER = Reader(kind="statuspage", looks_like=_looks_like, parse=_parse, sources=_sources)
"""Atlassian Statuspage."""
