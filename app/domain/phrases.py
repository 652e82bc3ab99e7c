"""What error messages mean: texts and codes that people meet, whose trouble they tell of, and what to try; pure.

A sign is a set of texts that all stand in a message, as whole words, in any case; a `*` in one stands for a few
words. Signs become regular expressions of the part of the syntax that Python and JavaScript share, so that a
browser finds what we find without a message ever leaving it: the first sign that fits is meant.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter

from app.domain.itsme import Step
from app.domain.result import FailureKind

LONGEST_MESSAGE = 2_000
"""So many characters of a message are read."""

ANY_WORDS = "*"
_SPECIAL = re.compile(r"[\\^$.|?*+(){}\[\]/]")
_APOSTROPHES = "['`\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}]"
_HOLE = r"[\s\S]{0,60}?"
"""A few words."""


class Whose(StrEnum):
    """Whose trouble a message tells of."""

    THEM = "them"
    YOU = "you"
    BETWEEN = "between"
    EITHER = "either"
    """The message alone does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """What messages of one meaning have in common.

    `says` are their texts. Those of a phrase with `vendors` are theirs alone and are looked for first. With a
    `failure`, every code and status by which our own probes know that failure is a sign of it, too.
    """

    id: str
    title: str
    means: str
    whose: Whose
    steps: tuple[Step, ...]
    says: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    failure: FailureKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """By what a kind of failure is known: codes of vendors, statuses, and texts that come with a status."""

    codes: Sequence[str] = ()
    statuses: Sequence[int] = ()
    texts: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Texts that stand together in a message of that phrase."""

    phrase: Phrase
    texts: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """The regular expression, for JavaScript, without regard to case."""
        return pattern_of(self.texts)


def signs_of(
    phrases: Iterable[Phrase], known: Mapping[FailureKind, Signs], vendor_id: str | None = None
) -> tuple[Sign, ...]:
    """The signs that may be met at a vendor, or anywhere, those that tell most first.

    A vendor's own texts come first where it is known which vendor speaks, and after everybody's where it is not.
    Then come codes, texts beside a status, and last a status alone; among themselves in the order of the phrases.
    """
    own = 0 if vendor_id is not None else 2
    ranked: list[tuple[int, Sign]] = []
    for phrase in phrases:
        if vendor_id is None or not phrase.vendors or vendor_id in phrase.vendors:
            signs = known.get(phrase.failure, Signs()) if phrase.failure is not None else Signs()
            told = [
                *((own if phrase.vendors else 1, (text,)) for text in phrase.says),
                *((3, (code,)) for code in signs.codes),
                *((4, (str(status), text)) for status, text in signs.texts),
                *((5, (str(status),)) for status in signs.statuses),
            ]
            ranked += [(rank, Sign(phrase=phrase, texts=texts)) for rank, texts in told]
    return tuple(sign for _, sign in sorted(ranked, key=itemgetter(0)))


def recognise(message: str, signs: Iterable[Sign]) -> Phrase | None:
    """What a message means: by the first sign that it bears."""
    read = message[:LONGEST_MESSAGE]
    return next((sign.phrase for sign in signs if _regex(sign.pattern).search(read)), None)


def pattern_of(texts: Sequence[str]) -> str:
    """What finds texts that all stand in a message."""
    if len(texts) == 1:
        return _words(texts[0])
    return "^" + "".join(rf"(?=[\s\S]*?{_words(text)})" for text in texts)


@lru_cache(maxsize=4_096)
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


def _words(text: str) -> str:
    """One text, between other words: however it is spaced, and with whichever apostrophe."""
    parts = [_literal(part.strip()) for part in text.split(ANY_WORDS)]
    return f"(?:^|[^a-z0-9]){_HOLE.join(parts)}(?![a-z0-9])"


def _literal(text: str) -> str:
    escaped = _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
    return re.sub(r"\s+", r"\\s+", escaped).replace("'", _APOSTROPHES)
