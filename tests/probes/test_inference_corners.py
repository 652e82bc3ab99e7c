"""Streams in all the shapes that HTTP and server-sent events allow, and some that break off, over real sockets."""

import asyncio
import gzip
import json
import zlib
from collections.abc import Sequence

import pytest

from app.domain.result import ProbeResult
from app.lab.apis.bedrock import frame
from app.probes.dialects.registry import DialectName
from app.probes.inference import InferenceSpec, Patience
from tests.probes.asking import LONG, ask, told
from tests.servers.listening import Behave, listening

PATIENT = Patience(first_token=LONG, idle=LONG, total=LONG)
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CLOSING = f"{HEAD}Connection: close\r\n\r\n".encode()
CHUNKED = f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode()
DONE = "data: [DONE]\n\n"
TRUNCATED, NO_END = ("truncated", "vendor", "down"), ("no_terminal_event", "vendor", "degraded")


def said(text: str, finish: str | None = None) -> str:
    chunk = {"model": "m", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"


WORDS = said("Grün") + said("e See ✓")
WHOLE = WORDS + said("", "stop") + DONE


def sends(*pieces: bytes) -> Behave:
    """Reads the request, sends the pieces one after another, and closes."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.002)

    return behave


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def bytewise(text: str) -> list[bytes]:
    return [bytes([each]) for each in text.encode()]


async def heard(*pieces: bytes, dialect: DialectName = DialectName.OPENAI) -> ProbeResult:
    async with listening(sends(*pieces)) as port:
        spec = InferenceSpec(
            dialect=dialect,
            base_url=f"http://127.0.0.1:{port}/v1",
            model="m",
            key="a-key",
            prompt="Which lake?",
            expect="Grüne See ✓",
            timeouts=PATIENT,
        )
        return await ask("inference", spec)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        pytest.param([CLOSING, WHOLE.encode()], "up", id="until close"),
        pytest.param([CLOSING.replace(b"1.1", b"1.0"), WHOLE.encode()], "up", id="HTTP/1.0 until close"),
        pytest.param([CLOSING.replace(b"1.1", b"1.0"), WORDS.encode()], TRUNCATED, id="HTTP/1.0 cut"),
        pytest.param([CLOSING, (WORDS + said("", "stop")).encode()], NO_END, id="no last event"),
        pytest.param([CHUNKED, chunk(WHOLE.encode()), b"0\r\nX-Sum: 7\r\n\r\n"], "up", id="trailers"),
        pytest.param([CLOSING, *bytewise(WHOLE)], "up", id="byte by byte"),
        pytest.param([CHUNKED, *map(chunk, bytewise(WHOLE)), b"0\r\n\r\n"], "up", id="a chunk a byte"),
        pytest.param([CLOSING, WHOLE.replace("\n", "\r\n").encode()], "up", id="CRLF"),
        pytest.param([CLOSING, WHOLE.replace("\n", "\r").encode()], "up", id="CR"),
        pytest.param([CLOSING, *bytewise(WHOLE.replace("\n", "\r\n"))], "up", id="CRLF byte by byte"),
        pytest.param([CLOSING, b"\xef\xbb\xbf" + WHOLE.encode()], "up", id="byte order mark"),
        pytest.param(
            [CLOSING, (": hi\n\n" + WORDS + ":\n\n" + said("", "stop") + DONE).encode()], "up", id="comments"
        ),
        pytest.param([CLOSING, WHOLE.replace("data: ", "data:").encode()], "up", id="no space"),
        pytest.param(
            [CLOSING, WHOLE.replace("data: ", "id: 7\nretry: 3\nevent: m\ndata: ").encode()], "up", id="fields"
        ),
        pytest.param([CLOSING, WHOLE.removesuffix("\n").encode()], "up", id="no blank line at the end"),
    ],
)
async def test_a_stream_is_judged_by_what_it_says_however_it_is_sent(
    pieces: Sequence[bytes], expected: str | tuple[str, str, str]
) -> None:
    result = await heard(*pieces)
    assert told(result.failure) == expected
    assert result.figures["pieces"] == 2


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_packed_stream_is_unpacked_as_it_comes(encoding: str) -> None:
    packer = zlib.compressobj(wbits=31 if encoding == "gzip" else 15)
    parts = [
        packer.compress(part.encode()) + packer.flush(zlib.Z_SYNC_FLUSH)
        for part in (WORDS, said("", "stop"), DONE)
    ]
    head = f"{HEAD}Content-Encoding: {encoding}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    result = await heard(head, *map(chunk, [*parts, packer.flush()]), b"0\r\n\r\n")
    assert (told(result.failure), result.figures["pieces"], result.figures["is_streamed"]) == ("up", 2, 1)


async def test_a_packed_stream_that_breaks_off_is_truncated() -> None:
    packed = gzip.compress(WHOLE.encode())
    head = f"{HEAD}Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    result = await heard(head, chunk(packed[: len(packed) // 2]))
    assert told(result.failure) == ("body_truncated", "vendor", "down")


CHAT = {
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Grüne See ✓"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 4},
}


def generated(*texts: str) -> dict[str, object]:
    return {
        "candidates": [{"content": {"parts": [{"text": text} for text in texts]}, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 4},
    }


GENERATED = generated("Grüne See ✓")


@pytest.mark.parametrize(
    ("dialect", "reply", "pieces"),
    [
        pytest.param(DialectName.OPENAI, CHAT, 1, id="chat completion"),
        pytest.param(DialectName.GEMINI, GENERATED, 1, id="Gemini"),
        pytest.param(DialectName.GEMINI, [GENERATED], 1, id="Gemini's array of one"),
        pytest.param(DialectName.GEMINI, generated("Grüne", " See ✓"), 2, id="Gemini in parts"),
    ],
)
async def test_a_whole_reply_to_a_question_for_a_stream_is_an_answer_but_not_a_streamed_one(
    dialect: DialectName, reply: object, pieces: int
) -> None:
    body = json.dumps(reply).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    result = await heard(head, body, dialect=dialect)
    assert (told(result.failure), result.figures["pieces"], "is_streamed" in result.figures) == (
        "up",
        pieces,
        False,
    )
    assert result.figures["output_tokens"] == 4


async def test_a_stream_of_a_single_event_is_streamed_all_the_same() -> None:
    event = f"data: {json.dumps(GENERATED)}\r\n\r\n".encode()
    result = await heard(CLOSING, event, dialect=DialectName.GEMINI)
    assert (told(result.failure), result.figures["pieces"], result.figures["is_streamed"]) == ("up", 1, 1)


ACCESS = "AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SECRET = ACCESS.partition(":")[2]
MISMATCH = json.dumps(
    {"message": "The request signature we calculated does not match the signature you provided."}
).encode()
CONVERSED = b"".join(
    frame({":event-type": kind, ":message-type": "event"}, json.dumps(content).encode())
    for kind, content in (
        ("contentBlockDelta", {"delta": {"text": "Grüne "}}),
        ("contentBlockDelta", {"delta": {"text": "See ✓"}}),
        ("messageStop", {"stopReason": "end_turn"}),
        ("metadata", {"usage": {"inputTokens": 9, "outputTokens": 4}}),
    )
)


def checks_signature(secret: str) -> Behave:
    """An Amazon that signs what it was sent with its own library, and refuses what is signed otherwise."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        is_right = _signature(first.split()[1], headers, body, secret) == headers["authorization"]
        status, kind, answer = (
            ("200 OK", "vnd.amazon.eventstream", CONVERSED) if is_right else ("403 Forbidden", "json", MISMATCH)
        )
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/{kind}\r\nContent-Length: {len(answer)}\r\n\r\n"
        writer.write(head.encode() + answer)
        await writer.drain()

    return behave


def _signature(path: str, headers: dict[str, str], body: bytes, secret: str) -> str:
    """The authorization that botocore gives this request, signed at the moment that it says it was."""
    auth = pytest.importorskip("botocore.auth")
    request = pytest.importorskip("botocore.awsrequest").AWSRequest
    credentials = pytest.importorskip("botocore.credentials").Credentials("AKIDEXAMPLE", secret)
    names = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    again = request(method="POST", url=f"http://{headers['host']}{path}", data=body)
    for name in names:
        again.headers[name] = headers[name]
    signer = auth.SigV4Auth(credentials, "bedrock", "us-east-1")
    again.context["timestamp"] = headers["x-amz-date"]
    canonical = signer.canonical_request(again)
    signature = signer.signature(signer.string_to_sign(again, canonical), again)
    return (
        f"AWS4-HMAC-SHA256 Credential={signer.scope(again)}, "
        f"SignedHeaders={signer.signed_headers(signer.headers_to_sign(again))}, Signature={signature}"
    )


@pytest.mark.parametrize("token", ["", ":IQoJb3JpZ2luX2VjEA=="], ids=["for good", "temporary"])
@pytest.mark.parametrize(
    ("secret", "expected"), [(SECRET, "up"), ("another", ("key_refused", "us_key", "unknown"))]
)
async def test_a_signature_is_right_by_amazons_own_library(
    secret: str, token: str, expected: str | tuple[str, str, str]
) -> None:
    async with listening(checks_signature(secret)) as port:
        spec = InferenceSpec(
            dialect=DialectName.BEDROCK,
            base_url=f"http://127.0.0.1:{port}",
            model="amazon.nova-micro-v1:0",
            key=ACCESS + token,
            prompt="Which lake?",
            expect="Grüne See ✓",
            timeouts=PATIENT,
        )
        result = await ask("inference", spec)
    assert told(result.failure) == expected
