from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.check import Cadence
from app.domain.result import LOCAL, CheckId, Region
from app.domain.schedule import next_slot, offset, slots_between

START = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
ids = st.text(min_size=1, max_size=12).map(CheckId)
intervals = st.integers(1, 100_000).map(lambda seconds: timedelta(seconds=seconds))
moments = st.integers(0, 10**10).map(lambda ms: START + timedelta(milliseconds=ms))


@given(ids, intervals, moments)
def test_the_next_slot_is_later_by_at_most_one_interval(
    check_id: CheckId, interval: timedelta, now: datetime
) -> None:
    slot = next_slot(check_id, Cadence(interval=interval), LOCAL, now)
    assert timedelta() < slot - now <= interval


@given(ids, intervals, moments)
def test_slots_never_drift(check_id: CheckId, interval: timedelta, now: datetime) -> None:
    cadence = Cadence(interval=interval)
    first = next_slot(check_id, cadence, LOCAL, now)
    assert next_slot(check_id, cadence, LOCAL, first) == first + interval


@given(ids, intervals, moments, st.integers(0, 400))
def test_as_many_slots_are_due_as_are_met_one_after_another(
    check_id: CheckId, interval: timedelta, start_at: datetime, quarters: int
) -> None:
    cadence = Cadence(interval=interval)
    end_at = start_at + interval / 4 * quarters
    met, slot = 0, next_slot(check_id, cadence, LOCAL, start_at - timedelta(milliseconds=1))
    while slot < end_at:
        met, slot = met + 1, slot + interval
    assert slots_between(check_id, cadence, LOCAL, start_at, end_at) == met


def test_no_slot_lies_in_a_span_that_ends_before_it_starts() -> None:
    assert slots_between(CheckId("a/b"), Cadence(), LOCAL, START, START - timedelta(days=1)) == 0


def test_many_checks_spread_over_the_interval() -> None:
    interval = timedelta(seconds=60)
    tenths = [0] * 10
    for number in range(10_000):
        tenths[offset(CheckId(f"service-{number}/models"), interval, LOCAL) * 10 // interval] += 1
    assert min(tenths) > 900
    assert max(tenths) < 1_100


def test_two_regions_ask_at_different_moments() -> None:
    interval = timedelta(minutes=5)
    assert offset(CheckId("a/b"), interval, LOCAL) != offset(CheckId("a/b"), interval, Region("eu"))
