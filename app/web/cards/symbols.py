"""The symbols of the statuses, and our own mark, as pictures: the shapes of static/img, in any size."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PIL import Image, ImageDraw

from app.domain.status import Status

UNITS: Final = 16
"""Shapes are given on a square of this many units, as in static/img."""

FINER: Final = 4
"""So many times larger is a symbol drawn than shown, for smooth edges."""

Point = tuple[float, float]
Ground = Callable[[ImageDraw.ImageDraw, float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A ground, and strokes with round ends on it."""

    ground: Ground | None
    strokes: tuple[tuple[Point, ...], ...]
    thick: float


def _round(draw: ImageDraw.ImageDraw, unit: float, colour: str) -> None:
    draw.ellipse((0.5 * unit, 0.5 * unit, 15.5 * unit, 15.5 * unit), fill=colour)


def _square(draw: ImageDraw.ImageDraw, unit: float, colour: str) -> None:
    draw.rounded_rectangle((0.5 * unit, 0.5 * unit, 15.5 * unit, 15.5 * unit), 3 * unit, fill=colour)


def _polygon(*corners: Point) -> Ground:
    def filled(draw: ImageDraw.ImageDraw, unit: float, colour: str) -> None:
        draw.polygon([(x * unit, y * unit) for x, y in corners], fill=colour)

    return filled


def _hook() -> tuple[Point, ...]:
    """The bow of a question mark, down to its end."""
    bow = [
        (8 + 2.1 * math.cos(math.radians(at)), 6.3 + 2.1 * math.sin(math.radians(at))) for at in range(180, 426, 5)
    ]
    return (*bow, (8.3, 8.7), (8.05, 9.1), (8, 9.6))


SYMBOLS: Final[Mapping[Status, Symbol]] = {
    Status.UP: Symbol(ground=_round, strokes=(((4.6, 8.3), (7, 10.7), (11.4, 5.7)),), thick=1.9),
    Status.DEGRADED: Symbol(
        ground=_polygon((8, 0.8), (15.8, 15), (0.2, 15)), strokes=(((8, 6), (8, 10.2)), ((8, 12.65),)), thick=1.9
    ),
    Status.DOWN: Symbol(ground=_square, strokes=(((5, 5), (11, 11)), ((11, 5), (5, 11))), thick=2),
    Status.UNKNOWN: Symbol(ground=_round, strokes=(_hook(), ((8, 11.95),)), thick=1.7),
    Status.MAINTENANCE: Symbol(
        ground=_polygon((8, 0.3), (15.7, 8), (8, 15.7), (0.3, 8)), strokes=(((5.2, 8), (10.8, 8)),), thick=2
    ),
}
MARK: Final = Symbol(
    ground=None,
    strokes=(((2, 2), (2, 14)), ((6, 2), (6, 14)), ((10, 8), (10, 14)), ((14, 2), (14, 14))),
    thick=2.5,
)
"""Ours: three days that were whole, and one that was not."""


def pictured(symbol: Symbol, size: int, fill: str, stroke: str) -> Image.Image:
    """The symbol in these colours, on nothing, as many pixels wide and high."""
    unit = size * FINER / UNITS
    drawn = Image.new("RGBA", (size * FINER, size * FINER), (0, 0, 0, 0))
    draw = ImageDraw.Draw(drawn)
    if symbol.ground is not None:
        symbol.ground(draw, unit, fill)
    for points in symbol.strokes:
        _stroke(draw, [(x * unit, y * unit) for x, y in points], symbol.thick * unit, stroke)
    return drawn.resize((size, size), Image.Resampling.BOX)


def _stroke(draw: ImageDraw.ImageDraw, points: Sequence[Point], thick: float, colour: str) -> None:
    half = thick / 2
    for (x, y), (to_x, to_y) in pairwise(points):
        length = math.hypot(to_x - x, to_y - y)
        across, along = half * (to_y - y) / length, half * (to_x - x) / length
        sides = [(x + across, y - along), (to_x + across, to_y - along), (to_x - across, to_y + along)]
        draw.polygon([*sides, (x - across, y + along)], fill=colour)
    for x, y in points:
        draw.ellipse((x - half, y - half, x + half, y + half), fill=colour)
