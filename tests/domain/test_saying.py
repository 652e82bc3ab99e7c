"""Sentences that can be told in another language."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.saying import reshaped, say, say_many, template, together

AT = datetime(2026, 3, 1, 14, 2, tzinfo=UTC)


class Backwards:
    """A tongue that says every message backwards, word by word, and knows nothing of what it is not told."""

    def gettext(self, message: str) -> str:
        return " ".join(reversed(message.split(" ")))

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)

    def filled(self, template: str, values: Mapping[str, Any]) -> str:
        return template.format(**{name: self.recalled(value) for name, value in values.items()})

    def recalled(self, text: Any) -> Any:
        return text.told_in(self) if hasattr(text, "told_in") else text


def test_what_is_said_is_english_text() -> None:
    told = say("{failed} of {asked} failed since {at:%H:%M}", failed=2, asked=3, at=AT)
    assert told == "2 of 3 failed since 14:02"
    assert isinstance(told, str)


def test_it_is_told_again_with_everything_that_stands_in_it() -> None:
    told = say("it is {state} now", state=say("not up"))
    assert told == "it is not up now"
    assert told.told_in(Backwards()) == "now up not is it"


def test_one_and_many_have_forms_of_their_own() -> None:
    told = [say_many("{count} day", "{count} days", number) for number in (0, 1, 2)]
    assert told == ["0 days", "1 day", "2 days"]
    assert [each.told_in(Backwards()) for each in told] == ["days 0", "day 1", "days 2"]


def test_texts_in_a_row_are_told_one_by_one_without_the_empty_ones() -> None:
    told = together(say("so it is"), "", "Codex", between="; ")
    assert told == "so it is; Codex"
    assert told.told_in(Backwards()) == "is it so; Codex"


def test_another_shape_is_given_to_what_is_told() -> None:
    told = reshaped(say("it works"), str.capitalize)
    assert told == "It works"
    assert told.told_in(Backwards()) == "Works it"


def test_a_template_may_stand_in_a_table() -> None:
    table = {True: template("{name} works"), False: template("{name} fails")}
    assert say(table[False], name="Codex") == "Codex fails"
