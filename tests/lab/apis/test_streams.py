"""Every API tells a nonce back, in a stream that is whole by its vendor's rules."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from app.lab.world import World
from tests.lab.asking import APIS, CHAT, PROMPT, Api, Heard, ask, frames, sse_events


@pytest.mark.parametrize("api", APIS.values(), ids=APIS)
async def test_the_nonce_comes_back_in_a_whole_stream(world: World, api: Api) -> None:
    raw = await ask(world, api)
    assert (raw.status, raw.ended) == (200, "clean")
    assert api.read(raw.body) == Heard(text="k7q2", finish=api.finish, terminal=api.wants_terminal)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("openai chat", "text/event-stream; charset=utf-8"),
        ("gemini v1", "text/event-stream"),
        ("gemini array", "application/json; charset=UTF-8"),
        ("ollama", "application/x-ndjson"),
        ("bedrock", "application/vnd.amazon.eventstream"),
    ],
)
async def test_streams_are_chunked_and_named(world: World, name: str, content_type: str) -> None:
    raw = await ask(world, APIS[name])
    assert (raw.headers["content-type"], raw.headers["transfer-encoding"]) == (content_type, "chunked")


HEADERS = {
    "openai chat": {"x-request-id", "openai-processing-ms", "openai-version", "openai-organization", "cf-ray"},
    "groq": {"x-request-id", "x-ratelimit-remaining-requests", "x-ratelimit-reset-tokens"},
    "anthropic 2023": {
        "request-id",
        "anthropic-organization-id",
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-input-tokens-limit",
        "anthropic-ratelimit-output-tokens-reset",
    },
    "azure v1": {"apim-request-id", "x-ms-region", "x-ratelimit-remaining-tokens"},
    "gemini v1": {"server-timing"},
    "cohere": {"x-envoy-upstream-service-time", "x-debug-trace-id"},
    "bedrock": {"x-amzn-requestid", "x-amzn-bedrock-invocation-latency"},
    "openrouter": {"x-generation-id"},
}


@pytest.mark.parametrize("name", HEADERS)
async def test_the_headers_worth_recording_are_there(world: World, name: str) -> None:
    raw = await ask(world, APIS[name])
    assert HEADERS[name] - set(raw.headers) == set()


async def events(world: World, name: str, **changes: Any) -> list[tuple[str, Any]]:
    api = APIS[name]
    raw = await ask(world, replace(api, body={**api.body, **changes}))
    return [(event, data if data == "[DONE]" else json.loads(data)) for event, data in sse_events(raw.body)]


async def test_openai_begins_with_the_role_and_tells_usage_only_if_asked(world: World) -> None:
    asked = [chunk for _, chunk in (await events(world, "openai chat"))[:-1]]
    assert asked[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert (asked[-1]["choices"], asked[-1]["usage"]["completion_tokens"]) == ([], 2)
    unasked = [chunk for _, chunk in (await events(world, "openai chat", stream_options=None))[:-1]]
    assert [chunk for chunk in unasked if "usage" in chunk] == []


async def test_usage_stands_where_each_vendor_puts_it(world: World) -> None:
    mistral = (await events(world, "mistral"))[-2][1]
    assert (mistral["choices"][0]["finish_reason"], mistral["usage"]["completion_tokens"]) == ("stop", 2)
    groq = [chunk for _, chunk in (await events(world, "groq"))[:-1]]
    assert "id" in groq[0]["x_groq"]
    assert groq[-1]["x_groq"]["usage"]["completion_tokens_details"] == {"reasoning_tokens": 4}


async def test_azure_sends_filter_results_before_anything_else(world: World) -> None:
    first = (await events(world, "azure deployment"))[0][1]
    assert (first["choices"], len(first["prompt_filter_results"])) == ([], 1)


async def test_anthropic_sends_its_events_in_order(world: World) -> None:
    expected = ["message_start", "content_block_start", "ping", "content_block_delta", "content_block_delta"]
    expected += ["content_block_stop", "message_delta", "message_stop"]
    assert [event for event, _ in await events(world, "anthropic 2026")] == expected


async def test_cohere_sends_its_events_in_order(world: World) -> None:
    expected = ["message-start", "content-start", "content-delta", "content-delta", "content-end", "message-end"]
    assert [event for event, _ in await events(world, "cohere")] == expected


async def test_bedrock_sends_its_events_in_order(world: World) -> None:
    names = [headers[":event-type"] for headers, _ in frames((await ask(world, APIS["bedrock"])).body)]
    expected = ["messageStart", "contentBlockDelta", "contentBlockDelta", "contentBlockStop", "messageStop"]
    assert names == [*expected, "metadata"]


async def test_ollama_ends_with_its_durations_in_nanoseconds(world: World) -> None:
    last = json.loads((await ask(world, APIS["ollama"])).body.splitlines()[-1])
    assert (last["done"], last["eval_count"]) == (True, 2)
    assert {name for name in last if name.endswith("_duration")} == {
        "total_duration",
        "load_duration",
        "prompt_eval_duration",
        "eval_duration",
    }


async def test_queueing_vendors_send_comments_first(world: World) -> None:
    assert (await ask(world, APIS["openrouter"])).body.startswith(b": OPENROUTER PROCESSING\n\n")
    assert (await ask(world, APIS["deepseek"])).body.startswith(b": keep-alive\n\n")


async def test_some_think_aloud_and_some_in_silence(world: World) -> None:
    deltas = [chunk["choices"][0]["delta"] for _, chunk in (await events(world, "deepseek"))[:-1]]
    assert sum("reasoning_content" in delta for delta in deltas) == 6
    silent = (await events(world, "openai chat", model="gpt-5-nano"))[-2][1]
    assert silent["usage"]["completion_tokens_details"] == {"reasoning_tokens": 8}


async def test_anthropic_thinks_aloud_in_a_block_of_its_own_when_asked(world: World) -> None:
    vendor = world.vendors["anthropic"]
    thinking = tuple(replace(model, reasoning=2) for model in vendor.models)
    world.vendors = {**world.vendors, "anthropic": replace(vendor, models=thinking)}
    told = await events(world, "anthropic 2026", thinking={"type": "enabled", "budget_tokens": 8})
    deltas = [(data["index"], data["delta"]["type"]) for event, data in told if event == "content_block_delta"]
    assert deltas == [(0, "thinking_delta")] * 2 + [(1, "text_delta")] * 2


@pytest.mark.parametrize(("bound", "text", "finish"), [(1, "k7", "length"), (2, "k7q2", "stop")])
async def test_the_bound_on_tokens_is_kept(world: World, bound: int, text: str, finish: str) -> None:
    api = APIS["openai chat"]
    raw = await ask(world, replace(api, body={**api.body, "max_completion_tokens": bound}))
    assert api.read(raw.body) == Heard(text=text, finish=finish, terminal=True)


async def test_other_prompts_get_as_many_tokens_as_they_may_have(world: World) -> None:
    prose = {"messages": [{"role": "user", "content": "Tell me."}], "max_tokens": 128}
    told = await events(world, "together", **prose)
    assert told[-2][1]["usage"]["completion_tokens"] == 128


WHOLE = {
    "openai": ("/v1/chat/completions", {"model": "gpt-6-luna", "messages": CHAT}),
    "anthropic": ("/v1/messages", {"model": "claude-haiku-5-5", "max_tokens": 9, "messages": CHAT}),
    "gemini": (
        "/v1/models/gemini-3.5-flash-lite:generateContent",
        {"contents": [{"parts": [{"text": PROMPT}]}]},
    ),
    "cohere": ("/v2/chat", {"model": "command-r7b-12-2024", "messages": CHAT}),
    "ollama": ("/api/chat", {"model": "llama3.2:1b", "messages": CHAT, "stream": False}),
    "bedrock": (
        "/model/amazon.nova-micro-v1:0/converse",
        {"messages": [{"role": "user", "content": [{"text": PROMPT}]}]},
    ),
}


@pytest.mark.parametrize("vendor", WHOLE)
async def test_every_api_answers_at_once_too(world: World, vendor: str) -> None:
    path, body = WHOLE[vendor]
    headers = {"authorization": "Bearer key", "anthropic-version": "2023-06-01"}
    async with httpx.AsyncClient(headers=headers) as client:
        answer = await client.post(world.url(vendor) + path, json=body)
    assert (answer.status_code, "k7q2" in answer.text) == (200, True)


async def test_generate_is_ollamas_older_way(world: World) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            world.url("ollama") + "/api/generate", json={"model": "llama3.2:1b", "prompt": PROMPT}
        )
    assert "".join(json.loads(line)["response"] for line in answer.text.splitlines()) == "k7q2"


async def test_a_host_name_addresses_as_a_path_does(world: World) -> None:
    netloc = urlsplit(world.origin).netloc
    async with httpx.AsyncClient(headers={"host": f"openai.localhost:{netloc.rpartition(':')[2]}"}) as client:
        answer = await client.get(world.origin + "/v1/models", headers={"authorization": "Bearer key"})
    assert answer.json()["data"][0]["owned_by"] == "openai"
