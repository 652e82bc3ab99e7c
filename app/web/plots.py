"""The charts of a service over time, as paths in units of 1000 by 200; pure.

All of them have one axis of time, so that what happens at once stands above one another.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from app.board.history import DAY, HOUR, Stretches
from app.board.overtime import OverTime
from app.board.stretches import floor
from app.domain.incident import Incident
from app.domain.status import Status
from app.web.charts import WIDE, Point, line, runs

HIGH = 200
LEAST_WIDE, LEAST_HIGH = 3, 4
GAP = 0.2
"""The share of its bucket that a bar leaves free."""

TICKS = ((DAY, 6 * HOUR), (7 * DAY, 2 * DAY), (30 * DAY, 7 * DAY))
"""How far apart the marks of the axis are, by how long it is at most."""

FARTHEST_TICKS = 21 * DAY
NEAREST_TICK = 3.0
FARTHEST_TICK = 90.0
"""In percent: farther right stands the word for now."""

ROUND = (1, 2, 3, 4, 5, 6, 8, 10)
ROUND_EVEN = (2, 4, 6, 8, 10)
"""What an axis may end with, times a power of ten; of what is counted, half of it is a whole number, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark of the axis, in percent from the left; `is_hour` where it is one of a day's hours."""

    percent: float
    at: datetime
    is_hour: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """What was the matter from `x` on: an incident, or that nothing is known."""

    x: int
    width: int
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The time that all charts of a page show."""

    start_at: datetime
    end_at: datetime
    ticks: tuple[Tick, ...]
    shades: tuple[Shade, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A line of medians, and the band between it and the slow; `top` is the upper edge."""

    line: str
    band: str
    top: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A bar a bucket, and a line of what is usual; `top` is the upper edge."""

    bars: str
    usual: str
    top: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plots:
    """The charts of a service; `None` of what there is nothing to draw."""

    axis: Axis
    latency: Band | None
    first_token: Band | None
    speed: Band | None
    reports: Bars | None


def plots_of(over: OverTime, incidents: Iterable[Incident]) -> Plots:
    """What is drawn of a service over a window, with its incidents shaded."""
    moments = over.moments
    return Plots(
        axis=axis_of(over.history.stretches, incidents),
        latency=band_of([(each.latency_p50_ms, each.latency_p95_ms) for each in moments]),
        first_token=band_of([(each.first_token_p50_ms, each.first_token_p95_ms) for each in moments]),
        speed=band_of([(each.speed_p50, each.speed_p05) for each in moments]),
        reports=bars_of([(each.reports, each.usual_reports) for each in moments]),
    )


def axis_of(stretches: Stretches, incidents: Iterable[Incident]) -> Axis:
    """The axis of these buckets: its marks, its incidents, and where nothing is known."""
    start_at, end_at = stretches[0].start_at, stretches[-1].end_at
    return Axis(
        start_at=start_at,
        end_at=end_at,
        ticks=tuple(_ticks(start_at, end_at)),
        shades=(*_unseen(stretches), *_shades(incidents, start_at, end_at)),
    )


def band_of(values: Sequence[tuple[float | None, float | None]]) -> Band | None:
    """Medians with what few answers exceed, or of speeds do not reach; `None` where nothing was timed."""
    highest = max((value for pair in values for value in pair if value is not None), default=None)
    if highest is None:
        return None
    top = _round_up(highest, ROUND)
    middle, edge = (runs(_points(each, top)) for each in zip(*values, strict=True))
    return Band(
        line="".join(map(line, middle)),
        band="".join(f"{line([*far, *reversed(near)])}Z" for near, far in zip(middle, edge, strict=True)),
        top=top,
    )


def bars_of(values: Sequence[tuple[int | None, float | None]]) -> Bars | None:
    """Counts against what is usual; `None` where nothing was counted."""
    if not any(count for count, _ in values):
        return None
    top = _round_up(max(value for pair in values for value in pair if value is not None), ROUND_EVEN)
    counts, usual = zip(*values, strict=True)
    return Bars(bars="".join(_bars(counts, top)), usual="".join(map(line, runs(_steps(usual, top)))), top=top)


def _bars(counts: Sequence[int | None], top: int) -> Iterable[str]:
    step = WIDE / len(counts)
    width = round((1 - GAP) * step)
    for number, count in enumerate(counts):
        if count:
            height = max(LEAST_HIGH, _height(count, top))
            yield f"M{round((number + GAP / 2) * step)} {HIGH}v-{height}h{width}v{height}z"


def _steps(values: Sequence[float | None], top: int) -> Iterable[Point | None]:
    """Level over each bucket: two points for each."""
    step = WIDE / len(values)
    for number, value in enumerate(values):
        for at in (number, number + 1):
            yield None if value is None else (round(at * step), HIGH - _height(value, top))


def _points(values: Sequence[float | None], top: int) -> Iterable[Point | None]:
    """In the middle of its bucket each."""
    step = WIDE / len(values)
    return (
        None if value is None else (round((number + 0.5) * step), HIGH - _height(value, top))
        for number, value in enumerate(values)
    )


def _height(value: float, top: int) -> int:
    return round(value / top * HIGH)


def _ticks(start_at: datetime, end_at: datetime) -> Iterable[Tick]:
    span = end_at - start_at
    apart = next((step for most, step in TICKS if span <= most + HOUR), FARTHEST_TICKS)
    at = floor(end_at, min(apart, DAY))
    while at >= start_at:
        percent = 100 * ((at - start_at) / span)
        if NEAREST_TICK <= percent <= FARTHEST_TICK:
            yield Tick(percent=round(percent, 1), at=at, is_hour=apart < DAY)
        at -= apart


def _unseen(stretches: Stretches) -> Iterable[Shade]:
    """Where we should have looked and know nothing."""
    step, place = WIDE / len(stretches), 0
    for is_unseen, run in groupby(stretches, key=lambda each: each.status is Status.UNKNOWN and each.was_watched):
        length = len(list(run))
        if is_unseen:
            yield Shade(x=round(place * step), width=math.ceil(length * step), status=Status.UNKNOWN)
        place += length


def _shades(incidents: Iterable[Incident], start_at: datetime, end_at: datetime) -> Iterable[Shade]:
    for incident in incidents:
        since, until = max(incident.opened_at, start_at), min(incident.closed_at or end_at, end_at)
        if since < until:
            x = round((since - start_at) / (end_at - start_at) * WIDE)
            width = max(LEAST_WIDE, round((until - since) / (end_at - start_at) * WIDE))
            yield Shade(x=x, width=width, status=incident.worst)


def _round_up(value: float, steps: Sequence[int]) -> int:
    """The next figure that reads well on an axis: one of these steps times a power of ten."""
    power: int = 10 ** math.floor(math.log10(max(1, value)))
    return next(step * power for step in steps if step * power >= value)
