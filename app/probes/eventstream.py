"""Amazon's binary framing of streams, `application/vnd.amazon.eventstream`: lengths, headers, payload, checksums.

Source: docs.aws.amazon.com/transcribe/latest/dg/event-stream.html. All numbers are big endian; the first checksum
is over both lengths, the last over everything before it.
"""

import struct
from collections.abc import Sequence
from zlib import crc32

from app.probes.frame import Frame

_PRELUDE = struct.Struct("!III")
_CHECKSUM = struct.Struct("!I")
_LARGEST = 16 * 1024 * 1024
"""The largest message that the format allows."""
_FIXED = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
"""Bytes of a header's value by its type; types 6 (bytes) and 7 (text) carry their length."""
_BYTES, _TEXT = 6, 7
_DAMAGED = Frame(broken="a binary frame whose checksum is wrong")


class FrameDecoder:
    """Takes bytes as they come and gives the messages that they complete; after a damaged one, nothing more."""

    def __init__(self) -> None:
        self._rest = b""
        self._is_damaged = False

    def feed(self, data: bytes) -> Sequence[Frame]:
        """The messages that these bytes complete."""
        self._rest += data
        frames: list[Frame] = []
        while len(self._rest) >= _PRELUDE.size and not self._is_damaged:
            size, head, checksum = _PRELUDE.unpack_from(self._rest)
            if crc32(self._rest[:8]) != checksum or not head + 16 <= size <= _LARGEST:
                frames.append(self._damaged())
            elif len(self._rest) < size:
                break
            else:
                frames.append(self._message(self._rest[:size], head))
                self._rest = self._rest[size:]
        return frames

    def end(self) -> Sequence[Frame]:
        """What is left is no message."""
        return ()

    def _message(self, message: bytes, head: int) -> Frame:
        if crc32(message[:-4]) != _CHECKSUM.unpack_from(message, len(message) - 4)[0]:
            return self._damaged()
        start = _PRELUDE.size
        try:
            headers = _headers(message[start : start + head])
        except (IndexError, struct.error):
            return self._damaged()
        is_event = headers.get(":message-type", "event") == "event"
        name = headers.get(":event-type") or headers.get(":exception-type") or headers.get(":error-code", "")
        payload = message[start + head : -4].decode("utf-8", "replace")
        return Frame(data=payload or "{}", name=name, is_exception=not is_event)

    def _damaged(self) -> Frame:
        self._is_damaged = True
        return _DAMAGED


def _headers(packed: bytes) -> dict[str, str]:
    """The headers whose values are text."""
    headers: dict[str, str] = {}
    place = 0
    while place < len(packed):
        end = place + 1 + packed[place]
        name = packed[place + 1 : end].decode("utf-8", "replace")
        kind, place = packed[end], end + 1
        if kind in (_BYTES, _TEXT):
            (length,) = struct.unpack_from("!H", packed, place)
            place += 2
        else:
            length = _FIXED.get(kind, 0)
        if kind == _TEXT:
            headers[name] = packed[place : place + length].decode("utf-8", "replace")
        place += length
    return headers
