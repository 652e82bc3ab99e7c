"""Results: appended as they come, and read together with those that are folded."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.domain.chunk import from_ms, recorded_from_words, to_ms, unpack, words_of
from app.domain.result import CheckId, Phases, Recorded, Region
from app.store.engine import ReadTx, WriteTx
from app.store.series import Key, load_numbers
from app.store.tables import chunks, results, series

_MILLISECOND = timedelta(milliseconds=1)
_PHASES = ("total_ms", "dns_ms", "connect_ms", "tls_ms", "send_ms", "first_byte_ms", "body_ms")
_COLUMNS = ("slot_ms", "series", "late_ms", "status", "is_confirmation", *_PHASES, "words")
_INSERT = (
    f"INSERT INTO results ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "  # noqa: S608 - names of our own
    "ON CONFLICT (slot_ms, series) DO NOTHING"
)


async def insert_results(tx: WriteTx, recorded: Sequence[Recorded]) -> int:
    """Store results; one that is known by its series and slot is not stored again. Returns how many were new.

    A result of a check that was never numbered (`ensure_series`) is refused by raising `KeyError`.
    """
    if not recorded:
        return 0
    numbers = await load_numbers(tx, {each.result.check_id for each in recorded})
    rows = [_row(each, numbers[each.result.check_id, each.result.region]) for each in recorded]
    # One prepared statement, straight to the driver: SQLAlchemy's own costs as much again as the insert.
    return (await tx.connection.exec_driver_sql(_INSERT, rows)).rowcount


async def load_latest(tx: ReadTx) -> dict[Key, Recorded]:
    """The newest result of each series among those not folded yet."""
    newest = (
        select(results.c.series, func.max(results.c.slot_ms).label("slot_ms"))
        .group_by(results.c.series)
        .subquery()
    )
    query = (
        select(series.c.check_id, series.c.region, *results.c)
        .join(newest, (results.c.series == newest.c.series) & (results.c.slot_ms == newest.c.slot_ms))
        .join(series, series.c.number == results.c.series)
    )
    found = {}
    for row in await tx.rows(query):
        key = (CheckId(row.check_id), Region(row.region))
        found[key] = recorded_of(row, *key)
    return found


async def load_results(
    tx: ReadTx, check_id: CheckId, region: Region, start_at: datetime, end_at: datetime
) -> list[Recorded]:
    """All results of a series with slots in [start_at, end_at), in order, folded or not."""
    number = (await load_numbers(tx, [check_id])).get((check_id, region))
    if number is None:
        return []
    found = {}
    folded = select(chunks.c.packed).where(
        chunks.c.series == number,
        chunks.c.start_ms > to_ms(start_at - timedelta(days=1)),
        chunks.c.start_ms < to_ms(end_at),
    )
    for (packed,) in await tx.rows(folded):
        for each in unpack(packed, check_id, region):
            found[each.result.slot_at] = each
    waiting = select(results).where(
        results.c.series == number, results.c.slot_ms >= to_ms(start_at), results.c.slot_ms < to_ms(end_at)
    )
    for row in await tx.rows(waiting):
        each = recorded_of(row, check_id, region)
        found[each.result.slot_at] = each
    return [found[slot_at] for slot_at in sorted(found) if start_at <= slot_at < end_at]


async def first_kept_result(tx: ReadTx) -> datetime | None:
    """Since when single results are kept: the start of the oldest chunk, or the oldest that waits to be folded."""
    oldest = [
        *await tx.rows(select(func.min(chunks.c.start_ms))),
        *await tx.rows(select(func.min(results.c.slot_ms))),
    ]
    return min((from_ms(moment) for (moment,) in oldest if moment is not None), default=None)


def recorded_of(row: Any, check_id: CheckId, region: Region) -> Recorded:
    """A row of the table of results, as it was recorded."""
    slot_at = from_ms(row.slot_ms)
    *words, figures = json.loads(row.words)
    recorded = recorded_from_words(words, check_id, region, slot_at, slot_at + row.late_ms * _MILLISECOND)
    phases = Phases(**{name: getattr(row, name) for name in _PHASES})
    return replace(recorded, result=replace(recorded.result, phases=phases, figures=figures))


def _row(recorded: Recorded, number: int) -> tuple[Any, ...]:
    result = recorded.result
    words = json.dumps([*words_of(recorded), dict(result.figures)], separators=(",", ":"), ensure_ascii=False)
    return (
        to_ms(result.slot_at),
        number,
        result.late // _MILLISECOND,
        recorded.status.value,
        int(result.is_confirmation),
        *(getattr(result.phases, name) for name in _PHASES),
        words,
    )
