"""The lag ledger: who told of which trouble first, for ever."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.sqlite import insert

from app.domain.chunk import to_ms
from app.domain.lag import LagEntry
from app.domain.ledger import Ledger, Spell
from app.domain.plain import from_plain, to_plain
from app.domain.result import CheckId
from app.domain.status import Status
from app.store.engine import ReadTx, WriteTx
from app.store.tables import hours, lags, results, series

HOUR_MS = 60 * 60 * 1000


async def save_ledger(tx: WriteTx, ledger: Ledger) -> None:
    """Strike out and keep what changed in the ledger."""
    if ledger.struck:
        await tx.run(delete(lags).where(lags.c.id.in_(ledger.struck)))
    statement = insert(lags)
    names = [column.name for column in lags.columns if not column.primary_key]
    changed = {name: statement.excluded[name] for name in names}
    rows = [
        {
            "id": entry.id,
            "service_id": entry.service_id,
            "page_key": entry.page_key,
            "began_ms": to_ms(entry.began_at),
            "entry": json.dumps(to_plain(entry, sparse=True), ensure_ascii=False),
        }
        for entry in ledger.kept
    ]
    await tx.run(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)


async def load_lags(
    tx: ReadTx, *, service_id: str | None = None, since_at: datetime | None = None
) -> Sequence[LagEntry]:
    """Entries of troubles that began since then, newest first."""
    query = select(lags.c.entry).order_by(lags.c.began_ms.desc(), lags.c.id)
    if service_id is not None:
        query = query.where(lags.c.service_id == service_id)
    if since_at is not None:
        query = query.where(lags.c.began_ms >= to_ms(since_at))
    return [from_plain(LagEntry, json.loads(row.entry)) for row in await tx.rows(query)]


async def load_lag_page(
    tx: ReadTx, service_ids: Collection[str] | None, *, limit: int, after: tuple[datetime, str] | None = None
) -> Sequence[LagEntry]:
    """Entries of these services, or of all, newest first, behind `after` (its beginning and id)."""
    query = select(lags.c.entry)
    if service_ids is not None:
        query = query.where(lags.c.service_id.in_(service_ids))
    if after is not None:
        query = query.where(tuple_(lags.c.began_ms, lags.c.id) < (to_ms(after[0]), after[1]))
    query = query.order_by(lags.c.began_ms.desc(), lags.c.id.desc()).limit(limit)
    return [from_plain(LagEntry, json.loads(row.entry)) for row in await tx.rows(query)]


async def was_probed(tx: ReadTx, check_ids: Collection[CheckId], during: Spell, now: datetime) -> bool:
    """Whether any of these checks told anything within a spell; to the hour where results are folded already."""
    start_ms, end_ms = to_ms(during.start_at), to_ms(during.end_at or now)
    told = (
        select(results.c.slot_ms)
        .join(series, series.c.number == results.c.series)
        .where(
            series.c.check_id.in_(check_ids),
            results.c.slot_ms.between(start_ms, end_ms),
            results.c.status != Status.UNKNOWN,
        )
    )
    folded = (
        select(hours.c.start_ms)
        .join(series, series.c.number == hours.c.series)
        .where(
            series.c.check_id.in_(check_ids),
            hours.c.start_ms.between(start_ms - HOUR_MS, end_ms),
            hours.c.up + hours.c.degraded + hours.c.down > 0,
        )
    )
    return bool(await tx.rows(told.limit(1)) or await tx.rows(folded.limit(1)))
