"""What is said on the wire, as data: requests as they came, answers as a timetable of bytes and the way they end.

Faces and troubles only compute answers; the server alone plays them. So every failure can be looked at
without a socket, and timing is kept against one absolute timetable instead of a chain of sleeps.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Headers = tuple[tuple[str, str], ...]


class Role(StrEnum):
    """What a piece of an answer means, so that troubles can aim at it whatever the protocol."""

    OPENING = "opening"
    REASONING = "reasoning"
    TEXT = "text"
    FINISH = "finish"
    USAGE = "usage"
    TERMINAL = "terminal"
    ERROR = "error"
    WHOLE = "whole"


class Ending(StrEnum):
    """How an answer stops."""

    CLEAN = "clean"
    """The body is complete, and the connection stays usable."""
    CUT = "cut"
    """The connection is closed (FIN) in the middle of the body."""
    RESET = "reset"
    """The connection is reset (RST)."""
    SILENCE = "silence"
    """Nothing more comes, and nobody hangs up."""
    KEEPALIVES = "keepalives"
    """Nothing more comes but keep-alives, for ever."""
    BAD_CHUNK = "bad_chunk"
    """A chunk whose size is no number, then FIN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Bytes to send `at` seconds after the request was received; in a stream, one HTTP chunk."""

    at: float
    data: bytes
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as a timetable. Without a `status` nothing at all is said before the ending.

    `head_at` is when status line and headers go out, in seconds after the request was received. A `streamed`
    answer is chunked, any other carries its Content-Length.
    """

    status: int | None
    headers: Headers = ()
    pieces: tuple[Piece, ...] = ()
    ending: Ending = Ending.CLEAN
    head_at: float = 0.0
    streamed: bool = False
    keepalive: bytes = b""
    """What keeps this answer open; empty for what its vendor usually sends."""
    keepalive_every: float = 1.0
    promised: int | None = None
    """The Content-Length that is claimed, where it is not the length of the body."""

    @property
    def body(self) -> bytes:
        """All bytes of the body."""
        return b"".join(piece.data for piece in self.pieces)

    def with_headers(self, headers: Iterable[tuple[str, str]]) -> "Answer":
        """This answer with these headers in place of its own of the same names."""
        new = tuple((name.lower(), value) for name, value in headers)
        names = {name for name, _ in new}
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0] not in names) + new)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it was received; `target` is path and query, without the prefix that named the vendor."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    peer: str = "127.0.0.1"
    connection: int = 0
    """Which connection it came on: numbered from 1, so that keyless clients can be told apart."""

    @property
    def path(self) -> str:
        """The path without the query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; of repeated ones the last."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def bearer(self) -> str:
        """The token of `Authorization: Bearer …`; empty without one."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is none."""
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return {}
        return parsed if isinstance(parsed, dict) else {}


def whole(
    status: int, content: bytes, content_type: str = "", *, headers: Headers = (), at: float = 0.0
) -> Answer:
    """An answer in one piece. An empty `content_type` sends no such header, as some vendors do."""
    kind: Headers = (("content-type", content_type),) if content_type else ()
    piece = Piece(at=at, data=content, role=Role.WHOLE)
    return Answer(status=status, headers=kind + headers, pieces=(piece,), head_at=at)


def whole_json(status: int, content: Any, *, headers: Headers = (), at: float = 0.0) -> Answer:
    """A JSON document, compact as most vendors write it."""
    return whole(status, encode_json(content), "application/json", headers=headers, at=at)


def encode_json(content: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()


def sse(content: Any, *, event: str = "", newline: str = "\n") -> bytes:
    """One server-sent event: `content` is text, or is encoded as JSON."""
    data = content if isinstance(content, str) else encode_json(content).decode()
    name = f"event: {event}{newline}" if event else ""
    return f"{name}data: {data}{newline}{newline}".encode()
