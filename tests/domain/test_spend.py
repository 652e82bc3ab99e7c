"""What may be spent when."""

from datetime import UTC, datetime

import pytest

from app.domain.spend import NUSD, Caps, Spent, month_of, usd, why_not, worst_cost
from tests.build import a_check

END = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
BEGIN = datetime(2026, 11, 1, 0, 0, tzinfo=UTC)
MIDDLE = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)
CAPS = Caps(vendor_nusd=NUSD, total_nusd=2 * NUSD)


def spent(acme: float = 0, other: float = 0) -> Spent:
    return Spent(month="2026-11", by_vendor={"acme": int(acme * NUSD), "other": int(other * NUSD)})


@pytest.mark.parametrize(
    ("paid", "at", "cost", "why"),
    [
        (spent(0.5), END, 0.5, None),
        (spent(0.5), END, 0.501, "This vendor's canaries have cost 0.50 of the 1.00 USD"),
        (spent(0, 1.9), END, 0.2, "All canaries together have cost 1.90 of the 2.00 USD"),
        (spent(), BEGIN, 0.1, None),
        (spent(0.05), BEGIN, 0.06, "This vendor's canaries have cost 0.050 USD, and 1.00 have to last the month"),
        (spent(0.5), MIDDLE, 0.09, None),
        (spent(0.55), MIDDLE, 0.06, "Not asked yet"),
        (spent(0, 1.1), MIDDLE, 0.2, "All canaries together have cost 1.10 USD, and 2.00 have to last"),
        (spent(0.1), BEGIN, 0, None),
    ],
)
def test_spending_slows_down_before_it_stops(paid: Spent, at: datetime, cost: float, why: str | None) -> None:
    told = why_not(paid, CAPS, "acme", int(cost * NUSD), at)
    assert told is None if why is None else why in (told or "")


def test_a_cap_of_nothing_lets_nothing_through_that_costs() -> None:
    assert why_not(spent(), Caps(vendor_nusd=0), "acme", 1, END) is not None


def test_a_month_is_one_of_utc() -> None:
    assert month_of(datetime.fromisoformat("2026-12-01T00:30:00+02:00")) == "2026-11"


def test_a_check_that_asks_no_model_costs_nothing() -> None:
    assert worst_cost(a_check("api/models")) == 0


@pytest.mark.parametrize(
    ("amount", "written"),
    [(0, "0.00"), (NUSD, "1.00"), (123_456_789, "0.12"), (12_345_678, "0.012"), (12_345, "0.000012")],
)
def test_small_amounts_keep_two_figures(amount: int, written: str) -> None:
    assert usd(amount) == written
