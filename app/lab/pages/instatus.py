"""Instatus: `/summary.json` without empty lists, `/v2/components.json`, and times as JavaScript prints them."""

from datetime import datetime
from typing import Any

from app.lab.answer import Answer, Request, whole, whole_json
from app.lab.chance import token
from app.lab.pages.feeds import history_rss
from app.lab.pages.state import OPERATIONAL, Incident, PageState

_IMPACTS = {
    OPERATIONAL: "OPERATIONAL",
    "under_maintenance": "UNDERMAINTENANCE",
    "degraded_performance": "DEGRADEDPERFORMANCE",
    "partial_outage": "PARTIALOUTAGE",
    "major_outage": "MAJOROUTAGE",
}
_PLANNED = {
    "scheduled": "NOTSTARTEDYET",
    "in_progress": "INPROGRESS",
    "verifying": "INPROGRESS",
    "completed": "COMPLETED",
}
_BY_IMPACT = {"minor": "PARTIALOUTAGE", "major": "MAJOROUTAGE", "critical": "MAJOROUTAGE"}


def answer(request: Request, state: PageState, at: float) -> Answer:
    """The document at this path."""
    if request.path == "/summary.json":
        return whole_json(200, _summary(state), at=at)
    if request.path == "/v2/components.json":
        return whole_json(200, {"components": _components(state)}, at=at)
    if request.path == "/history.rss":
        return whole(200, history_rss(state), "application/rss+xml; charset=utf-8", at=at)
    status = 200 if request.path == "/" else 404
    return whole(status, b"<!DOCTYPE html><html><title>Status</title></html>\n", "text/html; charset=utf-8", at=at)


def _summary(state: PageState) -> dict[str, Any]:
    incidents = [_incident(one, state) for one in state.open_incidents()]
    planned = [_maintenance(one, state) for one in state.maintenances() if one.is_open]
    status = "UNDERMAINTENANCE" if state.worst == "under_maintenance" else "HASISSUES" if incidents else "UP"
    return {
        "page": {"name": state.name, "url": state.url, "status": status},
        **({"activeIncidents": incidents} if incidents else {}),
        **({"activeMaintenances": planned} if planned else {}),
    }


def _components(state: PageState) -> list[dict[str, Any]]:
    return [
        {
            "id": _cuid(state, "component", one.key),
            "name": one.name,
            "description": "",
            "status": _IMPACTS[one.status],
            "group": None,
        }
        for one in state.components
    ]


def _incident(incident: Incident, state: PageState) -> dict[str, str]:
    return {
        "id": _cuid(state, "incident", incident.number),
        "name": incident.name,
        "started": _javascript_time(incident.updates[0].at),
        "status": incident.status.upper(),
        "impact": _BY_IMPACT.get(incident.impact, "OPERATIONAL"),
        "url": f"{state.url}/incident/{_cuid(state, 'incident', incident.number)}",
        "updatedAt": incident.updates[-1].at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }


def _maintenance(incident: Incident, state: PageState) -> dict[str, str]:
    planned = incident.maintenance
    begins_at = planned.begins_at if planned else incident.updates[0].at
    minutes = (planned.ends_at - planned.begins_at).total_seconds() / 60 if planned else 0
    return {
        "id": _cuid(state, "maintenance", incident.number),
        "name": incident.name,
        "start": _javascript_time(begins_at),
        "status": _PLANNED.get(incident.status, "INPROGRESS"),
        "duration": f"{minutes:.0f}",
        "url": f"{state.url}/maintenance/{_cuid(state, 'maintenance', incident.number)}",
    }


def _cuid(state: PageState, *of: object) -> str:
    return "cl" + token(state.vendor, *of, length=23)


def _javascript_time(moment: datetime) -> str:
    return moment.strftime("%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)")
