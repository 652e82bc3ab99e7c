"""From the bytes of a streamed body to its documents, however they are framed: pure, wherever the reads cut.

Server-sent events by the WHATWG standard, one document a line, JSON values one after another (or in an array that
grows), and Amazon's binary frames in `eventstream`. What a server really sends decides, not what it was asked for.
"""

import codecs
import json
import re
from collections.abc import Sequence
from typing import Protocol

from app.probes.eventstream import FrameDecoder
from app.probes.frame import KEEP_ALIVE, Frame

_LINE_END = re.compile(rb"\r\n|\r|\n")
_BOM = codecs.BOM_UTF8
_STRAY_LINES = 200
_BETWEEN_VALUES = " \t\r\n,[]"


class Decoder(Protocol):
    """Takes bytes as they come and gives what they complete."""

    def feed(self, data: bytes) -> Sequence[Frame]:
        """The frames that these bytes complete."""
        ...

    def end(self) -> Sequence[Frame]:
        """What is left at the end of the body."""
        ...


class SseDecoder:
    """Server-sent events, as https://html.spec.whatwg.org/multipage/server-sent-events.html defines their reading.

    Two liberties beside the standard: an event that lacks only its empty line at the end of the body counts, and
    lines of JSON that stand there bare (as Google's servers write some errors) are one frame at the end.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._is_first = True
        self._after_cr = False
        self._name = ""
        self._data: list[str] = []
        self._stray: list[str] = []

    def feed(self, data: bytes) -> Sequence[Frame]:
        """The events and comments that these bytes complete."""
        if not data:
            return ()
        if self._after_cr and data.startswith(b"\n"):
            data = data[1:]
            self._after_cr = False
        if not data:
            return ()
        self._after_cr = data.endswith(b"\r")
        *lines, self._rest = _LINE_END.split(self._rest + data)
        return [frame for line in lines for frame in self._line(line)]

    def end(self) -> Sequence[Frame]:
        """The event that lacks only its end, if it is whole but for that, and what stood around the events."""
        left = [*self._line(self._rest), *self._line(b"")] if self._rest else [*self._line(b"")]
        self._rest = b""
        stray = "\n".join(self._stray).strip()
        if stray[:1] in ("{", "["):
            left.append(Frame(data=stray))
        return [frame for frame in left if _is_whole(frame)]

    def _line(self, line: bytes) -> Sequence[Frame]:
        if self._is_first:
            self._is_first = False
            line = line.removeprefix(_BOM)
        if not line:
            return self._dispatch()
        text = line.decode("utf-8", "replace")
        if text.startswith(":"):
            return (KEEP_ALIVE,)
        name, _, value = text.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._name = value
        elif name not in ("id", "retry") and len(self._stray) < _STRAY_LINES:
            self._stray.append(text)
        return ()

    def _dispatch(self) -> Sequence[Frame]:
        name, data = self._name, self._data
        self._name, self._data = "", []
        return (Frame(data="\n".join(data), name=name),) if data else ()


class LineDecoder:
    """One document a line."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Sequence[Frame]:
        """The lines that these bytes complete; empty ones are signs of life."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [Frame(data=line.decode("utf-8", "replace").strip()) for line in lines]

    def end(self) -> Sequence[Frame]:
        """The last line, if it is whole."""
        last = Frame(data=self._rest.decode("utf-8", "replace").strip())
        return (last,) if last.data and _is_whole(last) else ()


class ValueDecoder:
    """JSON values one after another, with or without an array around them, over as many lines as they like."""

    def __init__(self) -> None:
        self._text = ""
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._json = json.JSONDecoder()

    def feed(self, data: bytes) -> Sequence[Frame]:
        """The values that these bytes complete."""
        self._text = (self._text + self._utf8.decode(data)).lstrip(_BETWEEN_VALUES)
        if b"}" not in data:
            return (KEEP_ALIVE,) if not self._text else ()
        frames = []
        while self._text:
            try:
                _, length = self._json.raw_decode(self._text)
            except (ValueError, RecursionError):
                break
            frames.append(Frame(data=self._text[:length]))
            self._text = self._text[length:].lstrip(_BETWEEN_VALUES)
        return frames

    def end(self) -> Sequence[Frame]:
        """What is left is no value."""
        return (Frame(broken="JSON that breaks off or breaks the rules"),) if self._text else ()


class Unframer:
    """Finds out how a body is framed, by what it calls itself and how it begins, and takes it apart."""

    def __init__(self, content_type: str, *, is_lines: bool) -> None:
        self._content_type = content_type
        self._is_lines = is_lines
        self._begun = b""
        self._decoder: Decoder | None = None

    def feed(self, data: bytes) -> Sequence[Frame]:
        """The frames that these bytes complete."""
        if self._decoder is None:
            self._begun += data
            self._decoder = self._found()
            if self._decoder is None:
                return ()
            data, self._begun = self._begun, b""
        return self._decoder.feed(data)

    def end(self) -> Sequence[Frame]:
        """What is left at the end of the body."""
        return self._decoder.end() if self._decoder is not None else ()

    @property
    def is_bare(self) -> bool:
        """Whether the body is bare JSON, as a reply in one piece is too."""
        return isinstance(self._decoder, ValueDecoder)

    def _found(self) -> Decoder | None:
        kind = self._content_type
        if "eventstream" in kind:
            return FrameDecoder()
        begins = self._begun.removeprefix(_BOM).lstrip()[:1]
        if not begins:
            return None
        if "ndjson" in kind or "jsonl" in kind or (begins == b"{" and self._is_lines and "json" not in kind):
            return LineDecoder()
        return ValueDecoder() if begins in (b"{", b"[") else SseDecoder()


def _is_whole(frame: Frame) -> bool:
    """Whether what the end of a body cut off is a document all the same."""
    if frame.data.strip() == "[DONE]":
        return True
    try:
        json.loads(frame.data)
    except (ValueError, RecursionError):
        return False
    return True
