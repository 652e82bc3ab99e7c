"""Timelines: one letter a reading, one line a story."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.check import Policy
from app.domain.detector import CheckState, Observation, observe
from app.domain.result import LOCAL, CheckId, Reading
from app.domain.status import Status

START = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
LETTER = {"u": Status.UP, "d": Status.DOWN, "g": Status.DEGRADED, "?": Status.UNKNOWN}


def minute(number: int) -> datetime:
    return START + timedelta(minutes=number)


def blank() -> CheckState:
    return CheckState(check_id=CheckId("chat/web"), region=LOCAL)


def play(letters: str) -> list[Observation]:
    state, story = blank(), []
    for number, letter in enumerate(letters):
        seen = observe(state, Reading(status=LETTER[letter], reason=letter), minute(number), Policy())
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
        # one odd failure is never an outage
        ("uuduuu", [("up", 0, 0)]),
        # a confirmed outage is dated from the first bad reading
        ("uudd", [("up", 0, 0), ("down", 2, 3)]),
        ("uudud", [("up", 0, 0), ("down", 2, 4)]),
        # recovery takes two good readings in a row, and is dated from the first of them
        ("uudduu", [("up", 0, 0), ("down", 2, 3), ("up", 4, 5)]),
        ("uuddudduu", [("up", 0, 0), ("down", 2, 3), ("up", 7, 8)]),
        # slowness flickers more, and needs three of five
        ("uugug", [("up", 0, 0)]),
        ("uugugg", [("up", 0, 0), ("degraded", 2, 5)]),
        ("uuggg", [("up", 0, 0), ("degraded", 2, 4)]),
        # it can get worse, and ease
        ("uugggdd", [("up", 0, 0), ("degraded", 2, 4), ("down", 5, 6)]),
        ("uuddgg", [("up", 0, 0), ("down", 2, 3), ("degraded", 2, 5)]),
        # failing from the very first reading
        ("dd", [("down", 0, 1)]),
        # not seeing is not recovery, and one blind reading is nothing yet
        ("uu?u", [("up", 0, 0)]),
        ("uu??", [("up", 0, 0), ("unknown", 2, 3)]),
        ("uu??u", [("up", 0, 0), ("unknown", 2, 3), ("up", 1, 4)]),
        ("uudd??", [("up", 0, 0), ("down", 2, 3), ("unknown", 4, 5)]),
        ("uudd??u", [("up", 0, 0), ("down", 2, 3), ("unknown", 4, 5), ("down", 2, 6)]),
        ("??", []),
    ],
)
def test_story(letters: str, story: list[tuple[str, int, int]]) -> None:
    assert transitions(letters) == story


@pytest.mark.parametrize(
    ("letters", "wanted"),
    [
        ("d", True),
        ("ud", True),
        ("udu", False),
        ("udd", False),
        ("ug", True),
        ("ugg", True),
        ("u?", False),
        ("uddd", False),
    ],
)
def test_a_bad_reading_is_confirmed_at_once_until_it_is_confirmed(letters: str, wanted: bool) -> None:  # noqa: FBT001 - a table's column
    assert play(letters)[-1].wants_confirmation is wanted


def test_a_reading_that_comes_again_changes_nothing() -> None:
    state = play("uud")[-1].state
    again = observe(state, Reading(status=Status.DOWN, reason="d"), minute(2), Policy())
    assert again == Observation(state=state)


@given(st.text(alphabet="ud g?".replace(" ", ""), max_size=60))
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
