"""What canaries may cost: a cap a month for each vendor and for all, and a pace that makes it last the month."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.check import Check
from app.domain.saying import say

NUSD = 1_000_000_000
"""Billionths of a USD in one: whole numbers, so that a year of tiny costs sums up exactly."""

LEAD = timedelta(days=3)
"""So far may spending run ahead of an even pace: enough for an outage that is asked about often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """The most that a calendar month (UTC) may cost, in billionths of a USD."""

    vendor_nusd: int = NUSD
    total_nusd: int = NUSD


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a month has cost so far by vendor, in billionths of a USD; calls under way count at their dearest."""

    month: str
    by_vendor: Mapping[str, int] = field(default_factory=dict)

    @property
    def total_nusd(self) -> int:
        """Over all vendors."""
        return sum(self.by_vendor.values())


def month_of(moment: datetime) -> str:
    """The month that a moment is counted in: "2026-11"."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def worst_cost(check: Check) -> int:
    """The most that asking a check once may cost, in billionths of a USD; most kinds cost nothing."""
    # Only kinds that cost anything have the property, and the domain knows no kind.
    cost: int = getattr(check.spec, "worst_cost_nusd", 0)
    return cost


def why_not(spent: Spent, caps: Caps, vendor_id: str, cost_nusd: int, now: datetime) -> str | None:
    """Why a call that may cost so much must not be made now, in a sentence; `None` if it may.

    Two limits, for the vendor and for all: the cap itself, and the share of it that belongs to the part of the
    month which has passed and `LEAD` more. So spending slows down long before it stops.
    """
    for whose, paid, cap in (
        (say("This vendor's canaries"), spent.by_vendor.get(vendor_id, 0), caps.vendor_nusd),
        (say("All canaries together"), spent.total_nusd, caps.total_nusd),
    ):
        if paid + cost_nusd > cap:
            return say(
                "Not asked: {whose} have cost {paid} of the {cap} USD that this month may cost.",
                whose=whose,
                paid=usd(paid),
                cap=usd(cap),
            )
        if paid + cost_nusd > cap * _share_due(now):
            return say(
                "Not asked yet: {whose} have cost {paid} USD, and {cap} have to last the month.",
                whose=whose,
                paid=usd(paid),
                cap=usd(cap),
            )
    return None


def usd(nusd: int) -> str:
    """An amount in USD, to the cent, or to the first two figures of less."""
    amount = Decimal(nusd) / NUSD
    if nusd == 0 or amount >= Decimal("0.10"):
        return f"{amount:.2f}"
    return f"{amount:.{1 - amount.adjusted()}f}"


def _share_due(now: datetime) -> float:
    moment = now.astimezone(UTC)
    begin = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    length = timedelta(days=monthrange(moment.year, moment.month)[1])
    return min(1.0, (moment - begin + LEAD) / length)
