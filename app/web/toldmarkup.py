"""Pieces of pages that are made in Python and have words in them, in the language of the reader."""

from collections.abc import Callable

from markupsafe import Markup

from app.domain.saying import Tongue


class ToldMarkup(Markup):
    """Markup with sentences in it, which `told_in` tells in another language."""

    __slots__ = ("told_in",)
    told_in: Callable[[Tongue], str]

    @classmethod
    def of(cls, form: str, *values: str) -> "ToldMarkup":
        """The form with the values in it, escaped."""
        made = cls(Markup(form).format(*values))  # noqa: S704 - forms are ours
        made.told_in = lambda tongue: Markup(form).format(*map(tongue.recalled, values))  # noqa: S704 - same
        return made
