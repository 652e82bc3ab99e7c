"""Atlassian Statuspage: `/api/v2/*.json` with an ETag, and the history feeds.

Shapes: developer.statuspage.io's public API and what its pages serve: groups and fields that are empty are `null`,
`summary.json` carries only open incidents, and an ended one is found in `incidents.json` alone.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

from app.lab.answer import Answer, Request, encode_json, whole
from app.lab.chance import token
from app.lab.pages.feeds import history_atom, history_rss
from app.lab.pages.state import Component, Incident, PageState, Update

_NEWEST = 50
_INDICATORS = {
    "operational": ("none", "All Systems Operational"),
    "under_maintenance": ("maintenance", "Service Under Maintenance"),
    "degraded_performance": ("minor", "Partially Degraded Service"),
    "partial_outage": ("minor", "Minor Service Outage"),
    "major_outage": ("critical", "Major Service Outage"),
}


def answer(request: Request, state: PageState, at: float) -> Answer:
    """The document at this path, 304 for who has it already, or the page itself."""
    if feed := {"/history.atom": history_atom, "/history.rss": history_rss}.get(request.path):
        return whole(200, feed(state), f"application/{request.path[-4:].lstrip('.')}+xml; charset=utf-8", at=at)
    document = _documents().get(request.path)
    if document is None:
        status = 200 if request.path == "/" else 404
        return whole(status, _html(state), "text/html; charset=utf-8", at=at)
    body = encode_json({"page": _page(state), **document(state)})
    etag = f'W/"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = (
        ("etag", etag),
        ("cache-control", "max-age=10, public, stale-while-revalidate=60"),
        ("access-control-allow-origin", "*"),
    )
    if request.headers.get("if-none-match") == etag:
        return Answer(status=304, headers=headers, head_at=at)
    return whole(200, body, "application/json; charset=utf-8", headers=headers, at=at)


def _documents() -> Mapping[str, Callable[[PageState], dict[str, Any]]]:
    def components(state: PageState) -> dict[str, Any]:
        return {"components": [_component(one, state) for one in state.components]}

    def incidents(state: PageState, *, unresolved: bool = False) -> dict[str, Any]:
        chosen = state.open_incidents() if unresolved else state.past_and_open()[:_NEWEST]
        return {"incidents": [_incident(one, state) for one in chosen]}

    def planned(state: PageState, *statuses: str) -> dict[str, Any]:
        chosen = [one for one in state.maintenances() if not statuses or one.status in statuses]
        return {"scheduled_maintenances": [_incident(one, state) for one in chosen]}

    def status(state: PageState) -> dict[str, Any]:
        indicator, description = _INDICATORS[state.worst]
        return {"status": {"indicator": indicator, "description": description}}

    return {
        "/api/v2/summary.json": lambda state: {
            **components(state),
            **incidents(state, unresolved=True),
            **planned(state, "scheduled", "in_progress", "verifying"),
            **status(state),
        },
        "/api/v2/status.json": status,
        "/api/v2/components.json": components,
        "/api/v2/incidents.json": incidents,
        "/api/v2/incidents/unresolved.json": lambda state: incidents(state, unresolved=True),
        "/api/v2/scheduled-maintenances.json": planned,
        "/api/v2/scheduled-maintenances/upcoming.json": lambda state: planned(state, "scheduled"),
        "/api/v2/scheduled-maintenances/active.json": lambda state: planned(state, "in_progress", "verifying"),
    }


def _page(state: PageState) -> dict[str, Any]:
    return {
        "id": _page_id(state),
        "name": state.name,
        "url": state.url,
        "time_zone": "Etc/UTC",
        "updated_at": _time(state.changed_at),
    }


def _component(component: Component, state: PageState) -> dict[str, Any]:
    return {
        "id": _component_id(component.key, state),
        "name": component.name,
        "status": component.status,
        "created_at": _time(state.born_at),
        "updated_at": _time(component.changed_at),
        "position": component.position,
        "description": None,
        "showcase": True,
        "start_date": state.born_at.date().isoformat(),
        "group_id": None,
        "page_id": _page_id(state),
        "group": False,
        "only_show_if_degraded": False,
    }


def _incident(incident: Incident, state: PageState) -> dict[str, Any]:
    """Newest update first; `started_at` equals `created_at`; its components are as they are now, not were then."""
    touched = [one for one in state.components if one.key in incident.components]
    monitoring, ended = incident.first("monitoring", "verifying"), incident.first("resolved", "completed")
    number = incident.number
    planned = incident.maintenance
    return {
        "id": token(state.vendor, "incident", number, length=12),
        "name": incident.name,
        "status": incident.status,
        "created_at": _time(incident.updates[0].at),
        "updated_at": _time(incident.updates[-1].at),
        "monitoring_at": _time(monitoring.at) if monitoring else None,
        "resolved_at": _time(ended.at) if ended else None,
        "impact": incident.impact,
        "shortlink": f"https://stspg.io/{token(state.vendor, 'link', number, length=12)}",
        "started_at": _time(incident.updates[0].at),
        "page_id": _page_id(state),
        "incident_updates": [
            _update(one, index, incident, state) for index, one in reversed(list(enumerate(incident.updates)))
        ],
        "components": [_component(one, state) for one in touched],
        "reminder_intervals": None,
        **(
            {"scheduled_for": _time(planned.begins_at), "scheduled_until": _time(planned.ends_at)}
            if planned
            else {}
        ),
    }


def _update(update: Update, index: int, incident: Incident, state: PageState) -> dict[str, Any]:
    names = {one.key: one.name for one in state.components}
    affected = [
        {"code": _component_id(key, state), "name": names[key], "old_status": old, "new_status": new}
        for key, (old, new) in update.changes.items()
    ]
    return {
        "id": token(state.vendor, "update", incident.number, index, length=12),
        "status": update.status,
        "body": update.text,
        "incident_id": token(state.vendor, "incident", incident.number, length=12),
        "created_at": _time(update.at),
        "updated_at": _time(update.at),
        "display_at": _time(update.at),
        "affected_components": affected or None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _html(state: PageState) -> bytes:
    return f"<!DOCTYPE html><html><head><title>{state.name} Status</title></head><body></body></html>\n".encode()


def _page_id(state: PageState) -> str:
    return token(state.vendor, "page", length=12)


def _component_id(key: str, state: PageState) -> str:
    return token(state.vendor, "component", key, length=12)


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
