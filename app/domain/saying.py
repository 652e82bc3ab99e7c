"""Sentences that can be told again in another language: English text that remembers what it was made of.

A sentence made here is a `str` like any other, in English, and is stored, logged and sent as that. Whoever shows
it to a reader of another language asks it for `told_in` a tongue. What comes back from the database is plain text
and has forgotten; a tongue recognises it by the templates that are given to `say`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class Tongue(Protocol):
    """A language that sentences are told in."""

    def gettext(self, message: str) -> str:
        """The message in this language."""

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of the message for that many."""

    def filled(self, template: str, values: Mapping[str, Any]) -> str:
        """A template of this language with the values in it, which are told, and written, in this language too."""

    def recalled(self, text: str) -> str:
        """A text in this language: a sentence of ours, remembered or recognised; what is of others as it is."""


class Saying(str):
    """A sentence, or a part of one, in English; `told_in` tells it in another language."""

    __slots__ = ("told_in",)
    told_in: Callable[[Tongue], str]

    @classmethod
    def of(cls, english: str, told_in: Callable[[Tongue], str]) -> "Saying":
        """That English text, and how to tell it otherwise."""
        made = cls(english)
        made.told_in = told_in
        return made

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)  # to another process it goes as to the database: as plain text


def say(template: str, /, **values: Any) -> Saying:
    """The template with the values in it, as `str.format` puts them there."""
    return Saying.of(template.format(**values), lambda tongue: tongue.filled(tongue.gettext(template), values))


def known(text: str) -> Saying:
    """A text that stands in a file of ours, from which the catalogues of messages have it."""
    return Saying.of(text, lambda tongue: tongue.gettext(text))


def template(text: str) -> str:
    """A template that stands in a table until `say` fills it; calling it tells the catalogues of messages."""
    return text


def say_many(one: str, many: str, count: int, /, **values: Any) -> Saying:
    """The form for that many, which stands in it as `{count}`, with the values in it."""
    known = {**values, "count": count}
    english = (one if count == 1 else many).format(**known)
    return Saying.of(english, lambda tongue: tongue.filled(tongue.ngettext(one, many, count), known))


def reshaped(text: str, shape: Callable[[str], str]) -> Saying:
    """A text in another shape, such as with a capital; in another language, its translation in that shape."""
    return Saying.of(shape(text), lambda tongue: shape(tongue.recalled(text)))


def together(*texts: str, between: str = " ") -> Saying:
    """Whole texts one after the other, of which the empty ones are left out."""
    given = [text for text in texts if text]
    return Saying.of(between.join(given), lambda tongue: between.join(map(tongue.recalled, given)))
