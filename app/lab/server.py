"""An HTTP/1.1 server that plays answers by their timetable, and can misbehave as no well-behaved server can.

ASGI knows no RST, no FIN without the last chunk, no broken chunk and no silence, so the lab speaks HTTP itself:
httptools reads the requests, answers are written by hand. Every byte has an absolute due time counted from the
moment the request was complete; waiting for one never delays the next.
"""

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from ssl import SSLContext
from typing import cast

import httptools

from app.lab.answer import Answer, Ending, Request

Handler = Callable[[Request], Answer]
"""What is answered to a request; pure, and never slow: all waiting stands in the answer."""

_RST = struct.pack("ii", 1, 0)
"""SO_LINGER on, with a time of zero: closing then resets."""
_READ_FIRST = 0.03
"""Seconds before a reset: it overtakes what a client has not read yet, and would hide the text sent before it."""
_MAX_BODY = 8 * 1024 * 1024
_BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


@dataclass(slots=True, kw_only=True)
class Exchange:
    """A request, its answer, and when which piece was really sent: seconds after the request was complete."""

    request: Request
    answer: Answer
    sent: list[float] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A request while it is being read."""

    target: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    request: Request
    at: float
    keep_alive: bool
    chunks: bool
    """Whether the client knows chunks; HTTP/1.0 does not, and reads to the end of the connection."""


class HttpServer:
    """Connections that are answered by `handler`; every exchange is remembered in `log`."""

    def __init__(self, handler: Handler, log: deque[Exchange]) -> None:
        self.handler = handler
        self.log = log
        self.connections: set[Connection] = set()
        self._accepted = 0
        self._listeners: list[asyncio.Server] = []

    def protocol(self) -> "Connection":
        """A new connection's side of the conversation."""
        self._accepted += 1
        return Connection(self, self._accepted)

    async def listen(self, host: str, port: int, tls: SSLContext | None = None) -> int:
        """Accept connections there, and tell the port. Raises `OSError` where that cannot be had."""
        listener = await asyncio.get_running_loop().create_server(self.protocol, host, port, ssl=tls, backlog=1024)
        self._listeners.append(listener)
        return int(listener.sockets[0].getsockname()[1])

    def drop_all(self) -> "list[Connection]":
        """Drop whoever is connected, and tell who that was."""
        dropped = list(self.connections)
        for connection in dropped:
            connection.drop()
        return dropped

    async def close(self) -> None:
        """Stop listening, and drop whoever is connected."""
        for listener in self._listeners:
            listener.close()
        open_now = self.drop_all()
        await asyncio.gather(*(connection.gone.wait() for connection in open_now))
        for listener in self._listeners:
            await listener.wait_closed()


class Connection(asyncio.Protocol):
    """One client's connection: reads requests, plays one answer at a time, in order."""

    def __init__(self, server: HttpServer, number: int) -> None:
        self._server = server
        self._number = number
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._draft = _Draft()
        self._asked: deque[_Asked] = deque()
        self._player: asyncio.Task[None] | None = None
        self._transport = cast("asyncio.Transport", None)
        self._writable = asyncio.Event()
        self._writable.set()
        self.gone = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connected."""
        self._transport = cast("asyncio.Transport", transport)
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """They went, or we did."""
        self._server.connections.discard(self)
        self.gone.set()
        if self._player:
            self._player.cancel()

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """It has caught up."""
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """Bytes of requests."""
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._transport.write(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            self._transport.close()

    def on_message_begin(self) -> None:
        """A new request begins (httptools calls these)."""
        self._draft = _Draft()

    def on_url(self, url: bytes) -> None:
        """A part of the request's target."""
        self._draft.target += url.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; of repeated ones the last counts."""
        self._draft.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """A client that asks whether to go on is told so."""
        if self._draft.headers.get("expect", "").lower() == "100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """A part of the body; whoever sends too much is dropped."""
        self._draft.body += body
        if len(self._draft.body) > _MAX_BODY:
            self._transport.abort()

    def on_message_complete(self) -> None:
        """The request is whole: its answer's timetable starts now."""
        request = Request(
            method=self._parser.get_method().decode("ascii"),
            target=self._draft.target,
            headers=self._draft.headers,
            body=bytes(self._draft.body),
            peer=str((self._transport.get_extra_info("peername") or ("",))[0]),
            connection=self._number,
        )
        asked = _Asked(
            request=request,
            at=self._loop.time(),
            keep_alive=bool(self._parser.should_keep_alive()),
            chunks=self._parser.get_http_version() != "1.0",
        )
        self._asked.append(asked)
        if self._player is None:
            self._player = self._loop.create_task(self._play_all())

    def drop(self) -> None:
        """Leave without ceremony."""
        self._transport.abort()

    async def _play_all(self) -> None:
        while self._asked:
            asked = self._asked.popleft()
            try:
                answer = self._server.handler(asked.request)
            except Exception:
                self.drop()
                raise
            exchange = Exchange(request=asked.request, answer=answer)
            self._server.log.append(exchange)
            await self._play(asked, exchange)
            if self._transport.is_closing():
                return
        self._player = None

    async def _play(self, asked: _Asked, exchange: Exchange) -> None:
        answer = exchange.answer
        chunked = answer.streamed and asked.chunks
        stays = asked.keep_alive and chunked is answer.streamed
        await self._until(asked.at + answer.head_at)
        if answer.status is not None:
            self._transport.write(head_bytes(answer, chunked=chunked, keep_alive=stays))
            if asked.request.method != "HEAD" and answer.status not in _BODILESS:
                await self._play_body(asked.at, exchange, chunked=chunked)
        await self._end(answer, chunked=chunked, stays=stays)

    async def _play_body(self, start: float, exchange: Exchange, *, chunked: bool) -> None:
        for piece in exchange.answer.pieces:
            await self._until(start + piece.at)
            await self._writable.wait()
            self._write(piece.data, chunked=chunked)
            exchange.sent.append(self._loop.time() - start)
        if chunked and exchange.answer.ending is Ending.CLEAN:
            self._transport.write(b"0\r\n\r\n")

    async def _end(self, answer: Answer, *, chunked: bool, stays: bool) -> None:
        if answer.ending is Ending.CLEAN:
            if not stays:
                self._transport.close()
            return
        if answer.ending is Ending.BAD_CHUNK:
            self._transport.write(b"lab\r\nthis is no chunk\r\n")
        if answer.ending in (Ending.CUT, Ending.BAD_CHUNK):
            self._transport.close()
        elif answer.ending is Ending.RESET:
            await asyncio.sleep(_READ_FIRST if answer.status else 0)
            self._reset()
        else:
            await self._hold(answer, chunked=chunked)

    async def _hold(self, answer: Answer, *, chunked: bool) -> None:
        """Stay until the client goes, in silence or with keep-alives."""
        due = self._loop.time()
        while answer.ending is Ending.KEEPALIVES:
            due += answer.keepalive_every
            await self._until(due)
            self._write(answer.keepalive, chunked=chunked)
        await self.gone.wait()

    def _reset(self) -> None:
        raw = cast("socket.socket", self._transport.get_extra_info("socket"))
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
        self._transport.abort()

    def _write(self, data: bytes, *, chunked: bool) -> None:
        if data:  # an empty chunk would be the last one
            self._transport.write(b"%x\r\n%b\r\n" % (len(data), data) if chunked else data)

    async def _until(self, due: float) -> None:
        wait = due - self._loop.time()
        if wait > 0:
            await asyncio.sleep(wait)


def head_bytes(answer: Answer, *, chunked: bool, keep_alive: bool) -> bytes:
    """Status line and headers, with the framing that the answer's body needs."""
    status = answer.status or 0
    lines = [f"HTTP/1.1 {status} {_phrase(status)}", f"date: {formatdate(usegmt=True)}"]
    lines += (f"{name}: {value}" for name, value in answer.headers)
    if chunked:
        lines.append("transfer-encoding: chunked")
    elif status not in _BODILESS and not answer.streamed:
        length = len(answer.body) if answer.promised is None else answer.promised
        lines.append(f"content-length: {length}")
    lines.append("connection: keep-alive" if keep_alive else "connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return {498: "Invalid Token", 499: "Client Closed Request", 529: "Overloaded"}.get(status, "Unknown")
