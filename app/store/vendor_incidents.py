"""What vendors told of, for ever: their incidents as we saw them, and the maintenance they announced."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.chunk import from_ms, to_ms
from app.domain.plain import from_plain, to_plain
from app.domain.said import SeenIncident, SeenMaintenance
from app.store.engine import ReadTx, WriteTx
from app.store.tables import vendor_incidents, vendor_maintenances

MOST_IDS = 500
"""SQLite takes a bounded number of parameters in one statement."""


async def save_vendor_incidents(tx: WriteTx, seen: Sequence[SeenIncident]) -> None:
    """Keep these incidents in place of what was kept under their pages and ids."""
    rows = [
        {
            "page_key": each.page_key,
            "id": each.incident.id,
            "started_ms": to_ms(each.incident.started_at),
            "ended_ms": None if each.ended_at is None else to_ms(each.ended_at),
            "seen": _json(each),
        }
        for each in seen
    ]
    await _save(tx, vendor_incidents, rows)


async def load_vendor_incidents(
    tx: ReadTx, *, since_at: datetime, until_at: datetime | None = None, page_key: str | None = None
) -> list[SeenIncident]:
    """Incidents that the vendor had open at some time in [since_at, until_at), newest first."""
    ended, started = vendor_incidents.c.ended_ms, vendor_incidents.c.started_ms
    query = select(vendor_incidents.c.seen).where(ended.is_(None) | (ended >= to_ms(since_at)))
    if until_at is not None:
        query = query.where(started < to_ms(until_at))
    if page_key is not None:
        query = query.where(vendor_incidents.c.page_key == page_key)
    rows = await tx.rows(query.order_by(started.desc(), vendor_incidents.c.id))
    return [_seen(text) for (text,) in rows]


async def first_vendor_incident_at(tx: ReadTx) -> datetime | None:
    """When the oldest of all that vendors told of began; `None` where they told of nothing."""
    rows = await tx.rows(select(func.min(vendor_incidents.c.started_ms)))
    return None if rows[0][0] is None else from_ms(rows[0][0])


async def load_known_incidents(tx: ReadTx, page_key: str, ids: Collection[str]) -> Mapping[str, SeenIncident]:
    """Of one page, the incidents that are open, and those of these ids, by id."""
    of_page = select(vendor_incidents.c.seen).where(vendor_incidents.c.page_key == page_key)
    found = await tx.rows(of_page.where(vendor_incidents.c.ended_ms.is_(None)))
    wanted = sorted(ids)
    for first in range(0, len(wanted), MOST_IDS):
        found += await tx.rows(of_page.where(vendor_incidents.c.id.in_(wanted[first : first + MOST_IDS])))
    seen = (_seen(text) for (text,) in found)
    return {each.incident.id: each for each in seen}


async def save_vendor_maintenances(tx: WriteTx, told: Sequence[SeenMaintenance]) -> None:
    """Keep these maintenances in place of what was kept under their pages and ids."""
    rows = [
        {
            "page_key": each.page_key,
            "id": each.maintenance.id,
            "starts_ms": to_ms(each.maintenance.starts_at),
            "ends_ms": None if each.maintenance.ends_at is None else to_ms(each.maintenance.ends_at),
            "told": _json(each),
        }
        for each in told
    ]
    await _save(tx, vendor_maintenances, rows)


async def load_vendor_maintenances(
    tx: ReadTx, *, since_at: datetime, page_key: str | None = None
) -> list[SeenMaintenance]:
    """Maintenances that ended later than `since_at`, or began later where no end is told; the latest first."""
    starts, ends = vendor_maintenances.c.starts_ms, vendor_maintenances.c.ends_ms
    since_ms = to_ms(since_at)
    query = select(vendor_maintenances.c.told).where((ends >= since_ms) | (ends.is_(None) & (starts >= since_ms)))
    if page_key is not None:
        query = query.where(vendor_maintenances.c.page_key == page_key)
    rows = await tx.rows(query.order_by(starts.desc(), vendor_maintenances.c.id))
    return [from_plain(SeenMaintenance, json.loads(text)) for (text,) in rows]


async def _save(tx: WriteTx, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    statement = insert(table)
    names = [column.name for column in table.columns if not column.primary_key]
    changed = {name: statement.excluded[name] for name in names}
    await tx.run(statement.on_conflict_do_update(index_elements=["page_key", "id"], set_=changed), list(rows))


def _json(value: SeenIncident | SeenMaintenance) -> str:
    return json.dumps(to_plain(value, sparse=True), ensure_ascii=False, separators=(",", ":"))


def _seen(text: str) -> SeenIncident:
    return from_plain(SeenIncident, json.loads(text))
