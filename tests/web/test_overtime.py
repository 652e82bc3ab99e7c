"""The charts of a service: what they are drawn of, as a page, as JSON and as a table, which say the same."""

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.board.history import Window
from app.board.load import BoardLoader
from app.board.model import OwnHealth
from app.board.overtime import Moment, load_over_time
from app.domain.report import WEEKS, Report, Symptom
from app.domain.result import LOCAL, Phases, Recorded
from app.domain.sketch import Sketch
from app.domain.status import Status
from app.pipeline.compact import Retention, compact_once
from app.store.engine import Database
from app.store.reports import insert_report
from app.store.results import insert_results
from app.store.series import ensure_series
from tests.build import START, a_catalogue, a_check, a_failure, a_result, minute
from tests.web.conftest import Site

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
DOOR, CANARY = a_check("api/models"), replace(a_check("api/canary"), kind="inference")
CHARTS = "/services/chat/charts.csv"


async def furnish(database: Database) -> None:
    """Five answers of each check an hour for three hours, of which the first is folded; the door fails once."""
    async with database.write() as tx:
        await ensure_series(tx, [DOOR, CANARY], LOCAL, START)
        for number in range(15):
            at = START + number * HOUR / 5
            failure = a_failure() if number == 1 else None
            door = a_result(at, failure=failure, total_ms=5_000 if failure else 200)
            spoken = replace(
                a_result(at, check_id=CANARY.id),
                phases=Phases(total_ms=2_000),
                figures={"ttft_ms": 500, "ttft_e2e_ms": 700, "tpot_us": 20_000},
            )
            rows = [
                Recorded(result=door, status=Status.DOWN if failure else Status.UP),
                Recorded(result=spoken, status=Status.UP),
            ]
            await insert_results(tx, rows)
    await compact_once(database, START + HOUR + timedelta(minutes=5), Retention())


async def moments(database: Database, window: Window) -> dict[datetime, Moment]:
    now = START + 3 * HOUR - timedelta(minutes=1)
    own = OwnHealth(started_at=START, probing=True, network=None, late_p99_ms=None)
    board = await BoardLoader(database).load_whole(a_catalogue(DOOR, CANARY), own, now)
    over = await load_over_time(database, board.by_id["api"], window, now)
    assert (over.leading, over.model) == (DOOR, CANARY)
    return {each.stretch.start_at: each for each in over.moments}


def quantile(*values: int, share: float = 0.5) -> int | None:
    return Sketch.of(values).quantile(share)


async def test_what_is_folded_and_what_is_not_stand_in_one_chart(database: Database) -> None:
    await furnish(database)
    told = await moments(database, Window.DAY)
    first, live = told[START], list(told.values())[-1]
    assert first.latency_p50_ms == live.latency_p50_ms == quantile(200), (
        "how long a failure took tells of no speed"
    )
    assert first.first_token_p50_ms == live.first_token_p95_ms == quantile(500)
    assert first.speed_p50 == live.speed_p05 == (quantile(50_000) or 0) / 1000
    before = told[START - HOUR]
    assert (before.latency_p50_ms, before.first_token_p50_ms, before.speed_p50, before.reports) == (None,) * 4


@pytest.mark.parametrize("window", Window)
async def test_every_window_tells_the_last_bucket_with_what_came_until_now(
    database: Database, window: Window
) -> None:
    await furnish(database)
    last = list((await moments(database, window)).values())[-1]
    assert last.stretch.span == window.bucket
    assert (last.latency_p95_ms, last.first_token_p50_ms) == (quantile(200), quantile(500))


async def test_reports_stand_beside_what_is_usual_at_that_time_of_the_week(database: Database) -> None:
    await furnish(database)
    async with database.write() as tx:
        for week, count in ((0, 3), (1, 8), (4, 4), (5, 90)):
            for number in range(count):
                at = START + timedelta(minutes=1 + number) - week * WEEK
                await insert_report(tx, "api", Report(at=at, symptom=Symptom.SLOW, network=str(number)), LOCAL)
        await insert_report(tx, "chat", Report(at=START, symptom=Symptom.SLOW, network="other"), LOCAL)
    told = (await moments(database, Window.DAY))[START]
    buckets = HOUR // timedelta(minutes=5)
    assert told.reports == 3
    assert told.usual_reports == pytest.approx((12 + 0.24) / (WEEKS * buckets + 12) * buckets)


async def test_the_table_and_the_answer_say_the_same(site: Site) -> None:
    answer = await site.client.get(f"{CHARTS}?window=7d")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="chat-7d.csv"'
    told: Any = await site.json("/api/v1/services/chat/charts?window=7d")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 28
    assert rows == [
        {name: "" if value is None else str(value) for name, value in bucket.items()} for bucket in told["buckets"]
    ]
    assert rows[-1]["latency_p50_ms"] == str(quantile(120))


async def test_what_is_shaded_is_told_with_what_is_drawn(site: Site) -> None:
    told: Any = await site.json("/api/v1/services/api/charts")
    (shade,) = told["shaded"]
    assert (shade["worst"], shade["closed_at"]) == ("down", None)
    assert (told["window"], told["bucket_ms"], told["latency_of"], told["speech_of"]) == (
        "24h",
        3_600_000,
        "api/models",
        None,
    )


async def test_a_window_that_there_is_not_is_told_of(site: Site) -> None:
    answer = await site.client.get(f"{CHARTS}?window=1y")
    assert answer.status_code == 404
    assert "there are 24h, 7d, 30d, 90d" in answer.text


async def test_the_page_draws_reports_where_there_are_any_and_links_what_it_draws(site: Site) -> None:
    quiet = (await site.client.get("/services/chat")).text
    assert 'class="bars"' not in quiet
    async with site.database.write() as tx:
        await insert_report(tx, "chat", Report(at=minute(9), symptom=Symptom.SLOW, network="a"), LOCAL)
    site.clock.move(timedelta(seconds=30))
    await site.keeper.renew()
    page = (await site.client.get("/services/chat?window=7d")).text
    assert page.count('class="bars"') == 1
    assert 'href="/services/chat/charts.csv?window=7d"' in page
    assert 'href="/api/v1/services/chat/charts?window=7d"' in page
