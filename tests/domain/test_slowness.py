"""Slow answers: found against what is usual at the hour, however it is spread, and let go again by quick ones."""

import random
from collections.abc import Iterable
from datetime import timedelta

import pytest

from app.domain.detector import Answered, CheckState, observe
from app.domain.result import LOCAL, CheckId, Reading
from app.domain.slowness import Baseline, Slowness, compare_again_after, observe_latency
from app.domain.status import Status
from tests.build import minute

MINUTE = timedelta(minutes=1)
USUAL = Baseline(p50_ms=400, p95_ms=700, count=600)


def told(latencies: Iterable[float], usual: Baseline = USUAL) -> Slowness:
    slow = Slowness()
    for number, latency_ms in enumerate(latencies):
        slow = observe_latency(slow, latency_ms, usual, minute(number), interval=MINUTE)
    return slow


@pytest.mark.parametrize(
    ("latencies", "since"),
    [
        ([400] * 60, None),
        # one slow answer, and one of an hour, are nothing
        ([400] * 10 + [3_600_000] + [400] * 10, None),
        ([400] * 10 + [1_500] * 12, 10),
        # rare in rank, but neither twice the usual nor a quarter of a second more
        ([400] * 10 + [790] * 60, None),
        # half of them
        ([400] * 10 + [1_500, 500] * 20, 10),
        # and over
        ([400] * 10 + [1_500] * 12 + [420] * 12, None),
    ],
)
def test_slowness_is_confirmed_by_many_and_ends_by_many(latencies: list[float], since: int | None) -> None:
    assert told(latencies).since_at == (None if since is None else minute(since))


def test_two_slow_answers_are_a_reason_to_ask_more_often_and_one_is_not() -> None:
    waits = [compare_again_after(told([400, *[1_500] * count]), MINUTE) for count in range(4)]
    assert waits == [None, None, timedelta(seconds=15), timedelta(seconds=15)]
    assert compare_again_after(told([400] + [1_500] * 12), MINUTE) is None


def test_three_times_slower_is_found_whatever_the_spread() -> None:
    chance = random.Random(5)  # noqa: S311 - a simulation
    usual = sorted(chance.lognormvariate(6, 0.5) for _ in range(600))
    baseline = Baseline(p50_ms=usual[300], p95_ms=usual[570], count=600)
    healthy = [chance.lognormvariate(6, 0.5) for _ in range(2_000)]
    slow = [3 * chance.lognormvariate(6, 0.5) for _ in range(30)]
    assert told(healthy, baseline).since_at is None
    found = told([*healthy, *slow], baseline).since_at
    assert found is not None
    assert found >= minute(1_990)


def test_a_check_that_answers_slowly_is_degraded_and_says_why() -> None:
    state, changes = CheckState(check_id=CheckId("chat/web"), region=LOCAL), []
    for number, latency_ms in enumerate([400] * 5 + [1_500] * 12 + [420] * 12):
        answered = Answered(latency_ms=latency_ms, usual=USUAL)
        reading = Reading(status=Status.UP, reason="answered rightly")
        seen = observe(state, reading, minute(number), MINUTE, answered=answered)
        state = seen.state
        changes += [seen.transition] if seen.transition is not None else []
    assert [(each.after, each.since_at) for each in changes] == [
        (Status.UP, minute(0)),
        (Status.DEGRADED, minute(5)),
        (Status.UP, minute(17)),
    ]
    assert changes[1].reason.endswith(
        "answers since 14:05 UTC took longer than 800 ms; 400 ms is usual at this hour"
    )


def test_where_nothing_is_usual_yet_nothing_is_slow() -> None:
    state = CheckState(check_id=CheckId("chat/web"), region=LOCAL)
    for number in range(60):
        state = observe(state, Reading(status=Status.UP, reason="ok"), minute(number), MINUTE).state
    assert (state.status, state.slow) == (Status.UP, Slowness())
