"""How a card is drawn: decoded again, and looked at pixel by pixel."""

import io
import re
from itertools import pairwise

import pytest
from PIL import Image, ImageColor

from app.domain.status import Status
from app.settings import resource
from app.web.cards.drawing import COLOURS, LEFT, RIGHT, ROWS_HEIGHT, ROWS_TOP, png_of
from app.web.cards.model import HEIGHT, WIDTH, Bit, Card, Paint, Row, Tally

LONG = "Extraordinarily long name of a service that nobody can pronounce, let alone type into a search box " * 4
DAYS = Row(bits=tuple(Bit(start=number / 9, end=(number + 0.8) / 9, paint=Paint.UP) for number in range(9)))
GROUNDS = {Status.DOWN: "down-wash", Status.DEGRADED: "degraded-wash"}


def a_card(status: Status = Status.DOWN, claim: str = "ChatGPT is down", **given: object) -> Card:
    told = {"lines": ("Answered 503.",), "rows": (DAYS,), "axis": ("90 days ago", "99 % up", "today"), **given}
    return Card(status=status, claim=claim, **told)  # type: ignore[arg-type] # what a test gives


def drawn(card: Card) -> Image.Image:
    image = Image.open(io.BytesIO(png_of(card)))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    return image.convert("RGB")


def is_near(image: Image.Image, at: tuple[int, int], colour: str) -> bool:
    """Whether a pixel has that colour, but for what a palette changes."""
    seen, meant = image.getpixel(at), ImageColor.getrgb(COLOURS[colour])
    assert isinstance(seen, tuple)
    return all(abs(one - other) <= 3 for one, other in zip(seen, meant, strict=False))


def test_its_colours_are_those_of_the_style_sheet_by_day() -> None:
    by_day = (resource("static") / "css" / "tokens.css").read_text().partition("@media")[0]
    tokens = dict(re.findall(r"--([\w-]+): (#\w+);", by_day))
    assert {name: tokens.get(name) for name in COLOURS} == COLOURS


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_symbol_and_bad_ones_a_ground_of_their_own(status: Status) -> None:
    image = drawn(a_card(status))
    ground = GROUNDS.get(status, "paper")
    assert is_near(image, (5, 5), ground)
    assert is_near(drawn(a_card(status, is_over=True)), (5, 5), "paper")
    others = [drawn(a_card(other)) for other in Status if other is not status]
    box = (LEFT, 130, LEFT + 84, 240)
    assert all(image.crop(box).tobytes() != other.crop(box).tobytes() for other in others)


@pytest.mark.parametrize("paint", [Paint.UP, Paint.DOWN, Paint.VENDOR, Paint.UNWATCHED])
def test_a_cell_is_where_it_belongs_in_its_colour(paint: Paint) -> None:
    image = drawn(a_card(rows=(Row(bits=(Bit(start=0.5, end=1.0, paint=paint, height=0.5),)),)))
    middle, foot = (LEFT + RIGHT) // 2, ROWS_TOP + ROWS_HEIGHT
    assert is_near(image, (middle + 3, foot - 3), paint)
    assert [is_near(image, at, "down-wash") for at in ((middle - 3, foot - 3), (middle + 3, ROWS_TOP + 3))] == [
        True,
        True,
    ]


def test_what_is_not_known_is_hatched() -> None:
    image = drawn(a_card(rows=(Row(bits=(Bit(start=0, end=1.0, paint=Paint.UNKNOWN),)),)))
    line = [is_near(image, (x, ROWS_TOP + 30), "unknown") for x in range(LEFT, RIGHT)]
    assert sum(one != other for one, other in pairwise(line)) > 200


@pytest.mark.parametrize(
    "given",
    [
        {"claim": LONG, "lines": (LONG, LONG, LONG)},
        {"claim": "W" * 300, "lines": ("W" * 300,)},
        {"rows": tuple(Row(label=LONG, bits=DAYS.bits) for _ in range(3)), "simulated": "Simuliert"},
        {
            "claim": "",
            "lines": (),
            "rows": (),
            "tallies": tuple(Tally(status=each, words="99 up") for each in Status),
        },
    ],
    ids=["sentences", "letters", "lanes", "nothing"],
)
def test_however_long_it_is_nothing_leaves_the_margins(given: dict[str, object]) -> None:
    image = drawn(a_card(Status.UP, note="As of 20 Nov 2026, 14:20 UTC", **given))  # type: ignore[arg-type] # as above
    edges = ((0, 0, LEFT - 2, HEIGHT), (RIGHT + 2, 0, WIDTH, HEIGHT), (0, 0, WIDTH, 30), (0, 600, WIDTH, HEIGHT))
    assert [box for box in edges if len(image.crop(box).getcolors() or ()) != 1] == []
    between = image.crop((0, ROWS_TOP - 9, WIDTH, ROWS_TOP - 4))
    assert len(between.getcolors() or ()) == 1, "the sentences end above the rows"


def test_the_same_card_is_the_same_picture_to_the_byte() -> None:
    assert png_of(a_card()) == png_of(a_card())
    assert png_of(a_card()) != png_of(a_card(claim="ChatGPT works"))
