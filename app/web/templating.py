"""Templates, and the words and figures they use."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.board.assemble import spell
from app.domain.status import Status
from app.web.charts import bar, spark

WORDS = {
    Status.UP: "Works",
    Status.DEGRADED: "Trouble",
    Status.DOWN: "Down",
    Status.UNKNOWN: "Unknown",
    Status.MAINTENANCE: "Maintenance",
}
"""How a status is said to people."""

Asset = Callable[[str], str]


def environment(templates: Path, asset: Asset) -> Environment:
    """The templates in that folder; `asset` gives the address of a static file."""
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: Mapping[str, Callable[..., Any]] = {
        "percent": percent,
        "moment": moment,
        "spell": spell,
        "every": every,
        "word": WORDS.__getitem__,
        "ms": milliseconds,
    }
    made.filters.update(filters)
    made.globals.update(bar=bar, spark=spark, asset=asset, Status=Status)
    return made


def percent(share: float | None) -> str:
    """A share as a percentage that never rounds a failure away: 99.99 stays below 100."""
    if share is None:
        return "–"
    if share in (0.0, 1.0):
        return f"{share * 100:.0f} %"
    return f"{min(share * 100, 99.99):.2f} %"


def moment(at: datetime | None, form: str = "%d %b %H:%M") -> Markup:
    """A moment for people and for machines; a script turns it into the visitor's own time."""
    if at is None:
        return Markup("–")
    shown = f"{at.astimezone(UTC):{form}} UTC"
    return Markup('<time datetime="{}">{}</time>').format(f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", shown)


def every(span: timedelta) -> str:
    """An interval as people say it."""
    seconds = span.total_seconds()
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            count = int(seconds // size)
            return f"every {name}" if count == 1 else f"every {count} {name}s"
    return f"every {seconds:g} seconds"


def milliseconds(value: int | None) -> str:
    """A latency with its unit."""
    if value is None:
        return "–"
    return f"{value} ms" if value < 10_000 else f"{value / 1000:.1f} s"  # noqa: PLR2004 - five digits are too many
