"""Incidents, each with its whole story."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.dialects.sqlite import insert

from app.domain.chunk import from_ms, to_ms
from app.domain.incident import Account, EventKind, Incident, IncidentEvent
from app.domain.result import CheckId, FailureKind
from app.domain.status import Status
from app.domain.verdict import Witness
from app.store.engine import ReadTx, WriteTx
from app.store.tables import incidents

Place = tuple[datetime, str]
"""Where an entry stands in a list that begins with the newest: when it began, and its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFilter:
    """Which incidents are wanted, of those that were open at some time in [since_at, until_at)."""

    service_ids: Collection[str] | None = None
    status: Status | None = None
    worst: Status | None = None
    is_open: bool | None = None
    since_at: datetime | None = None
    until_at: datetime | None = None


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


async def load_latest_incidents(tx: ReadTx) -> list[Incident]:
    """The newest incident of every service that ever had one, open or over."""
    newest = select(incidents.c.service_id, func.max(incidents.c.opened_ms).label("opened_ms"))
    newest_of = newest.group_by(incidents.c.service_id).subquery()
    query = select(incidents).join(
        newest_of,
        (incidents.c.service_id == newest_of.c.service_id) & (incidents.c.opened_ms == newest_of.c.opened_ms),
    )
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


async def load_incident_page(
    tx: ReadTx, wanted: IncidentFilter, *, limit: int, after: Place | None = None
) -> list[Incident]:
    """The incidents that are wanted, newest first, behind `after`: what comes meanwhile moves none."""
    query = _wanted(wanted).order_by(incidents.c.opened_ms.desc(), incidents.c.id.desc()).limit(limit)
    if after is not None:
        query = query.where(tuple_(incidents.c.opened_ms, incidents.c.id) < (to_ms(after[0]), after[1]))
    return [_incident(row) for row in await tx.rows(query)]


async def first_incident_at(tx: ReadTx) -> datetime | None:
    """When the oldest incident began; `None` where there never was one."""
    rows = await tx.rows(select(func.min(incidents.c.opened_ms)))
    return _moment(rows[0][0])


async def load_incident(tx: ReadTx, incident_id: str) -> Incident | None:
    """The incident of that id, if there is one."""
    rows = await tx.rows(select(incidents).where(incidents.c.id == incident_id))
    return _incident(rows[0]) if rows else None


def _wanted(wanted: IncidentFilter) -> Select[Any]:
    query = select(incidents)
    if wanted.service_ids is not None:
        query = query.where(incidents.c.service_id.in_(wanted.service_ids))
    if wanted.status is not None:
        query = query.where(incidents.c.status == wanted.status)
    if wanted.worst is not None:
        query = query.where(incidents.c.worst == wanted.worst)
    if wanted.is_open is not None:
        query = query.where(incidents.c.closed_ms.is_(None) == wanted.is_open)
    if wanted.since_at is not None:
        query = query.where((incidents.c.closed_ms >= to_ms(wanted.since_at)) | incidents.c.closed_ms.is_(None))
    if wanted.until_at is not None:
        query = query.where(incidents.c.opened_ms < to_ms(wanted.until_at))
    return query


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
            event.witness,
        ]
        for event in incident.events
    ]
    accounts = [
        [each.witness, to_ms(each.since_at), _ms(each.until_at), each.page_key, each.incident_ids]
        for each in incident.accounts
    ]
    return {
        "id": incident.id,
        "service_id": incident.service_id,
        "opened_ms": to_ms(incident.opened_at),
        "closed_ms": _ms(incident.closed_at),
        "status": incident.status,
        "worst": incident.worst,
        "events": json.dumps(events, ensure_ascii=False),
        "accounts": json.dumps(accounts, ensure_ascii=False),
    }


def _incident(row: Any) -> Incident:
    return Incident(
        id=row.id,
        service_id=row.service_id,
        opened_at=from_ms(row.opened_ms),
        closed_at=_moment(row.closed_ms),
        status=Status(row.status),
        worst=Status(row.worst),
        events=tuple(_event(*each) for each in json.loads(row.events)),
        accounts=tuple(
            Account(
                witness=Witness(witness),
                since_at=from_ms(since_ms),
                until_at=_moment(until_ms),
                page_key=page_key,
                incident_ids=tuple(incident_ids),
            )
            for witness, since_ms, until_ms, page_key, incident_ids in json.loads(row.accounts)
        ),
    )


def _event(  # noqa: PLR0917 - the columns of a kept event, in their order
    kind: str,
    at: int,
    known_at: int,
    status: str,
    reason: str,
    check_id: str | None,
    failure_kind: str | None,
    witness: str = Witness.MEASURED,  # before there were others, it was not kept
) -> IncidentEvent:
    return IncidentEvent(
        kind=EventKind(kind),
        at=from_ms(at),
        known_at=from_ms(known_at),
        status=Status(status),
        reason=reason,
        witness=Witness(witness),
        check_id=None if check_id is None else CheckId(check_id),
        failure_kind=None if failure_kind is None else FailureKind(failure_kind),
    )


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
