"""What may be wrong with a catalogue: every mistake with its place and its remedy, in words."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """A spot in a file, as editors count: the first character of a file stands at line 1, column 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One mistake: where it stands, and a sentence that says what is wrong and what was probably meant.

    `text` never holds a value that was filled in from the environment.
    """

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


Complain = Callable[[Place, str], None]
"""Where whoever finds a problem tells it, and goes on."""


class CatalogueError(Exception):
    """A catalogue that cannot be used, with all the problems that were found, in the order of their places."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def quoted(text: object) -> str:
    """A word of the file as messages show it: in double quotes, on one line, cut where it is long."""
    word = str(text)
    return json.dumps(word if len(word) <= _LONGEST_QUOTE else f"{word[:_LONGEST_QUOTE]}…", ensure_ascii=False)


_LONGEST_QUOTE = 70
