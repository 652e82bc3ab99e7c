"""The one place that knows what time it is; everything that judges is told."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from: the system's clock, or a wound-up one for rehearsals."""

    def now(self) -> datetime:
        """The time of day, aware UTC, in whole milliseconds."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow, for measuring spans; the origin means nothing."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The time of day, aware UTC, in whole milliseconds."""
        seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=nanoseconds // 1_000_000 * 1_000)

    def monotonic(self) -> float:
        """Seconds since some moment in the past."""
        return time.perf_counter()
