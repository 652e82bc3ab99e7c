"""How wide a text is, for pictures whose width must be known where there is no font to ask.

The widths are those of DejaVu Sans, measured in a browser, in hundredths of the font size and in steps of two.
Verdana, which a reader may have in its place, was drawn to nearly the same ones; what is left is made up by the
`textLength` of the text itself, so a picture never overflows. Latin, Greek and Cyrillic are in the table; a letter
with an accent is as wide as without, what East Asia calls wide takes a whole square, and anything else an average.
"""

# ruff: noqa: RUF001 - letters of other scripts that look like Latin ones are what the table is about

import unicodedata
from collections.abc import Mapping

FONT_SIZE = 11

_BY_WIDTH: Mapping[int, str] = {
    28: "'ijlıłі",
    30: "IJΙІ",
    32: " ,.·",
    34: "/:;\\|¦ι",
    36: "-f",
    40: "!()[]t¡²³¹",
    42: "r",
    46: '"',
    48: "ªº",
    50: "*_`§¨¯°´¸",
    52: "szгґ",
    54: "?c¿εζзсэє",
    56: "LŁΓνξ",
    58: "Fkκςυχвть",
    60: "PvxyÞΡγλπτГРУкухчяҐ",
    62: "TYaeo«»ßðøΤΥδθοТабео",
    64: "$0123456789ESbdghnpqu{}¢£¤¥µ¶þΕΞΣβημρσЕЗилр",
    66: "KΚαφψнп",
    68: "ABVXZΑΒΔΖΛΧАБВХЧЬц",
    70: "CRКСЭЯдъЄ",
    74: "NUΝИ",
    76: "HΗΠΩЛНПм",
    78: "&DGOQÐØΘΟΦΨДОЦы",
    82: "w",
    84: "#+<=>^~¬±×÷ωЪю",
    86: "MΜМФф",
    88: "Ы",
    90: "ж",
    92: "ш",
    94: "щ",
    96: "%¼½¾",
    98: "WmÆæ",
    100: "@©®",
    102: "œ",
    106: "ŒШ",
    108: "ЖЮ",
    110: "Щ",
}
_WIDTHS: Mapping[str, int] = {letter: width for width, letters in _BY_WIDTH.items() for letter in letters}
_SQUARE = 100
_AVERAGE = 66


def width_of(text: str) -> float:
    """The width of a text in pixels at `FONT_SIZE`."""
    return sum(map(_width, unicodedata.normalize("NFD", text))) * FONT_SIZE / 100


def _width(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cc", "Cf"):
        return 0
    if unicodedata.east_asian_width(letter) in ("W", "F"):
        return _SQUARE
    return _WIDTHS.get(letter, _AVERAGE)
