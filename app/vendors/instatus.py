"""Reads status pages that Instatus hosts: `/summary.json`, and `/v2/components.json` beside it.

The summary leaves out the lists that are empty, gives incidents neither parts nor (on some pages) an id, prints
times as JavaScript does, and tells a maintenance's length in minutes instead of its end. It offers no history.
"""

import re
from collections.abc import Mapping
from datetime import timedelta

from app.domain.status import Status, worst_of
from app.domain.vendor import (
    Phase,
    VendorComponent,
    VendorIncident,
    VendorMaintenance,
    VendorPage,
    derived_status,
)
from app.vendors.reader import Document, Reader, ReadError, ReadErrorKind, Source, Sources
from app.vendors.shape import Drift, Part, load_json
from app.vendors.story import span

_PAGE: Mapping[str, Status] = {
    "up": Status.UP,
    "hasissues": Status.DEGRADED,
    "undermaintenance": Status.MAINTENANCE,
    "someundermaintenance": Status.MAINTENANCE,
    "allundermaintenance": Status.MAINTENANCE,
}
_COMPONENT: Mapping[str, Status] = {
    "operational": Status.UP,
    "degradedperformance": Status.DEGRADED,
    "minoroutage": Status.DEGRADED,
    "partialoutage": Status.DEGRADED,
    "majoroutage": Status.DOWN,
    "undermaintenance": Status.MAINTENANCE,
}
_PHASE: Mapping[str, Phase] = {
    "investigating": Phase.INVESTIGATING,
    "identified": Phase.IDENTIFIED,
    "monitoring": Phase.MONITORING,
    "resolved": Phase.RESOLVED,
    "notstartedyet": Phase.SCHEDULED,
    "inprogress": Phase.IN_PROGRESS,
    "verifying": Phase.IN_PROGRESS,
    "completed": Phase.COMPLETED,
}
_MARK = re.compile(
    rb'"status"\s*:\s*"(?:UP|HASISSUES|[A-Z]*UNDERMAINTENANCE|OPERATIONAL|[A-Z]+OUTAGE|DEGRADEDPERFORMANCE)"'
)
_LONGEST_MINUTES = 5 * 366 * 24 * 60


def _looks_like(document: Document) -> bool:
    return _MARK.search(document.body) is not None and (
        b'"page"' in document.body or b'"components"' in document.body
    )


def _parse(document: Document) -> VendorPage:
    root, drift = load_json(document), Drift()
    if root.has("page"):
        return _summary(root, drift)
    if root.has("components"):
        return _components(root, drift)
    raise ReadError(ReadErrorKind.NOT_THIS_FORMAT, "", "neither a page nor components")


def _summary(root: Part, drift: Drift) -> VendorPage:
    page = root.at("page")
    drift.missing(page, "name", "url", "status")
    incidents = tuple(_incident(row, drift) for row in root.parts("activeIncidents"))
    said = drift.word(_PAGE, page, "status", Status.UNKNOWN)
    return VendorPage(
        kind=READER.kind,
        status=worst_of((said, derived_status((), incidents))),
        words=page.text_or("status"),
        name=page.text_or("name") or None,
        url=page.link("url"),
        incidents=tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True)),
        maintenances=tuple(_maintenance(row, drift) for row in root.parts("activeMaintenances")),
        drift=drift.notes,
    )


def _components(root: Part, drift: Drift) -> VendorPage:
    components = tuple(
        VendorComponent(
            id=row.text("id"),
            name=row.text("name"),
            status=drift.word(_COMPONENT, row, "status", Status.UNKNOWN),
            words=row.text_or("status"),
            group=_group(row),
        )
        for row in root.parts("components")
        if not row.flag("isParent")
    )
    return VendorPage(
        kind=READER.kind,
        status=derived_status(components, ()),
        words="",
        components=components,
        has_incidents=False,
        drift=drift.notes,
    )


def _group(row: Part) -> str | None:
    """The name of its group, which some pages give as an object and older ones as text."""
    group = row.at("group")
    return (group.text_or() or (group.text_or("name") if isinstance(group.value, dict) else "")) or None


def _incident(row: Part, drift: Drift) -> VendorIncident:
    phase = drift.word(_PHASE, row, "status", Phase.UNKNOWN)
    when = span(
        row.where,
        started=(row.moment_or_none("started"),),
        resolved=row.moment_or_none("resolved"),
        phase=phase,
        updates=(),
    )
    return VendorIncident(
        id=_id(row, "started"),
        title=row.text("name"),
        phase=phase,
        words=row.text_or("status"),
        impact=drift.word(_COMPONENT, row, "impact", Status.UNKNOWN),
        impact_words=row.text_or("impact"),
        started_at=when.started_at,
        resolved_at=when.resolved_at,
        updated_at=row.moment_or_none("updatedAt"),
        url=row.link("url"),
        oddities=when.oddities,
    )


def _maintenance(row: Part, drift: Drift) -> VendorMaintenance:
    starts_at = row.moment("start")
    minutes = _minutes(row, drift)
    return VendorMaintenance(
        id=_id(row, "start"),
        title=row.text("name"),
        phase=drift.word(_PHASE, row, "status", Phase.UNKNOWN),
        words=row.text_or("status"),
        starts_at=starts_at,
        ends_at=None if minutes is None else starts_at + timedelta(minutes=minutes),
        url=row.link("url"),
    )


def _minutes(row: Part, drift: Drift) -> float | None:
    """A length in minutes, which is a number on some pages and text on others."""
    told = row.at("duration").value
    if told is None or told == "":
        return None
    try:
        minutes = -1.0 if isinstance(told, bool | dict | list) else float(told)
    except (ValueError, OverflowError):
        minutes = -1.0
    if 0 <= minutes <= _LONGEST_MINUTES:
        return minutes
    drift.note("activeMaintenances[].duration: no length in minutes")
    return None


def _id(row: Part, when: str) -> str:
    """Its id, else the last step of its link, else what it is called and since when."""
    link = row.text_or("url").rstrip("/").rpartition("/")[2]
    return row.text_or("id") or link or f"{row.text('name')} {row.moment(when).isoformat()}"


def _sources(url: str) -> Sources:
    base = url.partition("/summary.json")[0].rstrip("/")
    return Sources(
        now=(Source(url=f"{base}/summary.json"), Source(url=f"{base}/v2/components.json", optional=True))
    )


READER = Reader(kind="instatus", looks_like=_looks_like, parse=_parse, sources=_sources)
"""Instatus."""
