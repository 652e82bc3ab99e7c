"""Draws the icons of the installed program from our mark; `python -m tests.web.icons` writes them."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from app.settings import resource
from app.web.cards.drawing import COLOURS
from app.web.cards.symbols import FINER, MARK, pictured

GROUND, STROKE = COLOURS["up-ink"], COLOURS["card"]
MARKED: Final = 0.56
"""How much of an icon its mark spans: within the circle that every platform leaves of a maskable one."""

ICONS: Final[Mapping[str, tuple[int, float]]] = {
    "icon-192.png": (192, 0.22),
    "icon-512.png": (512, 0.22),
    "icon-maskable-512.png": (512, 0),
    "apple-touch-icon.png": (180, 0),
}
"""How large they are, and how round as a share of that; who cuts icons to shape itself gets square ones."""


def icon(size: int, roundness: float) -> Image.Image:
    """Our mark on a ground."""
    large = size * FINER
    ground = Image.new("RGBA", (large, large), (0, 0, 0, 0))
    ImageDraw.Draw(ground).rounded_rectangle((0, 0, large - 1, large - 1), round(large * roundness), GROUND)
    image = ground.resize((size, size), Image.Resampling.BOX)
    marked = round(size * MARKED)
    mark = pictured(MARK, marked, STROKE, STROKE)
    at = (size - marked) // 2
    image.alpha_composite(mark, (at, at))
    return image


def main(folder: Path) -> None:
    """Write them."""
    for name, (size, roundness) in ICONS.items():
        packed = io.BytesIO()
        icon(size, roundness).quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            packed, "PNG", optimize=True
        )
        (folder / name).write_bytes(packed.getvalue())


if __name__ == "__main__":
    main(resource("static") / "img")
