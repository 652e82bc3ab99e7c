"""How a card is drawn: its answer in large letters, the evidence below, the days at its foot; pure."""

import io
from collections.abc import Mapping, Sequence
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from app.domain.status import Status
from app.web.cards.lettering import DISPLAY, TEXT, cut, fitted, lettered, wrapped
from app.web.cards.model import HEIGHT, WIDTH, Bit, Card, Paint, Row
from app.web.cards.symbols import MARK, SYMBOLS, pictured

COLOURS: Final[Mapping[str, str]] = {
    "paper": "#faf9f6",
    "card": "#fff",
    "ink": "#1c1d1f",
    "soft": "#5b5f66",
    "accent": "#23559f",
    "up": "#6d9a89",
    "up-ink": "#36674f",
    "degraded": "#c68a14",
    "degraded-wash": "#fdf5e4",
    "down": "#c8321f",
    "down-wash": "#fdefec",
    "unknown": "#8d9197",
    "unknown-ink": "#5b5f66",
    "unknown-ground": "#e4e3df",
    "maintenance": "#6285c6",
    "maintenance-ink": "#2d58a3",
    "unwatched": "#d3cfc6",
}
"""Those of the style sheet, by day: a picture in a chat does not know the reader's hour."""

FILLS: Final = {
    Status.UP: "up-ink",
    Status.DEGRADED: "degraded",
    Status.DOWN: "down",
    Status.UNKNOWN: "unknown-ink",
    Status.MAINTENANCE: "maintenance-ink",
}

LEFT, RIGHT = 60, 1140
SYMBOL: Final = 84
BESIDE: Final = LEFT + SYMBOL + 28
TOP, CLAIM_TOP, ROWS_TOP, ROWS_HEIGHT, AXIS_TOP = 52, 138, 474, 68, 558
CLAIM_SIZES: Final = ((76, 2), (70, 2), (64, 2), (64, 3), (58, 3), (52, 3))
"""How large the answer may be in how many lines, the best first."""

MOST_LINES: Final = 4
TEXT_SIZE, SMALL = 32, 26
LEADING: Final = 1.3
LANE, BETWEEN_LANES, LABEL_SIZE, MOST_LABEL = 34, 10, 22, 300

SHADES: Final = 96
"""Colours that are left: all that there are, and enough between them for smooth letters. A third of the bytes."""


def png_of(card: Card) -> bytes:
    """The card as PNG; the same bytes for the same card."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _ground(card))
    draw = ImageDraw.Draw(image)
    _head(image, draw, card)
    _answer(image, draw, card)
    _rows(image, draw, card.rows)
    _foot(image, draw, card)
    packed = io.BytesIO()
    reduced = image.quantize(SHADES, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    reduced.save(packed, "PNG", compress_level=6)
    return packed.getvalue()


def _ground(card: Card) -> str:
    return COLOURS["paper"] if card.is_over else COLOURS.get(f"{card.status}-wash", COLOURS["paper"])


def _head(image: Image.Image, draw: ImageDraw.ImageDraw, card: Card) -> None:
    """Whose it is, and of when."""
    font, small = lettered(DISPLAY, 34), lettered(TEXT, SMALL)
    _put(image, pictured(MARK, 32, COLOURS["up"], COLOURS["up"]), LEFT, TOP)
    draw.text((LEFT + 46, TOP + 16), "Stillup", COLOURS["ink"], font, anchor="lm")
    if card.simulated:
        left = LEFT + 64 + font.getlength("Stillup")
        box = (left, TOP - 4, left + small.getlength(card.simulated) + 28, TOP + 36)
        draw.rounded_rectangle(box, 8, COLOURS["maintenance-ink"])
        draw.text((left + 14, TOP + 16), card.simulated, COLOURS["card"], small, anchor="lm")
    draw.text((RIGHT, TOP + 16), card.note, COLOURS["soft"], small, anchor="rm")


def _answer(image: Image.Image, draw: ImageDraw.ImageDraw, card: Card) -> None:
    size, claim = fitted(card.claim, DISPLAY, CLAIM_SIZES, RIGHT - BESIDE)
    font, text = lettered(DISPLAY, size), lettered(TEXT, TEXT_SIZE)
    step = round(size * 1.14)
    symbol = pictured(SYMBOLS[card.status], SYMBOL, COLOURS[FILLS[card.status]], COLOURS["card"])
    _put(image, symbol, LEFT, CLAIM_TOP + (step - SYMBOL) // 2)
    for number, line in enumerate(claim):
        draw.text((BESIDE, CLAIM_TOP + step * number + step // 2), line, COLOURS["ink"], font, anchor="lm")
    top = CLAIM_TOP + step * len(claim) + 12
    room = int((ROWS_TOP - 10 - top) / (TEXT_SIZE * LEADING))
    for number, line in enumerate(_shared_out(card.lines, text, min(room, MOST_LINES))):
        at = (BESIDE, top + round(TEXT_SIZE * LEADING * (number + 0.5)))
        draw.text(at, line, COLOURS["soft"], text, anchor="lm")


def _shared_out(lines: Sequence[str], font: ImageFont.FreeTypeFont, most: int) -> list[str]:
    """The sentences in so many lines; one line is left for each that follows."""
    told: list[str] = []
    for number, line in enumerate(lines[:most]):
        left = most - len(told) - (len(lines[:most]) - number - 1)
        told += cut(wrapped(line, font, RIGHT - BESIDE), left, font, RIGHT - BESIDE)
    return told


def _rows(image: Image.Image, draw: ImageDraw.ImageDraw, rows: Sequence[Row]) -> None:
    if not rows:
        return
    font = lettered(TEXT, LABEL_SIZE)
    labels = ["".join(cut(wrapped(row.label, font, MOST_LABEL), 1, font, MOST_LABEL)) for row in rows]
    left = LEFT + max(round(font.getlength(label)) + 24 if label else 0 for label in labels)
    height = (ROWS_HEIGHT - BETWEEN_LANES * (len(rows) - 1)) // len(rows)
    height = min(height, LANE) if rows[0].label else height
    for number, row in enumerate(rows):
        top = ROWS_TOP + ROWS_HEIGHT - height - (height + BETWEEN_LANES) * (len(rows) - 1 - number)
        if row.label:
            draw.text((LEFT, top + height // 2), labels[number], COLOURS["soft"], font, anchor="lm")
            draw.rectangle((left, top, RIGHT - 1, top + height - 1), COLOURS["unknown-ground"])
        for bit in row.bits:
            _bit(image, draw, bit, (left, top, RIGHT, top + height))


def _bit(image: Image.Image, draw: ImageDraw.ImageDraw, bit: Bit, within: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = within
    span = right - left
    box = (
        left + round(bit.start * span),
        bottom - max(3, round(bit.height * (bottom - top))),
        left + round(bit.end * span),
        bottom,
    )
    if bit.paint is Paint.UNKNOWN:
        image.paste(_hatched(box[2] - box[0], box[3] - box[1], box[0]), box[:2])
    else:
        draw.rectangle((box[0], box[1], box[2] - 1, box[3] - 1), COLOURS[bit.paint])


def _hatched(width: int, height: int, phase: int) -> Image.Image:
    """A piece of what is not known; `phase` goes on where the piece beside it ends."""
    piece = Image.new("RGB", (max(1, width), height), COLOURS["unknown-ground"])
    draw = ImageDraw.Draw(piece)
    for x in range(-height - phase % 8, width, 8):
        draw.line((x, height, x + height, 0), COLOURS["unknown"], 3)
    return piece


def _foot(image: Image.Image, draw: ImageDraw.ImageDraw, card: Card) -> None:
    font = lettered(TEXT, SMALL)
    left, middle, right = card.axis
    for x, told, anchor in ((LEFT, left, "la"), ((LEFT + RIGHT) // 2, middle, "ma"), (RIGHT, right, "ra")):
        draw.text((x, AXIS_TOP), told, COLOURS["soft"], font, anchor=anchor)
    x = LEFT
    for tally in card.tallies:
        symbol = pictured(SYMBOLS[tally.status], 28, COLOURS[FILLS[tally.status]], COLOURS["card"])
        _put(image, symbol, x, AXIS_TOP + 2)
        draw.text((x + 40, AXIS_TOP), tally.words, COLOURS["ink"], font, anchor="la")
        x += 40 + round(font.getlength(tally.words)) + 44


def _put(image: Image.Image, symbol: Image.Image, x: int, y: int) -> None:
    image.paste(symbol, (x, y), symbol)
