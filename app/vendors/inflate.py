"""Decompression that unfolds no further than there is room."""

import zlib

_EITHER = zlib.MAX_WBITS | 32
"""gzip or zlib, whichever the stream begins with."""


class Inflater:
    """Decompresses a gzip or zlib stream chunk by chunk."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=_EITHER)
        self._has_begun = False

    @property
    def is_complete(self) -> bool:
        """Whether all that began has ended."""
        return self._stream.eof or not self._has_begun

    def take(self, chunk: bytes, room: int) -> bytes:
        """What a chunk unfolds to, at most `room` (at least one) bytes of it. Raises `zlib.error`.

        Once the room is filled, the rest of the stream cannot be taken any more.
        """
        self._has_begun = self._has_begun or bool(chunk)
        out = self._stream.decompress(chunk, room)
        while self._stream.eof and self._stream.unused_data and len(out) < room:
            # A second member behind the first, as files that were appended to have them.
            rest, self._stream = self._stream.unused_data, zlib.decompressobj(wbits=_EITHER)
            out += self._stream.decompress(rest, room - len(out))
        return out
