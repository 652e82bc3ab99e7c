"""The vendors' own SDKs against the lab: a streamed call is completed, and every trouble raises what it raises in life.

The SDKs are in the dependency group `sdks`; where one is missing its tests are skipped and say so. Expected is what
these SDKs were measured to do (`docs/lab.md`): several of them end in silence on a stream that was cut short.
"""

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from app.lab.face import Pace
from app.lab.world import World, lab_world

PROMPT = "Reply with exactly: k7q2k7q2"
CHAT = [{"role": "user", "content": PROMPT}]
PATIENCE = 1.0
SILENT = "silent"
BLOCKS = "blocks"


def sdk(name: str) -> Any:
    """The SDK's module, or a skip that says how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        pytest.skip(f"{name} is not installed; it is in the dependency group `sdks`")


def chat_text(chunks: Any) -> Iterator[str]:
    for chunk in chunks:
        for choice in chunk.choices:
            yield choice.delta.content or ""


def openai_chat(world: World) -> Iterator[str]:
    client = sdk("openai").OpenAI(
        base_url=world.base_url("openai"), api_key="key", max_retries=0, timeout=PATIENCE
    )
    with client:
        yield from chat_text(client.chat.completions.create(model="gpt-6-luna", messages=CHAT, stream=True))


def openai_responses(world: World) -> Iterator[str]:
    client = sdk("openai").OpenAI(
        base_url=world.base_url("openai"), api_key="key", max_retries=0, timeout=PATIENCE
    )
    with client:
        for event in client.responses.create(model="gpt-6-luna", input=PROMPT, stream=True):
            yield event.delta if event.type == "response.output_text.delta" else ""


def azure(world: World) -> Iterator[str]:
    client = sdk("openai").AzureOpenAI(
        azure_endpoint=world.url("azure"),
        api_version="2024-10-21",
        api_key="key",
        max_retries=0,
        timeout=PATIENCE,
    )
    with client:
        yield from chat_text(client.chat.completions.create(model="gpt-5.4-nano", messages=CHAT, stream=True))


def anthropic(world: World) -> Iterator[str]:
    client = sdk("anthropic").Anthropic(
        base_url=world.base_url("anthropic"), api_key="key", max_retries=0, timeout=PATIENCE
    )
    with client:
        events = client.messages.create(model="claude-haiku-5-5", max_tokens=16, messages=CHAT, stream=True)
        for event in events:
            yield event.delta.text if event.type == "content_block_delta" else ""


def gemini(world: World) -> Iterator[str]:
    options = sdk("google.genai").types.HttpOptions(base_url=world.base_url("gemini"), timeout=int(PATIENCE * 1000))
    client = sdk("google.genai").Client(api_key="key", http_options=options)
    with client:
        for chunk in client.models.generate_content_stream(model="gemini-3.5-flash-lite", contents=PROMPT):
            yield chunk.text or ""


def mistral(world: World) -> Iterator[str]:
    client = sdk("mistralai.client").Mistral(
        server_url=world.url("mistral"), api_key="key", timeout_ms=int(PATIENCE * 1000)
    )
    with client, client.chat.stream(model="ministral-3-3b-2512", messages=CHAT) as events:
        for event in events:
            yield event.data.choices[0].delta.content or ""


def cohere(world: World) -> Iterator[str]:
    client = sdk("cohere").ClientV2(base_url=world.url("cohere"), api_key="key", timeout=PATIENCE)
    with client:
        for event in client.chat_stream(model="command-r7b-12-2024", messages=CHAT):
            yield event.delta.message.content.text if event.type == "content-delta" else ""


def groq(world: World) -> Iterator[str]:
    client = sdk("groq").Groq(base_url=world.url("groq"), api_key="key", max_retries=0, timeout=PATIENCE)
    with client:
        yield from chat_text(client.chat.completions.create(model="openai/gpt-oss-20b", messages=CHAT, stream=True))


def ollama(world: World) -> Iterator[str]:
    client = sdk("ollama").Client(host=world.url("ollama"), timeout=PATIENCE)
    with client:
        for part in client.chat(model="llama3.2:1b", messages=CHAT, stream=True):
            yield part.message.content or ""


def bedrock(world: World) -> Iterator[str]:
    config = sdk("botocore.config").Config(retries={"total_max_attempts": 1}, read_timeout=PATIENCE)
    session = sdk("botocore.session").Session()
    client = session.create_client(
        "bedrock-runtime",
        endpoint_url=world.url("bedrock"),
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=config,
    )
    messages = [{"role": "user", "content": [{"text": PROMPT}]}]
    try:
        answer = client.converse_stream(modelId="amazon.nova-micro-v1:0", messages=messages)
        for event in answer["stream"]:
            yield event.get("contentBlockDelta", {"delta": {"text": ""}})["delta"]["text"]
    finally:
        client.close()


SDKS: dict[str, Callable[[World], Iterator[str]]] = {
    "openai": openai_chat,
    "responses": openai_responses,
    "azure": azure,
    "anthropic": anthropic,
    "gemini": gemini,
    "mistral": mistral,
    "cohere": cohere,
    "groq": groq,
    "ollama": ollama,
    "bedrock": bedrock,
}
VENDOR = {"responses": "openai"}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with lab_world() as world:
        for vendor in world.vendors:
            world.pace(vendor, Pace(head=0, first=0.01, rate=500))
        yield world


def listen(name: str, world: World) -> str:
    """What becomes of a call: `silent` and the text, or the name of what was raised."""
    text = ""
    try:
        for part in SDKS[name](world):
            text += part
    except Exception as error:  # noqa: BLE001 - which one is the question
        return type(error).__name__
    return f"{SILENT} {text}".strip()


async def outcome(name: str, world: World) -> str:
    """The same, in a thread; `blocks` if it is still waiting after three times its own time-out."""
    waiting = asyncio.create_task(asyncio.to_thread(listen, name, world))
    done, _ = await asyncio.wait({waiting}, timeout=3 * PATIENCE)
    if done:
        return waiting.result()
    world.hang_up()
    with suppress(Exception):
        await waiting
    return BLOCKS


@pytest.mark.parametrize("name", SDKS)
async def test_an_sdk_completes_a_streamed_call(world: World, name: str) -> None:
    assert await outcome(name, world) == "silent k7q2k7q2"
