"""Whom a trouble strikes: by repeatable chance, a share of users, region, model, kind of request."""

import json

import pytest

from app.lab.answer import Request
from app.lab.clock import LabClock
from app.lab.scenario import nothing_happens
from app.lab.world import World
from tests.lab.asking import APIS


def a_world(seed: int = 1) -> World:
    return World(scenario=nothing_happens(), clock=LabClock.by_hand(), seed=seed)


def status(world: World, target: str = "/openai/v1/models", *, key: str = "key", body: bytes = b"") -> int | None:
    method = "POST" if body else "GET"
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return world.handle(Request(method=method, target=target, headers=headers, body=body, connection=7)).status


def statuses(world: World, times: int = 400) -> list[int | None]:
    return [status(world) for _ in range(times)]


def test_the_same_seed_draws_the_same() -> None:
    drawn = []
    for seed in (1, 1, 2):
        world = a_world(seed)
        world.trouble("openai", "overloaded", probability=0.3)
        drawn.append(statuses(world))
    assert (drawn[0] == drawn[1], drawn[0] == drawn[2]) == (True, False)


@pytest.mark.parametrize("probability", [0.0, 0.1, 0.5, 1.0])
def test_a_probability_is_drawn_for_every_request(probability: float) -> None:
    world = a_world()
    world.trouble("openai", "overloaded", probability=probability)
    struck = statuses(world, 2000).count(503) / 2000
    assert struck == pytest.approx(probability, abs=0.03)


def test_troubles_are_drawn_apart() -> None:
    world = a_world()
    world.trouble("openai", "overloaded", probability=0.3)
    world.trouble("openai", "overloaded_529", probability=0.5)
    drawn = statuses(world, 4000)
    assert drawn.count(503) / 4000 == pytest.approx(0.3, abs=0.03)
    assert drawn.count(529) / 4000 == pytest.approx(0.7 * 0.5, abs=0.03)


def test_a_share_strikes_always_the_same_users_and_keeps_them_as_it_grows() -> None:
    users = [f"key-{number}" for number in range(1000)]
    struck: dict[float, set[str]] = {}
    for share in (0.2, 0.6):
        world = a_world()
        world.trouble("openai", "overloaded", share=share)
        first = {user for user in users if status(world, key=user) == 503}
        assert first == {user for user in users if status(world, key=user) == 503}
        struck[share] = first
    assert len(struck[0.2]) / 1000 == pytest.approx(0.2, abs=0.05)
    assert struck[0.2] < struck[0.6]


def test_without_a_key_every_connection_is_somebody_else() -> None:
    world = a_world()
    world.trouble("openai", "overloaded", share=0.5)

    def keyless(connection: int) -> int | None:
        return world.handle(
            Request(method="GET", target="/openai/v1/models", headers={}, connection=connection)
        ).status

    drawn = [keyless(connection) for connection in range(400)]
    assert drawn.count(503) / 400 == pytest.approx(0.5, abs=0.1)
    assert [keyless(3) for _ in range(5)] == [drawn[3]] * 5


def test_a_region_is_struck_alone() -> None:
    world = a_world()
    world.trouble("openai", "overloaded", regions=frozenset({"eu"}))
    targets = ("/eu.openai/v1/models", "/us.openai/v1/models", "/openai/v1/models")
    assert [status(world, target) for target in targets] == [503, 200, 200]


def test_a_model_is_struck_alone() -> None:
    world = a_world()
    world.trouble("openai", "overloaded", model="gpt-6-luna")
    world.trouble("gemini", "overloaded", model="gemini-3.5-flash-lite")
    chat = '{"model": "%s", "messages": []}'
    assert [
        status(world, "/openai/v1/chat/completions", body=(chat % "gpt-6-luna").encode()),
        status(world, "/openai/v1/chat/completions", body=(chat % "gpt-5.4-nano").encode()),
        status(world, "/gemini/v1/models/gemini-3.5-flash-lite:generateContent", body=b'{"contents": []}'),
        status(world, "/gemini/v1/models/gemini-2.5-flash-lite:generateContent", body=b'{"contents": []}'),
    ] == [503, 200, 503, 200]


def test_a_trouble_of_generation_leaves_the_catalogue_alone() -> None:
    world = a_world()
    world.trouble("openai", "overloaded", scope="generation")
    assert [status(world), status(world, "/openai/v1/chat/completions", body=b"{}")] == [200, 503]


def test_a_trouble_stays_on_its_surface_and_with_its_vendor() -> None:
    world = a_world()
    world.trouble("openai", "bad_gateway", surface="web")
    targets = ("/web.openai/", "/openai/v1/models", "/status.openai/api/v2/summary.json", "/web.anthropic/")
    assert [status(world, target) for target in targets] == [502, 200, 200, 200]


def test_troubles_end_one_by_one_or_all_at_once() -> None:
    world = a_world()
    first, _, _ = (world.trouble("openai", kind) for kind in ("overloaded", "server_error", "rate_limited"))
    seen = [status(world)]
    world.clear(first)
    seen.append(status(world))
    world.clear()
    assert [*seen, status(world)] == [503, 500, 200]


def test_jitter_sways_the_pace_both_ways() -> None:
    world = a_world()
    pace = world.vendors["openai"].pace
    world.pace("openai", type(pace)(head=0, first=1, rate=10, jitter=0.2))
    body = json.dumps(APIS["openai chat"].body).encode()
    firsts = []
    for _ in range(200):
        request = Request(
            method="POST",
            target="/openai/v1/chat/completions",
            headers={"authorization": "Bearer key"},
            body=body,
        )
        firsts.append(next(piece.at for piece in world.handle(request).pieces if piece.role == "text"))
    assert (0.8 <= min(firsts) < 0.85, 1.15 < max(firsts) <= 1.2) == (True, True)
