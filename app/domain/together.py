"""How often two services failed together, as far as it is known; pure.

Of the troubles that one had, it is counted in how many the other was in trouble as well. Few troubles say little,
so what is assumed of such a pair weighs as much as some troubles, and what was seen outweighs it with time.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from app.domain.incident import Incident
from app.domain.said import SeenIncident
from app.domain.status import Status
from app.domain.vendor import Phase
from app.domain.verdict import Witness

PAST = timedelta(days=90)
"""So far back it is counted."""

LONGEST_TOLD = timedelta(hours=24)
"""A vendor's record tells when a trouble was closed; of longer ones it does not tell how long they hurt."""

WEIGHT = 4
"""What is assumed of a pair weighs as much as so many troubles."""


class Kinship(StrEnum):
    """Why two services may fall together, from the least to the most likely."""

    STRANGER = "stranger"
    """Nothing is known that they share."""
    SHARED_GROUND = "shared_ground"
    """Both rely on the same service, or the troubled one on this one."""
    PASSES_ON = "passes_on"
    """It relies on the troubled service, on another of its vendor, or on one that is in trouble as well."""
    SAME_VENDOR = "same_vendor"
    """The same vendor runs both."""


ASSUMED_SHARE = {
    Kinship.STRANGER: 0.05,
    Kinship.SHARED_GROUND: 0.25,
    Kinship.PASSES_ON: 0.4,
    Kinship.SAME_VENDOR: 0.6,
}
"""In which share of the troubles of one the other is assumed to fail as well, before anything was seen of them.

In vendors' own public records of 2023 to 2025, services of one vendor met in 18 to 97 % of their troubles, those
of two vendors in 2 to 19 %.
"""

Bout: TypeAlias = tuple[datetime, datetime]
"""From when to when a service was bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """In how many (`times`) of how many troubles (`of`) of the service `of_id` since then another failed as well.

    `share` is (times + 4 x assumed share) / (of + 4): what few troubles tell stays near what is assumed.
    """

    of_id: str
    times: int
    of: int
    since_at: datetime
    share: float


def bouts_of(ours: Iterable[Incident], theirs: Iterable[SeenIncident], now: datetime) -> tuple[Bout, ...]:
    """When a service was bad in the last 90 days, by our incidents and its vendor's: over, apart, oldest first.

    Of a vendor's incident at most a day is believed, and nothing of one that was for information or hurt nobody;
    what our incidents took over from the vendor does not count twice.
    """
    told = [
        (account.since_at, account.until_at or each.closed_at)
        for each in ours
        for account in each.accounts
        if account.witness is not Witness.VENDOR
    ]
    for seen in theirs:
        if seen.incident.impact is not Status.UP and seen.incident.phase is not Phase.INFORMATION:
            start_at, end_at = seen.incident.started_at, seen.ended_at
            told.append((start_at, end_at and min(max(start_at, end_at), start_at + LONGEST_TOLD)))
    return merged((start, end) for start, end in told if end is not None and now - PAST <= end <= now)


def merged(bouts: Iterable[Bout]) -> tuple[Bout, ...]:
    """The same times, apart from each other and oldest first."""
    apart: list[Bout] = []
    for start_at, end_at in sorted(bouts):
        if apart and start_at <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(apart[-1][1], end_at))
        else:
            apart.append((start_at, end_at))
    return tuple(apart)


def failed_together(
    of_id: str, its: Sequence[Bout], others: Sequence[Bout], kinship: Kinship, since_at: datetime
) -> Together:
    """How often another service failed while the one with `its` bouts did, since something is known of both."""
    troubles = [bout for bout in its if bout[0] >= since_at]
    times = sum(_meets(others, bout) for bout in troubles)
    share = (times + WEIGHT * ASSUMED_SHARE[kinship]) / (len(troubles) + WEIGHT)
    return Together(of_id=of_id, times=times, of=len(troubles), since_at=since_at, share=share)


def _meets(bouts: Sequence[Bout], bout: Bout) -> bool:
    """Whether any of these times, apart and oldest first, has a moment in common with `bout`."""
    place = bisect_left(bouts, bout[0], key=lambda each: each[1])
    return place < len(bouts) and bouts[place][0] <= bout[1]
