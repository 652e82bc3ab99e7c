"""Sentences, figures and moments in another language, remembered and recognised."""

from datetime import UTC, datetime, timedelta

import pytest

from app.board.words import as_sentence, clock, in_milliseconds, in_percent, listed, spell
from app.domain.saying import Saying, say, say_many
from app.web.toldmarkup import ToldMarkup
from app.web.tongue import _FIELD, Translated, load_messages

NOW = datetime(2026, 3, 20, 14, 20, tzinfo=UTC)
SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def german() -> Translated:
    return Translated("de", load_messages("de"))


@pytest.mark.parametrize(
    ("english", "german_text"),
    [
        (in_percent(0.9998), f"99,98{SPACE}%"),
        (in_percent(1.0), f"100{SPACE}%"),
        (in_milliseconds(1234), f"1.234{SPACE}ms"),
        (in_milliseconds(12_345), f"12,3{SPACE}s"),
        (clock(NOW, NOW), "14:20 UTC"),
        (clock(NOW - timedelta(days=19), NOW), "1. März, 14:20 UTC"),
        (clock(NOW - timedelta(days=400), NOW), "13. Feb. 2025, 14:20 UTC"),
        (spell(timedelta(minutes=130)), f"2{SPACE}h 10{SPACE}min"),
        (listed(["Claude", "Codex", "Grok"]), "Claude, Codex und Grok"),
        (say_many("{count} person", "{count} people", 1), "1 Person"),
        (say("{names} since", names=say_many("{count} person", "{count} people", 4)), "4 Personen since"),
    ],
)
def test_what_remembers_is_told(german: Translated, english: Saying, german_text: str) -> None:
    assert german.recalled(english) == german_text


@pytest.mark.parametrize(
    ("stored", "german_text"),
    [
        ("answered 503 Service Unavailable", "antwortete mit 503 Service Unavailable"),
        ("answered 529 Overloaded: it is overloaded", "antwortete mit 529 Overloaded: überlastet"),
        (
            "11 of 14 probes failed since 14:02 UTC: answered 503 Service Unavailable instead of 405",
            "11 von 14 Abfragen scheiterten seit 14:02 UTC: antwortete mit 503 Service Unavailable statt 405",
        ),
        (
            "Our own network was failing: 4 of 4 unrelated control targets do not answer from here.",
            "Unser eigenes Netz war gestört: 4 von 4 unabhängigen Kontrollzielen antworten von hier aus nicht.",
        ),
        (
            "The page answered 503, since 2026-03-01 14:05:00 UTC.",
            "Die Seite antwortete mit 503, seit 2026-03-01 14:05:00 UTC.",
        ),
        (
            "31 people reported trouble within an hour, mostly “it is slow”",
            "31 Personen meldeten binnen einer Stunde Probleme, meist „zu langsam“",
        ),
        ("did not begin to answer within 2.5 s", f"begann nicht binnen 2,5{SPACE}s zu antworten"),
        ("Elevated errors on all models", "Elevated errors on all models"),
        ("", ""),
        ("1.5", "1,5"),
        ("10.0.0.1", "10.0.0.1"),
    ],
)
def test_what_was_stored_is_recognised_and_what_is_of_others_is_left(
    german: Translated, stored: str, german_text: str
) -> None:
    assert german.recalled(stored) == german_text


def test_every_sentence_that_may_be_stored_is_told_as_if_it_had_never_been(german: Translated) -> None:
    forgotten = {}
    for one, *_ in (forms for forms in load_messages("de").stored if len(forms) == 1):
        values = {field[1]: _a_value(field[1], field[3]) for field in _FIELD.finditer(one)}
        told = say(one, **values)
        if german.recalled(str(told)) != german.recalled(told):
            forgotten[one] = german.recalled(str(told))
    assert forgotten == {}


def _a_value(name: str, form: str | None) -> object:
    if form and "%" in form:
        return NOW
    return 7 if form else name.upper()


def test_a_text_becomes_a_sentence_after_it_was_told(german: Translated) -> None:
    assert as_sentence("answered 503").told_in(german) == "Antwortete mit 503."


def test_markup_stays_markup_and_what_is_in_it_is_told_and_escaped(german: Translated) -> None:
    made = ToldMarkup.of("<b>{}</b>", say("{first} and {last}", first="<i>", last="Codex"))
    assert made == "<b>&lt;i&gt; and Codex</b>"
    assert german.shown(made) == "<b>&lt;i&gt; und Codex</b>"


def test_only_in_a_sentence_is_a_figure_written_anew(german: Translated) -> None:
    assert [german.shown(1.5), german.said(1.5), german.said("1.5")] == [1.5, "1,5", "1.5"]
