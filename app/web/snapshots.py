"""In front of everything: an answer that may be shared is made once per board, packed once, and sent from memory.

Which answers these are, the application behind says as to any cache: `Cache-Control: public` on a 200. They
are forgotten when there is a new board; everything else passes through. What people read is kept in every
language that is asked for, anything else once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.languages import SOURCE, language_for, speaking
from app.web.markdowntext import address_in_markdown
from app.web.negotiation import best_encoding, is_known, packed, prefers_markdown
from app.web.policy import HEADER, STRICT, is_strict

MOST_KEPT: Final = 1_000
LEAST_TO_PACK: Final = 256
"""Bytes; a shorter body would not get shorter."""

CACHE: Final = {"cache-control": "public, max-age=5, stale-while-revalidate=10"}
"""What the application says of an answer that holds until the next board. Boards are made every few seconds."""

SHARED: Final = {**CACHE, "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
"""The same of an answer that pages of others may read, too."""

PRIVATE: Final = {"cache-control": "no-store"}

SAFE_HEADERS: Final = (
    (HEADER, STRICT),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)
"""On every answer. A page may bring a policy of its own that allows it to ask others, and nothing else."""

Headers = list[tuple[bytes, bytes]]

BY_LANGUAGE: Final = b"accept, accept-encoding, accept-language, cookie"
"""What a page depends on: HTML or Markdown, how it is packed, and the language, as preferred or as chosen."""

_ABOUT_THE_BODY = {b"content-length", b"content-type", b"etag"}
_OF_ONE_CLIENT = {b"ratelimit"}
_LEFT_TO_US = {b"if-none-match", b"if-modified-since", b"range"}
"""What is not asked behind. How an answer may be packed is: only one that is to be kept has to come plain."""


class Kept:
    """An answer that is ready to be sent, in every encoding, with the tag of each."""

    __slots__ = ("_body", "_headers", "_tag", "_variants", "is_in_a_language")

    def __init__(self, body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self._body = body
        self._headers = _made_safe(header for header in headers if header[0] not in {b"content-length", b"etag"})
        self._tag = blake2b(body, digest_size=12).hexdigest().encode()
        self._variants: dict[bytes, _Variant] = {}
        self.is_in_a_language = _is_in_a_language(self._headers)

    async def answer(self, scope: Scope, send: Send) -> None:
        """Answer a GET or HEAD: in the best encoding, or that the client's copy is still good."""
        accepted = known = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted = value
            elif name == b"if-none-match":
                known = value
        encoding = best_encoding(accepted)
        variant = self._variants.get(encoding) or self._variant(encoding)
        if known and is_known(variant.tag, known):
            await send(variant.unchanged)
            await send(_NO_BODY)
            return
        await send(variant.start)
        await send(_NO_BODY if scope["method"] == "HEAD" else variant.body)

    def _variant(self, encoding: bytes) -> "_Variant":
        used = encoding if len(self._body) >= LEAST_TO_PACK and not _is_packed(self._headers) else b""
        variant = self._variants.get(used) or _Variant(self._headers, self._tag, packed(self._body, used), used)
        self._variants[used] = self._variants[encoding] = variant
        return variant


class _Variant:
    """The messages that send one encoding of an answer."""

    __slots__ = ("body", "start", "tag", "unchanged")

    def __init__(self, headers: Headers, tag: bytes, body: bytes, encoding: bytes) -> None:
        self.tag = b'"%b"' % b"-".join(filter(None, (tag, encoding)))
        common = [*(header for header in headers if header[0] not in _ABOUT_THE_BODY), (b"etag", self.tag)]
        common.append((b"vary", BY_LANGUAGE if _is_in_a_language(headers) else b"accept-encoding"))
        described = [header for header in headers if header[0] == b"content-type"]
        if encoding:
            described.append((b"content-encoding", encoding))
        described.append((b"content-length", b"%d" % len(body)))
        self.start: Message = {"type": "http.response.start", "status": 200, "headers": [*described, *common]}
        self.body: Message = {"type": "http.response.body", "body": body}
        self.unchanged: Message = {"type": "http.response.start", "status": 304, "headers": common}


_NO_BODY: Final[Message] = {"type": "http.response.body", "body": b""}

_Address = tuple[str, bytes, bytes, str]
"""Path, query, the host where answers name it, and the language where they are in one."""

NO_LANGUAGE: Final = ""
_IN_A_LANGUAGE: Final = (b"text/html", b"text/markdown")


async def _learn_nothing(_language: str) -> None:
    """What there is to learn where nothing is translated."""


class Snapshots:
    """Keeps what the application behind answers, until `forget` is called. `fixed` stands for ever, by path.

    `streams` answer without an end, by path, and are left to themselves. With `is_by_host` every host has
    answers of its own: links in them begin with what was asked. `learn` is awaited before anything is answered
    in a language.
    """

    def __init__(
        self,
        behind: ASGIApp,
        fixed: Mapping[str, Kept],
        *,
        is_by_host: bool = False,
        streams: Mapping[str, ASGIApp] | None = None,
        learn: Callable[[str], Awaitable[None]] = _learn_nothing,
    ) -> None:
        self.behind = behind
        """The application that is asked what is not kept."""
        self.fixed = fixed
        """What stands for ever, by its path."""
        self._learn = learn
        self.streams = streams or {}
        """What answers without an end, by path."""
        self._is_by_host = is_by_host
        self._kept: dict[_Address, Kept] = {}
        self._coming: dict[_Address, asyncio.Future[Kept | None]] = {}

    def forget(self) -> None:
        """Have everything made anew; what is being made at this moment is sent, but not kept."""
        self._kept, self._coming = {}, {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.behind(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD"):
            await self._ask(language_for(scope["headers"]), scope, receive, _Passage(send))
            return
        if (stream := self.streams.get(scope["path"])) is not None:
            await stream(scope, receive, send)
            return
        scope = _preferred(scope)
        path, query, host = scope["path"], scope["query_string"], _host(scope) if self._is_by_host else b""
        kept = self._kept.get((path, query, host, NO_LANGUAGE)) or self.fixed.get(path)
        if kept is None:
            address = (path, query, host, language_for(scope["headers"]))
            kept = self._kept.get(address)
            if kept is None and (coming := self._coming.get(address)) is not None:
                kept = await asyncio.shield(coming)
            if kept is None:
                await self._fetch(address, scope, receive, send)
                return
        await kept.answer(scope, send)

    async def _ask(self, language: str, scope: Scope, receive: Receive, send: Send) -> None:
        await self._learn(language)
        with speaking(language):
            await self.behind(scope, receive, send)

    async def _fetch(self, address: _Address, scope: Scope, receive: Receive, send: Send) -> None:
        """Have it answered from behind, and keep the answer if it may be kept."""
        shelf, announced, language = self._kept, self._coming, address[3]
        coming = announced.setdefault(address, asyncio.get_running_loop().create_future())
        passage = _Passage(send, coming, language=language, has_body=scope["method"] == "GET")
        headers = [header for header in scope["headers"] if header[0] not in _LEFT_TO_US]
        kept = None
        try:
            await self._ask(language, {**scope, "method": "GET", "headers": headers}, receive, passage)
            kept = passage.kept()
        finally:
            announced.pop(address, None)
            if not coming.done():
                coming.set_result(kept)
        if kept is not None:
            if len(shelf) >= MOST_KEPT:
                shelf.pop(next(iter(shelf)))
            shelf[address if kept.is_in_a_language else (*address[:3], NO_LANGUAGE)] = kept
            await kept.answer(scope, passage.to_one)


class _Passage:
    """Holds back an answer that may be kept, and passes on any other as it comes."""

    def __init__(
        self,
        send: Send,
        coming: "asyncio.Future[Kept | None] | None" = None,
        *,
        language: str = SOURCE,
        has_body: bool = True,
    ) -> None:
        self._send = send
        self._language = language.encode()
        self._coming = coming
        self._has_body = has_body
        self._headers: Headers | None = None
        self._of_one: Headers = []
        self._body = b""

    async def __call__(self, message: Message) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start":
            headers: Headers = list(message["headers"])
            if _is_in_a_language(headers):
                headers.append((b"content-language", self._language))
            if self._coming is not None and message["status"] == 200 and _is_public(headers):  # noqa: PLR2004 - OK
                self._headers = [header for header in headers if header[0] not in _OF_ONE_CLIENT]
                self._of_one = [header for header in headers if header[0] in _OF_ONE_CLIENT]
                return
            if self._coming is not None and not self._coming.done():
                self._coming.set_result(None)  # nobody has to wait for the end of an answer that is not kept
            message = {**message, "headers": _made_safe(headers)}
        elif self._headers is not None:
            self._body += message.get("body", b"")
            return
        elif not self._has_body:
            message = {**message, "body": b""}
        await self._send(message)

    def kept(self) -> Kept | None:
        """The answer, if it was held back."""
        return None if self._headers is None else Kept(self._body, self._headers)

    async def to_one(self, message: Message) -> None:
        """Send a message of the answer that was held back, with what concerns this client alone."""
        if self._of_one and message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *self._of_one]}
        await self._send(message)


def _preferred(scope: Scope) -> Scope:
    """The request, or one for the Markdown of the page where that is preferred."""
    accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    if b"markdown" not in accepted or not prefers_markdown(accepted):
        return scope
    path = address_in_markdown(scope["path"])
    return scope if path is None else {**scope, "path": path, "raw_path": path.encode()}


def _made_safe(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    told = [header for header in headers if header[0] != HEADER or is_strict(header[1])]
    brought = {name for name, _ in told} & {HEADER}
    return [*told, *(header for header in SAFE_HEADERS if header[0] not in brought)]


def _host(scope: Scope) -> bytes:
    host: bytes = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return b"%b://%b" % (scope.get("scheme", "http").encode(), host)


def _is_public(headers: Headers) -> bool:
    return any(name == b"cache-control" and b"public" in value for name, value in headers)


def _is_packed(headers: Headers) -> bool:
    return any(name == b"content-type" and value.startswith(b"image/png") for name, value in headers)


def _is_in_a_language(headers: Headers) -> bool:
    return any(name == b"content-type" and value.startswith(_IN_A_LANGUAGE) for name, value in headers)
