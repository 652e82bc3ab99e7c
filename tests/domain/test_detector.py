"""Timelines: one letter a reading, one line a story."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.detector import CheckState, Observation, observe
from app.domain.result import LOCAL, CheckId, Reading
from app.domain.status import Status

START = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LETTER = {"u": Status.UP, "d": Status.DOWN, "g": Status.DEGRADED, "?": Status.UNKNOWN}


def minute(number: int) -> datetime:
    return START + timedelta(minutes=number)


def blank() -> CheckState:
    return CheckState(check_id=CheckId("chat/web"), region=LOCAL)


def play(letters: str) -> list[Observation]:
    state, story = blank(), []
    for number, letter in enumerate(letters):
        seen = observe(state, Reading(status=LETTER[letter], reason=letter), minute(number), MINUTE)
        story.append(seen)
        state = seen.state
    return story


def transitions(letters: str) -> list[tuple[str, int, int]]:
    """(new status, minute since which it is true, minute in which it was confirmed)."""
    return [
        (
            seen.transition.after.value,
            (seen.transition.since_at - START) // timedelta(minutes=1),
            (seen.transition.confirmed_at - START) // timedelta(minutes=1),
        )
        for seen in play(letters)
        if seen.transition is not None
    ]


@pytest.mark.parametrize(
    ("letters", "story"),
    [
        ("", []),
        ("u", [("up", 0, 0)]),
        ("uuuu", [("up", 0, 0)]),
        # one odd failure is never an outage, nor are two far apart
        ("uuduuu", [("up", 0, 0)]),
        ("uud" + "u" * 30 + "d" + "u" * 30, [("up", 0, 0)]),
        # a confirmed outage is dated from where its evidence began
        ("uuddd", [("up", 0, 0), ("down", 2, 4)]),
        ("uuddudd", [("up", 0, 0), ("degraded", 2, 5), ("down", 2, 6)]),
        # half of it fails, and flapping is no recovery
        ("uududududud", [("up", 0, 0), ("degraded", 2, 8)]),
        # recovery is proven, and dated from the first good reading of it
        ("uuddduu", [("up", 0, 0), ("down", 2, 4), ("up", 5, 6)]),
        ("uudddudduu", [("up", 0, 0), ("down", 2, 4), ("up", 8, 9)]),
        # slowness adds up just so
        ("uugug", [("up", 0, 0)]),
        ("uuggg", [("up", 0, 0), ("degraded", 2, 4)]),
        # it can get worse, and ease
        ("uudddgg", [("up", 0, 0), ("down", 2, 4), ("degraded", 5, 6)]),
        ("uududududu" + "d" * 8, [("up", 0, 0), ("degraded", 2, 8), ("down", 10, 17)]),
        ("uugggddd", [("up", 0, 0), ("degraded", 2, 4), ("down", 5, 7)]),
        # failing from the very first reading
        ("ddd", [("down", 0, 2)]),
        # not seeing is neither failing nor recovery, and one blind reading is nothing yet
        ("uu?u", [("up", 0, 0)]),
        ("uu??", [("up", 0, 0), ("unknown", 2, 3)]),
        ("uu??u", [("up", 0, 0), ("unknown", 2, 3), ("up", 4, 4)]),
        ("uu??d", [("up", 0, 0), ("unknown", 2, 3)]),
        ("uuddd??", [("up", 0, 0), ("down", 2, 4), ("unknown", 5, 6)]),
        ("uuddd??u", [("up", 0, 0), ("down", 2, 4), ("unknown", 5, 6), ("down", 2, 7)]),
        ("uud????dd", [("up", 0, 0), ("unknown", 3, 4), ("down", 2, 8)]),
        ("??", []),
    ],
)
def test_story(letters: str, story: list[tuple[str, int, int]]) -> None:
    assert transitions(letters) == story


@pytest.mark.parametrize(
    ("letters", "seconds"),
    [("d", 0), ("ud", 0), ("udu", 15), ("udd", 15), ("ug", 0), ("ugg", 15), ("u?", None), ("uddd", None)],
)
def test_a_bad_reading_is_looked_at_again_until_it_is_certain(letters: str, seconds: int | None) -> None:
    wanted = None if seconds is None else timedelta(seconds=seconds)
    assert play(letters)[-1].look_again_after == wanted


def test_a_transition_explains_itself() -> None:
    (_, down) = [seen.transition for seen in play("uudddu") if seen.transition is not None]
    assert down.reason == "3 of 3 probes failed since 14:02 UTC: d"


def test_a_status_from_before_there_was_evidence_is_taken_over() -> None:
    old = CheckState(
        check_id=CheckId("chat/web"), region=LOCAL, status=Status.DOWN, since_at=minute(-9), last_at=minute(-1)
    )
    first = observe(old, Reading(status=Status.UP, reason="u"), minute(0), MINUTE)
    assert (first.state.status, first.state.since_at, first.transition) == (Status.DOWN, minute(-9), None)
    second = observe(first.state, Reading(status=Status.UP, reason="u"), minute(1), MINUTE)
    assert (second.state.status, second.state.since_at) == (Status.UP, minute(0))


def test_a_reading_that_comes_again_changes_nothing() -> None:
    state = play("uud")[-1].state
    again = observe(state, Reading(status=Status.DOWN, reason="d"), minute(2), MINUTE)
    assert again == Observation(state=state)


@given(st.text(alphabet="udg?", max_size=60))
def test_every_change_is_from_what_was_and_never_dated_after_its_confirmation(letters: str) -> None:
    before = Status.UNKNOWN
    for seen in play(letters):
        if seen.transition is not None:
            assert seen.transition.before is before
            assert seen.transition.after is not before
            assert seen.transition.since_at <= seen.transition.confirmed_at
            before = seen.transition.after
        assert seen.state.status is before


@given(st.text(alphabet="u?", max_size=40))
def test_without_a_bad_reading_nothing_is_ever_bad(letters: str) -> None:
    assert not any(seen.state.status.is_bad for seen in play(letters))
