"""What Prometheus is told: in both of its formats, documented, and of ourselves even without a board."""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client import Metric
from prometheus_client.openmetrics import parser
from prometheus_client.parser import text_string_to_metric_families as parse_text

from app.board.figures import Figures
from app.board.keeper import BoardKeeper
from app.board.lags import LagLoader, VendorLag
from app.board.load import BoardLoader
from app.board.model import Board, OwnHealth, Spending
from app.domain.counts import Counts, counted
from app.domain.histogram import Histogram
from app.domain.network import NetworkView
from app.domain.result import LOCAL, Recorded
from app.domain.spend import NUSD, Caps, Spent
from app.domain.status import Status
from app.settings import resource
from app.store.engine import Database, StoreErrorKind
from app.web.app import create_app
from app.web.metrics.exposition import histogram, info, is_openmetrics, labelled, written
from tests.build import START, a_failure, a_result, minute
from tests.clocks import HandClock
from tests.web.conftest import EVIL, MODELS, evil_catalogue, record

ROOT = Path(__file__).parent.parent.parent
DOCUMENTED = re.compile(r"^\| `([a-z_]+)`", re.MULTILINE)
OPEN = "application/openmetrics-text; version=1.0.0"
PROMETHEUS = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
SPOKEN = replace(a_result(minute(5)), figures={"ttft_ms": 420, "tpot_us": 12_500, "expires_in_days": 61})
OWN = OwnHealth(
    started_at=START,
    probing=True,
    network=NetworkView(works=True, seen_at=START, sentence="2 of 2 control targets answer from here."),
    missed=3,
    spending=Spending(
        spent=Spent(month="2026-03", by_vendor={"api-inc": NUSD // 4}),
        caps=Caps(vendor_nusd=NUSD, total_nusd=3 * NUSD),
    ),
)
COUNTS = counted(
    counted(Counts(), Recorded(result=SPOKEN, status=Status.UP)),
    Recorded(result=a_result(minute(6), failure=a_failure()), status=Status.DOWN),
)
FIGURES = Figures(
    own=OWN,
    counts={(MODELS.id, LOCAL): COUNTS},
    lateness=Histogram.of((0.01, 0.1)).seen(0.004),
    storing=Histogram.of((0.1,)),
    making=Histogram.of((0.1,)),
    under_way=2,
    seats=64,
    waiting=7,
    store_errors={StoreErrorKind.LOCKED: 5},
)


@asynccontextmanager
async def scraped(
    database: Database, figures: Figures | None = FIGURES, *, is_simulated: bool = False, has_board: bool = True
) -> AsyncIterator[httpx.AsyncClient]:
    catalogue, clock, loader = evil_catalogue(), HandClock(minute(10)), BoardLoader(database)
    await record(database, catalogue)

    async def load() -> Board:
        return await loader.load(catalogue, OWN, clock.now())

    keeper = BoardKeeper(load, clock=clock)
    app = create_app(
        keeper=keeper,
        database=database,
        clock=clock,
        templates=resource("templates"),
        static=resource("static"),
        is_simulated=is_simulated,
        figures=None if figures is None else lambda: figures,
    )
    if has_board:
        await keeper.renew()
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://stillup.test") as client:
        yield client


def parse_openmetrics(text: str) -> list[Metric]:
    """By the strict parser of the client that Prometheus maintains."""
    return list(parser.text_string_to_metric_families(text))  # type: ignore[no-untyped-call] # it has no types


async def told(client: httpx.AsyncClient) -> dict[str, Metric]:
    """The families of a scrape by the names that their samples have."""
    answer = await client.get("/metrics", headers={"accept": OPEN})
    endings = {"counter": "_total", "info": "_info"}
    return {each.name + endings.get(each.type, ""): each for each in parse_openmetrics(answer.text)}


def value(family: Metric, suffix: str = "", **labels: str) -> float:
    return next(
        each.value
        for each in family.samples
        if each.name.endswith(suffix) and labels.items() <= each.labels.items()
    )


async def test_every_metric_is_documented_and_every_documented_one_exists(database: Database) -> None:
    async with scraped(database) as client:
        exported = await told(client)
    documented = DOCUMENTED.findall((ROOT / "docs" / "metrics.md").read_text())
    assert sorted(documented) == sorted(exported)


async def test_both_formats_tell_the_same(database: Database) -> None:
    async with scraped(database) as client:
        plain = await client.get("/metrics")
        opened = await client.get("/metrics", headers={"accept": PROMETHEUS})
    assert plain.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert opened.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert plain.headers["cache-control"] == opened.headers["cache-control"] == "no-store"
    assert samples(parse_text(plain.text)) == samples(parse_openmetrics(opened.text))


def samples(families: Iterable[Metric]) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    """All but the values, of which some are of this very moment."""
    return {(each.name, tuple(sorted(each.labels.items()))) for family in families for each in family.samples}


async def test_what_was_counted_is_told(database: Database) -> None:
    async with scraped(database) as client:
        all_told = await told(client)
    readings = all_told["stillup_readings_total"]
    told_of = {"service": "api", "check": "api/models", "region": "local"}
    by_reading = {each: value(readings, reading=each, **told_of) for each in ("up", "degraded", "down", "unknown")}
    assert by_reading == {"up": 1, "degraded": 0, "down": 1, "unknown": 0}
    assert value(readings, check="chat/web", reading="up") == 0
    failures = all_told["stillup_failures_total"].samples
    assert [(each.labels, each.value) for each in failures] == [
        ({**told_of, "kind": "server_error", "blame": "vendor"}, 1)
    ]
    spans = all_told["stillup_probe_phase_seconds"]
    assert value(spans, "_sum", phase="first_byte", **told_of) == 0.07
    bounds = "0.1", "0.25", "+Inf"
    assert [value(spans, "_bucket", phase="total", le=each, **told_of) for each in bounds] == [0, 1, 1]
    assert value(all_told["stillup_canary_first_token_seconds"], "_sum", **told_of) == 0.42
    assert value(all_told["stillup_canary_tokens_per_second"], "_sum", **told_of) == 80


async def test_how_we_are_is_told(database: Database) -> None:
    async with scraped(database, is_simulated=True) as client:
        all_told = await told(client)
    names = "simulated", "network_up", "results_waiting", "seats"
    own = {name: value(all_told[f"stillup_{name}"]) for name in names}
    assert own == {"simulated": 1, "network_up": 1, "results_waiting": 7, "seats": 64}
    assert value(all_told["stillup_database_errors_total"], kind="locked") == 5
    assert value(all_told["stillup_missed_slots_total"]) == 3
    assert value(all_told["stillup_schedule_lateness_seconds"], "_sum") == 0.004
    assert value(all_told["stillup_spend_usd"], vendor="api-inc") == 0.25
    assert value(all_told["stillup_spend_cap_usd"]) == 3
    assert value(all_told["stillup_board_trouble"]) == 0


async def test_a_vendors_lag_is_told(database: Database) -> None:
    async with scraped(database) as client:
        all_told = await told(client)
    assert value(all_told["stillup_vendor_lag_last_seconds"], vendor="api-inc") == 240
    assert value(all_told["stillup_vendor_lag_troubles"], vendor="api-inc") == 1


async def test_without_a_board_we_tell_of_ourselves(database: Database) -> None:
    async with scraped(database, has_board=False) as client:
        all_told = await told(client)
    assert value(all_told["stillup_board_trouble"]) == 1
    assert all_told["stillup_board_made_timestamp_seconds"].samples == []
    assert "stillup_service_status" not in all_told


async def test_a_database_that_fails_hides_the_lag_alone(database: Database) -> None:
    async with scraped(database) as client:
        async with database.write() as tx:
            await tx.connection.exec_driver_sql("DROP TABLE lags")
        all_told = await told(client)
    assert all_told["stillup_vendor_lag_median_seconds"].samples == []
    assert value(all_told["stillup_service_up"], service="api") == 0
    assert database.errors == {StoreErrorKind.OTHER: 1}


async def test_what_is_not_known_is_neither_up_nor_down(database: Database) -> None:
    async with scraped(database) as client:
        all_told = await told(client)
    up = {each.labels["service"]: each.value for each in all_told["stillup_service_up"].samples}
    assert up == {"api": 0, "chat": 1}
    assert value(all_told["stillup_service_status"], service="hidden", status="unknown") == 1


async def test_names_cannot_break_the_format(database: Database) -> None:
    async with scraped(database) as client:
        all_told = await told(client)
    assert value(all_told["stillup_service_info"], service="hidden", name=EVIL) == 1


async def test_it_can_be_switched_off(database: Database) -> None:
    async with scraped(database, None) as client:
        assert (await client.get("/metrics")).status_code == 404


async def test_it_is_packed_for_who_takes_it_packed(database: Database) -> None:
    async with scraped(database) as client:
        plain = await client.get("/metrics", headers={"accept-encoding": "identity"})
        packed = await client.get("/metrics", headers={"accept-encoding": "gzip"})
        other = await client.get("/metrics", headers={"accept-encoding": "br"})
    assert [each.headers.get("content-encoding") for each in (plain, packed, other)] == [None, "gzip", None]
    assert samples(parse_text(plain.text)) == samples(parse_text(packed.text))
    assert int(packed.headers["content-length"]) < len(plain.content) / 5


async def test_nothing_can_be_written_to_it(database: Database) -> None:
    async with scraped(database) as client:
        assert (await client.post("/metrics")).status_code == 405


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", False),
        ("*/*", False),
        ("text/plain;version=0.0.4", False),
        (OPEN, True),
        (PROMETHEUS, True),
        ("text/html, Application/OpenMetrics-Text", True),
        ("application/openmetrics-text;q=0, text/plain", False),
        ("application/openmetrics-text;version=0.0.1", False),
    ],
)
def test_openmetrics_is_for_those_who_ask_for_it(accept: str, expected: bool) -> None:  # noqa: FBT001 - a column
    assert is_openmetrics(accept) is expected


def test_the_formats_announce_a_family_each_in_its_way() -> None:
    known = [info("a_info", "About.", [labelled(x='1"\\\n')])]
    assert written(known, openmetrics=False).decode() == (
        '# HELP a_info About.\n# TYPE a_info gauge\na_info{x="1\\"\\\\\\n"} 1\n'
    )
    assert written(known, openmetrics=True).decode() == (
        '# HELP a About.\n# TYPE a info\na_info{x="1\\"\\\\\\n"} 1\n# EOF\n'
    )


def test_buckets_add_up() -> None:
    seen = Histogram.of((0.5, 1.0)).seen(0.25).seen(0.75).seen(8.0)
    assert histogram("a_seconds", "About.", [('x="1"', seen)]).lines == [
        'a_seconds_bucket{x="1",le="0.5"} 1\n',
        'a_seconds_bucket{x="1",le="1.0"} 2\n',
        'a_seconds_bucket{x="1",le="+Inf"} 3\n',
        'a_seconds_count{x="1"} 3\n',
        'a_seconds_sum{x="1"} 9.0\n',
    ]


async def test_lags_are_a_minute_old_at_most(database: Database) -> None:
    catalogue, clock = evil_catalogue(), HandClock(minute(10))
    await record(database, catalogue)
    views = (await BoardLoader(database).load(catalogue, OWN, clock.now())).services
    loader, four = LagLoader(database), timedelta(minutes=4)
    first = await loader.load(views, minute(10))
    assert first == {"api-inc": VendorLag(compared=1, median=four, last=four)}
    async with database.write() as tx:
        await tx.connection.exec_driver_sql("DELETE FROM lags")
    assert await loader.load(views, minute(10.9)) == first
    assert await loader.load(views, minute(11)) == {}
