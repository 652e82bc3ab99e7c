"""Every error that a vendor documents, as it is answered."""

import json

import httpx
import pytest

from app.lab.edge import EDGE_ERRORS
from app.lab.vendors import pretended_vendors
from app.lab.world import World
from tests.lab.asking import APIS, Api, ask

VENDORS = pretended_vendors()
MODEL_APIS = {name: api for name, api in APIS.items() if name not in ("azure deployment", "gemini v1beta")}
EVERY_API_KNOWS = {
    "bad_request",
    "key_refused",
    "payment_required",
    "permission_denied",
    "model_not_found",
    "request_timeout",
    "rate_limited",
    "quota_exhausted",
    "capacity_limited",
    "server_error",
    "overloaded",
    "overloaded_529",
}


@pytest.mark.parametrize("name", MODEL_APIS)
def test_every_api_knows_the_same_kinds_of_trouble(name: str) -> None:
    assert EVERY_API_KNOWS - set(VENDORS[APIS[name].vendor].face.errors) == set()


@pytest.mark.parametrize("api", MODEL_APIS.values(), ids=MODEL_APIS)
async def test_every_error_is_answered_with_its_status_and_a_readable_body(world: World, api: Api) -> None:
    face = VENDORS[api.vendor].face
    for kind, fault in face.errors.items():
        name = world.trouble(api.vendor, kind)
        raw = await ask(world, api)
        world.clear(name)
        assert (raw.status, raw.ended) == (fault.status, "clean")
        assert json.loads(raw.body)


EXACT: list[tuple[str, str, int, tuple[str, ...]]] = [
    ("openai chat", "key_refused", 401, ("error", "code", "invalid_api_key")),
    ("openai chat", "geo_blocked", 403, ("error", "code", "unsupported_country_region_territory")),
    ("openai chat", "rate_limited", 429, ("error", "code", "rate_limit_exceeded")),
    ("openai chat", "quota_exhausted", 429, ("error", "type", "insufficient_quota")),
    ("openai chat", "credit_balance_exhausted", 429, ("error", "code", "credit_balance_exhausted")),
    ("openai chat", "capacity_limited", 429, ("error", "code", "slow_down")),
    ("openai chat", "server_error", 500, ("error", "type", "server_error")),
    ("openai chat", "overloaded", 503, ("error", "code", "server_is_overloaded")),
    ("azure v1", "capacity_limited", 429, ("error", "message", "System is experiencing high demand")),
    ("azure v1", "temporary_adjustment", 429, ("error", "message", "temporary rate limit adjustment")),
    ("azure v1", "model_not_found", 404, ("error", "code", "DeploymentNotFound")),
    ("anthropic 2023", "payment_required", 402, ("error", "type", "billing_error")),
    ("anthropic 2023", "spend_limit_400", 400, ("error", "type", "invalid_request_error")),
    ("anthropic 2023", "quota_exhausted", 429, ("error", "details", "error_code", "enforced_spend_limit_reached")),
    ("anthropic 2023", "capacity_limited", 429, ("error", "details", "error_code", "ramp_limit_exceeded")),
    ("anthropic 2023", "overloaded_529", 529, ("error", "type", "overloaded_error")),
    ("gemini v1", "geo_blocked", 400, ("error", "status", "FAILED_PRECONDITION")),
    ("gemini v1", "overloaded", 503, ("error", "message", "The model is overloaded")),
    ("gemini v1", "overloaded", 503, ("error", "status", "UNAVAILABLE")),
    ("mistral", "capacity_limited", 429, ("code", "3505")),
    ("cohere", "invalid_token", 498, ("message", "invalid token")),
    ("xai", "key_refused", 400, ("error", "Incorrect API key provided")),
    ("groq", "capacity_limited", 498, ("error", "code", "capacity_exceeded")),
    ("deepseek", "payment_required", 402, ("error", "message", "Insufficient Balance")),
    ("openrouter", "overloaded_529", 529, ("error", "metadata", "error_type", "provider_overloaded")),
    ("openrouter", "model_down", 502, ("error", "metadata", "error_type", "provider_unavailable")),
    ("ollama", "overloaded", 503, ("error", "server busy, please try again.  maximum pending requests exceeded")),
]


@pytest.mark.parametrize(("name", "kind", "status", "path"), EXACT)
async def test_an_error_says_what_its_vendor_documents(
    world: World, name: str, kind: str, status: int, path: tuple[str, ...]
) -> None:
    *where, said = path
    world.trouble(APIS[name].vendor, kind)
    raw = await ask(world, APIS[name])
    found = json.loads(raw.body)
    for step in where:
        found = found[step]
    assert (raw.status, said in found) == (status, True)


@pytest.mark.parametrize(("kind", "window"), [("rate_limited", "PerMinute"), ("quota_exhausted", "PerDay")])
async def test_gemini_tells_the_minutes_quota_from_the_days_by_its_id(
    world: World, kind: str, window: str
) -> None:
    world.trouble("gemini", kind)
    details = json.loads((await ask(world, APIS["gemini v1"])).body)["error"]["details"]
    assert window in details[0]["violations"][0]["quotaId"]
    assert details[1]["retryDelay"].endswith("s")


async def test_gemini_answers_an_array_where_it_would_have_streamed_one(world: World) -> None:
    world.trouble("gemini", "overloaded")
    raw = await ask(world, APIS["gemini array"])
    assert [one["error"]["code"] for one in json.loads(raw.body)] == [503]
    assert len(raw.body.splitlines()) > 5


@pytest.mark.parametrize(("kind", "left"), [("rate_limited", "0"), ("rate_limited_with_room", "499")])
async def test_a_429_within_the_limit_is_told_by_what_remains(world: World, kind: str, left: str) -> None:
    world.trouble("openai", kind)
    raw = await ask(world, APIS["openai chat"])
    assert (raw.status, raw.headers["x-ratelimit-remaining-requests"]) == (429, left)


@pytest.mark.parametrize(
    ("kind", "error_type"),
    [("rate_limited", "ThrottlingException"), ("capacity_limited", "ModelNotReadyException")],
)
async def test_bedrocks_two_429_differ_in_a_header(world: World, kind: str, error_type: str) -> None:
    world.trouble("bedrock", kind)
    raw = await ask(world, APIS["bedrock"])
    assert (raw.status, raw.headers["x-amzn-errortype"]) == (429, error_type)


@pytest.mark.parametrize("kind", EDGE_ERRORS)
async def test_the_edge_answers_in_a_vendors_place(world: World, kind: str) -> None:
    world.trouble("mistral", kind)
    raw = await ask(world, APIS["mistral"])
    assert (raw.status, raw.body.decode()) == (EDGE_ERRORS[kind].status, edge_body(kind))


def edge_body(kind: str) -> str:
    content = EDGE_ERRORS[kind].content
    return content if isinstance(content, str) else json.dumps(content, separators=(",", ":"))


@pytest.mark.parametrize("kind", ["challenge", "challenge_429", "challenge_503"])
async def test_a_challenge_says_so_in_its_header(world: World, kind: str) -> None:
    world.trouble("openai", kind, surface="web")
    async with httpx.AsyncClient() as client:
        answer = await client.get(world.url("openai", "web") + "/")
    assert (answer.headers["cf-mitigated"], "_cf_chl_opt" in answer.text) == ("challenge", True)
