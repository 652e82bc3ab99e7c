"""What every vendor tells a stranger without a key, somebody with a wrong key, and somebody who is lost."""

import json
from typing import Any

import httpx
import pytest

from app.lab.world import World
from tests.lab.asking import APIS, CHAT, PROMPT, ask_raw

DENIED = "Access denied due to invalid subscription key or wrong API endpoint."
UNREGISTERED = "Method doesn't allow unregistered callers"

KEYLESS: list[tuple[str, str, tuple[int, str], str]] = [
    ("openai", "/v1/models", (401, "application/json"), "Missing bearer or basic authentication in header"),
    ("azure", "/openai/v1/models", (401, "application/json"), DENIED),
    ("anthropic", "/v1/models", (401, "application/json"), "x-api-key header is required"),
    ("gemini", "/v1beta/models", (403, "application/json; charset=UTF-8"), UNREGISTERED),
    ("vertex", "/v1/publishers/google/models", (401, "application/json; charset=UTF-8"), "UNAUTHENTICATED"),
    ("mistral", "/v1/models", (401, "application/json"), "Unauthorized"),
    ("cohere", "/v1/models", (403, "text/html; charset=UTF-8"), "Forbidden"),
    ("xai", "/v1/models", (401, "application/json"), "No authorization header"),
    ("groq", "/openai/v1/models", (401, "application/json"), "Invalid API Key"),
    ("together", "/v1/models", (401, "text/plain; charset=utf-8"), "Missing API key"),
    ("fireworks", "/inference/v1/models", (401, "application/json"), "error"),
    ("fireworks", "/v1/models", (404, "application/json"), "Path not found"),
    ("deepseek", "/models", (401, ""), "Authentication Fails (governor)"),
    ("perplexity", "/v1/models", (401, "application/json"), "error"),
    ("openrouter", "/api/v1/models", (200, "application/json"), '"data":[{'),
    ("openrouter", "/api/v1/key", (401, "application/json"), "error"),
    ("huggingface", "/v1/models", (200, "application/json"), '"data":[{'),
    ("replicate", "/v1/models", (401, "application/problem+json"), "You did not pass an authentication token"),
    ("elevenlabs", "/v1/user/subscription", (401, "application/json"), "Neither authorization header nor"),
    ("bedrock", "/", (403, "application/json"), "Missing Authentication Token"),
    ("copilot", "/_ping", (200, "text/plain"), "OK"),
    ("ollama", "/", (200, "text/plain; charset=utf-8"), "Ollama is running"),
    ("ollama", "/api/version", (200, "application/json"), '"version"'),
    ("ollama", "/api/tags", (200, "application/json"), '"models":[{'),
    ("vllm", "/health", (200, ""), ""),
    ("vllm", "/v1/models", (200, "application/json"), '"data":[{'),
    ("lmstudio", "/v1/models", (200, "application/json"), '"data":[{'),
    ("lmstudio", "/nowhere", (200, "application/json"), "Unexpected endpoint or method."),
    ("openai", "/compliance/cookie_requirements", (200, "application/json"), "{"),
]


@pytest.mark.parametrize(("vendor", "path", "expected", "said"), KEYLESS)
async def test_a_stranger_is_answered(
    world: World, vendor: str, path: str, expected: tuple[int, str], said: str
) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(world.url(vendor) + path)
    assert (answer.status_code, answer.headers.get("content-type", "")) == expected
    assert said in answer.text


async def test_a_stranger_on_the_route_to_the_model_is_refused_there(world: World) -> None:
    reached = {}
    for name, api in APIS.items():
        if api.headers:
            reached[name] = (await ask_raw(world, f"/{api.vendor}{api.path}", body=api.body)).status
    assert reached == dict.fromkeys(reached, 401) | {
        "gemini v1": 403,
        "gemini v1beta": 403,
        "gemini array": 403,
        "bedrock": 403,
    }


WRONG = {"authorization": "Bearer wrong-key", "anthropic-version": "2023-06-01", "x-goog-api-key": "wrong-key"}
CATALOGUES = {
    "openai": ("/v1/models", 401),
    "anthropic": ("/v1/models", 401),
    "gemini": ("/v1beta/models", 400),
    "mistral": ("/v1/models", 401),
    "cohere": ("/v1/models", 401),
    "xai": ("/v1/models", 400),
    "groq": ("/openai/v1/models", 401),
    "bedrock": ("/foundation-models", 403),
    "replicate": ("/v1/models", 401),
    "elevenlabs": ("/v1/models", 401),
    "copilot": ("/models", 401),
}


@pytest.mark.parametrize("vendor", CATALOGUES)
async def test_a_wrong_key_is_refused_and_a_right_one_is_let_in(world: World, vendor: str) -> None:
    path, refused = CATALOGUES[vendor]
    right = {name: value.replace("wrong", "right") for name, value in WRONG.items()}
    async with httpx.AsyncClient() as client:
        statuses = [
            (await client.get(world.url(vendor) + path, headers=headers)).status_code for headers in (WRONG, right)
        ]
    assert statuses == [refused, 200]


async def test_a_bad_gemini_key_is_a_bad_request_with_a_reason(world: World) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(world.url("gemini") + "/v1/models?key=wrong")
    error = answer.json()["error"]
    assert (error["status"], error["details"][0]["reason"]) == ("INVALID_ARGUMENT", "API_KEY_INVALID")


async def test_an_anthropic_error_carries_its_request_id_twice(world: World) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(world.url("anthropic") + "/v1/models")
    assert answer.json()["request_id"] == answer.headers["request-id"]


REFUSED: list[tuple[str, dict[str, Any], str, tuple[int, str]]] = [
    ("anthropic 2026", {"temperature": 0}, "", (400, "temperature: Extra inputs are not permitted")),
    ("anthropic 2026", {"top_p": 1}, "", (400, "top_p: Extra inputs are not permitted")),
    ("anthropic 2026", {"top_k": 1}, "", (400, "top_k: Extra inputs are not permitted")),
    ("anthropic 2023", {"temperature": 0}, "", (200, "")),
    ("anthropic 2023", {"model": "claude-1"}, "", (404, "not_found_error")),
    ("openai chat", {"model": "gpt-5-nano", "max_tokens": 9}, "", (400, "max_completion_tokens")),
    ("openai chat", {"model": "gpt-5-nano", "temperature": 0}, "", (400, "unsupported_value")),
    ("openai chat", {"model": "gpt-4.1-nano"}, "", (404, "model_not_found")),
    ("openai chat", {"model": None}, "", (400, "invalid_request_error")),
    ("openai chat", {}, "/v1/nowhere", (404, "Invalid URL")),
    ("azure deployment", {}, "/openai/deployments/gpt-5.4-nano/chat/completions", (404, "Resource not found")),
    (
        "azure deployment",
        {},
        "/openai/deployments/none/chat/completions?api-version=1",
        (404, "DeploymentNotFound"),
    ),
    ("gemini v1", {}, "/v1/models/none:streamGenerateContent?alt=sse", (404, "NOT_FOUND")),
    ("gemini v1", {"contents": None}, "", (400, "INVALID_ARGUMENT")),
    ("cohere", {"messages": None}, "", (400, "message")),
    ("cohere", {}, "/v1/nowhere", (404, "not found")),
    ("ollama", {"model": "none"}, "", (404, "model 'none' not found")),
    ("ollama", {"model": None}, "", (400, "missing request body")),
    ("bedrock", {}, "/model/none/converse-stream", (404, "message")),
    ("bedrock", {"messages": None}, "", (400, "message")),
    ("groq", {}, "/v1/chat/completions", (404, "unknown_url")),
]


@pytest.mark.parametrize(("name", "changes", "path", "expected"), REFUSED)
async def test_a_bad_request_is_refused(
    world: World, name: str, changes: dict[str, Any], path: str, expected: tuple[int, str]
) -> None:
    api = APIS[name]
    status, said = expected
    raw = await ask_raw(
        world, f"/{api.vendor}{path or api.path}", headers=api.headers, body={**api.body, **changes}
    )
    assert (raw.status, said in raw.body.decode()) == (status, True)


@pytest.mark.parametrize(
    ("version", "said"), [("", "header is required"), ("2020-01-01", "is not a valid version")]
)
async def test_anthropic_wants_a_version_it_knows(world: World, version: str, said: str) -> None:
    headers = {"x-api-key": "key", **({"anthropic-version": version} if version else {})}
    raw = await ask_raw(world, "/anthropic/v1/models", headers=headers)
    assert (raw.status, said in json.loads(raw.body)["error"]["message"]) == (400, True)


async def test_a_signed_request_to_bedrock_needs_no_bearer_key(world: World) -> None:
    signature = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/bedrock/aws4_request, Signature=00"
    api = APIS["bedrock"]
    raw = await ask_raw(world, f"/bedrock{api.path}", headers={"authorization": signature}, body=api.body)
    assert api.read(raw.body).text == "k7q2"


async def test_parts_of_a_message_are_read_as_its_text(world: World) -> None:
    parts = [{"type": "text", "text": PROMPT}]
    api = APIS["openai chat"]
    body = {**api.body, "messages": [*CHAT, {"role": "user", "content": parts}]}
    raw = await ask_raw(world, f"/openai{api.path}", headers=api.headers, body=body)
    assert api.read(raw.body).text == "k7q2"
