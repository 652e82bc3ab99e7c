"""A model's answer while it comes in: as HTTP, and of what says that all is well, as speech.

It also moves the deadline of its trip: silence is measured between pieces of the answer, whatever keeps it alive.
"""

from datetime import timedelta

from app.probes.answer import AnswerReader, Unpacker
from app.probes.speech import Dialect
from app.probes.transcript import Transcript
from app.probes.trip import Trip

BODY_LIMIT = 1024 * 1024
"""So many bytes of an answer are read."""
_AFTER_THE_END_S = 5.0
"""So long the body may take to end after the answer did."""


class Hearing:
    """The answer as it comes in: as HTTP, and of what says that all is well, as speech."""

    def __init__(self, dialect: Dialect, first_token: timedelta, trip: Trip) -> None:
        self.reader = AnswerReader(body_limit=BODY_LIMIT)
        self.told: Transcript | None = None
        self.sent_at = trip.began
        self._dialect = dialect
        self._first_token = first_token
        self._trip = trip
        self._taken = 0
        self._unpacker: Unpacker | None = None
        self._heard = -1

    def feed(self, data: bytes, at: float) -> None:
        """Take the next bytes; the last ones are empty."""
        try:
            self.reader.feed(data)
            if not data:
                self.reader.end()
        finally:
            self._listen(at)

    def _listen(self, at: float) -> None:
        status = self.reader.status
        if status is None or not 200 <= status < 300:  # noqa: PLR2004 - what HTTP calls a success
            return
        if self.told is None:
            headers = self.reader.headers
            content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
            self.told = Transcript(self._dialect, content_type)
            encoding = headers.get("content-encoding", "")
            self._unpacker = Unpacker(encoding) if encoding else None
        news = bytes(self.reader.packed[self._taken :])
        self._taken += len(news)
        self.told.feed(self._unpacker.feed(news) if self._unpacker else news, at)
        if self.reader.done:
            self.told.end(at)

    def set_deadline(self) -> None:
        """Give the stream time until it says something, then anew whenever it does; keep-alives gain nothing."""
        told = self.told
        heard = len(told.content_at) + told.is_over if told is not None else 0
        if heard == self._heard:
            return
        self._heard = heard
        if told is not None and told.is_over:
            self._trip.begin("body", _AFTER_THE_END_S)
        elif heard:
            self._trip.begin("body")
        else:
            waited = self._trip.context.clock.monotonic() - self.sent_at
            self._trip.begin("body", max(self._first_token.total_seconds() - waited, 0.0))
