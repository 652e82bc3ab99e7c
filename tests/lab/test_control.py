"""The lab's control API: what can be seen and done, and by whom."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.lab.answer import Answer, Request
from app.lab.world import World
from tests.lab.asking import APIS, ask


async def send(world: World, method: str, path: str, content: Any = None) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.request(method, world.origin + path, json=content)


async def test_the_overview_tells_where_everything_is(world: World) -> None:
    overview = (await send(world, "GET", "/lab")).json()
    openai = overview["vendors"]["openai"]
    assert (openai["api"], openai["base_url"]) == (f"{world.origin}/openai", f"{world.origin}/openai/v1")
    assert (openai["status"], openai["page"]) == (f"{world.origin}/status.openai", "incidentio")
    assert {"overloaded", "stall"} <= set(openai["troubles"]["api"])
    assert overview["scenario"] == "Nothing happens"


async def test_trouble_is_made_and_ended(world: World) -> None:
    made = await send(world, "POST", "/lab/troubles", {"vendor": "openai", "kind": "overloaded", "regions": []})
    struck = (await ask(world, APIS["openai chat"])).status
    listed = (await send(world, "GET", "/lab/troubles")).json()["troubles"]
    await send(world, "DELETE", f"/lab/troubles/{made.json()['name']}")
    assert [(one["vendor"], one["kind"]) for one in listed] == [("openai", "overloaded")]
    assert (struck, (await ask(world, APIS["openai chat"])).status) == (503, 200)


async def test_all_trouble_is_ended_at_once(world: World) -> None:
    for kind in ("stall", "overloaded"):
        world.trouble("openai", kind)
    assert (await send(world, "DELETE", "/lab/troubles")).json() == {"troubles": []}


async def test_the_clock_is_turned_and_a_scenario_played(world: World) -> None:
    await send(world, "POST", "/lab/scenario", {"name": "clean-outage"})
    clock = (await send(world, "POST", "/lab/clock", {"advance": "10m", "rate": 0})).json()
    assert (clock["elapsed_s"], clock["rate"], world.clock.elapsed()) == (600, 0, timedelta(minutes=10))
    assert (await send(world, "GET", "/lab/clock")).json() == clock
    assert (await ask(world, APIS["anthropic 2023"])).status == 500
    assert {one["name"] for one in (await send(world, "GET", "/lab")).json()["troubles"]} == {
        "script-0",
        "script-1",
    }


async def test_vendors_are_made_to_speak(world: World) -> None:
    said = {"vendor": "openai", "name": "N", "status": "identified", "components": {"api": "major_outage"}}
    await send(world, "POST", "/lab/incidents", said)
    page = (await send(world, "GET", "/status.openai/api/v2/summary.json")).json()
    assert (page["status"]["indicator"], page["incidents"][0]["status"]) == ("critical", "identified")


async def test_what_was_asked_can_be_seen(world: World) -> None:
    await ask(world, APIS["openai chat"])
    last = (await send(world, "GET", "/lab/requests")).json()["requests"][0]
    assert (last["method"], last["status"], last["ending"], len(last["sent_ms"])) == ("POST", 200, "clean", 6)


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("/lab/troubles", {"vendor": "openai", "kind": "gremlins"}, "no trouble 'gremlins'"),
        ("/lab/troubles", {"vendor": "nobody", "kind": "hang"}, "no vendor 'nobody'"),
        ("/lab/troubles", {"vendor": "openai", "kind": "hang", "probability": 2}, "less than or equal to 1"),
        ("/lab/troubles", {"vendor": "openai", "kind": "hang", "wen": 2}, "Extra inputs"),
        ("/lab/clock", {"advance": "soon"}, "is no span of time"),
        ("/lab/clock", {"advance": "-5m"}, "backwards"),
        ("/lab/scenario", {"name": "nonsense"}, "no such scenario"),
        ("/lab/incidents", {"vendor": "nobody", "name": "N", "status": "identified"}, "no vendor 'nobody'"),
    ],
)
async def test_an_order_that_cannot_be_carried_out_says_why(
    world: World, path: str, content: Any, said: str
) -> None:
    answer = await send(world, "POST", path, content)
    assert (answer.status_code, said in answer.json()["error"]) == (400, True)


def order(
    world: World, *, peer: str = "127.0.0.1", host: str = "127.0.0.1:1", kind: str = "application/json"
) -> Answer:
    body = json.dumps({"vendor": "openai", "kind": "overloaded"}).encode()
    headers = {"host": host, "content-type": kind}
    return world.handle(Request(method="POST", target="/lab/troubles", headers=headers, body=body, peer=peer))


def test_it_obeys_its_own_machine_alone(world: World) -> None:
    answers = [
        order(world),
        order(world, peer="::1", host="[::1]:80"),
        order(world, host="localhost:80"),
        order(world, peer="192.0.2.7"),
        order(world, host="rebound.example:80"),
        order(world, kind="text/plain"),
    ]
    assert [answer.status for answer in answers] == [200, 200, 200, 403, 403, 415]


async def test_who_is_lost_is_told_the_ways(world: World) -> None:
    answer = await send(world, "GET", "/lab/nowhere")
    assert (answer.status_code, "POST /lab/troubles" in answer.text) == (404, True)
