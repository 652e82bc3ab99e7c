"""How spans, moments and lists are said."""

from datetime import UTC, datetime, timedelta

import pytest

from app.board.words import as_sentence, clock, counted, listed, spell, spell_short

NOW = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "long", "short"),
    [
        (timedelta(0), "under 1 min", "1 min"),
        (timedelta(seconds=59), "under 1 min", "1 min"),
        (timedelta(minutes=1), "1 min", "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min", "59 min"),
        (timedelta(hours=2), "2 h", "2 h"),
        (timedelta(hours=2, minutes=10), "2 h 10 min", "2 h"),
        (timedelta(hours=23, minutes=59), "23 h 59 min", "23 h"),
        (timedelta(days=3, hours=4, minutes=50), "3 d 4 h", "3 d"),
        (timedelta(days=9, minutes=59), "9 d", "9 d"),
        (timedelta(days=48, hours=7), "48 d", "48 d"),
    ],
)
def test_a_span_is_said_in_as_few_units_as_help(span: timedelta, long: str, short: str) -> None:
    assert (spell(span), spell_short(span)) == (long, short)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW.replace(hour=9, minute=5), "09:05 UTC"),
        (NOW - timedelta(days=1), "28 Feb, 14:00 UTC"),
        (NOW.replace(year=2025), "1 Mar 2025, 14:00 UTC"),
    ],
)
def test_a_moment_is_said_with_as_much_of_its_day_as_is_needed(moment: datetime, said: str) -> None:
    assert clock(moment, NOW) == said


def test_names_are_said_in_a_row() -> None:
    assert [listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"])] == ["A", "A and B", "A, B and C"]


def test_things_are_counted() -> None:
    assert [counted(1, "check"), counted(2, "check")] == ["1 check", "2 checks"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("answered 503", "Answered 503."),
        ("Really?", "Really?"),
        ("", ""),
        (" so it is… ", "So it is…"),
        ("status.example.com cannot be found", "status.example.com cannot be found."),
        ("down.", "Down."),
    ],
)
def test_a_text_becomes_a_sentence(text: str, sentence: str) -> None:
    assert as_sentence(text) == sentence
