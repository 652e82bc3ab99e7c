"""How the tests ask each API of the lab and read its answer: parsers of their own, and raw sockets underneath."""

import asyncio
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from app.lab.world import World

PROMPT = "Reply with exactly: k7q2"
CHAT = [{"role": "user", "content": PROMPT}]
BEARER = {"authorization": "Bearer key"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a stream said: its text, its finish reason, and whether a terminal event came after it."""

    text: str = ""
    finish: str = ""
    terminal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """How one API is asked for a stream, and read. `wants_terminal` where one belongs to a whole answer."""

    vendor: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    read: Callable[[bytes], Heard]
    finish: str
    wants_terminal: bool = False


def sse_events(body: bytes) -> list[tuple[str, str]]:
    """The (event, data) pairs of a stream; comments are left out."""
    events = []
    for block in body.decode().replace("\r\n", "\n").split("\n\n"):
        fields = [line.partition(": ")[::2] for line in block.splitlines() if line and not line.startswith(":")]
        if data := "\n".join(value for name, value in fields if name == "data"):
            events.append((dict(fields).get("event", ""), data))
    return events


def read_chat(body: bytes) -> Heard:
    datas = [data for _, data in sse_events(body)]
    chunks = [json.loads(data) for data in datas if data != "[DONE]"]
    choices = [choice for chunk in chunks for choice in chunk.get("choices", [])]
    return Heard(
        text="".join(choice["delta"].get("content") or "" for choice in choices),
        finish="".join(choice["finish_reason"] or "" for choice in choices),
        terminal="[DONE]" in datas,
    )


def read_responses(body: bytes) -> Heard:
    events = [(name, json.loads(data)) for name, data in sse_events(body)]
    assert [event["sequence_number"] for _, event in events] == list(range(len(events)))
    assert all(name == event["type"] for name, event in events)
    names = [name for name, _ in events]
    return Heard(
        text="".join(event["delta"] for name, event in events if name == "response.output_text.delta"),
        finish="done" if "response.output_item.done" in names else "",
        terminal="response.completed" in names,
    )


def read_anthropic(body: bytes) -> Heard:
    events = [json.loads(data) for _, data in sse_events(body)]
    return Heard(
        text="".join(one["delta"].get("text", "") for one in events if one["type"] == "content_block_delta"),
        finish="".join(one["delta"]["stop_reason"] for one in events if one["type"] == "message_delta"),
        terminal=events[-1]["type"] == "message_stop" if events else False,
    )


def read_gemini(body: bytes) -> Heard:
    assert b"\n\n" not in body  # Google ends its lines with CRLF
    return _gemini([json.loads(data) for _, data in sse_events(body)])


def read_gemini_array(body: bytes) -> Heard:
    return _gemini(json.loads(body) if body else [])


def _gemini(chunks: list[dict[str, Any]]) -> Heard:
    candidates = [candidate for chunk in chunks for candidate in chunk.get("candidates", [])]
    parts = [part for candidate in candidates for part in candidate["content"].get("parts", [])]
    finish = "".join(candidate.get("finishReason", "") for candidate in candidates)
    return Heard(text="".join(part["text"] for part in parts), finish=finish)


def read_cohere(body: bytes) -> Heard:
    events = [json.loads(data) for _, data in sse_events(body)]
    deltas = [one["delta"]["message"]["content"]["text"] for one in events if one["type"] == "content-delta"]
    ends = [one["delta"]["finish_reason"] for one in events if one["type"] == "message-end"]
    return Heard(text="".join(deltas), finish="".join(ends))


def read_ollama(body: bytes) -> Heard:
    lines = [json.loads(line) for line in body.splitlines() if line]
    text = "".join(line["message"]["content"] for line in lines if "message" in line)
    return Heard(text=text, finish=next((line["done_reason"] for line in lines if line.get("done")), ""))


def frames(body: bytes) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """The headers and contents of event-stream frames. Raises `ValueError` for a wrong checksum."""
    found = []
    while body:
        total, size, prelude_crc = struct.unpack_from("!III", body)
        (crc,) = struct.unpack_from("!I", body, total - 4)
        if crc32(body[:8]) != prelude_crc or crc32(body[: total - 4]) != crc:
            raise ValueError("checksum")
        headers, at = {}, 12
        while at < 12 + size:
            name = body[at + 1 : at + 1 + body[at]].decode()
            at += 1 + body[at]
            kind, length = struct.unpack_from("!BH", body, at)
            assert kind == 7
            headers[name] = body[at + 3 : at + 3 + length].decode()
            at += 3 + length
        found.append((headers, json.loads(body[12 + size : total - 4])))
        body = body[total:]
    return found


def read_bedrock(body: bytes) -> Heard:
    events = [(headers.get(":event-type"), content) for headers, content in frames(body)]
    text = "".join(content["delta"]["text"] for name, content in events if name == "contentBlockDelta")
    return Heard(text=text, finish="".join(c["stopReason"] for name, c in events if name == "messageStop"))


def chat(
    vendor: str, model: str, path: str = "/v1/chat/completions", headers: dict[str, str] | None = None
) -> Api:
    body = {"model": model, "messages": CHAT, "stream": True, "stream_options": {"include_usage": True}}
    return Api(
        vendor=vendor,
        path=path,
        headers=BEARER if headers is None else headers,
        body=body,
        read=read_chat,
        finish="stop",
        wants_terminal=True,
    )


def _anthropic(headers: dict[str, str]) -> Api:
    return Api(
        vendor="anthropic",
        path="/v1/messages",
        headers=headers,
        body={"model": "claude-haiku-5-5", "max_tokens": 16, "messages": CHAT, "stream": True},
        read=read_anthropic,
        finish="end_turn",
        wants_terminal=True,
    )


def _gemini_api(path: str, read: Callable[[bytes], Heard], vendor: str = "gemini") -> Api:
    content = {"contents": [{"role": "user", "parts": [{"text": PROMPT}]}]}
    headers = {"x-goog-api-key": "key"} if vendor == "gemini" else BEARER
    return Api(vendor=vendor, path=path, headers=headers, body=content, read=read, finish="STOP")


_GENERATE = "models/gemini-3.5-flash-lite:streamGenerateContent"
_VERTEX = "/v1/projects/p/locations/l/publishers/google/models/gemini-3.1-flash-lite:streamGenerateContent?alt=sse"

APIS: dict[str, Api] = {
    "openai chat": chat("openai", "gpt-6-luna"),
    "openai responses": Api(
        vendor="openai",
        path="/v1/responses",
        headers=BEARER,
        body={"model": "gpt-6-luna", "input": PROMPT, "stream": True},
        read=read_responses,
        finish="done",
        wants_terminal=True,
    ),
    "azure v1": chat("azure", "gpt-5.4-nano", "/openai/v1/chat/completions", {"api-key": "key"}),
    "azure deployment": chat(
        "azure", "", "/openai/deployments/gpt-5.4-nano/chat/completions?api-version=2024-10-21", {"api-key": "key"}
    ),
    "anthropic 2023": _anthropic({"x-api-key": "key", "anthropic-version": "2023-06-01"}),
    "anthropic 2026": _anthropic({**BEARER, "anthropic-version": "2026-10-21"}),
    "gemini v1": _gemini_api(f"/v1/{_GENERATE}?alt=sse", read_gemini),
    "gemini v1beta": _gemini_api(f"/v1beta/{_GENERATE}?alt=sse", read_gemini),
    "gemini array": _gemini_api(f"/v1beta/{_GENERATE}", read_gemini_array),
    "vertex": _gemini_api(_VERTEX, read_gemini, "vertex"),
    "cohere": Api(
        vendor="cohere",
        path="/v2/chat",
        headers=BEARER,
        body={"model": "command-r7b-12-2024", "messages": CHAT, "stream": True},
        read=read_cohere,
        finish="COMPLETE",
    ),
    "mistral": chat("mistral", "ministral-3-3b-2512"),
    "groq": chat("groq", "openai/gpt-oss-20b", "/openai/v1/chat/completions"),
    "xai": chat("xai", "grok-4.20-0309-non-reasoning"),
    "together": chat("together", "openai/gpt-oss-20b"),
    "fireworks": chat("fireworks", "accounts/fireworks/models/gpt-oss-20b", "/inference/v1/chat/completions"),
    "deepseek": chat("deepseek", "deepseek-v4-flash", "/chat/completions"),
    "perplexity": chat("perplexity", "sonar", "/chat/completions"),
    "openrouter": chat("openrouter", "openai/gpt-oss-20b:free", "/api/v1/chat/completions"),
    "huggingface": chat("huggingface", "openai/gpt-oss-20b"),
    "vllm": chat("vllm", "anything", headers={}),
    "lmstudio": chat("lmstudio", "anything", headers={}),
    "ollama": Api(
        vendor="ollama",
        path="/api/chat",
        headers={},
        body={"model": "llama3.2:1b", "messages": CHAT},
        read=read_ollama,
        finish="stop",
    ),
    "bedrock": Api(
        vendor="bedrock",
        path="/model/amazon.nova-micro-v1%3A0/converse-stream",
        headers=BEARER,
        body={"messages": [{"role": "user", "content": [{"text": PROMPT}]}]},
        read=read_bedrock,
        finish="end_turn",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """An answer as the socket saw it. `ended` is clean, cut, reset, silent (nobody hung up) or bad chunk."""

    status: int = 0
    headers: dict[str, str]
    body: bytes = b""
    ended: str = "clean"


async def ask_raw(
    world: World,
    path: str,
    *,
    headers: dict[str, str] | None = None,
    body: Any = None,
    patience: float = 0.4,
    method: str = "",
    enough: Callable[[bytes], bool] = lambda _body: False,
) -> Raw:
    """Ask over a fresh socket; read until the answer is whole, breaks off, or is silent for `patience` seconds."""
    content = b"" if body is None else json.dumps(body).encode()
    split = urlsplit(world.origin)
    reader, writer = await asyncio.open_connection(split.hostname, split.port)
    lines = [f"{method or ('GET' if body is None else 'POST')} {path} HTTP/1.1", f"host: {split.netloc}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    lines += ["content-type: application/json", f"content-length: {len(content)}", "", ""]
    writer.write("\r\n".join(lines).encode() + content)
    try:
        return await _Reading(reader, patience, enough).raw()
    finally:
        writer.transport.abort()


async def ask(
    world: World, api: Api, *, patience: float = 0.4, enough: Callable[[bytes], bool] = lambda _body: False
) -> Raw:
    """Ask an API for its stream; leave once its body is `enough`."""
    path = urlsplit(world.url(api.vendor)).path + api.path
    return await ask_raw(world, path, headers=api.headers, body=api.body, patience=patience, enough=enough)


_BREAKS: dict[type[Exception], str] = {
    TimeoutError: "silent",
    ValueError: "bad chunk",
    ConnectionResetError: "reset",
    EOFError: "cut",  # asyncio's IncompleteReadError is one, too
}


class _Reading:
    """An answer as far as it has been read."""

    def __init__(self, reader: asyncio.StreamReader, patience: float, enough: Callable[[bytes], bool]) -> None:
        self._enough = enough
        self._reader = reader
        self._patience = patience
        self._body = bytearray()
        self._status = 0
        self._headers: dict[str, str] = {}

    async def raw(self) -> Raw:
        ended = "clean"
        try:
            await self._head()
            if self._headers.get("transfer-encoding") == "chunked":
                await self._chunks()
            else:
                await self._exactly(int(self._headers.get("content-length", 0)))
        except tuple(_BREAKS) as broken:
            ended = next(name for kind, name in _BREAKS.items() if isinstance(broken, kind))
        return Raw(status=self._status, headers=self._headers, body=bytes(self._body), ended=ended)

    async def _head(self) -> None:
        self._status = int((await self._line()).split()[1])
        while field := await self._line():
            name, _, value = field.decode("latin-1").partition(": ")
            self._headers[name] = value

    async def _chunks(self) -> None:
        while not self._enough(bytes(self._body)) and (size := int(await self._line(), 16)):
            await self._exactly(size)
            await self._line()

    async def _exactly(self, size: int) -> None:
        while size:
            part = await asyncio.wait_for(self._reader.read(size), self._patience)
            if not part:
                raise EOFError
            self._body += part
            size -= len(part)

    async def _line(self) -> bytes:
        read = await asyncio.wait_for(self._reader.readline(), self._patience)
        if not read:
            raise EOFError
        return read.rstrip(b"\r\n")
