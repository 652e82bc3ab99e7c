"""The same moment, seen through every rendering, is the same."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import feedparser
import httpx
import icalendar
import pytest
from prometheus_client.parser import text_string_to_metric_families as parse_text
from prometheus_client.samples import Sample
from rich.console import Console
from selectolax.lexbor import LexborHTMLParser

from app.board.words import in_percent
from app.cli import incidents, status
from app.cli.source import Source
from app.cli.terminal import MARKS, Terminal
from app.web.statuspage import COMPONENT_STATUS, IMPACT
from tests.web.scenes import SCENES, Scene, an_empty_database, furnished, the_catalogue
from tests.web.serving import app_of

HOST = "https://stillup.test"
UPTIME = "stillup_service_uptime_ratio"


@asynccontextmanager
async def shown(folder: Path, scene: Scene) -> AsyncIterator[httpx.AsyncClient]:
    """The site on one of the days to look at."""
    catalogue = the_catalogue()
    database = await furnished(an_empty_database(folder), catalogue, scene)
    app = await app_of(database, catalogue, scene, public_url=HOST)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HOST) as client:
        yield client
    await database.close()


@pytest.mark.parametrize("day", SCENES)
async def test_page_api_statuspage_badge_feed_and_calendar_tell_the_same(tmp_path: Path, day: str) -> None:
    async with shown(tmp_path, SCENES[day]) as client:  # one for all: to make it takes longer than to look at it
        await services_agree(client)
        await the_whole_agrees(client)
        await incidents_agree(client)
        await uptimes_agree(client)
        await metrics_agree(client)
        await the_command_line_agrees(client)


async def told(client: httpx.AsyncClient, path: str) -> Any:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def services_agree(client: httpx.AsyncClient) -> None:
    api = {each["id"]: each["status"] for each in (await told(client, "/api/v1/services"))["services"]}
    parts = [each for each in (await told(client, "/api/v2/components.json"))["components"] if not each["group"]]
    assert {each["id"]: each["stillup_status"] for each in parts} == api
    assert {each["id"]: each["status"] for each in parts} == {key: COMPONENT_STATUS[api[key]] for key in api}
    pages = {key: LexborHTMLParser((await client.get(f"/services/{key}")).text) for key in api}
    assert {key: _answer(page) for key, page in pages.items()} == api
    badges = {key: (await told(client, f"/badge/{key}.json"))["message"] for key in api}
    assert badges == api


async def the_whole_agrees(client: httpx.AsyncClient) -> None:
    api = await told(client, "/api/v1/services")
    v2 = (await told(client, "/api/v2/status.json"))["status"]
    page = LexborHTMLParser((await client.get("/")).text)
    badge = (await told(client, "/badge/_all.json"))["message"]
    assert (v2["stillup_status"], _answer(page)) == (api["status"], api["status"])
    assert api["sentence"].startswith(v2["description"].partition(" since ")[0])
    counted = {"unknown": "unknown", "up": f"{api['counts']['up']} of {len(api['services'])} up"}
    assert badge == counted.get(
        api["status"],
        ", ".join(f"{api['counts'][each]} {each}" for each in ("down", "degraded") if api["counts"][each]),
    )


async def incidents_agree(client: httpx.AsyncClient) -> None:
    services = (await told(client, "/api/v1/services"))["services"]
    v2 = (await told(client, "/api/v2/incidents.json"))["incidents"]
    assert {each["incident"] for each in services} - {None} == {
        each["id"] for each in v2 if each["status"] != "resolved"
    }
    atom = feedparser.parse((await client.get("/feed.atom")).content)
    rss = feedparser.parse((await client.get("/feed.rss")).content)
    items = (await told(client, "/feed.json"))["items"]
    events = icalendar.Calendar.from_ical((await client.get("/calendar.ics")).content).walk("VEVENT")
    links = {each["shortlink"] for each in v2}
    for listed in (atom.entries, rss.entries):
        assert {each.link for each in listed} == links
    assert {each["url"] for each in items} == links
    assert {str(each["URL"]) for each in events if str(each["UID"]).endswith("@incidents.stillup")} == links
    for each in v2:
        api = await told(client, f"/api/v1/incidents/{each['id']}")
        assert (each["started_at"], each["resolved_at"], each["impact"]) == (
            api["opened_at"],
            api["closed_at"],
            IMPACT[api["worst"]],
        )
        assert [update["display_at"] for update in reversed(each["incident_updates"])] == [
            event["at"] for event in api["events"]
        ]


async def uptimes_agree(client: httpx.AsyncClient) -> None:
    services = (await told(client, "/api/v1/services"))["services"]
    for each in services:
        page = LexborHTMLParser((await client.get(f"/services/{each['id']}")).text)
        badge = (await told(client, f"/badge/{each['id']}.json?show=uptime"))["message"]
        lead = [node.text() for node in page.css("p.lead") if " up, of the " in node.text()]
        assert [line.partition(" up, ")[0].replace("\N{EN DASH}", "unknown") for line in lead] == [badge]


async def metrics_agree(client: httpx.AsyncClient) -> None:
    families = {each.name: each.samples for each in parse_text((await client.get("/metrics")).text)}
    api = {each["id"]: each for each in (await told(client, "/api/v1/services"))["services"]}
    assert _states(families["stillup_service_status"], "status") == {key: api[key]["status"] for key in api}
    assert _states(families["stillup_service_evidence"], "level") == {key: api[key]["evidence"] for key in api}
    answers = {"up": 1, "degraded": 1, "down": 0}
    up = {each.labels["service"]: each.value for each in families["stillup_service_up"]}
    assert up == {key: answers[api[key]["status"]] for key in api if api[key]["status"] in answers}
    opened = {each.labels["incident"] for each in families["stillup_service_incident_opened_timestamp_seconds"]}
    assert opened == {each["incident"] for each in api.values()} - {None}
    whole = {key: await told(client, f"/api/v1/services/{key}") for key in api}
    words = {key: each["vendor_says"]["status"] for key, each in whole.items() if each["vendor_says"] is not None}
    assert _states(families["stillup_service_vendor_status"], "status") == words
    checks = {check["id"]: check["status"] for each in whole.values() for check in each["checks"]}
    assert _states(families["stillup_check_status"], "status", "check") == checks
    reports = {each.labels["service"]: each.value for each in families["stillup_service_reports"]}
    assert reports == {key: each["people"]["last_hour"] for key, each in whole.items()}
    shares = {(each.labels["service"], each.labels["window"]): each.value for each in families[UPTIME]}
    for window in ("24h", "90d"):
        assert {key: shares.get((key, window)) for key in api} == {
            key: api[key][f"uptime_{window}"] for key in api
        }
    for key in api:
        badge = (await told(client, f"/badge/{key}.json?show=uptime&window=24h"))["message"]
        share = shares.get((key, "24h"))
        assert ("unknown" if share is None else in_percent(share)) == badge


async def the_command_line_agrees(client: httpx.AsyncClient) -> None:
    api = await told(client, "/api/v1/services")
    seen = await status._seen(Source(client, HOST, client.aclose), ())
    lines = [line.plain for line in Terminal(console=Console(), is_screen=False).lines(seen.sheet)]
    assert (seen.plain, lines[0]) == (api, api["sentence"])
    rows = [line.split()[1:3] for line in lines[3:] if line[:1] in {mark for mark, _ in MARKS.values()}]
    assert {service: word for word, service in rows} == {each["id"]: each["status"] for each in api["services"]}
    open_ones = (
        await incidents._ask(Source(client, HOST, client.aclose), {"open": "true"}, None)
    ).answer.incidents
    assert {each.id for each in open_ones} == {each["incident"] for each in api["services"]} - {None}


def _states(samples: list[Sample], label: str, of: str = "service") -> dict[str, str]:
    """Which of its states holds, of each."""
    return {each.labels[of]: each.labels[label] for each in samples if each.value == 1}


def _answer(page: LexborHTMLParser) -> str:
    section = page.css_first("section.answer")
    assert section is not None
    return str(section.attributes["class"]).removeprefix("answer ").split(" ")[0]
