"""A clock that is set by hand."""

from datetime import UTC, datetime, timedelta


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    def move(self, span: timedelta) -> None:
        self._now += span
