"""Which letters a card can show: those that its fonts have; pure."""

import unicodedata
from collections.abc import Mapping
from typing import Final

RANGES: Final = (
    (0x20, 0x7E),
    (0xA0, 0x148),
    (0x14A, 0x17F),
    (0x218, 0x21B),
    (0x384, 0x38A),
    (0x38C, 0x38C),
    (0x38E, 0x3A1),
    (0x3A3, 0x3CE),
    (0x400, 0x45F),
    (0x490, 0x491),
    (0x1E9E, 0x1E9E),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x2039, 0x203A),
    (0x20AC, 0x20AC),
    (0x2122, 0x2122),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2248, 0x2248),
    (0x2264, 0x2265),
)
"""What the fonts were cut down to."""

_UNSEEN: Final = ("Cc", "Cf", "Mn")


def writable(text: str) -> str | None:
    """The text in letters that there are, on one line; `None` where one of them has no likeness there.

    An accented letter is like the bare one, a symbol like what Unicode says it stands for.
    """
    told = [_written(letter) for letter in unicodedata.normalize("NFC", " ".join(text.split()))]
    return None if None in told else "".join(letter for letter in told if letter)


def named_anew(text: str, names: Mapping[str, str]) -> str:
    """The text with each of the names that cannot be written replaced by its id, which always can."""
    for name, its_id in names.items():
        if writable(name) is None:
            text = text.replace(name, its_id)
    return text


def _written(letter: str) -> str | None:
    if _is_there(letter):
        return letter
    if unicodedata.category(letter) in _UNSEEN:
        return ""
    alike = [each for each in unicodedata.normalize("NFKD", letter) if unicodedata.category(each) != "Mn"]
    return "".join(alike) if alike and all(map(_is_there, alike)) else None


def _is_there(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in RANGES)
