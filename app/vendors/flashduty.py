"""Reads status pages that Flashduty (Flashcat) hosts: the JSON behind them, addressed by the number of the page.

`…/api/status-page/<number>/summary/active` lists the components and the changes under way; `…/change/list` lists
changes of the past. A component has no status of its own: it is what the changes under way say of it. Times are
Unix seconds; names are in Chinese with the English in brackets, and are kept so. A host that serves it may refuse
whoever does not greet it as a browser does.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

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

_PHASES: Mapping[str, Phase] = {**PHASE, "ongoing": Phase.IN_PROGRESS, "cancelled": Phase.COMPLETED}
_CHANGE_LIST = "change/list?start_at_seconds=0&end_at_seconds=4102444800"
_Said = tuple[Status, str]
_NOTHING: _Said = (Status.UNKNOWN, "")
_QUIET: _Said = (Status.UP, "")


def _looks_like(document: Document) -> bool:
    body = document.body
    return (b'"active_changes"' in body and b'"component_id"' in body) or b'"start_at_seconds"' in body


def _parse(document: Document) -> VendorPage:
    root, drift = load_json(document), Drift()
    data = root.at("data")
    if not (data.has("page") or data.has("items")):
        raise ReadError(ReadErrorKind.MISSING_FIELD, "data.page", "missing")
    page = data.at("page")
    if data.has("page"):
        drift.missing(data, "active_changes")
        drift.missing(page, "components")
    changes = (*data.parts("active_changes"), *data.parts("items"))
    maintenances = [_maintenance(told, drift) for told in changes if _is_planned(told)]
    incidents = [_incident(told, drift) for told in changes if not _is_planned(told)]
    components = _components(data, _states(data, document.read_at, drift))
    domain = page.text_or("custom_domain")
    return VendorPage(
        kind=READER.kind,
        status=derived_status(components, incidents),
        words="",
        name=page.text_or("name") or None,
        url=f"https://{domain}" if domain else None,
        components=components,
        incidents=tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True)),
        maintenances=tuple(sorted(maintenances, key=lambda planned: planned.starts_at, reverse=True)),
        has_all_components=page.has("components"),
        has_incidents=data.has("active_changes") or data.has("items"),
        drift=drift.notes,
    )


def _is_planned(told: Part) -> bool:
    return told.text_or("type") == "maintenance"


def _states(data: Part, read_at: datetime, drift: Drift) -> dict[str, _Said]:
    """The worst that the changes under way say of each component, by its id."""
    states: dict[str, _Said] = {}
    for told in data.parts("active_changes"):
        is_over = drift.word(_PHASES, told, "status", Phase.UNKNOWN).is_over
        if is_over or (_is_planned(told) and told.moment("start_at_seconds") > read_at):
            continue
        for affected in told.parts("affected_components"):
            component_id = affected.text("component_id")
            states[component_id] = _worst([states.get(component_id, _NOTHING), _state(affected, drift)])
    return states


def _components(data: Part, states: Mapping[str, _Said]) -> tuple[VendorComponent, ...]:
    page = data.at("page")
    otherwise = _QUIET if data.has("active_changes") else _NOTHING
    sections = {section.text("section_id"): section.text_or("name") for section in page.parts("sections")}
    return tuple(
        VendorComponent(
            id=told.text("component_id"),
            name=told.text("name"),
            status=states.get(told.text("component_id"), otherwise)[0],
            words=states.get(told.text("component_id"), otherwise)[1],
            group=sections.get(told.text_or("section_id")) or None,
        )
        for told in page.parts("components")
    )


def _incident(told: Part, drift: Drift) -> VendorIncident:
    updates = _updates(told, drift)
    phase = drift.word(_PHASES, told, "status", Phase.UNKNOWN)
    when = span(
        told.where,
        started=[told.moment_or_none("start_at_seconds")],
        resolved=told.moment_or_none("close_at_seconds"),
        phase=phase,
        updates=updates,
    )
    changed = [change for entry in told.parts("updates") for change in entry.parts("component_changes")]
    impact, impact_words = _worst(_state(each, drift) for each in (*told.parts("affected_components"), *changed))
    affected = _affected(told)
    return VendorIncident(
        id=told.text("change_id"),
        title=told.text("title"),
        phase=phase,
        words=told.text_or("status"),
        impact=impact,
        impact_words=impact_words,
        started_at=when.started_at,
        published_at=updates[-1].at if updates else None,
        resolved_at=when.resolved_at,
        updated_at=updates[0].at if updates else None,
        updates=updates,
        component_ids=tuple(affected),
        component_names=tuple(affected.values()),
        oddities=when.oddities,
    )


def _maintenance(told: Part, drift: Drift) -> VendorMaintenance:
    affected = _affected(told)
    return VendorMaintenance(
        id=told.text("change_id"),
        title=told.text("title"),
        phase=drift.word(_PHASES, told, "status", Phase.UNKNOWN),
        words=told.text_or("status"),
        starts_at=told.moment("start_at_seconds"),
        ends_at=told.moment_or_none("end_at_seconds") or told.moment_or_none("close_at_seconds"),
        updates=_updates(told, drift),
        component_ids=tuple(affected),
        component_names=tuple(affected.values()),
    )


def _updates(told: Part, drift: Drift) -> tuple[VendorUpdate, ...]:
    """Newest first; they stand the other way, and of two in one second the latter is the newer."""
    return newest_first(_update(entry, drift) for entry in reversed(tuple(told.parts("updates"))))


def _update(entry: Part, drift: Drift) -> VendorUpdate:
    at = entry.moment("at_seconds")
    words = entry.text_or("status")
    return VendorUpdate(
        id=entry.text_or("update_id") or f"{at.isoformat()} {words}",
        at=at,
        phase=drift.word(_PHASES, entry, "status", Phase.UNKNOWN),
        words=words,
        text=entry.prose("description"),
    )


def _state(affected: Part, drift: Drift) -> _Said:
    return drift.word(COMPONENT, affected, "status", Status.UNKNOWN), affected.text_or("status")


def _worst(said: Iterable[_Said]) -> _Said:
    return max(said, key=lambda pair: severity(pair[0]), default=_NOTHING)


def _affected(told: Part) -> dict[str, str]:
    return {each.text("component_id"): each.text_or("name") for each in told.parts("affected_components")}


def _sources(url: str) -> Sources:
    """From any address below `/api/status-page/<number>`; the number stands nowhere on the page itself."""
    home, found, rest = url.partition("/api/status-page/")
    if not found:
        return Sources(now=(Source(url=url),))
    base = f"{home}{found}{rest.partition('/')[0]}"
    return Sources(
        now=(Source(url=f"{base}/summary/active"),), history=(Source(url=f"{base}/{_CHANGE_LIST}", optional=True),)
    )


READER = Reader(kind="flashduty", looks_like=_looks_like, parse=_parse, sources=_sources)
"""Flashduty, as DeepSeek uses it."""
