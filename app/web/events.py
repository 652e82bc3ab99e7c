"""`/events`: what changed, told at once to whoever listens, as server-sent events.

Every event is encoded once and kept in one ring, which all streams read, each from its own place. So a stream
costs a place and a task, whoever reads slowly holds up nobody, and whoever lost too much is told to begin anew.
Source: the standard's chapter on server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
"""

import asyncio
import json
from collections import deque
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from app.board.changes import changes
from app.board.keeper import BoardKeeper
from app.board.model import Board
from app.clock import Clock
from app.domain.chunk import to_ms
from app.web.moments import iso
from app.web.problems import problem
from app.web.snapshots import SAFE_HEADERS

PATH: Final = "/events"
KEPT: Final = 256
"""Events that can be caught up with."""
PULSE_SECONDS: Final = 20
"""Proxies close what is silent for a minute; and a page that hears nothing for so long calls itself stale."""
RETRY_MS: Final = 3_000
MOST_STREAMS: Final = 10_000

_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"access-control-allow-origin", b"*"),
    (b"x-accel-buffering", b"no"),  # which nginx would else hold back until a buffer is full
    *SAFE_HEADERS,
]


class Events:
    """Tells of changes from board to board; an ASGI application for one address."""

    def __init__(self, keeper: BoardKeeper, clock: Clock, *, most: int = MOST_STREAMS) -> None:
        self._keeper = keeper
        self._shown: Board | None = keeper.board
        self._most = most
        self._began = f"{to_ms(clock.now()):x}"
        self._last = 0
        self._ring: deque[bytes] = deque(maxlen=KEPT)
        self._beat = b""
        self._turn: asyncio.Future[None] | None = None
        self._pulsing: asyncio.Task[None] | None = None
        self._is_closed = False
        self.streams = 0
        """How many are open."""
        keeper.subscribe(self._renewed)

    def close(self) -> None:
        """End every stream: the program stops. Whoever listens will ask again."""
        self._is_closed = True
        self._wake()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Open a stream, and keep it until its reader leaves."""
        if self.streams >= self._most or self._is_closed:
            refused = problem(Request(scope), 503, "Too many listen already.", {"retry-after": "30"})
            await refused(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        self.streams += 1
        gone = asyncio.ensure_future(_left(receive))
        try:
            await self._tell(_last_heard(scope), gone, send)
        finally:
            gone.cancel()
            self.streams -= 1
            if not self.streams and self._pulsing is not None:
                self._pulsing.cancel()
                self._pulsing = None

    async def _tell(self, heard: str, gone: "asyncio.Future[None]", send: Send) -> None:
        place, first = self._place_of(heard)
        await send(_chunk(b"retry: %d\n\n" % RETRY_MS + first + self._pulse()))
        self._pulsing = self._pulsing or asyncio.create_task(self._keep_pulsing())
        while not gone.done() and not self._is_closed:
            if place == self._last:
                await asyncio.wait({gone, self._next()}, return_when=asyncio.FIRST_COMPLETED)
            news, place = self._since(place)
            if not gone.done():
                await send(_chunk(news or self._beat))
        with suppress(OSError):
            await send({"type": "http.response.body", "body": b""})

    def _place_of(self, heard: str) -> tuple[int, bytes]:
        """From where to read on, and what to say first: nothing to one who was never here."""
        began, _, number = heard.partition("-")
        if began == self._began and number.isdecimal() and self._last - KEPT <= int(number) <= self._last:
            return int(number), b""
        reset = self._event("reset", {}) if heard else b"id: %s-%d\n\n" % (self._began.encode(), self._last)
        return self._last, reset

    def _since(self, place: int) -> tuple[bytes, int]:
        """The events after a place, and the new place."""
        missed = self._last - place
        if missed > len(self._ring):
            return self._event("reset", {}), self._last
        return b"".join(list(self._ring)[len(self._ring) - missed :]), self._last

    def _renewed(self) -> None:
        """Compare the new board with the last, and tell of it where something changed."""
        before, self._shown = self._shown, self._keeper.board
        if before is None or self._shown is None:
            return
        found = changes(before, self._shown)
        if found:
            self._last += 1
            told = {
                **_moment(self._shown),
                "status": self._shown.headline.status,
                "services": found.services,
                "vendors": found.vendors,
                "incidents": found.incidents,
            }
            self._ring.append(self._event("changed", told))
            self._wake()

    async def _keep_pulsing(self) -> None:
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            self._beat = self._pulse()
            self._wake()

    def _pulse(self) -> bytes:
        """That we are here, and of when the board is; it is nothing to catch up with, so it has no id."""
        board = self._keeper.board
        return b"event: pulse\ndata: %s\n\n" % json.dumps({} if board is None else _moment(board)).encode()

    def _event(self, name: str, told: object) -> bytes:
        at = f"{self._began}-{self._last}"
        return f"id: {at}\nevent: {name}\ndata: {json.dumps(told)}\n\n".encode()

    def _next(self) -> "asyncio.Future[None]":
        """Done when there is something to tell; shared by all streams."""
        if self._turn is None or self._turn.done():
            self._turn = asyncio.get_running_loop().create_future()
        return self._turn

    def _wake(self) -> None:
        if self._turn is not None and not self._turn.done():
            self._turn.set_result(None)


def _moment(board: Board) -> dict[str, object]:
    """Of when the board is, and whether no newer one can be made."""
    return {"made_at": iso(board.made_at), "is_stale": board.trouble is not None}


def _chunk(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _last_heard(scope: Scope) -> str:
    """The id of the last event that was heard: as browsers say it when they ask again, or in the address."""
    told: bytes = next((value for name, value in scope["headers"] if name == b"last-event-id"), b"")
    return told.decode("latin-1") or parse_qs(scope["query_string"].decode("latin-1")).get("since", [""])[0]
