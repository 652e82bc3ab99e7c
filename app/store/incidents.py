"""Incidents, each with its whole story."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from app.domain.chunk import from_ms, to_ms
from app.domain.incident import EventKind, Incident, IncidentEvent
from app.domain.result import CheckId, FailureKind
from app.domain.status import Status
from app.store.engine import ReadTx, WriteTx
from app.store.tables import incidents


async def save_incidents(tx: WriteTx, changed: Sequence[Incident]) -> None:
    """Keep these incidents in place of what was kept under their ids."""
    statement = insert(incidents)
    names = [column.name for column in incidents.columns if not column.primary_key]
    statement = statement.on_conflict_do_update(
        index_elements=["id"], set_={name: statement.excluded[name] for name in names}
    )
    await tx.run(statement, [_row(incident) for incident in changed])


async def load_open_incidents(tx: ReadTx) -> list[Incident]:
    """All incidents that are not over, newest first."""
    query = select(incidents).where(incidents.c.closed_ms.is_(None)).order_by(incidents.c.opened_ms.desc())
    return [_incident(row) for row in await tx.rows(query)]


async def load_incidents(
    tx: ReadTx,
    *,
    since_at: datetime,
    until_at: datetime | None = None,
    service_id: str | None = None,
    limit: int | None = None,
) -> list[Incident]:
    """Incidents that were open at some time in [since_at, until_at), newest first."""
    query = select(incidents).where((incidents.c.closed_ms >= to_ms(since_at)) | incidents.c.closed_ms.is_(None))
    if until_at is not None:
        query = query.where(incidents.c.opened_ms < to_ms(until_at))
    if service_id is not None:
        query = query.where(incidents.c.service_id == service_id)
    query = query.order_by(incidents.c.opened_ms.desc(), incidents.c.id).limit(limit)
    return [_incident(row) for row in await tx.rows(query)]


async def load_incident(tx: ReadTx, incident_id: str) -> Incident | None:
    """The incident of that id, if there is one."""
    rows = await tx.rows(select(incidents).where(incidents.c.id == incident_id))
    return _incident(rows[0]) if rows else None


def _row(incident: Incident) -> dict[str, Any]:
    events = [
        [
            event.kind,
            to_ms(event.at),
            to_ms(event.known_at),
            event.status,
            event.reason,
            event.check_id,
            event.failure_kind,
        ]
        for event in incident.events
    ]
    return {
        "id": incident.id,
        "service_id": incident.service_id,
        "opened_ms": to_ms(incident.opened_at),
        "closed_ms": None if incident.closed_at is None else to_ms(incident.closed_at),
        "status": incident.status,
        "worst": incident.worst,
        "events": json.dumps(events, ensure_ascii=False),
    }


def _incident(row: Any) -> Incident:
    return Incident(
        id=row.id,
        service_id=row.service_id,
        opened_at=from_ms(row.opened_ms),
        closed_at=None if row.closed_ms is None else from_ms(row.closed_ms),
        status=Status(row.status),
        worst=Status(row.worst),
        events=tuple(
            IncidentEvent(
                kind=EventKind(kind),
                at=from_ms(at),
                known_at=from_ms(known_at),
                status=Status(status),
                reason=reason,
                check_id=CheckId(check_id),
                failure_kind=None if failure_kind is None else FailureKind(failure_kind),
            )
            for kind, at, known_at, status, reason, check_id, failure_kind in json.loads(row.events)
        ),
    )
