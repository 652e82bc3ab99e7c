"""Services over time: what is known of them in spans of hours and days, and how far back it is shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.check import Check
from app.domain.rollup import Tally
from app.domain.status import Status

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A service over a span of time.

    `uptime` (0 to 1, `None` where nothing is known) and `coverage` (0 to 1) are those of the worst of the checks
    that judge it, `tally` sums them all; the latencies are those of its leading check. A service that was not
    watched yet is `unknown`, with nothing due.
    """

    start_at: datetime
    span: timedelta
    status: Status
    uptime: float | None
    coverage: float
    tally: Tally
    p50_ms: int | None = None
    p95_ms: int | None = None

    @property
    def end_at(self) -> datetime:
        """The first moment after it."""
        return self.start_at + self.span

    @property
    def is_day(self) -> bool:
        """Whether it is a day of the calendar, in UTC, or longer."""
        return self.span >= DAY

    @property
    def was_watched(self) -> bool:
        """Whether anything was asked, or should have been."""
        return bool(self.tally.due or self.tally.judged)


Stretches = tuple[Stretch, ...]
"""Stretches of one span in a row, oldest first."""


class Window(StrEnum):
    """How far a history looks back."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"

    @property
    def length(self) -> timedelta:
        """The whole of it."""
        return timedelta(hours=24) if self is Window.DAY else timedelta(days=int(self.value[:-1]))

    @property
    def bucket(self) -> timedelta:
        """The span of each stretch: short enough to see a trouble, long enough to be counted well."""
        return {Window.DAY: HOUR, Window.WEEK: 6 * HOUR}.get(self, DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A service, or one check of it, over a window; the last stretch is not over yet."""

    window: Window
    stretches: Stretches
    leading: Check | None
    """The check whose latencies are told; `None` where the service has none."""
