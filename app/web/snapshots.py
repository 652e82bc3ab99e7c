"""The hot paths, answered from memory: rendered once per board, compressed once, with ETag and 304.

A thin ASGI layer: what it does not know it hands to the application behind it.
"""

import gzip
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import brotli

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

LEAST_TO_COMPRESS = 500

SECURITY_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"permissions-policy", b"interest-cohort=()"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """An answer before it is compressed. `max_age_s` is how long it may be shown without asking again."""

    body: bytes
    content_type: str
    status: int = 200
    max_age_s: int = 15
    is_immutable: bool = False
    is_shared: bool = False
    """Whether pages of other origins may read it."""


Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """An answer that is ready to be sent, in every encoding."""

    status: int
    etag: bytes
    variants: Mapping[bytes, tuple[Headers, bytes]]
    unchanged: Headers

    def variant(self, accepted: bytes) -> tuple[Headers, bytes]:
        """Headers and body in the best encoding among those the client accepts."""
        for encoding in (b"br", b"gzip"):
            if encoding in accepted and encoding in self.variants:
                return self.variants[encoding]
        return self.variants[b""]


def snapshot(rendered: Rendered) -> Snapshot:
    """Compress, and put the headers together."""
    etag = b'W/"' + blake2b(rendered.body, digest_size=12).hexdigest().encode() + b'"'
    age = f"public, max-age={rendered.max_age_s}"
    cache = f"{age}, immutable" if rendered.is_immutable else f"{age}, stale-while-revalidate=60"
    common = [
        (b"etag", etag),
        (b"cache-control", cache.encode()),
        (b"vary", b"accept-encoding"),
        *SECURITY_HEADERS,
    ]
    if rendered.is_shared:
        common += [(b"access-control-allow-origin", b"*"), (b"cross-origin-resource-policy", b"cross-origin")]
    headers = [(b"content-type", rendered.content_type.encode()), *common]
    bodies = {b"": rendered.body}
    if len(rendered.body) >= LEAST_TO_COMPRESS:
        bodies[b"gzip"] = gzip.compress(rendered.body, 6, mtime=0)
        bodies[b"br"] = brotli.compress(rendered.body, quality=5)
    return Snapshot(
        status=rendered.status,
        etag=etag,
        unchanged=common,
        variants={encoding: (_with(headers, encoding, body), body) for encoding, body in bodies.items()},
    )


def _with(headers: Headers, encoding: bytes, body: bytes) -> Headers:
    length = [(b"content-length", str(len(body)).encode())]
    return [*headers, *([(b"content-encoding", encoding)] if encoding else []), *length]


class Front:
    """Answers from snapshots what `render` knows, and hands the rest on."""

    def __init__(self, render: Callable[[str], Rendered | None], behind: AsgiApp) -> None:
        self._render = render
        self._behind = behind
        self._ready: dict[str, Snapshot] = {}

    def forget(self) -> None:
        """Render everything anew when it is next asked for."""
        self._ready = {}

    def warm(self, path: str) -> None:
        """Have the answer to `path` ready before anybody asks."""
        self._at(path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or scope["query_string"]:
            await self._behind(scope, receive, send)
            return
        found = self._ready.get(scope["path"]) or self._at(scope["path"])
        if found is None:
            await self._behind(scope, receive, send)
            return
        accepted = known = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted = value
            elif name == b"if-none-match":
                known = value
        if known and (found.etag in known or found.etag[2:] in known):
            await send({"type": "http.response.start", "status": 304, "headers": found.unchanged})
            await send({"type": "http.response.body", "body": b""})
            return
        headers, body = found.variant(accepted)
        await send({"type": "http.response.start", "status": found.status, "headers": headers})
        await send({"type": "http.response.body", "body": body if scope["method"] == "GET" else b""})

    def _at(self, path: str) -> Snapshot | None:
        rendered = self._render(path)
        if rendered is None:
            return None
        made = snapshot(rendered)
        self._ready[path] = made
        return made
