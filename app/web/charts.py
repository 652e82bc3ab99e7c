"""Charts as SVG from the server: small enough for sixty on one page."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from app.board.model import Day, Point
from app.domain.status import Status

CELL, HEIGHT = 4, 24
SPARK_WIDTH, SPARK_HEIGHT = 96, 24
SWING = 1.5
"""A line that swings by less than this factor is drawn flatter than the room it has: noise is no news."""


def bar(days: Sequence[Day], title: str) -> Markup:
    """The 90-day bar: a cell a day, drawn as a dashed line a status, which costs a few bytes a run.

    Days that are not simply up are listed in `data-days` (index, status letter, uptime in percent) for whoever
    points at them; the service's page has them all in a table.
    """
    paths = "".join(f'<path class="{status}" d="{"".join(moves)}"/>' for status, moves in _runs(days))
    notes = ",".join(_note(number, day) for number, day in enumerate(days) if day.status is not Status.UP)
    return Markup(
        '<svg class="bar" viewBox="0 0 {width} {height}" preserveAspectRatio="none" role="img"'
        ' aria-label="{title}" data-end="{end}" data-days="{notes}">{paths}</svg>'
    ).format(
        width=len(days) * CELL - 1,
        height=HEIGHT,
        title=title,
        end=days[-1].date.isoformat() if days else "",
        notes=notes,
        paths=Markup(paths),  # noqa: S704 - made of numbers and our own words alone
    )


def _runs(days: Sequence[Day]) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    number = 0
    for look, group in groupby(days, key=_look):
        length = len(list(group))
        found.setdefault(look, []).append(f"M{number * CELL} 12h{length * CELL - 1}")
        number += length
    yield from found.items()


def _look(day: Day) -> str:
    return "none" if day.tally is None else day.status.value


def _note(number: int, day: Day) -> str:
    """`12d99.2` for a day with an uptime, `13u` for one that is unknown, `14` for one before we watched."""
    if day.tally is None:
        return str(number)
    uptime = day.tally.uptime
    letter = {Status.DOWN: "d", Status.DEGRADED: "g"}.get(day.status, "u")
    return f"{number}{letter}" + (f"{uptime * 100:.4g}" if uptime is not None else "")


def spark(points: Sequence[Point], title: str) -> Markup:
    """The latency of the last 24 hours as a line; hours in which nothing was measured are gaps in it."""
    known = [point.median_ms for point in points if point.median_ms is not None]
    if not known:
        return Markup('<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}"></svg>').format(
            SPARK_WIDTH, SPARK_HEIGHT, title
        )
    low = min(known)
    high = max(*known, low * SWING + 1)
    step = SPARK_WIDTH / max(1, len(points) - 1)
    path, pen = [], "M"
    for number, point in enumerate(points):
        if point.median_ms is None:
            pen = "M"
            continue
        y = SPARK_HEIGHT - 2 - (SPARK_HEIGHT - 4) * (point.median_ms - low) / (high - low)
        path.append(f"{pen}{number * step:.0f} {y:.0f}")
        pen = "L"
    if len(known) == 1:
        path.append("h3")
    return Markup(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<path d="{}"/></svg>'
    ).format(SPARK_WIDTH, SPARK_HEIGHT, title, "".join(path))
