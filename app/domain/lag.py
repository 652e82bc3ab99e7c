"""Who told of a trouble first, we or the vendor, and by how much: an entry of the lag ledger, and the figures.

One entry is one trouble of one service: our incident and the vendor's side by side, or one of them alone. Nothing
is claimed where a witness was not looking: a page that could not be read is not a vendor that kept silent, and a
service we did not probe is not a trouble that we missed.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

BRIEF = timedelta(minutes=10)
"""A shorter trouble of ours is kept, but nobody is blamed for not telling of it."""

NEVER_AFTER = timedelta(days=1)
"""A day after a trouble has ended, who has not told of it never will; until then, he has not yet."""


class First(StrEnum):
    """Who told of a trouble first."""

    WE = "we_first"
    VENDOR = "vendor_first"
    VENDOR_NOT_YET = "vendor_not_yet"
    VENDOR_NEVER = "vendor_never"
    WE_NOT_YET = "we_not_yet"
    WE_NEVER = "we_never"
    UNTOLD = "untold"
    """It cannot be told: one of the two was not looking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LagEntry:
    """One trouble of one service in the ledger.

    `our_first_at` is our first bad reading, `report_at` the first report of a visitor, `vendor_said_at` the
    vendor's first word as far as it can be believed, `vendor_started_at` when it says that it began.
    `vendor_looked` tells whether its page was being read then, `we_looked` whether the service was being probed.
    """

    id: str
    service_id: str
    page_key: str
    title: str = ""
    our_incident_id: str | None = None
    vendor_incident_id: str | None = None
    our_first_at: datetime | None = None
    our_recovery_at: datetime | None = None
    report_at: datetime | None = None
    vendor_started_at: datetime | None = None
    vendor_said_at: datetime | None = None
    vendor_resolved_at: datetime | None = None
    vendor_looked: bool = False
    we_looked: bool = False
    first: First = First.UNTOLD

    @property
    def began_at(self) -> datetime:
        """The first moment that anyone told of."""
        return min(moment for moment in (self.our_first_at, self.vendor_said_at) if moment is not None)

    @property
    def lag(self) -> timedelta | None:
        """How much later than our first bad reading the vendor said it; negative where it was first.

        `None` where only one of the two told of it, or one of them was not looking.
        """
        if self.first not in (First.WE, First.VENDOR) or not (self.vendor_said_at and self.our_first_at):
            return None
        return self.vendor_said_at - self.our_first_at

    @property
    def recovery_lag(self) -> timedelta | None:
        """How much later than our first good reading the vendor called it over; negative where it was sooner."""
        if self.vendor_resolved_at is None or self.our_recovery_at is None:
            return None
        return self.vendor_resolved_at - self.our_recovery_at

    @property
    def is_brief(self) -> bool:
        """Whether it was over so soon that it is left out of the figures."""
        if self.vendor_said_at is not None or self.our_first_at is None or self.our_recovery_at is None:
            return False
        return self.our_recovery_at - self.our_first_at < BRIEF


def judged(entry: LagEntry, now: datetime) -> LagEntry:
    """The entry with its word on who was first, by what is known of it at `now`."""
    return replace(entry, first=_first(entry, now))


def _first(entry: LagEntry, now: datetime) -> First:
    if not (entry.we_looked and entry.vendor_looked):
        return First.UNTOLD
    if entry.our_first_at is not None and entry.vendor_said_at is not None:
        return First.VENDOR if entry.vendor_said_at < entry.our_first_at else First.WE
    ended_at = entry.vendor_resolved_at if entry.our_first_at is None else entry.our_recovery_at
    is_settled = ended_at is not None and now - ended_at >= NEVER_AFTER
    if entry.our_first_at is None:
        return First.WE_NEVER if is_settled else First.WE_NOT_YET
    return First.VENDOR_NEVER if is_settled else First.VENDOR_NOT_YET


@dataclass(frozen=True, slots=True, kw_only=True)
class LagSummary:
    """A vendor's figures over many entries: how often who was first, and the lags where both told, by rank.

    `lag_*` are of the vendor's first word against our first bad reading, negative where the vendor was first;
    `recovery_*` of its "resolved" against our first good reading. `None` where there is none to rank.
    """

    counts: dict[First, int]
    compared: int
    lag_median: timedelta | None = None
    lag_p90: timedelta | None = None
    recovery_median: timedelta | None = None
    recovery_p90: timedelta | None = None


def summarise(entries: Iterable[LagEntry]) -> LagSummary:
    """The figures of these entries; brief troubles that nobody else told of are left out."""
    counted = [entry for entry in entries if not entry.is_brief]
    lags = sorted(lag for entry in counted if (lag := entry.lag) is not None)
    recoveries = sorted(
        lag for entry in counted if entry.lag is not None and (lag := entry.recovery_lag) is not None
    )
    return LagSummary(
        counts={first: sum(entry.first is first for entry in counted) for first in First},
        compared=len(lags),
        lag_median=_ranked(lags, 0.5),
        lag_p90=_ranked(lags, 0.9),
        recovery_median=_ranked(recoveries, 0.5),
        recovery_p90=_ranked(recoveries, 0.9),
    )


def _ranked(lags: Sequence[timedelta], share: float) -> timedelta | None:
    """The smallest lag that at least this share of them does not exceed."""
    return lags[max(0, math.ceil(len(lags) * share) - 1)] if lags else None
