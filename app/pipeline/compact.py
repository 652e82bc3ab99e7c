"""In the background: finished hours are folded, days out of hours, strips out of days; what is old is pruned.

In small bites, each a transaction that moves results from where they wait into chunks and figures. A bite is
done or it is not, and what was folded before is folded again to the same end: it may be killed at any point.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.chunk import merge_chunks, pack, unpack
from app.domain.result import Recorded
from app.domain.rollup import Rollup, Strip, extend_strip, fold_results, fold_rollups
from app.domain.schedule import EPOCH
from app.store.engine import Database, WriteTx
from app.store.folding import (
    delete_chunks,
    delete_results,
    load_chunks,
    load_hours_of,
    load_strips_of,
    load_unfolded,
    oldest_result,
    prune,
    save_chunk,
)
from app.store.rollups import folded_until, save_folded_until, save_rollups, save_strip
from app.store.series import Series, load_series
from app.store.tables import days, hours

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

GRACE = timedelta(minutes=2)
"""An hour is folded so long after its end, when its last probes have long come back."""

BITE = 50
"""So many series are folded in one transaction."""

LONGEST_GAP = timedelta(days=90)
"""Farther back no day is told as unknown: a clock that once was wrong must not cost a million empty days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long what is kept; daily figures are kept for ever."""

    results: timedelta = timedelta(days=30)
    hours: timedelta = timedelta(days=400)


async def compact_once(database: Database, now: datetime, retention: Retention) -> int:
    """Do all that is due; returns how many hours were folded. Raises `StoreError`."""
    folded = 0
    while (start_at := await _next_hour(database, now)) is not None:
        await _fold_hour(database, start_at)
        folded += 1
    if folded:
        async with database.write() as tx:
            await prune(tx, floor(now - retention.results, DAY), floor(now - retention.hours, DAY))
    return folded


def floor(moment: datetime, span: timedelta) -> datetime:
    """The start of the full hour or day (UTC) that holds `moment`."""
    return moment - (moment - EPOCH) % span


async def _next_hour(database: Database, now: datetime) -> datetime | None:
    """The start of the oldest hour that is over and has something to fold; `None` where there is none.

    That is one with results that wait, late ones too, or the last of a day: days count what was due also
    where nothing is known of them.
    """
    async with database.read() as tx:
        until = await folded_until(tx)
        oldest = await oldest_result(tx)
    candidates = [floor(oldest, HOUR)] if oldest is not None else []
    if until is not None:
        until = max(until, floor(now - LONGEST_GAP, DAY))
        candidates.append(floor(until, DAY) + DAY - HOUR)
    start_at = min(candidates, default=None)
    return start_at if start_at is not None and start_at + HOUR + GRACE <= now else None


async def _fold_hour(database: Database, start_at: datetime) -> None:
    end_at = start_at + HOUR
    async with database.read() as tx:
        watched = await load_series(tx)
    for first in range(0, len(watched), BITE):
        bite = watched[first : first + BITE]
        async with database.write() as tx:
            await _fold_bite(tx, bite, start_at)
            if end_at == floor(end_at, DAY):
                await _join_chunks(tx, bite, end_at - DAY)
            if bite[-1] is watched[-1]:
                until = await folded_until(tx)
                await save_folded_until(tx, end_at if until is None else max(until, end_at))
        await asyncio.sleep(0)


async def _fold_bite(tx: WriteTx, bite: Sequence[Series], start_at: datetime) -> None:
    end_at, day_at = start_at + HOUR, floor(start_at, DAY)
    waiting = await load_unfolded(tx, bite, start_at, end_at)
    chunks = await load_chunks(tx, bite, day_at, end_at)
    known_hours = await load_hours_of(tx, bite, day_at, day_at + DAY)
    strips = await load_strips_of(tx, bite)
    for series in bite:
        new, folded = waiting.get(series.number, []), chunks.get(series.number, {})
        may_hold = [folded[at] for at in {day_at, start_at} if at in folded]  # its own, or that of the whole day
        hour = _hour(series, start_at, [*_unpacked(series, may_hold), *new])
        if new:
            here = _unpacked(series, [folded[start_at]] if start_at in folded else [])
            await save_chunk(tx, series.number, start_at, pack(_united([*here, *new])))
            await save_rollups(tx, hours, series.number, [hour])
        others = [known for known in known_hours.get(series.number, []) if known.start_at != start_at]
        day = _day(series, day_at, [*others, hour], end_at)
        if day.tally.due:
            await _save_day(tx, series, day, strips)
    await delete_results(tx, bite, start_at, end_at)


async def _save_day(tx: WriteTx, series: Series, day: Rollup, strips: Mapping[int, Strip]) -> None:
    await save_rollups(tx, days, series.number, [day])
    await save_strip(tx, series.number, extend_strip(strips.get(series.number), day.start_at.date(), day.tally))


def _hour(series: Series, start_at: datetime, results: Iterable[Recorded]) -> Rollup:
    end_at = start_at + HOUR
    here = [row for row in _united(results) if start_at <= row.result.slot_at < end_at]
    return fold_results(start_at, here, series.due(start_at, end_at))


def _day(series: Series, day_at: datetime, known: Sequence[Rollup], end_at: datetime) -> Rollup:
    """The day as far as it is folded: to its last hour that is known, or to `end_at` if that is later."""
    told_until = max([end_at, *(hour.start_at + HOUR for hour in known)])
    return fold_rollups(day_at, known, series.due(day_at, told_until))


async def _join_chunks(tx: WriteTx, bite: Sequence[Series], day_at: datetime) -> None:
    """Pack the hours of a day into one chunk: in so small pieces, compression has little to work with."""
    chunks = await load_chunks(tx, bite, day_at, day_at + DAY)
    for series in bite:
        parts = chunks.get(series.number, {})
        if len(parts) > 1 or (parts and day_at not in parts):
            await delete_chunks(tx, series.number, parts)
            await save_chunk(tx, series.number, day_at, merge_chunks(parts.values(), *series.key))


def _unpacked(series: Series, chunks: Iterable[bytes]) -> list[Recorded]:
    return [row for chunk in chunks for row in unpack(chunk, *series.key)]


def _united(results: Iterable[Recorded]) -> list[Recorded]:
    """Each slot once, as it was told last."""
    return list({row.result.slot_at: row for row in results}.values())
