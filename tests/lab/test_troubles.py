"""Every trouble, shown by every API, as a socket sees it."""

import json
from collections.abc import Callable

import pytest

from app.lab.clock import LabClock
from app.lab.troubles import Behaviour, Trouble, UnknownTroubleError
from app.lab.vendors import pretended_vendors
from app.lab.world import World
from tests.lab.asking import APIS, Api, Heard, ask, ask_raw, frames

UNHELD = ("ollama", "bedrock")
KEEPALIVES = tuple(
    keepalive * 3
    for keepalive in (
        b": keep-alive\n\n",
        b": keep-alive\r\n\r\n",
        b": OPENROUTER PROCESSING\n\n",
        b'event: ping\ndata: {"type":"ping"}\n\n',
        b"\r\n",
    )
)
ALL = pytest.mark.parametrize("api", APIS.values(), ids=APIS)


@ALL
@pytest.mark.parametrize(
    ("kind", "status", "ended"),
    [
        (Behaviour.HANG, 0, "silent"),
        (Behaviour.CLOSE_BEFORE_STATUS, 0, "cut"),
        (Behaviour.RESET_BEFORE_STATUS, 0, "reset"),
        (Behaviour.HEADERS_THEN_SILENCE, 200, "silent"),
        (Behaviour.EMPTY_STREAM, 200, "clean"),
    ],
)
async def test_nothing_is_said(world: World, api: Api, kind: Behaviour, status: int, ended: str) -> None:
    world.trouble(api.vendor, kind)
    raw = await ask(world, api, patience=0.1)
    assert (raw.status, raw.ended, raw.body) == (status, ended, b"")


@ALL
@pytest.mark.parametrize(
    ("kind", "ended"),
    [
        (Behaviour.STALL, "silent"),
        (Behaviour.TRUNCATED, "clean"),
        (Behaviour.CUT, "cut"),
        (Behaviour.RESET, "reset"),
        (Behaviour.MALFORMED_CHUNK, "bad chunk"),
    ],
)
async def test_a_stream_breaks_off_after_one_token(world: World, api: Api, kind: Behaviour, ended: str) -> None:
    world.trouble(api.vendor, kind, after=1)
    raw = await ask(world, api, patience=0.1)
    closing = b"]" if api is APIS["gemini array"] else b""  # an array that was broken off cannot be read as it is
    assert (raw.ended, api.read(raw.body + closing)) == (ended, Heard(text="k7"))


@pytest.mark.parametrize(
    "api", [one for one in APIS.values() if one.vendor not in UNHELD], ids=lambda api: api.path
)
async def test_a_stream_stalls_behind_keep_alives(world: World, api: Api) -> None:
    world.trouble(api.vendor, Behaviour.KEEPALIVE_STALL, after=1, seconds=0.01)
    raw = await ask(world, api, enough=lambda body: body.endswith(KEEPALIVES))
    assert (b"k7" in raw.body, b"q2" in raw.body, raw.ended) == (True, False, "clean")


@pytest.mark.parametrize("vendor", UNHELD)
def test_who_sends_no_keep_alives_cannot_stall_behind_them(vendor: str) -> None:
    with pytest.raises(UnknownTroubleError, match="no trouble 'keepalive_stall'"):
        World(scenario=None, clock=LabClock.by_hand(), seed=1).trouble(vendor, "keepalive_stall")


@ALL
async def test_an_event_cannot_be_decoded(world: World, api: Api) -> None:
    world.trouble(api.vendor, Behaviour.MALFORMED_EVENT, after=0)
    raw = await ask(world, api)
    assert raw.ended == "clean"
    with pytest.raises(ValueError, match=r"checksum|delimiter|Unterminated|Expecting|control character"):
        api.read(raw.body)


ERRORS_INSIDE: dict[str, Callable[[bytes], object]] = {
    "openai chat": lambda body: last_data(body)["error"]["code"],
    "openai responses": lambda body: last_data(body)["response"]["error"]["code"],
    "anthropic 2023": lambda body: last_data(body)["error"]["type"],
    "gemini v1": lambda body: last_data(body)["error"]["status"],
    "cohere": lambda body: last_data(body)["delta"]["finish_reason"],
    "mistral": lambda body: last_data(body)["object"],
    "openrouter": lambda body: last_data(body)["error"]["metadata"]["error_type"],
    "ollama": lambda body: "error" in json.loads(body.splitlines()[-1]),
    "bedrock": lambda body: frames(body)[-1][0][":exception-type"],
}
EXPECTED_INSIDE = {
    "openai chat": "server_is_overloaded",
    "openai responses": "server_is_overloaded",
    "anthropic 2023": "overloaded_error",
    "gemini v1": "UNAVAILABLE",
    "cohere": "ERROR",
    "mistral": "error",
    "openrouter": "provider_overloaded",
    "ollama": True,
    "bedrock": "serviceUnavailableException",
}


def last_data(body: bytes) -> dict[str, dict[str, dict[str, str]]]:
    line = [line for line in body.decode().splitlines() if line.startswith("data: ")][-1]
    content: dict[str, dict[str, dict[str, str]]] = json.loads(line.removeprefix("data: "))
    return content


@pytest.mark.parametrize("name", ERRORS_INSIDE)
async def test_an_error_comes_inside_a_stream_that_said_200(world: World, name: str) -> None:
    world.trouble(APIS[name].vendor, Behaviour.ERROR_MIDSTREAM, after=1)
    raw = await ask(world, APIS[name])
    assert (raw.status, raw.ended, ERRORS_INSIDE[name](raw.body)) == (200, "clean", EXPECTED_INSIDE[name])
    assert (b"k7" in raw.body, b"q2" in raw.body) == (True, False)


@ALL
async def test_an_error_comes_first_inside_a_stream_that_said_200(world: World, api: Api) -> None:
    world.trouble(api.vendor, Behaviour.ERROR_FIRST, error="server_error")
    raw = await ask(world, api)
    assert (raw.status, raw.ended, b"k7" in raw.body, raw.body != b"") == (200, "clean", False, True)


async def test_google_writes_an_error_that_comes_first_as_bare_lines(world: World) -> None:
    world.trouble("gemini", Behaviour.ERROR_FIRST)
    bare = json.loads((await ask(world, APIS["gemini v1"])).body)
    (listed,) = json.loads((await ask(world, APIS["gemini array"])).body + b"]")
    assert (bare["error"]["status"], listed["error"]["status"]) == ("UNAVAILABLE", "UNAVAILABLE")


@pytest.mark.parametrize("api", [api for api in APIS.values() if api.wants_terminal], ids=lambda api: api.path)
async def test_the_terminal_event_is_missing(world: World, api: Api) -> None:
    world.trouble(api.vendor, Behaviour.NO_TERMINAL_EVENT)
    raw = await ask(world, api)
    assert (raw.ended, api.read(raw.body)) == ("clean", Heard(text="k7q2", finish=api.finish))


@ALL
async def test_an_answer_is_empty(world: World, api: Api) -> None:
    world.trouble(api.vendor, Behaviour.EMPTY_ANSWER)
    raw = await ask(world, api)
    assert api.read(raw.body) == Heard(finish=api.finish, terminal=api.wants_terminal)


@ALL
async def test_an_answer_is_wrong(world: World, api: Api) -> None:
    world.trouble(api.vendor, Behaviour.WRONG_ANSWER)
    heard = api.read((await ask(world, api)).body)
    assert heard == Heard(text="Certainly!", finish=api.finish, terminal=api.wants_terminal)


LENGTH = {
    "openai chat": "length",
    "anthropic 2023": "max_tokens",
    "gemini v1": "MAX_TOKENS",
    "bedrock": "max_tokens",
}
FILTERED = {"openai chat": "content_filter", "anthropic 2023": "refusal", "gemini v1": "SAFETY"}


@pytest.mark.parametrize(("name", "finish"), LENGTH.items())
async def test_the_budget_is_spent_on_reasoning(world: World, name: str, finish: str) -> None:
    world.trouble(APIS[name].vendor, Behaviour.BUDGET_SPENT)
    heard = APIS[name].read((await ask(world, APIS[name])).body)
    assert (heard.text, heard.finish) == ("", finish)


@pytest.mark.parametrize(("name", "finish"), FILTERED.items())
async def test_the_prompt_is_refused(world: World, name: str, finish: str) -> None:
    world.trouble(APIS[name].vendor, Behaviour.REFUSAL)
    heard = APIS[name].read((await ask(world, APIS[name])).body)
    assert (heard.text, heard.finish) == ("I cannot", finish)


@ALL
async def test_an_auth_outage_refuses_good_keys_and_breaks_the_refusal_of_strangers(
    world: World, api: Api
) -> None:
    world.trouble(api.vendor, Behaviour.AUTH_OUTAGE)
    with_key = await ask(world, api)
    without = await ask_raw(world, f"/{api.vendor}{api.path}", body=api.body)
    refused = {"gemini": 400, "vertex": 400, "xai": 400, "bedrock": 403}.get(api.vendor, 401)
    takes_keys = bool(api.headers)
    assert (with_key.status, without.status) == (refused if takes_keys else 500, 500)


async def test_a_body_that_is_not_streamed_breaks_off_in_its_middle(world: World) -> None:
    whole = await ask_raw(world, "/openai/v1/models", headers={"authorization": "Bearer key"})
    for kind, ended in {"cut": "cut", "stall": "silent", "reset": "reset"}.items():
        name = world.trouble("openai", kind)
        raw = await ask_raw(world, "/openai/v1/models", headers={"authorization": "Bearer key"}, patience=0.1)
        world.clear(name)
        assert (raw.ended, raw.body) == (ended, whole.body[: len(whole.body) // 2])


async def test_troubles_mix(world: World) -> None:
    world.trouble("openai", "rate_limited", headers={"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"})
    world.trouble("openai", "overloaded")
    world.trouble("openai", "slow_tokens", factor=3)
    raw = await ask(world, APIS["openai chat"])
    assert (raw.status, raw.headers["retry-after"]) == (429, "Wed, 21 Oct 2026 07:28:00 GMT")


async def test_slow_troubles_move_the_timetable(world: World) -> None:
    healthy = await timetable(world)
    world.trouble("openai", "slow_first_token", seconds=2)
    world.trouble("openai", "slow_tokens", factor=10)
    slow = await timetable(world)
    assert [round(at, 4) for at in (healthy[0], healthy[1] - healthy[0])] == [0.001, 0.0001]
    assert [round(at, 4) for at in (slow[0], slow[1] - slow[0])] == [2.001, 0.001]


async def test_slow_headers_move_everything(world: World) -> None:
    healthy = await timetable(world)
    world.trouble("openai", "slow_headers", seconds=3)
    assert await timetable(world) == [at + 3 for at in healthy]
    assert world.log[-1].answer.head_at == 3


async def timetable(world: World) -> list[float]:
    """When the text tokens of an answer are due; nobody waits for it."""
    await ask(world, APIS["openai chat"], patience=0.05)
    return [piece.at for piece in world.log[-1].answer.pieces if piece.role == "text"]


@pytest.mark.parametrize("vendor", pretended_vendors())
def test_what_a_vendor_cannot_show_is_refused_by_name(vendor: str) -> None:
    world = World(scenario=None, clock=LabClock.by_hand(), seed=1)
    with pytest.raises(UnknownTroubleError, match="no trouble 'gremlins' here"):
        world.trouble(vendor, "gremlins")
    unspoken = (
        "no error 'gremlins' here" if world.vendors[vendor].face.speaks else "no trouble 'error_midstream' here"
    )
    with pytest.raises(UnknownTroubleError, match=unspoken):
        world.trouble(vendor, Trouble(kind="error_midstream", error="gremlins"))


def test_a_misspelt_trouble_is_recognised() -> None:
    world = World(scenario=None, clock=LabClock.by_hand(), seed=1)
    with pytest.raises(UnknownTroubleError, match=r"^no trouble 'overlaoded' here; there is overloaded"):
        world.trouble("openai", "overlaoded")
    with pytest.raises(UnknownTroubleError, match="no vendor 'opneai'"):
        world.trouble("opneai", "overloaded")
    with pytest.raises(UnknownTroubleError, match="no trouble 'no_terminal_event'"):
        world.trouble("gemini", "no_terminal_event")
