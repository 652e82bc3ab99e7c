"""Spans of any length in buckets of any usual size: what is asked for, and what comes back."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.board.history import Window
from app.board.ranges import Step, range_asked
from app.domain.result import LOCAL
from app.domain.rollup import Rollup, Tally
from app.domain.sketch import Sketch
from app.store.engine import Database
from app.store.rollups import save_rollups
from app.store.series import load_numbers
from app.store.tables import hours
from tests.build import START
from tests.web.conftest import MODELS, Site

HISTORY = "/api/v1/services/api/history"
NOW = datetime.fromisoformat("2026-03-04T14:10:00Z")  # a Wednesday


def at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("window", "from_at", "to_at", "step", "start", "count", "hours_each"),
    [
        (None, None, None, None, "2026-03-03T15:00:00Z", 24, 1),
        ("7d", None, None, None, "2026-02-25T18:00:00Z", 28, 6),
        ("30d", None, None, None, "2026-02-03T00:00:00Z", 30, 24),
        ("24h", None, None, "6h", "2026-03-03T18:00:00Z", 4, 6),
        ("24h", None, None, "7d", "2026-03-02T00:00:00Z", 1, 168),
        ("24h", None, "2026-03-02T00:00:00Z", None, "2026-03-01T00:00:00Z", 24, 1),
        (None, "2026-03-04T10:30:00Z", None, None, "2026-03-04T10:00:00Z", 5, 1),
        (None, "2026-03-04T10:00:00Z", "2026-03-04T11:00:00Z", "30m", "2026-03-04T10:00:00Z", 2, 0.5),
        (None, "2026-02-01T10:00:00Z", None, None, "2026-02-01T00:00:00Z", 32, 24),
        (None, "2026-02-20T10:00:00Z", None, "7d", "2026-02-16T00:00:00Z", 3, 168),
    ],
)
def test_a_span_is_widened_to_whole_buckets(
    *,
    window: str | None,
    from_at: str | None,
    to_at: str | None,
    step: str | None,
    start: str,
    count: int,
    hours_each: float,
) -> None:
    asked = range_asked(
        NOW,
        window=None if window is None else Window(window),
        from_at=at(from_at),
        to_at=at(to_at),
        step=None if step is None else Step(step),
    )
    assert (asked.start_at, asked.count, asked.step) == (at(start), count, timedelta(hours=hours_each))


async def test_minutes_are_counted_from_single_results(site: Site) -> None:
    told: Any = await site.json(f"{HISTORY}?from=2026-03-01T13:55:00Z&step=5m&check=models")
    assert [(each["start_at"][11:16], each["status"], each["down"], each["due"]) for each in told["buckets"]] == [
        ("13:55", "unknown", 0, 1),
        ("14:00", "down", 1, 1),
        ("14:05", "down", 2, 2),
        ("14:10", "unknown", None, None),
    ]
    assert (told["window"], told["from_at"], told["to_at"], told["bucket_ms"]) == (
        None,
        "2026-03-01T13:55:00Z",
        "2026-03-01T14:15:00Z",
        300_000,
    )


async def test_an_hour_of_which_nothing_is_kept_is_a_gap_and_what_was_folded_is_not(
    site: Site, database: Database
) -> None:
    told: Any = await site.json(f"{HISTORY}?from=2026-03-01T12:00:00Z&step=1h&check=models")
    assert [(each["start_at"][11:16], each["due"], each["coverage"]) for each in told["buckets"]] == [
        ("12:00", None, None),
        ("13:00", 12, 0.0),
        ("14:00", 3, 1.0),
    ]


async def test_what_is_too_old_to_be_kept_is_not_told_as_a_gap(database: Database, site: Site) -> None:
    async with database.write() as tx:
        number = (await load_numbers(tx, [MODELS.id]))[MODELS.id, LOCAL]
        kept = Rollup(start_at=START - timedelta(minutes=0), tally=Tally(due=12, up=12), sketch=Sketch())
        await save_rollups(tx, hours, number, [kept])
    told: Any = await site.json(f"{HISTORY}?from=2026-03-01T12:00:00Z&step=1h")
    assert told["kept_since_at"] == "2026-03-01T14:00:00Z"
    assert [each["is_kept"] for each in told["buckets"]] == [False, False, True]
