"""From the bytes of an HTTP answer to an `Answer`, whatever the bytes are.

Nothing here touches a socket. Everything is bounded: how many bytes are taken around the body, how many of
the body, and how many these may unpack to.
"""

import codecs
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import httptools

from app.domain.result import Failure, FailureKind
from app.domain.saying import say
from app.probes.failures import OUR_CONFIG, ProbeError, failed

HEAD_LIMIT = 64 * 1024
"""So many bytes may stand around a body: status lines, headers, sizes of chunks, trailers."""

_SWITCHING_PROTOCOLS = 101
_OK = 200
_MULTIPLE_CHOICES = 300
_WINDOWS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
"""How zlib is told what it unpacks; half of the servers that say `deflate` leave out its envelope."""
_UNPACKED_AT_ONCE = 1024 * 1024
NOT_JSON: Final[Any] = object()


class Answer(NamedTuple):
    """An HTTP answer, or as much of it as was read.

    `headers` have lower-case names, and values of repeated ones are joined by `, `. `body` is unpacked;
    `is_cut` tells that there was more of it than we read, and `unreadable` why it could not be unpacked.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    is_cut: bool = False
    unreadable: Failure | None = None

    @property
    def is_success(self) -> bool:
        """Whether it claims that all is well (2xx)."""
        return _OK <= self.status < _MULTIPLE_CHOICES

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case; empty where none was given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def text(self) -> str:
        """The body as text, with a mark in place of whatever is not UTF-8."""
        return self.body.decode("utf-8", "replace")

    def document(self) -> Any:
        """The JSON document in the body, of a body that was cut as much as stands by itself, or `NOT_JSON`."""
        try:
            text, _ = codecs.utf_8_decode(self.body.removeprefix(codecs.BOM_UTF8), "strict", not self.is_cut)
            return json.loads(_completed(text) if self.is_cut else text)
        except (ValueError, RecursionError):
            return NOT_JSON


class AnswerReader:
    """Takes the bytes of one answer as they come, until it is `done`: whole, or as much as we want of it."""

    __slots__ = (
        "_body",
        "_headers",
        "_is_cut",
        "_is_interim",
        "_limit",
        "_parser",
        "_status",
        "_taken",
        "done",
    )

    def __init__(self, *, body_limit: int) -> None:
        self.done = False
        self._limit = body_limit
        self._status: int | None = None
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._taken = 0
        self._is_cut = self._is_interim = False
        self._parser: Any = httptools.HttpResponseParser(self)
        # A monitor asks whether people's programs understand the answer, and those are lenient too.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True,
            lenient_chunked_length=True,
            lenient_optional_cr_before_lf=True,
            lenient_spaces_after_chunk_size=True,
        )

    def feed(self, data: bytes) -> None:
        """Take the next bytes. Raises `ProbeError` where they break the rules or are too many around the body."""
        self._taken += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.done = True
        except httptools.HttpParserError as error:
            if not self.done:
                raise ProbeError(self._malformed(str(error))) from None
        if not self.done and self._taken - len(self._body) > HEAD_LIMIT:
            sentence = say("answered with more than {size} KiB of headers", size=HEAD_LIMIT // 1024)
            raise ProbeError(failed(FailureKind.ANSWER_TOO_LARGE, sentence))

    def end(self) -> None:
        """The peer has nothing more to say. Raises `ProbeError` where that is too early."""
        if self.done:
            return
        if self._status is None:
            told = say("closed the connection without an answer")
            if self._taken:
                told = say("closed the connection in the middle of its headers")
            raise ProbeError(failed(FailureKind.CLOSED_EARLY, told))
        if "content-length" in self._headers or "chunked" in self._headers.get("transfer-encoding", "").lower():
            raise ProbeError(failed(FailureKind.BODY_TRUNCATED, say("broke off in the middle of its answer")))
        self.done = True

    def answer(self) -> Answer | None:
        """The answer as far as it came, or `None` if its headers did not; the reading is over then."""
        self._parser = None  # it refers to us
        if self._status is None:
            return None
        packed = bytes(self._body)
        encoding = self._headers.get("content-encoding", "").strip().lower()
        if not packed or encoding in ("", "identity"):
            return Answer(status=self._status, headers=self._headers, body=packed, is_cut=self._is_cut)
        unpacked = _unpacked(packed, encoding, self._limit, whole=not self._is_cut)
        if isinstance(unpacked, Failure):
            return Answer(status=self._status, headers=self._headers, unreadable=unpacked)
        is_cut = self._is_cut or len(unpacked) > self._limit
        return Answer(status=self._status, headers=self._headers, body=unpacked[: self._limit], is_cut=is_cut)

    @property
    def status(self) -> int | None:
        """The status, as soon as the headers are complete."""
        return self._status

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers as far as they came, as an `Answer` has them."""
        return self._headers

    @property
    def packed(self) -> bytearray:
        """The body as far as it came, as it was sent."""
        return self._body

    def on_header(self, name: bytes, value: bytes | None) -> None:
        """The parser calls this for every header, and for trailers, which nobody needs."""
        if self._status is not None:
            return
        key, text = name.decode("latin-1").lower(), (value or b"").decode("latin-1").strip()
        known = self._headers.get(key)
        self._headers[key] = text if known is None else f"{known}, {text}"

    def on_headers_complete(self) -> None:
        """The parser calls this at the end of the headers."""
        if self._status is not None:
            return
        status = self._parser.get_status_code()
        if status < _OK and status != _SWITCHING_PROTOCOLS:
            self._is_interim = True
            return
        self._status = status

    def on_body(self, data: bytes) -> None:
        """The parser calls this with every piece of the body."""
        if self.done:
            return
        room = self._limit - len(self._body)
        self._body += data[:room]
        if len(data) > room:
            self._is_cut = self.done = True

    def on_message_complete(self) -> None:
        """The parser calls this at the end of the answer, and of every interim one (1xx) before it."""
        if self._is_interim:
            self._is_interim = False
            self._headers.clear()
        else:
            self.done = True

    def _malformed(self, detail: str) -> Failure:
        why = detail.rstrip(".").lower()
        told = say("answered with a body that breaks the rules of HTTP ({why})", why=why)
        if self._status is None:
            told = say("answered with something that is not HTTP ({why})", why=why)
        return failed(FailureKind.MALFORMED_ANSWER, told)


class Unpacker:
    """Unpacks a body while it is still coming in, for those who read it as a stream."""

    def __init__(self, encoding: str) -> None:
        self._windows = list(_WINDOWS.get(encoding.strip().lower(), ()))
        self._zlib = zlib.decompressobj(self._windows.pop(0)) if self._windows else None

    def feed(self, packed: bytes) -> bytes:
        """What these bytes unpack to, at most a megabyte; nothing where they cannot be unpacked."""
        if self._zlib is None:
            return packed
        try:
            return self._zlib.decompress(packed, _UNPACKED_AT_ONCE)
        except zlib.error:
            if not self._windows:
                return b""
            self._zlib = zlib.decompressobj(self._windows.pop(0))
            return self.feed(packed)


def _unpacked(packed: bytes, encoding: str, limit: int, *, whole: bool) -> bytes | Failure:
    """The body unpacked, at most one byte more of it than `limit`, or why it cannot be."""
    if encoding not in _WINDOWS:
        sentence = say(
            "packed its answer as {encoding!r}, which we neither asked for nor can read", encoding=encoding[:20]
        )
        return failed(FailureKind.BODY_UNDECODABLE, sentence, OUR_CONFIG)
    for window in _WINDOWS[encoding]:
        unpacker = zlib.decompressobj(window)
        try:
            unpacked = unpacker.decompress(packed, limit + 1)
        except zlib.error:
            continue
        if unpacker.eof or not whole or len(unpacked) > limit:
            return unpacked
    return failed(
        FailureKind.BODY_UNDECODABLE,
        say("packed its answer as {encoding}, but it cannot be unpacked", encoding=encoding),
    )


_TOKENS = re.compile(r'"(?:[^"\\]|\\.|\\\Z)*+"?|[][{},]', re.DOTALL)


def _completed(text: str) -> str:
    """A JSON document that was cut somewhere, without its torn end and with its brackets closed."""
    closing: list[str] = []
    keep = 0
    for token in _TOKENS.finditer(text):
        match token[0]:
            case "{" | "[" as opening:
                closing.append("}" if opening == "{" else "]")
                keep = token.end()
            case "}" | "]":
                del closing[-1:]
                keep = token.end()
            case ",":
                keep = token.start()
    return text[:keep] + "".join(reversed(closing))
