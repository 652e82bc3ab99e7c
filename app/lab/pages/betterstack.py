"""Better Stack: one JSON:API document with ids as strings, and their references as numbers; a feed by update."""

from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from app.lab.answer import Answer, Request, whole, whole_json
from app.lab.chance import chance
from app.lab.pages.state import OPERATIONAL, Component, Incident, PageState, Update

_STATES = {
    OPERATIONAL: "operational",
    "under_maintenance": "maintenance",
    "degraded_performance": "degraded",
    "partial_outage": "degraded",
    "major_outage": "downtime",
}
_HISTORY = 90
_WEIGHTS = (OPERATIONAL, "maintenance", "degraded", "downtime")


def answer(request: Request, state: PageState, at: float) -> Answer:
    """The document at this path."""
    if request.path == "/index.json":
        return whole_json(200, _index(state), at=at)
    if request.path in ("/feed", "/feed.rss"):
        return whole(200, _feed(state), "application/rss+xml; charset=utf-8", at=at)
    status = 200 if request.path == "/" else 404
    return whole(status, b"<!DOCTYPE html><html><title>Status</title></html>\n", "text/html; charset=utf-8", at=at)


def _index(state: PageState) -> dict[str, Any]:
    reports = [one for one in state.incidents if one.is_open or state.now - one.updates[-1].at < timedelta(days=7)]
    section = {"id": _number(state, "section"), "type": "status_page_section"}
    return {
        "data": {
            "id": _number(state, "page"),
            "type": "status_page",
            "attributes": {
                "company_name": state.name,
                "company_url": state.url,
                "timezone": "UTC",
                "subdomain": state.vendor,
                "custom_domain": None,
                "announcement": None,
                "aggregate_state": _STATES[state.worst],
                "created_at": _time(state.born_at),
                "updated_at": _time(state.now),
            },
            "relationships": {
                "sections": {"data": [section]},
                "resources": {"data": [_reference(one, state) for one in state.components]},
                "status_reports": {"data": [_report_reference(one, state) for one in reports]},
            },
        },
        "included": [
            {**section, "attributes": {"name": "Services", "position": 1}},
            *(_resource(one, state) for one in state.components),
            *(_report(one, state) for one in reports),
            *(
                _update(one, index, report, state)
                for report in reports
                for index, one in enumerate(report.updates)
            ),
        ],
    }


def _reference(component: Component, state: PageState) -> dict[str, str]:
    return {"id": _number(state, "resource", component.key), "type": "status_page_resource"}


def _report_reference(incident: Incident, state: PageState) -> dict[str, str]:
    return {"id": _number(state, "report", incident.number), "type": "status_report"}


def _resource(component: Component, state: PageState) -> dict[str, Any]:
    """Its section is a number here and a string there."""
    days = [state.now - timedelta(days=ago) for ago in reversed(range(_HISTORY))]
    history = [_day(day, component, state) for day in days]
    down = sum(day["downtime_duration"] for day in history)
    return {
        **_reference(component, state),
        "attributes": {
            "status_page_section_id": int(_number(state, "section")),
            "resource_id": int(_number(state, "monitor", component.key)),
            "resource_type": "Monitor",
            "public_name": component.name,
            "explanation": "",
            "position": component.position,
            "availability": round(1 - down / (_HISTORY * 86_400), 6),
            "status": _STATES[component.status],
            "status_history": history,
        },
    }


def _day(day: datetime, component: Component, state: PageState) -> dict[str, Any]:
    """The worst of a day, and how many seconds of it were downtime."""
    begins = day.replace(hour=0, minute=0, second=0, microsecond=0)
    ends = min(begins + timedelta(days=1), state.now)
    worst, down = OPERATIONAL, timedelta(0)
    for incident in state.incidents:
        for since, until, status in _spells(incident, component.key, state.now):
            overlap = min(until, ends) - max(since, begins)
            if overlap > timedelta(0) and status != OPERATIONAL:
                worst = max(worst, _STATES[status], key=_WEIGHTS.index)
                down += overlap if status == "major_outage" else timedelta(0)
    return {
        "day": begins.date().isoformat(),
        "status": worst,
        "downtime_duration": round(down.total_seconds()),
        "maintenance_duration": 0,
    }


def _spells(incident: Incident, key: str, now: datetime) -> list[tuple[datetime, datetime, str]]:
    """From when until when an incident had a component in which status."""
    ends = [*(update.at for update in incident.updates[1:]), now]
    return [
        (update.at, until, update.changes[key][1])
        for update, until in zip(incident.updates, ends, strict=True)
        if key in update.changes
    ]


def _report(incident: Incident, state: PageState) -> dict[str, Any]:
    worst = max((_STATES[new] for new in incident.components.values()), key=_WEIGHTS.index, default="operational")
    planned = incident.maintenance
    ended = None if incident.is_open else incident.updates[-1].at
    updates = [
        {"id": _number(state, "update", incident.number, index), "type": "status_update"}
        for index in range(len(incident.updates))
    ]
    return {
        **_report_reference(incident, state),
        "attributes": {
            "title": incident.name,
            "report_type": "maintenance" if planned else "manual",
            "starts_at": _time(planned.begins_at if planned else incident.updates[0].at),
            "ends_at": _time(planned.ends_at) if planned else _time(ended) if ended else None,
            "aggregate_state": worst if incident.is_open else "resolved",
            "affected_resources": [
                {"status_page_resource_id": _number(state, "resource", key), "status": _STATES[new]}
                for key, new in incident.components.items()
            ],
        },
        "relationships": {"status_updates": {"data": updates}},
    }


def _update(update: Update, index: int, incident: Incident, state: PageState) -> dict[str, Any]:
    return {
        "id": _number(state, "update", incident.number, index),
        "type": "status_update",
        "attributes": {
            "message": update.text,
            "published_at": _time(update.at),
            "published_at_timezone": "UTC",
            "notify_subscribers": True,
            "status_report_id": int(_number(state, "report", incident.number)),
            "affected_resources": [
                {"status_page_resource_id": _number(state, "resource", key), "status": _STATES[new]}
                for key, (_, new) in update.changes.items()
            ],
        },
    }


def _feed(state: PageState) -> bytes:
    """One item an update, each with a guid of its own."""
    items = "".join(
        f"<item><title>{escape(incident.name)}</title><description>{escape(update.text)}</description>"
        f"<pubDate>{update.at:%a, %d %b %Y %H:%M:%S} -0000</pubDate>"
        f"<link>{escape(state.url)}</link>"
        f"<guid>{escape(state.url)}#{_number(state, incident.number, index)}</guid></item>\n"
        for incident in state.incidents
        for index, update in reversed(list(enumerate(incident.updates)))
    )
    head = (
        f"<title>{escape(state.name)} status</title><link>{escape(state.url)}</link><description>All</description>"
    )
    feed = f'<rss version="2.0"><channel>{head}\n{items}</channel></rss>\n'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{feed}'.encode()


def _number(state: PageState, *of: object) -> str:
    return str(100_000 + int(chance(state.vendor, *of) * 9_000_000))


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
