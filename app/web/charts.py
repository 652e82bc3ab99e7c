"""Charts as SVG from the server, as few bytes as they can be; pure.

Colours, hatching and widths belong to the style sheet; a chart here is shapes with the class of their status.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from types import MappingProxyType

from markupsafe import Markup

from app.board.history import Stretch, Stretches
from app.board.model import Story
from app.board.witness import STATE_WORDS
from app.domain.result import Phases
from app.domain.saying import Saying, say, say_many, together
from app.domain.status import Status
from app.domain.verdict import Witness
from app.web.toldmarkup import ToldMarkup

Point = tuple[int, int]
ORDER = tuple(Witness)
WIDE = 1000
LEAST_WIDE = 6

QUARTERS = 4
TOLD = " told"
NOTHING_TOLD: Mapping[date, Status] = MappingProxyType({})
UNWATCHED_WORDS = {
    Status.DOWN: say("down by the vendor’s word"),
    Status.DEGRADED: say("degraded by the vendor’s word"),
    None: say("not watched yet"),
}
NEARLY_ALL = 0.9
"""A cell whose coverage reaches this is drawn full: a probe or two is always under way."""

PHASES = (
    ("dns", say("name resolution")),
    ("connect", say("connection")),
    ("tls", say("TLS handshake")),
    ("send", say("sending")),
    ("first_byte", say("waiting for the first byte")),
    ("body", say("receiving")),
)


def bar(
    days: Stretches, told: Mapping[date, Status] = NOTHING_TOLD, pitch: int = 4, gap: int = 1, height: int = 20
) -> Markup:
    """A thin cell a day, oldest left. Of a day that was half seen, the upper half is hatched.

    On days before the service was watched stands what its vendor told of them, half as high. A run of equal
    days is one dashed line, as thick as the cells are high: a quiet quarter is a few bytes.
    """
    shapes: dict[tuple[str, int], list[str]] = {}
    place = 0
    for (name, quarters), run in groupby(cell_of(day, told) for day in days):
        length = len(list(run))
        x, width = place * pitch, length * pitch - gap
        if 0 < quarters < QUARTERS and not name.endswith(TOLD):
            shapes.setdefault(("unknown", QUARTERS), []).append(f"M{x} {height / 2:g}h{width}")
        thick = _thickness(quarters, height)
        shapes.setdefault((name, quarters), []).append(f"M{x} {height - thick / 2:g}h{width}")
        place += length
    paths = "".join(
        f'<path class="{name}" stroke-width="{_thickness(quarters, height)}"{_hatched(name)} d="{"".join(runs)}"/>'
        for (name, quarters), runs in shapes.items()
    )
    return ToldMarkup.of(
        f'<svg class="bar" viewBox="0 0 {len(days) * pitch - gap} {height}" preserveAspectRatio="none" '
        f'role="img" aria-label="{{}}">{paths}</svg>',
        bar_in_words(days, told),
    )


def bar_in_words(days: Stretches, told: Mapping[date, Status] = NOTHING_TOLD) -> Saying:
    """The same for those who do not see it: "90 days: 86 up, 1 down, 3 not watched yet"."""
    named = [STATE_WORDS[day.status] if day.was_watched else UNWATCHED_WORDS[told.get(_date(day))] for day in days]
    watched = (Status.DOWN, Status.DEGRADED, Status.UP, Status.MAINTENANCE, Status.UNKNOWN)
    order = (*(STATE_WORDS[status] for status in watched), *UNWATCHED_WORDS.values())
    counts = (say("{number} {what}", number=named.count(what), what=what) for what in order if what in named)
    return say_many(
        "{count} day: {counts}", "{count} days: {counts}", len(days), counts=together(*counts, between=", ")
    )


def spark(values: Sequence[int | None], width: int = 72, height: int = 20) -> Markup:
    """A line of latencies, oldest left, around their median; half of that fits above and below. A gap is a gap."""
    known = sorted(value for value in values if value is not None)
    middle = known[len(known) // 2] if known else 0
    reach = max([middle / 2, *(abs(value - middle) for value in known)]) or 1
    step, half = width / max(1, len(values) - 1), (height - 2) / 2
    points = [
        None if value is None else (round(number * step), round(1 + half - (value - middle) / reach * half))
        for number, value in enumerate(values)
    ]
    path = "".join(line(run) for run in runs(points))
    return Markup(  # noqa: S704 - numbers of our own
        f'<svg class="spark" viewBox="0 0 {width} {height}" aria-hidden="true"><path d="{path}"/></svg>'
    )


def segments(phases: Phases) -> list[tuple[str, str, int, float, float]]:
    """The completed steps of a probe: class, name, ms, and where it begins and how wide it is, in percent."""
    total = max(1, phases.total_ms)
    told: list[tuple[str, str, int, float, float]] = []
    at = 0
    for name, words in PHASES:
        took = getattr(phases, f"{name}_ms")
        if took is not None:
            told.append((name.replace("_", "-"), words, took, 100 * at / total, 100 * took / total))
            at += took
    return told


def _date(day: Stretch) -> date:
    return day.start_at.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What one witness tells of a trouble, on an axis of 1000: where it begins, and how wide it is.

    `until_at` is `None` where it is not over.
    """

    witness: Witness
    status: Status
    since_at: datetime
    until_at: datetime | None
    x: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """The witnesses of one trouble on one axis, what was measured first."""

    lanes: tuple[Lane, ...]
    start_at: datetime
    end_at: datetime


def lanes(story: Story, now: datetime) -> Lanes:
    """A trouble as every witness told it: the lag is the distance between their edges."""
    spans = {each.witness: (each.since_at, each.until_at) for each in story.incident.accounts}
    if (seen := story.told) is not None:
        spans[Witness.VENDOR] = (seen.said_at, seen.ended_at and max(seen.said_at, seen.ended_at))
    start_at = min((since_at for since_at, _ in spans.values()), default=story.incident.opened_at)
    end_at = max((until_at or now for _, until_at in spans.values()), default=now)
    span = max(end_at - start_at, timedelta(seconds=1))
    return Lanes(
        lanes=tuple(
            Lane(
                witness=witness,
                status=story.incident.worst,
                since_at=since_at,
                until_at=until_at,
                x=min(round((since_at - start_at) / span * WIDE), WIDE - LEAST_WIDE),
                width=max(LEAST_WIDE, round(((until_at or now) - since_at) / span * WIDE)),
            )
            for witness, (since_at, until_at) in sorted(spans.items(), key=lambda each: ORDER.index(each[0]))
        ),
        start_at=start_at,
        end_at=end_at,
    )


def cell_of(day: Stretch, told: Mapping[date, Status]) -> tuple[str, int]:
    """The class of a day's cell, and how many quarters of it are filled."""
    if not day.was_watched:
        by_vendor = told.get(_date(day))
        return ("unwatched", 0) if by_vendor is None else (f"{by_vendor}{TOLD}", QUARTERS // 2)
    if day.status is Status.UNKNOWN or day.coverage >= NEARLY_ALL:
        return day.status.value, QUARTERS
    return day.status.value, min(QUARTERS - 1, max(1, round(day.coverage * QUARTERS)))


def _thickness(quarters: int, height: int) -> int:
    """How high that many quarters are; a day before the service was watched is a line at the bottom."""
    return height * quarters // QUARTERS or 2


def _hatched(name: str) -> str:
    # As an attribute, not in the style sheet: there, a fragment would be looked for in the style sheet's file.
    return ' stroke="url(#hatch)"' if name == Status.UNKNOWN else ""


def runs(points: Iterable[Point | None]) -> list[list[Point]]:
    """The stretches between the gaps."""
    return [[point for point in run if point] for seen, run in groupby(points, key=bool) if seen]


def line(points: Sequence[Point]) -> str:
    """A path through the points; a single one becomes a dot by its round ends."""
    (x, y), rest = points[0], points[1:]
    return f"M{x} {y}" + ("L" + " ".join(f"{x} {y}" for x, y in rest) if rest else "h0")
