"""Timelines of evidence: one letter a reading, one a minute."""

import math
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sequential import (
    Evidence,
    Seen,
    alarm_at,
    explained,
    healthy_rate,
    look_again_after,
    observe,
)
from app.domain.status import Status

START = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LETTER = {"u": Status.UP, "d": Status.DOWN, "g": Status.DEGRADED, "?": Status.UNKNOWN}
LETTERS = st.text(alphabet="uuuudg?", max_size=80)


def seen(letters: str, step: timedelta = MINUTE) -> list[Seen]:
    return [Seen(at=START + step * number, status=LETTER[each]) for number, each in enumerate(letters)]


def retell(readings: Iterable[Seen], interval: timedelta) -> Evidence:
    """Takes readings in the order of their times, however they were delivered and however often."""
    told = Evidence()
    for each in sorted(set(readings), key=lambda seen: (seen.at, seen.status, seen.why)):
        told = observe(told, each, interval)
    return told


def play(letters: str, step: timedelta = MINUTE, interval: timedelta = MINUTE) -> Evidence:
    return retell(seen(letters, step), interval)


@pytest.mark.parametrize(
    ("letters", "status", "since"),
    [
        ("", Status.UNKNOWN, None),
        ("u", Status.UP, 0),
        ("uud", Status.UP, 0),
        ("uuddd", Status.DOWN, 2),
        ("uuggggg", Status.DEGRADED, 2),
        # half of them fail: three in a row never come, and it is confirmed all the same
        ("uududududud", Status.DEGRADED, 2),
        # recovery is proven by good answers, and never by silence
        ("uudddu", Status.DOWN, 2),
        ("uuddduu", Status.UP, 5),
        ("uuddd????????", Status.DOWN, 2),
        # failing from the very first reading
        ("ddd", Status.DOWN, 0),
    ],
)
def test_story(letters: str, status: Status, since: int | None) -> None:
    told = play(letters)
    assert (told.status, told.since_at) == (status, None if since is None else START + MINUTE * since)


@given(LETTERS, st.randoms(use_true_random=False))
def test_order_and_duplication_of_what_is_delivered_do_not_change_the_story(
    letters: str, chance: random.Random
) -> None:
    readings = seen(letters)
    delivered = readings + chance.choices(readings, k=len(readings)) if readings else []
    chance.shuffle(delivered)
    assert retell(delivered, MINUTE) == play(letters)


@given(LETTERS)
def test_time_only_moves_forward(letters: str) -> None:
    told, last = Evidence(), START
    for each in seen(letters):
        told = observe(told, each, MINUTE)
        assert told.since_at is None or told.since_at <= each.at
        assert told.last_at is None or told.last_at >= last
        last = told.last_at or last


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from("dg"), st.sampled_from([1, 60, 3600, 604800]))
def test_one_failure_never_confirms(before: int, after: int, letter: str, seconds: int) -> None:
    interval = timedelta(seconds=seconds)
    told = Evidence()
    for each in seen("u" * before + letter + "u" * after, interval):
        told = observe(told, each, interval)
        assert not told.status.is_bad


@given(LETTERS)
def test_what_tells_nothing_adds_nothing(letters: str) -> None:
    telling = [each for each in seen(letters) if each.status is not Status.UNKNOWN]
    assert retell(telling, MINUTE) == play(letters)


def test_a_quick_repeat_weighs_less_than_a_spaced_one() -> None:
    rates = [healthy_rate(0.005, timedelta(seconds=gap), MINUTE, after_bad=True) for gap in (0, 1, 5, 20, 60, 600)]
    assert rates == sorted(rates, reverse=True)
    assert math.isclose(rates[0], 1)
    assert math.isclose(rates[-1], 0.005, abs_tol=1e-4)


def test_ten_failures_within_a_second_are_not_an_outage() -> None:
    assert play("u" + "d" * 10, timedelta(milliseconds=100)).status is Status.UP


def test_a_check_asked_every_second_is_judged_within_seconds() -> None:
    second = timedelta(seconds=1)
    assert play("uudddddd", second, second).status is Status.DOWN


def test_the_rarer_a_false_alarm_may_be_the_more_evidence_it_takes() -> None:
    assert alarm_at(MINUTE, timedelta(days=30)) < alarm_at(MINUTE) < alarm_at(timedelta(seconds=1))


def test_it_looks_again_at_once_and_then_every_quarter_of_a_minute() -> None:
    waits = [look_again_after(play("u" + "d" * number, timedelta(milliseconds=1)), MINUTE) for number in range(5)]
    seconds = [None if wait is None else wait.total_seconds() for wait in waits]
    assert seconds == [None, 0, 15, 15, 15]


def test_it_goes_on_looking_after_a_good_answer_until_the_suspicion_is_gone() -> None:
    quarter = timedelta(seconds=15)
    waits = [look_again_after(play("u" + "d" + "u" * number, quarter), MINUTE) for number in range(30)]
    assert waits[1:20] == [quarter] * 19
    assert waits[-1] is None


def test_it_does_not_look_for_ever_where_it_can_neither_confirm_nor_forget() -> None:
    now_and_then = ("d" + "u" * 12) * 3
    assert look_again_after(play("u" + now_and_then, timedelta(seconds=15)), MINUTE) is None


def test_it_explains_itself() -> None:
    failing = [Seen(at=START + MINUTE * number, status=Status.DOWN, why="HTTP 503") for number in range(5)]
    told = retell(failing, MINUTE)
    assert explained([told, told]) == "10 of 10 probes from 2 regions failed since 14:00 UTC: HTTP 503"
    assert explained([play("uuu")]) == "no failure is confirmed"


def test_false_alarms_are_rarer_than_stated() -> None:
    chance, told, alarms = random.Random(4), Evidence(), 0  # noqa: S311 - a simulation
    for number in range(60_000):
        bad = chance.random() < 0.005
        reading = Seen(at=START + MINUTE * number, status=Status.DOWN if bad else Status.UP)
        told = observe(told, reading, MINUTE, MINUTE * 2_000)
        if told.status.is_bad:
            told, alarms = Evidence(background=told.background, last_at=told.last_at), alarms + 1
    assert alarms <= 30
