"""Reads status.io pages: the public status API, `https://api.status.io/1.0/status/<page id>`.

Everything is a number with a word beside it, and the numbers are what counts: 100 to 600 for a status, 100 to 400
for the state of a message, which means one thing in an incident and another in a maintenance. A component runs in
containers (regions), each with a status of its own. Only what is open or to come is listed.
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

_STATUSES: Mapping[str, Status] = {
    "100": Status.UP,
    "200": Status.MAINTENANCE,
    "300": Status.DEGRADED,
    "400": Status.DEGRADED,
    "500": Status.DOWN,
    # A security event says nothing of whether the thing works, and yet it is no ordinary day.
    "600": Status.DEGRADED,
}
_STATUS_WORDS: Mapping[str, str] = {
    "100": "Operational",
    "200": "Planned Maintenance",
    "300": "Degraded Performance",
    "400": "Partial Service Disruption",
    "500": "Service Disruption",
    "600": "Security Event",
}
_INCIDENT_STATES: Mapping[str, Phase] = {
    "100": Phase.INVESTIGATING,
    "200": Phase.IDENTIFIED,
    "300": Phase.MONITORING,
    "400": Phase.RESOLVED,
}
_MAINTENANCE_STATES: Mapping[str, Phase] = {
    "100": Phase.SCHEDULED,
    "200": Phase.IN_PROGRESS,
    "300": Phase.COMPLETED,
}


def _looks_like(document: Document) -> bool:
    return b'"status_overall"' in document.body[:2048]


def _parse(document: Document) -> VendorPage:
    root, drift = load_json(document), Drift()
    result = root.at("result")
    if not result:
        raise ReadError(ReadErrorKind.MISSING_FIELD, "result", "missing")
    drift.missing(result, "status_overall", "status", "incidents", "maintenance")
    components = tuple(_components(result, drift))
    incidents = [_incident(told, drift) for told in result.parts("incidents")]
    # A component already weighs its containers: one region out is a partial disruption.
    whole = [component for component in components if component.group is None]
    overall = result.at("status_overall")
    return VendorPage(
        kind=READER.kind,
        status=derived_status(whole, incidents),
        words=overall.text_or("status"),
        updated_at=overall.moment_or_none("updated"),
        components=components,
        incidents=tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True)),
        maintenances=tuple(_maintenances(result.at("maintenance"), drift)),
        has_incidents=result.has("incidents"),
        drift=drift.notes,
    )


def _components(result: Part, drift: Drift) -> Iterator[VendorComponent]:
    for told in result.parts("status"):
        component = _component(told, None, drift)
        yield component
        for container in told.parts("containers"):
            yield _component(container, component, drift)


def _component(told: Part, home: VendorComponent | None, drift: Drift) -> VendorComponent:
    return VendorComponent(
        id=told.text("id") if home is None else f"{home.id}/{told.text('id')}",
        name=told.text("name"),
        status=drift.word(_STATUSES, told, "status_code", Status.UNKNOWN),
        words=told.text_or("status") or told.text_or("status_code"),
        group=None if home is None else home.name,
    )


def _incident(told: Part, drift: Drift) -> VendorIncident:
    updates = _updates(told, _INCIDENT_STATES, drift)
    phase = updates[0].phase if updates else Phase.UNKNOWN
    opened_at = told.moment_or_none("datetime_open")
    when = span(told.where, started=[opened_at], resolved=None, phase=phase, updates=updates)
    said = [
        (drift.word(_STATUSES, message, "status", Status.UNKNOWN), message.text_or("status"))
        for message in told.parts("messages")
    ]
    impact, code = max(said, key=lambda pair: severity(pair[0]), default=(Status.UNKNOWN, ""))
    affected = _affected(told)
    return VendorIncident(
        id=_id(told),
        title=told.text("name"),
        phase=phase,
        words=updates[0].words if updates else "",
        impact=impact,
        impact_words=_STATUS_WORDS.get(code, code),
        started_at=when.started_at,
        published_at=opened_at,
        resolved_at=when.resolved_at,
        updated_at=updates[0].at if updates else None,
        updates=updates,
        component_ids=tuple(affected),
        component_names=tuple(affected.values()),
        oddities=when.oddities,
    )


def _maintenances(maintenance: Part, drift: Drift) -> Iterator[VendorMaintenance]:
    if isinstance(maintenance.value, list):  # an empty list where there is nothing planned
        return
    for key, phase in (("active", Phase.IN_PROGRESS), ("upcoming", Phase.SCHEDULED)):
        for told in maintenance.parts(key):
            affected = _affected(told)
            yield VendorMaintenance(
                id=_id(told),
                title=told.text("name"),
                phase=phase,
                words=key,
                starts_at=told.moment("datetime_planned_start"),
                ends_at=told.moment_or_none("datetime_planned_end"),
                updates=_updates(told, _MAINTENANCE_STATES, drift),
                component_ids=tuple(affected),
                component_names=tuple(affected.values()),
            )


def _updates(told: Part, states: Mapping[str, Phase], drift: Drift) -> tuple[VendorUpdate, ...]:
    return newest_first(_update(message, states, drift) for message in told.parts("messages"))


def _update(message: Part, states: Mapping[str, Phase], drift: Drift) -> VendorUpdate:
    phase = drift.word(states, message, "state", Phase.UNKNOWN)
    at = message.moment("datetime")
    return VendorUpdate(
        # Most messages have no id of their own; when and in what state they were said tells them apart.
        id=message.text_or("_id") or f"{at.isoformat()} {message.text_or('state')}",
        at=at,
        phase=phase,
        words=message.text_or("state") if phase is Phase.UNKNOWN else phase.value,
        text=message.prose("details"),
    )


def _id(told: Part) -> str:
    return told.text_or("id") or told.text("_id")


def _affected(told: Part) -> dict[str, str]:
    return {_id(affected): affected.text_or("name") for affected in told.parts("components_affected")}


def _sources(url: str) -> Sources:
    return Sources(now=(Source(url=url),))


READER = Reader(kind="statusio", looks_like=_looks_like, parse=_parse, sources=_sources)
"""status.io."""
