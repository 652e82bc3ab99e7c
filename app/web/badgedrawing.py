"""How a badge is drawn: a label and a word in a colour, in the looks known from shields.io; pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from app.domain.status import Status
from app.web.textwidth import FONT_SIZE, width_of

COLOURS = {
    Status.UP: "#2b7a53",
    Status.DEGRADED: "#955f00",
    Status.DOWN: "#bf2f1d",
    Status.UNKNOWN: "#666b72",
    Status.MAINTENANCE: "#2f62b3",
}
"""White letters on any of them have a contrast of at least 4.5 to 1."""

PLAIN = COLOURS[Status.MAINTENANCE]
"""For a figure that is neither good nor bad."""

LABEL_COLOUR = "#444a52"

NAMED_COLOURS = {
    "brightgreen": "#44cc11",
    "green": "#97ca00",
    "yellowgreen": "#a4a61d",
    "yellow": "#dfb317",
    "orange": "#fe7d37",
    "red": "#e05d44",
    "blue": "#007ec6",
    "grey": "#555555",
    "gray": "#555555",
    "lightgrey": "#9f9f9f",
    "lightgray": "#9f9f9f",
    "success": "#44cc11",
    "important": "#fe7d37",
    "critical": "#e05d44",
    "informational": "#007ec6",
    "inactive": "#9f9f9f",
}
"""The names that shields.io gives, and their colours there."""

DOT = 12
"""Pixels across."""

_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})", re.ASCII)
_DARK_LETTERS_FROM = 0.69
_UNFIT = ("Cc", "Cs", "Cn")
"""Control characters, halves of pairs, and what no character is: a document with one of them is no XML."""


class Style(StrEnum):
    """The looks there are, by their names at shields.io."""

    FLAT = "flat"
    FLAT_SQUARE = "flat-square"
    PLASTIC = "plastic"
    FOR_THE_BADGE = "for-the-badge"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """Lengths in pixels; `shine` are the stops of the gradient that lies over it."""

    height: int = 20
    radius: int = 0
    baseline: int = 14
    size: int = FONT_SIZE
    padding: int = 6
    spacing: float = 0.0
    weight: str = "normal"
    shine: tuple[tuple[str, str, str], ...] = ()
    is_upper: bool = False


_LOOKS: Mapping[Style, _Look] = {
    Style.FLAT: _Look(radius=3, shine=(("0", "#bbb", ".1"), ("1", "#000", ".1"))),
    Style.FLAT_SQUARE: _Look(),
    Style.PLASTIC: _Look(
        height=18,
        radius=4,
        baseline=13,
        shine=(("0", "#fff", ".7"), (".1", "#aaa", ".1"), (".9", "#000", ".3"), ("1", "#000", ".5")),
    ),
    Style.FOR_THE_BADGE: _Look(
        height=28, baseline=18, size=10, padding=10, spacing=1.25, weight="bold", is_upper=True
    ),
}

_BADGE = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{height}" role="img" aria-label="{title}">'
    "<title>{title}</title>{shine}"
    '<clipPath id="r"><rect width="{whole}" height="{height}" rx="{radius}"/></clipPath>'
    '<g clip-path="url(#r)"><path fill="{label_colour}" d="M0 0h{left}v{height}H0z"/>'
    '<path fill="{colour}" d="M{left} 0h{right}v{height}H{left}z"/>{shone}</g>'
    '<g font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="{size}" font-weight="{weight}">'
    "{texts}</g></svg>"
)
_TEXT = Markup('<text x="{at}" y="{baseline}" textLength="{width}" fill="{colour}">{text}</text>')
_SHINE = Markup('<linearGradient id="s" x2="0" y2="100%">{}</linearGradient>')
_STOP = Markup('<stop offset="{}" stop-color="{}" stop-opacity="{}"/>')
_SHONE = Markup('<path fill="url(#s)" d="M0 0h{}v{}H0z"/>')
_DOT = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 12 12" role="img" '
    'aria-label="{title}"><title>{title}</title><circle cx="6" cy="6" r="5" fill="{colour}"/></svg>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What a badge says. Without a label it has one part; a remark stands in its title alone."""

    label: str
    word: str
    colour: str
    label_colour: str = LABEL_COLOUR
    remark: str = ""

    @property
    def title(self) -> str:
        """The whole of it for those who cannot see it."""
        told = f"{self.label}: {self.word}" if self.label else self.word
        return f"{told} {self.remark}".rstrip()


def draw(badge: Badge, style: Style = Style.FLAT) -> str:
    """A badge as SVG; its texts may be any."""
    look = _LOOKS[style]
    label, word = (_printable(text.upper() if look.is_upper else text) for text in (badge.label, badge.word))
    label_width, word_width = _width(label, look), _width(word, look)
    left = label_width + 2 * look.padding if label else 0
    right = word_width + 2 * look.padding
    whole = left + right
    parts = [(word, left + look.padding, word_width, badge.colour)]
    if label:
        parts.insert(0, (label, look.padding, label_width, badge.label_colour))
    return _BADGE.format(
        whole=whole,
        height=look.height,
        title=_printable(badge.title),
        shine=_SHINE.format(Markup("").join(_STOP.format(*stop) for stop in look.shine)) if look.shine else "",
        shone=_SHONE.format(whole, look.height) if look.shine else "",
        radius=look.radius,
        left=left,
        right=right,
        colour=badge.colour,
        label_colour=badge.label_colour,
        size=look.size,
        weight=look.weight,
        texts=Markup("").join(
            _TEXT.format(at=at, baseline=look.baseline, width=width, colour=letters_on(ground), text=text)
            for text, at, width, ground in parts
        ),
    )


def dot(badge: Badge) -> str:
    """The colour alone, as a dot; its title says the rest."""
    return _DOT.format(size=DOT, title=_printable(badge.title), colour=badge.colour)


def colour_of(text: str) -> str | None:
    """The colour that a name or a hexadecimal number means, such as `red` or `#f00`; `None` for others."""
    if (found := _HEX.fullmatch(text)) is not None:
        return f"#{found[1].lower()}"
    return NAMED_COLOURS.get(text)


def letters_on(colour: str) -> str:
    """The colour of letters that can be read on that one: white, or on a bright one nearly black."""
    digits = colour[1:] if len(colour) > 4 else "".join(2 * digit for digit in colour[1:])  # noqa: PLR2004 - "#rgb"
    red, green, blue = (int(digits[place : place + 2], 16) for place in (0, 2, 4))
    brightness = (red * 299 + green * 587 + blue * 114) / 255_000
    return "#222" if brightness > _DARK_LETTERS_FROM else "#fff"


def _width(text: str, look: _Look) -> int:
    return round(width_of(text) * look.size / FONT_SIZE + look.spacing * len(text))


def _printable(text: str) -> str:
    """A text without what may not stand in XML, and without line breaks."""
    return "".join(letter for letter in " ".join(text.split()) if unicodedata.category(letter) not in _UNFIT)
