"""A web server with a path for every way in which services answer, well and badly."""

import asyncio
import contextlib
import gzip
import json
import random
import ssl
import zlib
from collections.abc import AsyncIterator, Mapping

from tests.servers.listening import Behave, for_ever, listening, reset

MODELS = {"object": "list", "data": [{"id": "m-1"}, {"id": "m-2"}]}
REFUSAL = {"error": {"message": "Missing bearer authentication in header", "type": "invalid_request_error"}}
CLOUDFLARE = {"Server": "cloudflare", "CF-RAY": "8f0a1b2c3d4e5f60-FRA"}
CHALLENGE = "<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script></html>"
BLOCKED = "<html><title>Attention Required! | Cloudflare</title>Sorry, you have been blocked</html>"
PAGE = "<!doctype html><title>Oops</title><style>p{}</style><body><p>Something went wrong</p></body></html>"


def answer(
    status: str,
    body: object = b"",
    content_type: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A whole answer. Bytes go as they are, text as HTML, everything else as JSON."""
    match body:
        case bytes():
            payload, usual = body, None
        case str():
            payload, usual = body.encode(), "text/html; charset=utf-8"
        case _:
            payload, usual = json.dumps(body).encode(), "application/json"
    media = usual if content_type is None else content_type
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(payload)}", "Connection: close"]
    lines += [f"Content-Type: {media}"] if media else []
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + payload


def says(data: bytes) -> Behave:
    """Send just this, and close."""

    async def behave(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return behave


def stalls_after(data: bytes) -> Behave:
    """Send just this, and then nothing more."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await says(data)(reader, writer)
        await for_ever(reader, writer)

    return behave


def resets_after(data: bytes) -> Behave:
    """Send just this, and tear the connection down."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await says(data)(reader, writer)
        await asyncio.sleep(0.05)  # what is still on its way would be lost with the connection
        await reset(reader, writer)

    return behave


def repeats(head: bytes, again: bytes, every_s: float = 0.0) -> Behave:
    """Send a head, and then the same bytes for ever."""

    async def behave(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(every_s)

    return behave


def _error(status: str, error: object, headers: Mapping[str, str] | None = None) -> Behave:
    return says(answer(status, {"error": error}, headers=headers))


def _packed(data: bytes, encoding: str) -> Behave:
    return says(answer("200 OK", data, "application/json", {"Content-Encoding": encoding}))


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


_JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED = _JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_GOOD = json.dumps(MODELS).encode()
_NOISE = random.Random(7).randbytes(3000)  # noqa: S311 - the same noise every time

BEHAVIOURS: Mapping[str, Behave] = {
    # well
    "healthy": says(answer("200 OK", MODELS, headers={"X-Request-Id": "req-1", **CLOUDFLARE})),
    "refusal": says(answer("401 Unauthorized", REFUSAL)),
    "forbidden": _error("403 Forbidden", {"code": 403, "status": "PERMISSION_DENIED"}),
    "refusal-without-type": says(answer("401 Unauthorized", b"Authentication Fails (governor)")),
    "not-allowed": says(answer("405 Method Not Allowed", b"")),
    "nothing": says(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "until-close": says(_JSON_HEAD + b"\r\n" + _GOOD),
    "chunked": says(_CHUNKED + b"%x\r\n%b\r\n0\r\nTrailer: x\r\n\r\n" % (len(_GOOD), _GOOD)),
    "early-hints": says(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + answer("200 OK", MODELS)),
    "bare-newlines": says(b"HTTP/1.1 200 OK\nContent-Type: application/json\n\n" + _GOOD),
    "zipped": _packed(gzip.compress(_GOOD), "gzip"),
    "deflated": _packed(zlib.compress(_GOOD), "deflate"),
    "deflated-raw": _packed(_raw_deflate(_GOOD), "deflate"),
    "marked": says(answer("200 OK", b"\xef\xbb\xbf" + _GOOD, "application/json")),
    "large": says(answer("200 OK", {"data": [{"id": f"model-{number}"} for number in range(50_000)]})),
    "page": says(answer("200 OK", PAGE)),
    "latin-page": says(answer("200 OK", "caf\xe9".encode("latin-1"), "text/html")),
    # down
    "broken": says(answer("500 Internal Server Error", REFUSAL)),
    "bad-gateway": says(answer("502 Bad Gateway", PAGE)),
    "origin-timed-out": says(answer("522", PAGE, headers=CLOUDFLARE)),
    "unavailable": says(answer("503 Service Unavailable", b"down", "text/plain")),
    "gateway-timeout": says(answer("504 Gateway Timeout", PAGE)),
    "stalled-and-unavailable": stalls_after(answer("503 Service Unavailable", REFUSAL)[:-9]),
    # overloaded
    "overloaded": _error("503 Service Unavailable", {"code": 503, "status": "UNAVAILABLE"}),
    "overloaded-529": _error("529 Overloaded", {"type": "overloaded_error", "message": "Overloaded"}),
    "slow-down": _error("429 Too Many Requests", {"code": "slow_down"}),
    "too-many-though-allowed": _error(
        "429 Too Many Requests", {"code": "rate_limit_exceeded"}, {"X-RateLimit-Remaining-Requests": "12"}
    ),
    "overloaded-in-200": _error("200 OK", {"type": "overloaded_error"}),
    # our doing
    "too-many": _error(
        "429 Too Many Requests", {"code": "rate_limit_exceeded"}, {"X-RateLimit-Remaining-Requests": "0"}
    ),
    "out-of-quota": _error("429 Too Many Requests", {"type": "insufficient_quota", "code": "insufficient_quota"}),
    "day-is-over": _error(
        "429 Too Many Requests",
        {
            "status": "RESOURCE_EXHAUSTED",
            "details": [{"violations": [{"quotaId": "GenerateRequestsPerDayPerProject"}]}],
        },
    ),
    "payment": _error("402 Payment Required", "Insufficient Balance"),
    "bad-request": _error("400 Bad Request", {"type": "invalid_request_error"}),
    "bad-key-in-400": _error("400 Bad Request", {"details": [{"reason": "API_KEY_INVALID"}]}),
    "no-model": _error("404 Not Found", {"code": "model_not_found"}),
    "not-found": says(answer("404 Not Found", PAGE)),
    "gone": says(answer("410 Gone", b"")),
    "redirect": says(answer("302 Found", b"", headers={"Location": "https://login.example/?token=abc"})),
    # walls
    "challenge": says(answer("403 Forbidden", CHALLENGE, headers={**CLOUDFLARE, "cf-mitigated": "challenge"})),
    "challenge-429": says(answer("429 Too Many Requests", b"", headers={"cf-mitigated": "challenge"})),
    "challenge-503": says(answer("503 Service Unavailable", CHALLENGE, headers=CLOUDFLARE)),
    "challenge-vercel": says(answer("429 Too Many Requests", b"", headers={"x-vercel-mitigated": "challenge"})),
    "blocked": says(answer("403 Forbidden", BLOCKED, headers=CLOUDFLARE)),
    "geo": _error("403 Forbidden", {"code": "unsupported_country_region_territory"}),
    "geo-banned": says(answer("403 Forbidden", b"error code: 1009", "text/plain", CLOUDFLARE)),
    "geo-gemini": _error(
        "400 Bad Request",
        {"status": "FAILED_PRECONDITION", "message": "User location is not supported for the API use."},
    ),
    "legal": says(answer("451 Unavailable For Legal Reasons", b"")),
    # another shape than usual
    "html": says(answer("200 OK", PAGE)),
    "html-called-json": says(answer("200 OK", PAGE, "application/json")),
    "empty": says(answer("200 OK", b"", "application/json")),
    "empty-list": says(answer("200 OK", {"data": []})),
    "error-in-200": _error("200 OK", "Unexpected endpoint or method. (GET /x)"),
    "refusal-as-page": says(answer("401 Unauthorized", PAGE)),
    "not-utf8": says(answer("200 OK", b'{"data": ["caf\xe9"]}', "application/json")),
    "too-deep": says(answer("200 OK", b"[" * 60_000, "application/json")),
    # never done
    "silent": for_ever,
    "stalled": stalls_after(answer("200 OK", MODELS)[:-9]),
    "dripping": repeats(_CHUNKED, b"1\r\n \r\n", every_s=0.02),
    "dripping-head": repeats(b"HTTP/1.1 200 OK\r\nX: ", b"x", every_s=0.02),
    "endless": repeats(_CHUNKED, b"400\r\n" + b" " * 1024 + b"\r\n"),
    "endless-head": repeats(b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"x" * 1000 + b"\r\n"),
    "endless-hints": repeats(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50),
    "endless-chunk-head": repeats(_CHUNKED + b"1;", b"x" * 1024),
    "huge": stalls_after(_JSON_HEAD + b"Content-Length: 99999999999\r\n\r\n{"),
    "huge-chunk": stalls_after(_CHUNKED + b"7fffffffffffff\r\n{"),
    # not HTTP, or not quite
    "absurd-chunk": says(_CHUNKED + b"fffffffffffffffff\r\n{"),
    "garbage": says(_NOISE),
    "other-protocol": says(b"SSH-2.0-OpenSSH_9.2p1\r\n"),
    "body-without-head": says(b'{"data": []}'),
    "closed": says(b""),
    "closed-in-head": says(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "reset": reset,
    "reset-in-body": resets_after(answer("200 OK", MODELS)[:-9]),
    "truncated": says(answer("200 OK", MODELS)[:-9]),
    "truncated-chunks": says(_CHUNKED + b"%x\r\n%b\r\n" % (len(_GOOD), _GOOD)),
    # packed badly
    "bomb": _packed(gzip.compress(b'{"data":["' + b"x" * 30_000_000 + b'"]}'), "gzip"),
    "bomb-of-blanks": _packed(gzip.compress(b" " * 30_000_000), "gzip"),
    "badly-zipped": _packed(_NOISE, "gzip"),
    "half-zipped": _packed(gzip.compress(_GOOD)[:-12], "gzip"),
    "brotli": _packed(_NOISE, "br"),
    "zstandard": _packed(_NOISE, "zstd"),
}


@contextlib.asynccontextmanager
async def web_server(tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> AsyncIterator[str]:
    """Serve every behaviour at its name: `{origin}/stalled`. Gives the origin.

    `/to/…` redirects to the rest of the path, `/round` to itself, and `/echo` answers with the request.
    """

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ", 2)[1].decode()
        await _behaviour(path.partition("?")[0], head)(reader, writer)

    async with listening(behave, tls, host) as port:
        name = "localhost" if tls else f"[{host}]" if ":" in host else host
        yield f"{'https' if tls else 'http'}://{name}:{port}"


def _behaviour(path: str, head: bytes) -> Behave:
    if path == "/echo":
        return says(answer("200 OK", head, "text/plain"))
    if path == "/round":
        return says(answer("307 Temporary Redirect", b"", headers={"Location": "/round"}))
    if path.startswith("/to/"):
        return says(answer("302 Found", b"", headers={"Location": path.removeprefix("/to/")}))
    return BEHAVIOURS[path.removeprefix("/")]
