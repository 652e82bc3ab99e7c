"""What a card shows: the answer as a picture, for whoever meets a link in a chat; pure."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.status import Status

WIDTH, HEIGHT = 1200, 630
"""In pixels: what chats and social networks show whole."""


class Paint(StrEnum):
    """What a bit of a row is filled with, by the name of its colour in the style sheet."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"
    MAINTENANCE = "maintenance"
    UNWATCHED = "unwatched"
    VENDOR = "accent"
    PEOPLE = "soft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bit:
    """A piece of a row: from where to where, and how high it is, in shares of it."""

    start: float
    end: float
    paint: Paint
    height: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Pieces side by side. With a `label` it is a lane, whose empty stretches are drawn, too."""

    bits: tuple[Bit, ...]
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A status, and how many have it in words."""

    status: Status
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The whole of it; two that are equal are the same picture.

    `claim` is the answer in big letters, `lines` what it rests on, `axis` what stands below the rows: left, in the
    middle and right, or `tallies` in its place. `note` says of when all of it is, and is empty for what is over.
    """

    status: Status
    claim: str
    lines: tuple[str, ...]
    rows: tuple[Row, ...]
    axis: tuple[str, str, str] = ("", "", "")
    tallies: tuple[Tally, ...] = ()
    note: str = ""
    simulated: str = ""
    """That it is pretended, in a word; empty where it is not."""
    is_over: bool = False
    """Whether it is history, and nothing to be alarmed by."""
