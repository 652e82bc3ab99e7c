"""incident.io: the Statuspage-compatible documents, and the native one its pages read.

What differs from Statuspage is what breaks readers: empty lists are left out, components are capped and carry one
common timestamp, incidents name no components, nothing has an ETag, unknown paths answer 404 in HTML.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.lab.answer import Answer, Request, whole, whole_json
from app.lab.chance import token
from app.lab.pages.feeds import history_atom, history_rss
from app.lab.pages.state import OPERATIONAL, Component, Incident, PageState, Update

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LISTED = 25
_NATIVE = {"major_outage": "full_outage"}
_MAINTENANCE = {
    "scheduled": "maintenance_scheduled",
    "in_progress": "maintenance_in_progress",
    "verifying": "maintenance_in_progress",
    "completed": "maintenance_complete",
}
_INDICATORS = {
    OPERATIONAL: ("none", "All Systems Operational"),
    "under_maintenance": ("none", "All Systems Operational"),
    "degraded_performance": ("minor", "Partial System Degradation"),
    "partial_outage": ("major", "Partial System Outage"),
    "major_outage": ("critical", "Major System Outage"),
}


def answer(request: Request, state: PageState, at: float) -> Answer:
    """The document at this path."""
    cache = (("cache-control", "public, max-age=0, must-revalidate"),)
    documents: Mapping[str, Callable[[], Any]] = {
        "/api/v2/summary.json": lambda: _summary(state),
        "/api/v2/status.json": lambda: {"page": _page(state), "status": _status(state)},
        "/api/v2/components.json": lambda: {"page": _page(state), "components": _components(state, None)},
        "/api/v2/incidents.json": lambda: {"page": _page(state), "incidents": _incidents(state.past_and_open())},
    }
    if document := documents.get(request.path):
        return whole_json(200, document(), headers=cache, at=at)
    if request.path.startswith("/proxy/"):
        return whole_json(200, _native(request.path, state), headers=cache, at=at)
    feeds = {"/feed.atom": history_atom, "/feed.rss": history_rss}
    if feed := feeds.get(request.path):
        return whole(200, feed(state), "application/xml; charset=utf-8", headers=cache, at=at)
    status = 200 if request.path == "/" else 404
    return whole(status, b"<!DOCTYPE html><html><title>Status</title></html>\n", "text/html; charset=utf-8", at=at)


def ulid(born_at: datetime, *of: object) -> str:
    """A ULID: ten letters of milliseconds, sixteen of (repeatable) chance."""
    rest = int(token(*of, length=20), 16)
    return _crockford(int(born_at.timestamp() * 1000), 10) + _crockford(rest, 16)


def _crockford(number: int, length: int) -> str:
    return "".join(_CROCKFORD[number >> 5 * place & 31] for place in reversed(range(length)))


def _summary(state: PageState) -> dict[str, Any]:
    """Empty lists are left out; planned work is never in it."""
    incidents = _incidents(state.open_incidents())
    return {
        "page": _page(state),
        "status": _status(state),
        "components": _components(state, _LISTED),
        **({"incidents": incidents} if incidents else {}),
    }


def _page(state: PageState) -> dict[str, str]:
    return {
        "id": _page_id(state),
        "name": state.name,
        "url": state.url + "/",
        "updated_at": _time(state.changed_at),
    }


def _status(state: PageState) -> dict[str, str]:
    indicator, description = _INDICATORS[state.worst]
    return {"description": description, "indicator": indicator}


def _components(state: PageState, most: int | None) -> list[dict[str, Any]]:
    """In an order of their own, and all with the same `updated_at`."""
    rows = sorted(state.components, key=lambda one: token(state.vendor, "order", one.key))[:most]
    return [
        {
            "id": _component_id(one, state),
            "name": one.name,
            "status": one.status,
            "created_at": _time(state.born_at),
            "updated_at": _time(state.born_at),
            "position": position,
            "page_id": _page_id(state),
        }
        for position, one in enumerate(rows)
    ]


def _incidents(incidents: tuple[Incident, ...]) -> list[dict[str, Any]]:
    return [_incident(one) for one in incidents[:_LISTED]]


def _incident(incident: Incident) -> dict[str, Any]:
    monitoring, ended = incident.first("monitoring"), incident.first("resolved")
    return {
        "id": _incident_id(incident),
        "name": incident.name,
        "status": incident.status,
        "created_at": _time(incident.updates[0].at),
        "updated_at": _time(incident.updates[-1].at),
        **({"monitoring_at": _time(monitoring.at)} if monitoring else {}),
        **({"resolved_at": _time(ended.at)} if ended else {}),
        "impact": incident.impact,
        "incident_updates": [
            _update(one, index, incident) for index, one in reversed(list(enumerate(incident.updates)))
        ],
    }


def _update(update: Update, index: int, incident: Incident) -> dict[str, Any]:
    return {
        "id": ulid(update.at, "update", incident.number, index),
        "body": update.text,
        "created_at": _time(update.at),
        "display_at": _time(update.at),
        "incident_id": _incident_id(incident),
        "status": update.status,
        "updated_at": _time(update.at),
    }


def _native(path: str, state: PageState) -> dict[str, Any]:
    """`/proxy/<host>` is the whole page, `…/incidents` its history."""
    if path.endswith("/incidents"):
        return {"incidents": [_native_incident(one, state) for one in state.incidents]}
    affected = [
        {"component_id": _component_id(one, state), "status": _NATIVE.get(one.status, one.status)}
        for one in state.components
        if one.status != OPERATIONAL
    ]
    return {
        "summary": {
            "id": _page_id(state),
            "name": state.name,
            "public_url": state.url,
            "components": [
                {"id": _component_id(one, state), "name": one.name, "status_page_id": _page_id(state)}
                for one in state.components
            ],
            "affected_components": affected,
            "ongoing_incidents": [_native_incident(one, state) for one in state.open_incidents()],
            "scheduled_maintenances": [
                _native_incident(one, state) for one in state.maintenances() if one.is_open
            ],
            "structure": {"items": [_structure(one, state) for one in state.components]},
            "expose_status_summary_api": False,
            "data_available_since": _time(state.born_at),
        }
    }


def _structure(component: Component, state: PageState) -> dict[str, Any]:
    return {
        "component": {
            "component_id": _component_id(component, state),
            "name": component.name,
            "hidden": False,
            "data_available_since": _time(state.born_at),
        }
    }


def _native_incident(incident: Incident, state: PageState) -> dict[str, Any]:
    parts = {one.key: _component_id(one, state) for one in state.components}
    current = {one.key: one.status for one in state.components}
    ended = incident.updates[-1].at if not incident.is_open else None
    return {
        "id": _incident_id(incident),
        "status_page_id": _page_id(state),
        "name": incident.name,
        "status": _MAINTENANCE.get(incident.status, incident.status),
        "type": "maintenance" if incident.maintenance else "incident",
        "published_at": _time(incident.updates[0].at),
        "updates": [_native_update(one, index, incident, parts) for index, one in enumerate(incident.updates)],
        "component_impacts": [_impact(key, incident, parts, ended) for key in incident.components],
        "status_summaries": [],
        "affected_components": [
            {
                "component_id": parts[key],
                "status": _NATIVE.get(_worst(incident, key), _worst(incident, key)),
                "current_status": _NATIVE.get(current[key], current[key]),
            }
            for key in incident.components
        ],
    }


def _native_update(update: Update, index: int, incident: Incident, parts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": ulid(update.at, "update", incident.number, index),
        "published_at": _time(update.at),
        "message_string": update.text,
        "to_status": _MAINTENANCE.get(update.status, update.status),
        "component_statuses": [
            {"component_id": parts[key], "status": _NATIVE.get(new, new)}
            for key, (_, new) in update.changes.items()
        ],
        "automated_update": False,
    }


def _impact(key: str, incident: Incident, parts: Mapping[str, str], ended: datetime | None) -> dict[str, Any]:
    worst = _worst(incident, key)
    begins = next(update.at for update in incident.updates if key in update.changes)
    return {
        "id": ulid(begins, "impact", incident.number, key),
        "component_id": parts[key],
        "status_page_incident_id": _incident_id(incident),
        "status": _NATIVE.get(worst, worst),
        "start_at": _time(incident.maintenance.begins_at if incident.maintenance else begins),
        **({"end_at": _time(ended)} if ended else {}),
    }


def _worst(incident: Incident, key: str) -> str:
    """The status a component had at the height of it; the first that was not well."""
    given = [update.changes[key][1] for update in incident.updates if key in update.changes]
    return next((status for status in given if status != OPERATIONAL), OPERATIONAL)


def _page_id(state: PageState) -> str:
    return ulid(state.born_at, state.vendor, "page")


def _component_id(component: Component, state: PageState) -> str:
    return ulid(state.born_at, state.vendor, "component", component.key)


def _incident_id(incident: Incident) -> str:
    return ulid(incident.updates[0].at, "incident", incident.number)


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
