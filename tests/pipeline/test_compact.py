"""Folding loses nothing, counts gaps, and may be killed anywhere."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.check import Check
from app.domain.chunk import from_ms
from app.domain.result import LOCAL, Recorded
from app.domain.rollup import Tally, merge_tallies
from app.domain.schedule import next_slot
from app.domain.sketch import Sketch
from app.domain.status import Status
from app.pipeline.compact import Retention, compact_once, floor
from app.store.engine import Database, WriteTx
from app.store.results import insert_results, load_results
from app.store.rollups import folded_until, load_days, load_hours, load_live, load_strips
from app.store.series import ensure_series
from app.store.tables import chunks, results
from tests.build import a_check, a_failure, a_result

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 3, 1, tzinfo=UTC)
DAY_2 = START + DAY
MODELS = a_check("api/models", interval=timedelta(minutes=5))
EDGE = a_check("chat/edge", interval=timedelta(minutes=30))
KEEP = Retention()


def slots(check: Check, start_at: datetime, end_at: datetime) -> list[datetime]:
    found, slot_at = [], next_slot(check.id, check.cadence, LOCAL, start_at - timedelta(milliseconds=1))
    while slot_at < end_at:
        found.append(slot_at)
        slot_at += check.cadence.interval
    return found


def recorded(check: Check, start_at: datetime, end_at: datetime, *, bad_every: int = 7) -> list[Recorded]:
    made = []
    for number, slot_at in enumerate(slots(check, start_at, end_at)):
        failure = a_failure() if number % bad_every == bad_every - 1 else None
        result = a_result(slot_at, check_id=check.id, failure=failure, total_ms=120 + number % 50)
        made.append(Recorded(result=result, status=Status.DOWN if failure else Status.UP))
    return made


async def store(database: Database, rows: Sequence[Recorded]) -> None:
    async with database.write() as tx:
        await insert_results(tx, rows)


@pytest.fixture(autouse=True)
async def _numbered(database: Database) -> None:
    async with database.write() as tx:
        await ensure_series(tx, [MODELS, EDGE], LOCAL, START)


async def everything(database: Database) -> dict[str, Any]:
    """All that can be read, whatever way it is stored."""
    end = START + 30 * DAY
    async with database.read() as tx:
        return {
            "results": [await load_results(tx, check.id, LOCAL, START, end) for check in (MODELS, EDGE)],
            "hours": await load_hours(tx, START, end),
            "days": await load_days(tx, START, end),
            "strips": await load_strips(tx),
            "until": await folded_until(tx),
            "live": await load_live(tx, START + 2 * DAY),
        }


async def test_what_is_folded_can_still_be_read_as_it_was(database: Database) -> None:
    rows = recorded(MODELS, START, START + 26 * HOUR)
    await store(database, rows)
    assert await compact_once(database, START + 26 * HOUR, KEEP) == 25
    found = await everything(database)
    assert found["results"][0] == rows
    async with database.read() as tx:
        waiting = [from_ms(slot) for (slot,) in await tx.rows(select(results.c.slot_ms))]
        starts = [from_ms(start) for (start,) in await tx.rows(select(chunks.c.start_ms))]
    assert waiting == [row.result.slot_at for row in rows if row.result.slot_at >= START + 25 * HOUR]
    assert starts == [START, START + DAY], "the hours of the first day are one chunk"


async def test_hours_days_and_strips_say_the_same(database: Database) -> None:
    rows = recorded(MODELS, START, START + DAY) + recorded(EDGE, START, START + DAY)
    await store(database, rows)
    await compact_once(database, START + DAY + 10 * timedelta(minutes=1), KEEP)
    found = await everything(database)
    key = (MODELS.id, LOCAL)
    tally = merge_tallies(hour.tally for hour in found["hours"][key])
    assert (tally.due, tally.up, tally.down) == (288, 247, 41)
    assert [day.tally for day in found["days"][key]] == [tally]
    assert found["strips"][key].ends_on == date(2026, 3, 1)
    assert found["strips"][key].days[-1] == Tally(due=288, up=247, down=41)
    assert found["strips"][key].days[:-1] == (None,) * 89
    assert found["days"][key][0].sketch.count == 247


async def test_of_a_model_the_first_token_and_the_speed_are_kept_by_the_hour_and_the_day(
    database: Database,
) -> None:
    figures = {"ttft_ms": 500, "tpot_us": 20_000}
    spoken = [
        replace(each, result=replace(each.result, figures=figures)) for each in recorded(MODELS, START, DAY_2)
    ]
    await store(database, spoken + recorded(EDGE, START, DAY_2))
    await compact_once(database, DAY_2 + HOUR, KEEP)
    found = await everything(database)
    hour, day = found["hours"][MODELS.id, LOCAL][0], found["days"][MODELS.id, LOCAL][0]
    assert (hour.first_token.count, hour.speed.count) == (hour.tally.up, hour.tally.up), (
        "failures say nothing of it"
    )
    assert (day.first_token, day.speed) == (Sketch.of([500] * 247), Sketch.of([50_000] * 247))
    other = found["days"][EDGE.id, LOCAL][0]
    assert (other.first_token.count, other.speed.count) == (0, 0)


async def test_a_gap_is_due_and_unknown_neither_up_nor_down(database: Database) -> None:
    await store(database, recorded(MODELS, START, START + 6 * HOUR))
    await store(database, recorded(MODELS, START + 3 * DAY, START + 3 * DAY + HOUR))
    await compact_once(database, START + 4 * DAY + HOUR, KEEP)
    strip = (await everything(database))["strips"][MODELS.id, LOCAL]
    assert [(day.due, day.judged) for day in strip.days[-4:]] == [(288, 72), (288, 0), (288, 0), (288, 12)]
    assert strip.days[-3].uptime is None
    assert strip.days[-4].coverage == pytest.approx(0.25)


async def test_late_results_of_a_folded_hour_join_it(database: Database) -> None:
    rows = recorded(MODELS, START, START + 3 * DAY)
    late = [row for row in rows if row.result.slot_at.minute % 10 < 5]
    await store(database, [row for row in rows if row not in late])
    await compact_once(database, START + 3 * DAY + HOUR, KEEP)
    await store(database, late)
    await compact_once(database, START + 3 * DAY + HOUR, KEEP)
    found = await everything(database)
    assert found["results"][0] == rows
    assert [day.tally.judged for day in found["days"][MODELS.id, LOCAL]] == [288, 288, 288]


async def test_what_waits_and_what_is_folded_add_up(database: Database) -> None:
    now = START + 5 * HOUR + 30 * timedelta(minutes=1)
    await store(database, recorded(MODELS, START, now))
    before = (await everything(database))["live"][MODELS.id, LOCAL]
    await compact_once(database, now, KEEP)
    async with database.read() as tx:
        live = (await load_live(tx, now))[MODELS.id, LOCAL]
        (day,) = (await load_days(tx, START, START + DAY))[MODELS.id, LOCAL]
    assert (live.due, live.judged) == (6, 6)
    assert live.judged + day.tally.judged == before.judged == 66
    assert live.due + day.tally.due == 66


async def test_what_is_too_old_is_forgotten_but_its_days_are_not(database: Database) -> None:
    await store(database, recorded(EDGE, START, START + 2 * DAY))
    await compact_once(database, START + 2 * DAY + HOUR, KEEP)
    await store(database, recorded(EDGE, START + 20 * DAY, START + 20 * DAY + HOUR))
    await compact_once(
        database, START + 20 * DAY + 2 * HOUR, Retention(results=timedelta(days=3), hours=timedelta(days=10))
    )
    found = await everything(database)
    assert {row.result.slot_at.date() for row in found["results"][1]} == {date(2026, 3, 21)}
    assert {hour.start_at.date() for hour in found["hours"][EDGE.id, LOCAL]} == {date(2026, 3, 21)}
    assert len(found["days"][EDGE.id, LOCAL]) == 21


class Killed(BaseException):
    """The process ends here."""


class Mortal:
    """A database whose process is killed at the n-th transaction that writes, before or after its commit."""

    def __init__(self, database: Database, lives: int) -> None:
        self._database = database
        self._lives = lives

    def read(self) -> Any:
        return self._database.read()

    def write(self) -> Any:
        self._lives -= 1
        if self._lives < 0:
            raise Killed
        return self._database.write()


@pytest.mark.parametrize("lives", [0, 1, 2, 7, 23, 24, 25])
async def test_it_may_be_killed_anywhere_and_ends_the_same(database: Database, lives: int) -> None:
    rows = recorded(MODELS, START, START + 25 * HOUR) + recorded(EDGE, START, START + 25 * HOUR)
    await store(database, rows)
    now = START + 25 * HOUR + 10 * timedelta(minutes=1)
    mortal: Any = Mortal(database, lives)
    with pytest.raises(Killed):
        await compact_once(mortal, now, KEEP)
    async with database.read() as tx:
        assert [
            row for check in (MODELS, EDGE) for row in await load_results(tx, check.id, LOCAL, START, now)
        ] == rows, "nothing is lost while it is half done"
    await compact_once(database, now, KEEP)
    interrupted = await everything(database)
    async with database.write() as tx:
        await _forget(tx)
    await store(database, rows)
    await compact_once(database, now, KEEP)
    assert interrupted == await everything(database)


async def _forget(tx: WriteTx) -> None:
    for table in ("results", "chunks", "hours", "days", "strips", "meta"):
        await tx.connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - names of ours


def test_floor_is_utc() -> None:
    assert floor(datetime(2026, 3, 1, 23, 59, tzinfo=UTC), DAY) == START
    assert floor(START, HOUR) == START
