"""How texts stand in a picture: which letters there are, how wide they are, and where a line is broken.

The letters are those of Inter (fonts/OFL.txt), cut down to Latin, Greek and Cyrillic in two weights, so that a
picture is the same on every machine.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import ImageFont

FONTS: Final = Path(__file__).parent / "fonts"
TEXT, DISPLAY = "Inter-text.ttf", "Inter-display.ttf"

ELLIPSIS: Final = "…"
ENOUGH: Final = 8.0
"""Pixels by which lines may differ from the best balance."""


def lettered(name: str, size: int) -> ImageFont.FreeTypeFont:
    """One of the fonts at a size in pixels."""
    return ImageFont.truetype(FONTS / name, size)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The text in lines that are no wider, broken between words; a word that is wider by itself within it."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        grown = f"{line} {word}".strip()
        if font.getlength(grown) <= width:
            line = grown
            continue
        if line:
            lines.append(line)
        line = word
        while font.getlength(line) > width:
            fits = max(1, _fitting(line, font, width))
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines


def balanced(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The text in as few lines as it takes, and these as narrow as they can be: none is left with a word."""
    number = len(wrapped(text, font, width))
    narrow, wide = width / 3, width
    while wide - narrow > ENOUGH:
        middle = (narrow + wide) / 2
        narrow, wide = (narrow, middle) if len(wrapped(text, font, middle)) == number else (middle, wide)
    return wrapped(text, font, wide)


def cut(lines: Sequence[str], most: int, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """At most so many of the lines; an ellipsis tells where more stood."""
    if len(lines) <= most:
        return list(lines)
    last = lines[most - 1].rstrip(",;:.") + ELLIPSIS
    while font.getlength(last) > width:
        last = last[:-2].rstrip() + ELLIPSIS
    return [*lines[: most - 1], last]


def fitted(text: str, name: str, ways: Sequence[tuple[int, int]], width: float) -> tuple[int, list[str]]:
    """The text by the first of the ways, each a size and how many lines, that holds it; by the last, it is cut."""
    for size, most in ways:
        font = lettered(name, size)
        if len(wrapped(text, font, width)) <= most:
            return size, balanced(text, font, width)
    size, most = ways[-1]
    font = lettered(name, size)
    return size, cut(wrapped(text, font, width), most, font, width)


def _fitting(text: str, font: ImageFont.FreeTypeFont, width: float) -> int:
    """How many letters of the text fit."""
    return next((number for number in range(len(text), 0, -1) if font.getlength(text[:number]) <= width), 0)
