"""Folded figures: hours, days, and the strip of 90 days that a page reads whole."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.chunk import from_ms, to_ms
from app.domain.result import CheckId, FailureKind, Region
from app.domain.rollup import Rollup, Strip, Tally, pack_days, unpack_days
from app.domain.sketch import Sketch, merge_sketches
from app.domain.slowness import LEAST_COUNT, PAST_DAYS, Baseline
from app.domain.status import Status
from app.store.engine import ReadTx, WriteTx
from app.store.series import Key, Series, load_series
from app.store.tables import SPEECH, TALLY, days, hours, meta, results, series, strips

FOLDED_UNTIL = "folded_until_ms"
HOUR_MS = 60 * 60 * 1000
MOST_UNFOLDED_MS = 48 * HOUR_MS
"""Farther back, hours that nobody folded are only told where there is something in them."""


async def load_hours(
    tx: ReadTx, start_at: datetime, end_at: datetime, check_ids: Sequence[CheckId] | None = None
) -> dict[Key, list[Rollup]]:
    """The folded hours that start in [start_at, end_at), by series and in order."""
    return await _load(tx, hours, start_at, end_at, check_ids)


async def load_usual(tx: ReadTx, now: datetime) -> Mapping[Key, Baseline]:
    """What latencies are usual at this hour of the day, of the series of which enough is known."""
    hour_at = now.replace(minute=0, second=0, microsecond=0)
    sketches: dict[Key, list[Sketch]] = {}
    for day in range(1, PAST_DAYS + 1):
        start_at = hour_at - timedelta(days=day)
        for key, rollups in (await load_hours(tx, start_at, start_at + timedelta(hours=1))).items():
            sketches.setdefault(key, []).extend(rollup.sketch for rollup in rollups)
    usual = {key: _baseline(merge_sketches(told)) for key, told in sketches.items()}
    return {key: baseline for key, baseline in usual.items() if baseline.count >= LEAST_COUNT}


def _baseline(sketch: Sketch) -> Baseline:
    return Baseline(p95_ms=sketch.quantile(0.95) or 0, count=sketch.count, p50_ms=sketch.quantile(0.5) or 0)


async def load_days(
    tx: ReadTx, start_at: datetime, end_at: datetime, check_ids: Sequence[CheckId] | None = None
) -> dict[Key, list[Rollup]]:
    """The folded days (UTC) that start in [start_at, end_at), by series and in order."""
    return await _load(tx, days, start_at, end_at, check_ids)


async def load_strips(tx: ReadTx, check_ids: Sequence[CheckId] | None = None) -> dict[Key, Strip]:
    """The last 90 days of each series that is still watched, as folded so far."""
    query = select(series.c.check_id, series.c.region, strips.c.ends_on, strips.c.packed).join(
        strips, strips.c.series == series.c.number
    )
    query = query.where(series.c.retired_ms.is_(None))
    if check_ids is not None:
        query = query.where(series.c.check_id.in_(check_ids))
    return {
        (CheckId(check_id), Region(region)): Strip(ends_on=date.fromordinal(ends_on), days=unpack_days(packed))
        for check_id, region, ends_on, packed in await tx.rows(query)
    }


async def folded_until(tx: ReadTx) -> datetime | None:
    """All hours that ended by then are folded; `None` before the first was."""
    rows = await tx.rows(select(meta.c.value).where(meta.c.key == FOLDED_UNTIL))
    return from_ms(int(rows[0][0])) if rows else None


async def save_folded_until(tx: WriteTx, moment: datetime) -> None:
    """Remember how far folding has come."""
    statement = insert(meta).values(key=FOLDED_UNTIL, value=str(to_ms(moment)))
    await tx.run(statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value}))


async def save_rollups(tx: WriteTx, table: Table, number: int, rollups: Sequence[Rollup]) -> None:
    """Keep these hours or days of a series, in place of what was kept of the same."""
    statement = insert(table)
    names = [column.name for column in table.columns if not column.primary_key]
    statement = statement.on_conflict_do_update(
        index_elements=["series", "start_ms"], set_={name: statement.excluded[name] for name in names}
    )
    await tx.run(statement, [_row(number, rollup) for rollup in rollups])


async def save_strip(tx: WriteTx, number: int, strip: Strip) -> None:
    """Keep this strip of a series in place of the last."""
    statement = insert(strips).values(
        series=number, ends_on=strip.ends_on.toordinal(), packed=pack_days(strip.days)
    )
    changed = {"ends_on": statement.excluded.ends_on, "packed": statement.excluded.packed}
    await tx.run(statement.on_conflict_do_update(index_elements=["series"], set_=changed))


async def _load(
    tx: ReadTx, table: Table, start_at: datetime, end_at: datetime, check_ids: Sequence[CheckId] | None
) -> dict[Key, list[Rollup]]:
    query = (
        select(series.c.check_id, series.c.region, *table.c)
        .join(series, series.c.number == table.c.series)
        .where(table.c.start_ms >= to_ms(start_at), table.c.start_ms < to_ms(end_at))
        .order_by(table.c.series, table.c.start_ms)
    )
    if check_ids is not None:
        query = query.where(series.c.check_id.in_(check_ids))
    found: defaultdict[Key, list[Rollup]] = defaultdict(list)
    for row in await tx.rows(query):
        found[CheckId(row.check_id), Region(row.region)].append(rollup_of(row))
    return dict(found)


def rollup_of(row: Any) -> Rollup:
    """A row of the hours or days, as it was folded."""
    failures = json.loads(row.failures) if row.failures else {}
    return Rollup(
        start_at=from_ms(row.start_ms),
        tally=Tally(
            **{name: getattr(row, name) for name in TALLY},
            failures={FailureKind(kind): count for kind, count in failures.items()},
        ),
        sketch=Sketch.from_bytes(row.sketch),
        **{name: Sketch.from_bytes(getattr(row, name) or b"") for name in SPEECH},
    )


def _row(number: int, rollup: Rollup) -> dict[str, Any]:
    tally = rollup.tally
    return {
        "series": number,
        "start_ms": to_ms(rollup.start_at),
        **{name: getattr(tally, name) for name in TALLY},
        "failures": json.dumps(dict(tally.failures)) if tally.failures else None,
        "sketch": rollup.sketch.to_bytes(),
        **{name: getattr(rollup, name).to_bytes() or None for name in SPEECH},
    }


async def load_live(tx: ReadTx, now: datetime) -> dict[Key, Tally]:
    """What is not folded yet of each series that is still watched, counted up to `now`.

    Nothing of it is in a strip or a rollup: the two can be added.
    """
    since_at = await folded_until(tx)
    counted: defaultdict[int, dict[str, int]] = defaultdict(dict)
    query = (
        select(results.c.series, results.c.status, func.count())
        .where(results.c.is_confirmation == 0)
        .group_by(results.c.series, results.c.status)
    )
    for number, status, count in await tx.rows(query):
        counted[number][status] = count
    live = {}
    for each in await load_series(tx):
        if each.retired_at is None:
            counts = counted[each.number]
            due = each.due(since_at or each.first_at, now)
            live[each.key] = _tally(counts, due)
    return live


async def load_unfolded_hours(
    tx: ReadTx, now: datetime, check_ids: Sequence[CheckId] | None = None
) -> dict[Key, list[Rollup]]:
    """What is not folded yet, hour by hour up to `now`, as if it were; without latencies.

    Nothing of it is in a strip or a rollup: it follows on those of `load_hours`, and adds to those of `load_days`.
    """
    hour = results.c.slot_ms - results.c.slot_ms % HOUR_MS
    query = (
        select(results.c.series, hour.label("hour_ms"), results.c.status, func.count().label("count"))
        .where(results.c.is_confirmation == 0)
        .group_by(results.c.series, "hour_ms", results.c.status)
    )
    counted: defaultdict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for row in await tx.rows(query):
        counted[row.series, row.hour_ms][row.status] = row.count
    since_at = await folded_until(tx)
    found: dict[Key, list[Rollup]] = {}
    for each in await load_series(tx):
        if each.retired_at is None and (check_ids is None or each.key[0] in check_ids):
            first_ms = to_ms(since_at or each.first_at) // HOUR_MS * HOUR_MS
            starts = {ms for number, ms in counted if number == each.number}
            starts |= set(range(max(first_ms, to_ms(now) - MOST_UNFOLDED_MS), to_ms(now) + 1, HOUR_MS))
            found[each.key] = [
                _unfolded(each, ms, counted.get((each.number, ms), {}), now) for ms in sorted(starts)
            ]
    return found


def _unfolded(series: Series, start_ms: int, counts: Mapping[str, int], now: datetime) -> Rollup:
    start_at = from_ms(start_ms)
    due = series.due(start_at, min(start_at + timedelta(hours=1), now))
    tally = _tally(counts, due)
    return Rollup(start_at=start_at, tally=tally, sketch=Sketch())


def _tally(counts: Mapping[str, int], due: int) -> Tally:
    """Counts by status, at least as many due as were counted."""
    return Tally(
        due=max(due, sum(counts.values())),
        up=counts.get(Status.UP, 0),
        degraded=counts.get(Status.DEGRADED, 0),
        down=counts.get(Status.DOWN, 0),
        unknown=counts.get(Status.UNKNOWN, 0),
    )


async def first_kept(tx: ReadTx, table: Table) -> datetime | None:
    """The beginning of the oldest figures that are still kept in this table; `None` where there are none."""
    rows = await tx.rows(select(func.min(table.c.start_ms)))
    return None if rows[0][0] is None else from_ms(rows[0][0])
