"""Reports of visitors: each counts once, none is kept by whom, and everybody is answered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.domain.report import Report, Symptom
from app.pipeline.bus import Bus, Change
from app.pipeline.desk import MOST_OF_A_VISITOR, ReportDesk
from app.settings import resource
from app.store.reports import insert_report
from app.web.app import create_app
from tests.web.conftest import Site

PATH = "/api/v1/services/api/reports"


@asynccontextmanager
async def visitor(
    site: Site, *, address: str = "198.51.100.7", proxies: int = 0, told: list[Change] | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    bus = Bus()
    bus.subscribe((told if told is not None else []).append)
    app = create_app(
        keeper=site.keeper,
        database=site.database,
        clock=site.clock,
        templates=resource("templates"),
        static=resource("static"),
        desk=ReportDesk(database=site.database, clock=site.clock, bus=bus),
        trusted_proxies=proxies,
    )
    transport = httpx.ASGITransport(app=app, client=(address, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://stillup.test") as client:
        yield client


async def test_a_report_counts_once_and_then_again_half_an_hour_later(site: Site) -> None:
    changes: list[Change] = []
    async with visitor(site, told=changes) as client:
        answers = [await client.post(PATH, json={"symptom": "slow"}) for _ in range(2)]
        site.clock.move(timedelta(minutes=31))
        answers.append(await client.post(PATH, json={"symptom": "slow", "region": "de"}))
    assert [(each.status_code, each.json()["counted"]) for each in answers] == [
        (201, True),
        (200, False),
        (201, True),
    ]
    assert changes == [Change(service_ids=frozenset({"api"}))] * 2
    await site.keeper.renew()
    people = (await site.json("/api/v1/services/api"))["people"]
    assert people == {"last_hour": 2, "usual": 0.24, "surge_since_at": None}


async def test_the_first_report_is_answered_with_what_is_usual_where_nobody_ever_reported(site: Site) -> None:
    async with visitor(site) as client:
        answer = await client.post(PATH, json={"symptom": "slow"})
    assert answer.json()["people"] == {"last_hour": 1, "usual": 0.24, "surge_since_at": None}


async def test_it_is_answered_with_what_past_weeks_had_at_this_hour(site: Site) -> None:
    now = site.clock.now()
    async with site.database.write() as tx:
        for week in (1, 2, 3, 4):
            for minute in range(-29, 30):
                at = now - timedelta(weeks=week) + timedelta(minutes=minute)
                await insert_report(tx, "api", Report(at=at, symptom=Symptom.SLOW, network=f"n{minute}"), "")
    await site.keeper.renew()
    async with visitor(site) as client:
        answer = await client.post(PATH, json={"symptom": "slow"})
    assert answer.json()["people"] == {"last_hour": 1, "usual": 47.25, "surge_since_at": None}


async def test_repeats_at_the_same_moment_count_once(site: Site) -> None:
    async with visitor(site) as client:
        answers = await asyncio.gather(*(client.post(PATH, json={"symptom": "slow"}) for _ in range(5)))
    assert sorted(each.status_code for each in answers) == [200, 200, 200, 200, 201]


async def test_a_form_is_answered_with_the_page(site: Site) -> None:
    async with visitor(site) as client:
        page = await client.get("/services/api")
        answer = await client.post(PATH, data={"symptom": "error_message"})
        thanked = await client.get(answer.headers["location"])
    assert f'action="{PATH}"' in page.text
    assert (answer.status_code, answer.headers["location"]) == (303, "/services/api?reported=counted#people")
    assert "Thank you, that is counted." in thanked.text


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/api/v1/services/nothing/reports", b'{"symptom": "slow"}', {}, 404),
        (PATH, b'{"symptom": "itchy"}', {}, 422),
        (PATH, b"", {}, 422),
        (PATH, b"[1]", {}, 422),
        (PATH, b"\xff\xfe", {}, 422),
        (PATH, b"x" * 5_000, {}, 413),
        (PATH, b'{"symptom": "slow"}', {"sec-fetch-site": "cross-site"}, 403),
        (PATH, b'{"symptom": "slow"}', {"origin": "https://elsewhere.example"}, 403),
        (PATH, b'{"symptom": "slow"}', {"origin": "http://stillup.test"}, 201),
        (PATH, b'{"symptom": "slow"}', {"sec-fetch-site": "same-origin", "origin": "null"}, 201),
    ],
)
async def test_what_is_no_report_is_refused(
    site: Site, path: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    async with visitor(site) as client:
        answer = await client.post(path, content=body, headers={"content-type": "application/json", **headers})
    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


async def test_who_reports_too_often_is_told_when_to_come_back(site: Site) -> None:
    async with visitor(site) as client:
        for _ in range(MOST_OF_A_VISITOR):
            assert (await client.post(PATH, json={"symptom": "slow"})).status_code in {200, 201}
            site.clock.move(timedelta(minutes=1))
        answer = await client.post(PATH, json={"symptom": "slow"})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 3_600


async def test_behind_a_proxy_visitors_are_told_apart_and_nobody_can_pretend(site: Site) -> None:
    async with visitor(site, address="10.0.0.1", proxies=1) as client:
        codes = [
            (await client.post(PATH, json={"symptom": "slow"}, headers={"x-forwarded-for": each})).status_code
            for each in ("203.0.113.1", "203.0.113.2", "9.9.9.9, 203.0.113.2")
        ]
    assert codes == [201, 201, 200]


async def test_a_crowd_makes_a_service_degraded_by_its_word(site: Site) -> None:
    for number in range(12):
        async with visitor(site, address=f"203.0.{number}.9") as client:
            await client.post("/api/v1/services/chat/reports", json={"symptom": Symptom.ERROR})
    await site.keeper.renew()
    told = await site.json("/api/v1/services/chat")
    assert (told["status"], told["measured"], told["witnesses"]) == ("degraded", "up", ["people"])
    assert told["disagreements"] == ["only_people"]


async def test_no_address_is_kept(site: Site, tmp_path: Path) -> None:
    async with visitor(site, address="198.51.100.77") as client:
        await client.post(PATH, json={"symptom": "slow"})
    kept = _all_of(tmp_path)
    assert b"slow" in kept
    assert b"198.51.100" not in kept


def _all_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
