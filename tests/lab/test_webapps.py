"""Web apps: what is seen of them without a browser, well and sick."""

import httpx
import pytest

from app.lab.world import World


async def get(world: World, path: str, vendor: str = "openai") -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.get(world.url(vendor, "web") + path)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/", 200, "OpenAI (simulated)"),
        ("/cdn-cgi/trace", 200, "colo=LAB"),
        ("/backend-api/codex/responses", 405, "Method Not Allowed"),
        ("/api/auth/session", 200, "{}"),
        ("/login", 200, "<html>"),
        ("/nowhere", 404, "Not found"),
    ],
)
async def test_a_healthy_web_app(world: World, path: str, status: int, said: str) -> None:
    answer = await get(world, path)
    assert (answer.status_code, said in answer.text) == (status, True)


async def test_something_went_wrong_while_edge_and_api_still_answer(world: World) -> None:
    world.trouble("openai", "something_went_wrong", surface="web")
    page, origin, trace = [
        await get(world, path) for path in ("/", "/backend-api/codex/responses", "/cdn-cgi/trace")
    ]
    async with httpx.AsyncClient() as client:
        api = await client.get(world.url("openai") + "/v1/models")
    statuses = [answer.status_code for answer in (page, origin, trace, api)]
    assert (statuses, "Something went wrong" in page.text) == ([500, 500, 200, 401], True)


async def test_a_broken_login_breaks_nothing_else(world: World) -> None:
    world.trouble("openai", "login_broken", surface="web")
    paths = ("/", "/login", "/api/auth/session", "/backend-api/codex/responses")
    assert [(await get(world, path)).status_code for path in paths] == [200, 500, 500, 405]


async def test_controls_answer_nothing_with_204(world: World) -> None:
    answer = await get(world, "/generate_204", "control1")
    assert (answer.status_code, answer.content) == (204, b"")
