"""What storing costs: bytes a probe that is folded, work a result that is written, time until 90 days are read."""

import asyncio
import random
import sqlite3
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import uvloop

from app.domain.check import Check
from app.domain.result import LOCAL, Phases, ProbeResult, Recorded
from app.domain.rollup import STRIP_DAYS, Strip, Tally
from app.domain.schedule import next_slot
from app.domain.status import Status
from app.pipeline.compact import Retention, compact_once
from app.settings import resource
from app.store.engine import Database, open_database
from app.store.migrate import upgrade
from app.store.results import insert_results
from app.store.rollups import load_strips, save_strip
from app.store.series import ensure_series, load_numbers
from tests.bench.figures import Figure, Section, cpu_seconds
from tests.build import a_check, a_failure

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SERIES, BATCH = 15, 100
READS, ROUNDS = 30, 3
LEAST_TIMES_FASTER = 500
MOST_FOR_90_DAYS = 1.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What storing took: bytes a probe once folded, and CPU microseconds and bytes of log a result written."""

    bytes_a_probe: float
    cpu_us: float
    log_bytes: float
    probes: int


def section(folder: Path) -> Section:
    """Size, writing and reading."""
    every_30s, every_60s, every_5min = (
        uvloop.run(_stored(folder / name, timedelta(seconds=interval), days))
        for name, interval, days in (("30s", 30, 2), ("60s", 60, 2), ("5min", 300, 4))
    )
    return Section(
        title="Storage",
        about=(
            f"{SERIES} checks over days, written in batches of {BATCH}, folded hour by hour as the program "
            "does, all phases kept: lognormal latencies in whole milliseconds, 2 % ten times slower, 1 % "
            "failures. Bytes are all pages in use: figures of hours and days, sketches and indexes too. Then "
            "90 days at 5 minutes: the strips as pages read them, against the same counts from a table of "
            "nothing but series, time, status and latency of every probe."
        ),
        figures=(
            _bytes("every 30 s", every_30s, goal=8),
            _bytes("every 60 s", every_60s),
            _bytes("every 5 min", every_5min),
            _reported("CPU per result written", f"{every_30s.cpu_us:.1f} µs", f"batches of {BATCH}"),
            _reported("log written per result", f"{every_30s.log_bytes:.0f} bytes", f"batches of {BATCH}"),
            *uvloop.run(_overviews(folder)),
        ),
    )


def _bytes(cadence: str, stored: Stored, goal: float | None = None) -> Figure:
    return Figure(
        what=f"bytes on disk per probe, {cadence}",
        ours=f"{stored.bytes_a_probe:.2f}",
        reference=f"{stored.probes} probes",
        result="",
        goal=f"≤ {goal:g}" if goal is not None else "none: less to share headers and figures",
        met=stored.bytes_a_probe <= goal if goal is not None else None,
    )


def _reported(what: str, ours: str, beside: str) -> Figure:
    return Figure(what=what, ours=ours, reference=beside, result="", goal="none, reported", met=None)


async def _stored(folder: Path, interval: timedelta, days: int) -> Stored:
    checks = [a_check(f"service-{number}/check", interval=interval) for number in range(SERIES)]
    database, path = await _opened(folder, checks)
    draw = random.Random(7)  # noqa: S311 - pretended latencies, not a secret
    cpu = log_bytes = 0.0
    probes = 0
    for number in range(days * 24):
        start_at = START + number * HOUR
        rows = _hour(checks, start_at, draw)
        probes += len(rows)
        before, log_before = cpu_seconds(), _log_bytes(path)
        for first in range(0, len(rows), BATCH):
            async with database.write() as tx:
                await insert_results(tx, rows[first : first + BATCH])
        cpu += cpu_seconds() - before
        log_bytes = max(log_bytes, (_log_bytes(path) - log_before) / len(rows))
        await compact_once(database, start_at + 2 * HOUR, Retention())
    await database.close()
    return Stored(
        bytes_a_probe=_bytes_in_use(path) / probes,
        cpu_us=cpu / probes * 1e6,
        log_bytes=log_bytes,
        probes=probes,
    )


async def _opened(folder: Path, checks: Sequence[Check]) -> tuple[Database, Path]:
    path = folder / "ours.sqlite3"
    url = f"sqlite+aiosqlite:///{path}"
    await asyncio.to_thread(_made, folder, url)
    database = open_database(url)
    async with database.write() as tx:
        await ensure_series(tx, checks, LOCAL, START)
    return database, path


def _made(folder: Path, url: str) -> None:
    folder.mkdir()
    upgrade(url, resource("migrations"))


def _hour(checks: Sequence[Check], start_at: datetime, draw: random.Random) -> list[Recorded]:
    """All results of an hour, in the order of time as they would come."""
    rows = [_recorded(check, slot_at, draw) for check in checks for slot_at in _slots(check, start_at)]
    return sorted(rows, key=lambda row: row.result.slot_at)


def _slots(check: Check, start_at: datetime) -> Iterator[datetime]:
    slot_at = next_slot(check.id, check.cadence, LOCAL, start_at - timedelta(milliseconds=1))
    while slot_at < start_at + HOUR:
        yield slot_at
        slot_at += check.cadence.interval


def _recorded(check: Check, slot_at: datetime, draw: random.Random) -> Recorded:
    slower = 10 if draw.random() < 0.02 else 1
    medians = (2, 12, 25, 0.1, 90, 1)
    dns, connect, tls, send, first_byte, body = (
        round(slower * median * draw.lognormvariate(0, 0.25)) for median in medians
    )
    failure = a_failure() if draw.random() < 0.01 else None
    phases = Phases(
        total_ms=dns + connect + tls + send + first_byte + body,
        dns_ms=dns,
        connect_ms=connect,
        tls_ms=tls,
        send_ms=send,
        first_byte_ms=first_byte,
        body_ms=body,
    )
    result = ProbeResult(
        check_id=check.id,
        slot_at=slot_at,
        started_at=slot_at + timedelta(milliseconds=draw.randint(0, 3)),
        phases=phases,
        status_code=503 if failure else 401,
        failure=failure,
    )
    return Recorded(result=result, status=Status.DOWN if failure else Status.UP)


def _log_bytes(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size


def _bytes_in_use(path: Path) -> int:
    """Pages that hold something: what waits to be folded leaves a few free ones behind, as many after a year."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)


async def _overviews(folder: Path) -> list[Figure]:
    few, many = await _strips(folder, 50, STRIP_DAYS), await _strips(folder, 1000, STRIP_DAYS)
    one_day = await _strips(folder, 1000, 1)
    raw_rows = _raw(folder / "raw.sqlite3", 50)
    taken: list[list[float]] = [[], [], [], []]
    for _ in range(ROUNDS):
        taken[0].append(_counted(folder / "raw.sqlite3"))
        for values, database in zip(taken[1:], (few, many, one_day), strict=True):
            values.append(await _read(database))
    raw_s, few_s, many_s, one_day_s = (statistics.median(values) for values in taken)
    for database in (few, many, one_day):
        await database.close()
    return [
        _faster("overview data, 90 days, 50 checks", few_s, raw_s, f"{raw_rows} raw rows"),
        _faster("overview data, 90 days, 1,000 checks", many_s, raw_s * 20, "20 times the 50 checks', computed"),
        Figure(
            what="90 days of history against 1, 1,000 checks",
            ours=f"{many_s * 1000:.2f} ms",
            reference=f"{one_day_s * 1000:.2f} ms (1 day)",
            result=f"{many_s / one_day_s:.2f}×",
            goal=f"≤ {MOST_FOR_90_DAYS}×",
            met=many_s / one_day_s <= MOST_FOR_90_DAYS,
        ),
    ]


def _faster(what: str, ours: float, reference: float, beside: str) -> Figure:
    times = reference / ours
    return Figure(
        what=what,
        ours=f"{ours * 1000:.2f} ms",
        reference=f"{reference * 1000:.0f} ms ({beside})",
        result=f"{times:.0f}× faster",
        goal=f"≥ {LEAST_TIMES_FASTER}× faster",
        met=times >= LEAST_TIMES_FASTER,
    )


async def _strips(folder: Path, count: int, days: int) -> Database:
    """A database in which so many checks have a strip of so many days: most without a failure, some with a few."""
    checks = [a_check(f"service-{number}/check") for number in range(count)]
    database, _ = await _opened(folder / f"strips-{count}-{days}", checks)
    draw = random.Random(7)  # noqa: S311 - pretended days, not a secret
    async with database.write() as tx:
        for number in (await load_numbers(tx)).values():
            told = tuple(_day(draw) for _ in range(days))
            strip = Strip(ends_on=date(2026, 3, 1), days=(None,) * (STRIP_DAYS - days) + told)
            await save_strip(tx, number, strip)
    return database


def _day(draw: random.Random) -> Tally:
    bad = round(draw.paretovariate(0.8)) if draw.random() < 0.2 else 0
    down, missed = min(bad, 288), 1 if draw.random() < 0.05 else 0
    return Tally(due=288, up=max(0, 288 - down - missed), down=down, missed=missed if down < 288 else 0)


async def _read(database: Database) -> float:
    """Seconds to read all strips, the median of many times: a page is made again and again."""
    taken = []
    for _ in range(READS):
        before = time.perf_counter()
        async with database.read() as tx:
            await load_strips(tx)
        taken.append(time.perf_counter() - before)
    return statistics.median(taken)


def _raw(path: Path, count: int) -> int:
    """A row a probe: `count` checks, 90 days, every 5 minutes, in the order of time. Returns how many."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE raw (slot_ms INTEGER, series INTEGER, status TEXT, total_ms INTEGER)")
        connection.execute(
            "WITH RECURSIVE slot(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM slot WHERE n < ? - 1),"
            " check_(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM check_ WHERE n < ? - 1)"
            " INSERT INTO raw SELECT slot.n * 300000, check_.n,"
            " CASE WHEN abs(random()) % 100 = 0 THEN 'down' ELSE 'up' END, 100 + abs(random()) % 80"
            " FROM slot CROSS JOIN check_",
            (STRIP_DAYS * 288, count),
        )
        return int(connection.execute("SELECT count(*) FROM raw").fetchone()[0])


def _counted(path: Path) -> float:
    """Seconds to count the readings of every check and day from raw rows."""
    with closing(sqlite3.connect(path)) as connection:
        before = time.perf_counter()
        rows = connection.execute(
            "SELECT series, slot_ms / 86400000, count(*), sum(status = 'up'), sum(status = 'degraded'),"
            " sum(status = 'down'), sum(status = 'unknown') FROM raw GROUP BY 1, 2"
        ).fetchall()
        taken = time.perf_counter() - before
    if len(rows) % STRIP_DAYS:
        raise AssertionError("a day of a check is missing")
    return taken
