"""The board as JSON, in the shapes that `docs/api.md` and the OpenAPI description promise."""

from datetime import datetime, timedelta
from typing import Any

from app.board.model import Board, CheckView, Day, ServiceView
from app.domain.incident import Incident
from app.domain.rollup import Tally

PHASES = ("dns_ms", "connect_ms", "tls_ms", "send_ms", "first_byte_ms", "body_ms", "total_ms")


def services_json(board: Board) -> dict[str, Any]:
    """All services, each as its line."""
    return {
        "sentence": board.sentence,
        "status": board.status,
        "made_at": iso(board.made_at),
        "counts": {status.value: count for status, count in board.counts.items()},
        "network": None
        if board.own.network is None
        else {"works": board.own.network.works, "sentence": board.own.network.sentence},
        "services": [line_json(view) for view in board.services],
    }


def service_json(view: ServiceView) -> dict[str, Any]:
    """One service with its checks, days and incidents."""
    return {
        **line_json(view),
        "about": view.service.about,
        "checks": [_check_json(check) for check in view.checks],
        "days": [_day_json(day) for day in view.days],
        "incidents": [incident_json(incident) for incident in view.incidents],
    }


def line_json(view: ServiceView) -> dict[str, Any]:
    """One service in short."""
    return {
        "id": view.service.id,
        "name": view.service.name,
        "vendor": {"id": view.vendor.id, "name": view.vendor.name},
        "group": view.service.group,
        "capabilities": list(view.service.capabilities),
        "home": view.service.home,
        "status": view.status,
        "since": iso(view.since_at),
        "reason": view.reason,
        "evidence": "reachable",
        "latency_ms": view.latency_ms,
        "uptime_90d": view.uptime,
        "coverage_90d": view.coverage,
        "last_probed_at": iso(view.last_probed_at),
        "incident": view.open_incident.id if view.open_incident else None,
    }


def _check_json(view: CheckView) -> dict[str, Any]:
    last, check = view.last, view.check
    failure = last.failure if last is not None else None
    return {
        "id": check.id,
        "kind": check.kind,
        "target": check.spec.target,
        "interval_ms": check.cadence.interval // timedelta(milliseconds=1),
        "impact": "none" if check.impact == "up" else check.impact,
        "region": view.region,
        "status": view.status,
        "since": iso(view.since_at),
        "reason": view.reason,
        "verified_on": check.verified_on,
        "last": None
        if last is None
        else {
            "status": view.last_status,
            "started_at": iso(last.started_at),
            "status_code": last.status_code,
            "family": last.family,
            "phases": {name: getattr(last.phases, name) for name in PHASES},
            "figures": dict(last.figures),
            "failure": None
            if failure is None
            else {"kind": failure.kind, "blame": failure.blame, "sentence": failure.sentence},
        },
    }


def _day_json(day: Day) -> dict[str, Any]:
    return {"date": day.date.isoformat(), "status": day.status, **tally_json(day.tally or Tally())}


def tally_json(tally: Tally) -> dict[str, Any]:
    """Counts, and what may be computed from them."""
    return {
        "uptime": tally.uptime,
        "coverage": tally.coverage,
        "due": tally.due,
        "up": tally.up,
        "degraded": tally.degraded,
        "down": tally.down,
        "unknown": tally.unknown,
        "missed": tally.missed,
    }


def incident_json(incident: Incident) -> dict[str, Any]:
    """One incident with its whole story."""
    return {
        "id": incident.id,
        "service": incident.service_id,
        "status": incident.status,
        "worst": incident.worst,
        "opened_at": iso(incident.opened_at),
        "closed_at": iso(incident.closed_at),
        "events": [
            {
                "kind": event.kind,
                "at": iso(event.at),
                "known_at": iso(event.known_at),
                "status": event.status,
                "check": event.check_id,
                "reason": event.reason,
                "failure": event.failure_kind,
            }
            for event in incident.events
        ],
    }


def iso(moment: datetime | None) -> str | None:
    """A moment as ISO 8601 in UTC."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
