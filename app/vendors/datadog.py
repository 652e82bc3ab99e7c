"""Reads Datadog status pages: the page's `config.json`.

Components and groups of components are mixed, to any depth, and a group has no status of its own. An incident's
`componentsAffected` is what its components are now, so how bad it was stands only in its timeline. Incidents are
often filed days later: `startedAt` is when a thing happened, `createdAt` when it was written down.
"""

from collections.abc import Iterator, Mapping

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
from app.vendors.reader import Document, Reader, ReadError, ReadErrorKind, Source, Sources
from app.vendors.shape import Drift, Part, load_json
from app.vendors.story import newest_first, span
from app.vendors.words import COMPONENT, PHASE

_PHASES: Mapping[str, Phase] = {**PHASE, "canceled": Phase.COMPLETED}
_DEEPEST = 16


def _looks_like(document: Document) -> bool:
    body = document.body
    return b'"ComponentGroup"' in body or (b'"componentsAffected"' in body and b'"domainPrefix"' in body)


def _parse(document: Document) -> VendorPage:
    root, drift = load_json(document), Drift()
    root.text("id")  # without it this is no page of theirs
    drift.missing(root, "components", "incidents", "maintenances")
    components = tuple(_components(root, None, drift, 0))
    incidents = [_incident(told, drift) for told in root.parts("incidents") if not told.has("deletedAt")]
    maintenances = [_maintenance(told, drift) for told in root.parts("maintenances") if not told.has("deletedAt")]
    return VendorPage(
        kind=READER.kind,
        status=derived_status(components, incidents),
        words="",
        name=root.text_or("name") or None,
        url=root.link("pageUrl"),
        components=components,
        incidents=tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True)),
        maintenances=tuple(sorted(maintenances, key=lambda planned: planned.starts_at, reverse=True)),
        has_incidents=root.has("incidents"),
        drift=drift.notes,
    )


def _components(home: Part, group: str | None, drift: Drift, depth: int) -> Iterator[VendorComponent]:
    if depth > _DEEPEST:
        raise ReadError(ReadErrorKind.TOO_DEEP, home.where, f"groups within groups, {depth} deep")
    for told in home.parts("components"):
        if told.text_or("type") == "ComponentGroup" or told.has("components"):
            yield from _components(told, told.text("name"), drift, depth + 1)
            continue
        yield VendorComponent(
            id=told.text("id"),
            name=told.text("name"),
            status=drift.word(COMPONENT, told, "status", Status.UNKNOWN),
            words=told.text_or("status"),
            group=group,
        )


def _incident(told: Part, drift: Drift) -> VendorIncident:
    timeline = tuple(told.parts("timeline"))
    updates = newest_first(_update(entry, drift) for entry in timeline)
    phase = drift.word(_PHASES, told, "currentStatus", Phase.UNKNOWN)
    when = span(
        told.where,
        started=[told.moment_or_none("publishedDate")],
        resolved=told.moment_or_none("resolvedDate"),
        phase=phase,
        updates=updates,
    )
    impact, impact_words = _worst([told, *timeline], drift)
    filed = [at for entry in timeline if (at := entry.moment_or_none("createdAt")) is not None]
    affected = _affected([told, *timeline])
    return VendorIncident(
        id=told.text("id"),
        title=told.text("title"),
        phase=phase,
        words=told.text_or("currentStatus"),
        impact=impact,
        impact_words=impact_words,
        started_at=when.started_at,
        published_at=min(filed, default=None),
        resolved_at=when.resolved_at,
        updated_at=told.moment_or_none("lastModifiedAt"),
        updates=updates,
        component_ids=tuple(affected),
        component_names=tuple(affected.values()),
        oddities=when.oddities,
    )


def _maintenance(told: Part, drift: Drift) -> VendorMaintenance:
    timeline = tuple(told.parts("timeline"))
    updates = newest_first(_update(entry, drift) for entry in timeline)
    claims = [told.moment_or_none("startDate"), told.moment_or_none("publishedDate")]
    starts_at = next((claim for claim in claims if claim is not None), None)
    affected = _affected([told])
    return VendorMaintenance(
        id=told.text("id"),
        title=told.text("title"),
        phase=drift.word(_PHASES, told, "currentStatus", Phase.UNKNOWN),
        words=told.text_or("currentStatus"),
        starts_at=starts_at or told.moment("startDate"),
        ends_at=told.moment_or_none("completedDate"),
        updates=updates,
        component_ids=tuple(affected),
        component_names=tuple(affected.values()),
    )


def _update(entry: Part, drift: Drift) -> VendorUpdate:
    return VendorUpdate(
        id=entry.text("id"),
        at=entry.moment_or_none("startedAt") or entry.moment("createdAt"),
        phase=drift.word(_PHASES, entry, "status", Phase.UNKNOWN),
        words=entry.text_or("status"),
        text=entry.prose("description"),
    )


def _worst(tellings: list[Part], drift: Drift) -> tuple[Status, str]:
    """The worst that was ever told of a component, and the vendor's word for it; unknown where none is told of."""
    said = [
        (drift.word(COMPONENT, affected, "status", Status.UNKNOWN), affected.text_or("status"))
        for told in tellings
        for affected in told.parts("componentsAffected")
    ]
    return max(said, key=lambda pair: severity(pair[0]), default=(Status.UNKNOWN, ""))


def _affected(tellings: list[Part]) -> dict[str, str]:
    return {
        affected.text("id"): affected.text_or("name")
        for told in tellings
        for affected in told.parts("componentsAffected")
    }


def _sources(url: str) -> Sources:
    return Sources(now=(Source(url=url if url.endswith(".json") else f"{url.rstrip('/')}/config.json"),))


READER = Reader(kind="datadog", looks_like=_looks_like, parse=_parse, sources=_sources)
"""Datadog Status Pages."""
