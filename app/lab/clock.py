"""The lab's clock: the script of a scenario follows it, in real time, faster than life, or wound by hand.

Only the script does. What goes over the wire (first tokens, stalls, time-outs) always takes real time, because
those who measure it measure with real clocks.
"""

import time
from datetime import UTC, datetime, timedelta


class LabClock:
    """A clock that starts at `start` and runs `rate` times as fast as the machine's; at 0 it is moved by hand.

    Safe to use from several threads: every change replaces one tuple.
    """

    def __init__(self, *, start: datetime | None = None, rate: float = 1.0) -> None:
        if rate < 0:
            raise ValueError(f"a clock cannot run backwards: rate {rate}")
        self.start = start or datetime.now(UTC).replace(microsecond=0)
        if self.start.utcoffset() is None:
            raise ValueError("the lab's clock needs an aware time to start at")
        self._state = (time.monotonic(), 0.0, rate)

    @classmethod
    def by_hand(cls, start: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)) -> "LabClock":
        """A clock that moves only by `advance`."""
        return cls(start=start, rate=0.0)

    @property
    def rate(self) -> float:
        """How many seconds pass here in one second."""
        return self._state[2]

    @rate.setter
    def rate(self, rate: float) -> None:
        if rate < 0:
            raise ValueError(f"a clock cannot run backwards: rate {rate}")
        self._state = (time.monotonic(), self.monotonic(), rate)

    def monotonic(self) -> float:
        """Seconds of the lab since it started; also where the script stands."""
        since, elapsed, rate = self._state
        return elapsed + (time.monotonic() - since) * rate

    def elapsed(self) -> timedelta:
        """How far the script has come."""
        return timedelta(seconds=self.monotonic())

    def now(self) -> datetime:
        """The time of day in the lab, aware UTC, in whole milliseconds."""
        return self.start + timedelta(milliseconds=int(self.monotonic() * 1000))

    def advance(self, span: timedelta) -> None:
        """Let `span` pass at once."""
        if span < timedelta(0):
            raise ValueError(f"a clock cannot run backwards: {span}")
        since, elapsed, rate = self._state
        self._state = (since, elapsed + span.total_seconds(), rate)
