"""Badges in the look that everybody knows from shields.io: a label, and the status in its colour."""

from markupsafe import Markup, escape

from app.domain.status import Status

COLOURS = {
    Status.UP: "#1a7f4b",
    Status.DEGRADED: "#a15c00",
    Status.DOWN: "#c4314b",
    Status.UNKNOWN: "#5f6670",
    Status.MAINTENANCE: "#2f62c4",
}
"""White text on each of them has a contrast of at least 4.5 to 1."""

_NARROW, _WIDE = set("fijltI.,:;|!'()[] "), set("mwMWO@%QGDCNHU")
_WIDTHS = {"narrow": 4.3, "middle": 6.9, "wide": 9.0}
"""Widths of DejaVu Sans and Verdana at 11 px, which agree within a pixel for a word, in three classes."""


def badge(label: str, word: str, colour: str) -> bytes:
    """A flat badge as SVG; `label` and `word` may be any text, `colour` any CSS colour of ours."""
    left, right = _width(label) + 10, _width(word) + 10
    title = escape(f"{label}: {word}")
    return (
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{title}">'
            "<title>{title}</title>"
            '<clipPath id="r"><rect width="{width}" height="20" rx="3"/></clipPath>'
            '<g clip-path="url(#r)"><path fill="#3a3f47" d="M0 0h{left}v20H0z"/>'
            '<path fill="{colour}" d="M{left} 0h{right}v20H{left}z"/></g>'
            '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
            '<text x="{label_x:.1f}" y="14" textLength="{label_w}">{label}</text>'
            '<text x="{word_x:.1f}" y="14" textLength="{word_w}">{word}</text></g></svg>'
        )
        .format(
            width=left + right,
            left=left,
            right=right,
            title=title,
            colour=colour,
            label=label,
            word=word,
            label_x=left / 2,
            word_x=left + right / 2,
            label_w=left - 10,
            word_w=right - 10,
        )
        .encode()
    )


def _width(text: str) -> int:
    """The width of a text at 11 px; what is not Latin is taken as wide, and `textLength` fits it in."""
    total = 0.0
    for character in text:
        if character in _NARROW:
            total += _WIDTHS["narrow"]
        elif character in _WIDE or ord(character) > 0x24F:  # noqa: PLR2004 - the end of Latin
            total += _WIDTHS["wide"]
        else:
            total += _WIDTHS["middle"]
    return round(total)
