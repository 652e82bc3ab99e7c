"""The vendors' own SDKs against the lab: a streamed call is completed, and troubles raise what they raise in life.

The SDKs are in the dependency group `sdks`; where one is missing its tests are skipped and say so. Many of them
end in silence on a stream that was cut short: that is why our own probes judge streams by themselves.
"""

import asyncio
import gc
import importlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from app.lab.face import Pace
from app.lab.world import World, lab_world

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning",  # an SDK whose stream broke off leaves its socket to the garbage collector
    "ignore::pytest.PytestUnraisableExceptionWarning",
    "ignore::DeprecationWarning",  # theirs, of each other
)
PROMPT = "Reply with exactly: k7q2k7q2"
CHAT = [{"role": "user", "content": PROMPT}]
PATIENCE = 30.0
"""Seconds an SDK waits for the next byte; a busy machine must not be taken for a silent vendor."""

SHORT = {"stall": 0.4, "headers_then_silence": 0.4, "hang": 0.4, "keepalive_stall": 1.0}
"""How long where nothing ever comes, and giving up is what is expected (or that keep-alives prevent it)."""

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


def openai_chat(world: World, patience: float) -> Iterator[str]:
    client = sdk("openai").OpenAI(
        base_url=world.base_url("openai"), api_key="key", max_retries=0, timeout=patience
    )
    with client:
        yield from chat_text(client.chat.completions.create(model="gpt-6-luna", messages=CHAT, stream=True))


def openai_responses(world: World, patience: float) -> Iterator[str]:
    client = sdk("openai").OpenAI(
        base_url=world.base_url("openai"), api_key="key", max_retries=0, timeout=patience
    )
    with client:
        for event in client.responses.create(model="gpt-6-luna", input=PROMPT, stream=True):
            yield event.delta if event.type == "response.output_text.delta" else ""


def azure(world: World, patience: float) -> Iterator[str]:
    client = sdk("openai").AzureOpenAI(
        azure_endpoint=world.url("azure"),
        api_version="2024-10-21",
        api_key="key",
        max_retries=0,
        timeout=patience,
    )
    with client:
        yield from chat_text(client.chat.completions.create(model="gpt-5.4-nano", messages=CHAT, stream=True))


def anthropic(world: World, patience: float) -> Iterator[str]:
    client = sdk("anthropic").Anthropic(
        base_url=world.base_url("anthropic"), api_key="key", max_retries=0, timeout=patience
    )
    with client:
        events = client.messages.create(model="claude-haiku-5-5", max_tokens=16, messages=CHAT, stream=True)
        for event in events:
            yield event.delta.text if event.type == "content_block_delta" else ""


def gemini(world: World, patience: float) -> Iterator[str]:
    options = sdk("google.genai").types.HttpOptions(
        base_url=world.base_url("gemini"), timeout=int(patience * 1000)
    )
    client = sdk("google.genai").Client(api_key="key", http_options=options)
    with client:
        for chunk in client.models.generate_content_stream(model="gemini-3.5-flash-lite", contents=PROMPT):
            yield chunk.text or ""


def mistral(world: World, patience: float) -> Iterator[str]:
    client = sdk("mistralai.client").Mistral(
        server_url=world.url("mistral"), api_key="key", timeout_ms=int(patience * 1000)
    )
    with client, client.chat.stream(model="ministral-3-3b-2512", messages=CHAT) as events:
        for event in events:
            yield event.data.choices[0].delta.content or ""


def cohere(world: World, patience: float) -> Iterator[str]:
    client = sdk("cohere").ClientV2(base_url=world.url("cohere"), api_key="key", timeout=patience)
    with client:
        for event in client.chat_stream(model="command-r7b-12-2024", messages=CHAT):
            yield event.delta.message.content.text if event.type == "content-delta" else ""


def groq(world: World, patience: float) -> Iterator[str]:
    client = sdk("groq").Groq(base_url=world.url("groq"), api_key="key", max_retries=0, timeout=patience)
    with client:
        yield from chat_text(
            client.chat.completions.create(model="openai/gpt-oss-20b", messages=CHAT, stream=True)
        )


def ollama(world: World, patience: float) -> Iterator[str]:
    client = sdk("ollama").Client(host=world.url("ollama"), timeout=patience)
    with client:
        for part in client.chat(model="llama3.2:1b", messages=CHAT, stream=True):
            yield part.message.content or ""


def bedrock(world: World, patience: float) -> Iterator[str]:
    config = sdk("botocore.config").Config(retries={"total_max_attempts": 1}, read_timeout=patience)
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


SDKS: dict[str, Callable[[World, float], Iterator[str]]] = {
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
    gc.freeze()  # the SDKs are a quarter of a million objects, which need no looking through after every test
    async with lab_world() as world:
        for vendor in world.vendors:
            world.pace(vendor, Pace(head=0, first=0.01, rate=500))
        yield world
    gc.collect()  # here, where what the SDKs leave behind is known
    gc.unfreeze()


def listen(name: str, world: World, patience: float) -> str:
    """What becomes of a call: `silent` and the text, or the name of what was raised."""
    text = ""
    try:
        for part in SDKS[name](world, patience):
            text += part
    except Exception as error:  # noqa: BLE001 - which one is the question
        return type(error).__name__
    return f"{SILENT} {text}".strip()


async def outcome(name: str, world: World, *, patience: float = PATIENCE, limit: float = 60) -> str:
    """The same, in a thread; `blocks` if it still waits after `limit` seconds, long after its own time-out."""
    waiting = asyncio.create_task(asyncio.to_thread(listen, name, world, patience))
    done, _ = await asyncio.wait({waiting}, timeout=limit)
    if done:
        return waiting.result()
    world.hang_up()
    await waiting
    return BLOCKS


@pytest.mark.parametrize("name", SDKS)
async def test_an_sdk_completes_a_streamed_call(world: World, name: str) -> None:
    assert await outcome(name, world) == "silent k7q2k7q2"


COLUMNS = ("openai", "anthropic", "gemini", "mistral", "cohere", "groq", "ollama", "bedrock")
"""Azure and the Responses API are spoken to by OpenAI's SDK and raise what it raises, but for `APART`."""
TABLE = """
bad_request          | BadRequestError | BadRequestError | ClientError | SDKError | BadRequestError | BadRequestError | ResponseError | ValidationException
key_refused          | AuthenticationError | AuthenticationError | ClientError | SDKError | UnauthorizedError | AuthenticationError | ResponseError | ClientError
payment_required     | APIStatusError | PaymentRequiredError | ClientError | SDKError | ApiError | APIStatusError | ResponseError | ClientError
permission_denied    | PermissionDeniedError | PermissionDeniedError | ClientError | SDKError | ForbiddenError | PermissionDeniedError | ResponseError | AccessDeniedException
model_not_found      | NotFoundError | NotFoundError | ClientError | SDKError | NotFoundError | NotFoundError | ResponseError | ResourceNotFoundException
request_timeout      | APIStatusError | RequestTimeoutError | ServerError | SDKError | ApiError | APIStatusError | ResponseError | ModelTimeoutException
rate_limited         | RateLimitError | RateLimitError | ClientError | SDKError | TooManyRequestsError | RateLimitError | ResponseError | ThrottlingException
quota_exhausted      | RateLimitError | EnforcedSpendLimitReachedError | ClientError | SDKError | TooManyRequestsError | RateLimitError | ResponseError | ServiceQuotaExceededException
server_error         | InternalServerError | InternalServerError | ServerError | SDKError | InternalServerError | InternalServerError | ResponseError | InternalServerException
bad_gateway          | InternalServerError | InternalServerError | ServerError | SDKError | ApiError | InternalServerError | ResponseError | ClientError
overloaded           | InternalServerError | ServiceUnavailableError | ServerError | SDKError | ServiceUnavailableError | InternalServerError | ResponseError | ServiceUnavailableException
overloaded_529       | InternalServerError | OverloadedError | ServerError | SDKError | ServiceUnavailableError | InternalServerError | ResponseError | ClientError
challenge            | PermissionDeniedError | PermissionDeniedError | ClientError | SDKError | ApiError | PermissionDeniedError | ResponseError | ClientError
html_200             | silent | silent | UnknownApiResponseError | SDKError | SSEError | silent | JSONDecodeError | ChecksumMismatch
error_first          | APIError | APIStatusError | ServerError | ResponseValidationError | silent | APIError | ResponseError | EventStreamError
error_midstream      | APIError | APIStatusError | ServerError | ResponseValidationError | silent k7q2k7 | APIError | ResponseError | EventStreamError
truncated            | silent k7q2k7 | silent k7q2k7 | silent k7q2k7 | silent k7q2k7 | silent k7q2k7 | silent k7q2k7 | silent k7q2k7 | silent k7q2k7
cut                  | APIConnectionError | RemoteProtocolError | RemoteProtocolError | RemoteProtocolError | RemoteProtocolError | RemoteProtocolError | RemoteProtocolError | ProtocolError
reset                | APIConnectionError | ReadError | ReadError | ReadError | ReadError | ReadError | ReadError | ProtocolError
malformed_chunk      | APIConnectionError | RemoteProtocolError | RemoteProtocolError | RemoteProtocolError | RemoteProtocolError | RemoteProtocolError | RemoteProtocolError | ProtocolError
no_terminal_event    | silent k7q2k7q2 | silent k7q2k7q2 | - | silent k7q2k7q2 | - | silent k7q2k7q2 | - | -
empty_stream         | silent | silent | silent | silent | silent | silent | silent | silent
malformed_event      | JSONDecodeError | JSONDecodeError | UnknownApiResponseError | ResponseValidationError | silent k7q2k7 | JSONDecodeError | JSONDecodeError | ChecksumMismatch
stall                | APITimeoutError | ReadTimeout | ReadTimeout | ReadTimeout | ReadTimeout | ReadTimeout | ReadTimeout | ReadTimeoutError
keepalive_stall      | blocks | blocks | UnknownApiResponseError | blocks | blocks | blocks | - | -
headers_then_silence | APITimeoutError | ReadTimeout | ReadTimeout | ReadTimeout | ReadTimeout | ReadTimeout | ReadTimeout | ReadTimeoutError
hang                 | APITimeoutError | APITimeoutError | ReadTimeout | ReadTimeout | ReadTimeout | APITimeoutError | ReadTimeout | ReadTimeoutError
close_before_status  | APIConnectionError | APIConnectionError | RemoteProtocolError | RemoteProtocolError | RemoteProtocolError | APIConnectionError | RemoteProtocolError | ConnectionClosedError
reset_before_status  | APIConnectionError | APIConnectionError | ReadError | ReadError | ReadError | APIConnectionError | ReadError | ConnectionClosedError
"""  # noqa: E501 - a table is read in columns
APART = {
    ("error_first", "responses"): "silent",
    ("error_midstream", "responses"): "silent k7q2k7",
}


def table() -> Iterator[tuple[str, str, str]]:
    """Trouble, SDK, what is raised."""
    for line in TABLE.strip().splitlines():
        kind, *raised = (cell.strip() for cell in line.split("|"))
        by_name = dict(zip(COLUMNS, raised, strict=True))
        for name in SDKS:
            expected = APART.get((kind, name), by_name.get(name, by_name["openai"]))
            if expected != "-":
                yield kind, name, expected


@pytest.mark.parametrize(("kind", "name", "expected"), list(table()))
async def test_an_sdk_raises_what_it_raises_in_life(world: World, kind: str, name: str, expected: str) -> None:
    world.trouble(VENDOR.get(name, name), kind, after=3, seconds=0.1)
    patience = SHORT.get(kind, PATIENCE)
    limit = 2 * patience if expected == BLOCKS else 60
    assert await outcome(name, world, patience=patience, limit=limit) == expected


@pytest.mark.parametrize(("kind", "requests"), [("quota_exhausted", 3), ("overloaded", 3), ("key_refused", 1)])
@pytest.mark.parametrize("name", ["openai", "anthropic"])
async def test_sdks_retry_as_they_come_even_when_only_money_would_help(
    world: World, name: str, kind: str, requests: int
) -> None:
    headers = {"retry-after-ms": "1", "x-should-retry": ""}
    world.trouble(name, kind, headers=headers)
    module = sdk(name)

    def ask() -> None:
        if name == "openai":
            with module.OpenAI(base_url=world.base_url(name), api_key="key") as client:
                client.chat.completions.create(model="gpt-6-luna", messages=CHAT)
        else:
            with module.Anthropic(base_url=world.base_url(name), api_key="key") as client:
                client.messages.create(model="claude-haiku-5-5", max_tokens=9, messages=CHAT)

    with pytest.raises(module.APIStatusError):
        await asyncio.to_thread(ask)
    assert len(world.log) == requests
