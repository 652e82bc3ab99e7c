"""How long it will last: the curve, what it leaves out, and that its ranges hold what they say."""

import math
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.estimate import LEAST, PLAUSIBLE, WITHIN, Durations, Estimate, NoEstimate, Past, estimate, hit_rate

NOW = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def past(*minutes: float, every: timedelta = timedelta(days=1)) -> list[Past]:
    """Incidents that lasted so many minutes, the last of them a day ago."""
    count = len(minutes)
    return [
        Past(began_at=NOW - (count - place) * every, lasted=each * MINUTE) for place, each in enumerate(minutes)
    ]


def told(own: Sequence[Past], others: Sequence[Past] = (), lasted: float = 0) -> Estimate:
    answer = estimate(own, others, NOW - lasted * MINUTE, NOW)
    assert isinstance(answer, Estimate)
    return answer


def test_three_of_four_and_the_ranges_are_those_of_the_durations_that_were() -> None:
    answer = told(past(*range(1, 101)))
    assert (answer.known, answer.own) == (100, 100)
    assert answer.three_of_four == 75 * MINUTE
    assert answer.half == (25 * MINUTE, 75 * MINUTE)
    assert answer.most == (10 * MINUTE, 90 * MINUTE)


def test_only_those_count_that_lasted_at_least_as_long_as_this_one_has() -> None:
    answer = told(past(*range(1, 101)), lasted=60)
    assert (answer.lasted, answer.known) == (60 * MINUTE, 40)
    assert answer.half == (70 * MINUTE, 90 * MINUTE)


def test_the_likely_duration_is_where_they_crowd() -> None:
    answer = told(past(*[20] * 60, *range(100, 500, 10)))
    assert answer.likely == 20 * MINUTE


@pytest.mark.parametrize(
    ("own", "lasted", "expected"),
    [
        (past(), 0, NoEstimate.TOO_FEW),
        (past(*[30] * (LEAST - 1)), 0, NoEstimate.TOO_FEW),
        (past(*[30] * 50), 40, NoEstimate.OUTLASTED),
    ],
)
def test_with_too_few_to_go_by_nothing_is_said(own: list[Past], lasted: float, expected: NoEstimate) -> None:
    assert estimate(own, (), NOW - lasted * MINUTE, NOW) is expected


def test_where_a_vendor_has_few_the_others_tell_more() -> None:
    others = past(*[100] * 100)
    assert told(past(*[10] * 2), others).three_of_four == 100 * MINUTE
    assert told(past(*[10] * 60), others).three_of_four == 10 * MINUTE


def test_what_was_left_open_for_weeks_is_only_known_to_have_lasted_long() -> None:
    forgotten = Past(began_at=NOW - timedelta(days=19), lasted=timedelta(days=18))
    answer = told([forgotten, *past(*[30] * 8)])
    assert answer.known == 9
    assert answer.most[1] <= PLAUSIBLE


def test_what_is_long_ago_does_not_count() -> None:
    old = [Past(began_at=NOW - WITHIN - timedelta(days=9), lasted=500 * MINUTE)] * 50
    assert told([*old, *past(*[20] * 9)]).known == 9


def test_what_is_not_over_is_not_known_to_be_over() -> None:
    still = [Past(began_at=NOW - 90 * MINUTE, lasted=90 * MINUTE, is_over=False)]
    answer = told([*past(*range(10, 100, 10)), *still], lasted=0)
    assert answer.known == 10


@given(st.lists(st.floats(0.1, 20_000), min_size=LEAST, max_size=60), st.floats(0, 300))
def test_ranges_lie_in_each_other_and_never_before_now(minutes: list[float], lasted: float) -> None:
    answer = estimate(past(*minutes), (), NOW - lasted * MINUTE, NOW)
    if isinstance(answer, Estimate):
        assert answer.most[0] <= answer.half[0] <= answer.half[1] <= answer.most[1]
        assert answer.three_of_four == answer.half[1]
        assert answer.most[0] + timedelta(seconds=1) >= answer.lasted


def simulated(seed: int, count: int, median: float) -> list[Past]:
    chance = random.Random(seed)  # noqa: S311 - a simulation
    began, told_ = NOW - timedelta(days=700), []
    for _ in range(count):
        began += timedelta(hours=chance.expovariate(1 / 36))
        told_.append(Past(began_at=began, lasted=timedelta(minutes=median * math.exp(chance.gauss(0, 1.3)))))
    return told_


def test_half_of_the_past_lies_in_half_and_eight_of_ten_in_most() -> None:
    rate = hit_rate({"a": simulated(1, 300, 40), "b": simulated(2, 250, 70), "c": simulated(3, 20, 55)})
    assert rate is not None
    assert 0.45 <= rate.half <= 0.55
    assert 0.75 <= rate.most <= 0.85
    assert rate.miss < min(rate.vendor_miss, rate.hour_miss)


def test_without_a_past_there_is_no_hit_rate() -> None:
    assert hit_rate({}) is None
    assert hit_rate({"a": past(30)}) is None
    assert Durations().of("a", NOW, NOW) is NoEstimate.TOO_FEW
