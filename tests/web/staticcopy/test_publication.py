"""When the next copy is due."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.status import Status
from app.web.staticcopy.publication import LONGEST_PAUSE, Progress, what_is_told
from tests.build import START, minute
from tests.web.conftest import Site

EVERY = timedelta(minutes=5)
OLD, NEW = {"services": "up"}, {"services": "down"}
PUBLISHED = Progress(told=OLD, published_at=START)
FAILED = replace(PUBLISHED, failed_at=minute(10))


def seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("progress", "told", "now", "wait"),
    [
        (Progress(), OLD, START, seconds(0)),
        (PUBLISHED, OLD, START + seconds(10), seconds(290)),
        (PUBLISHED, NEW, START + seconds(10), seconds(5)),
        (PUBLISHED, NEW, START + seconds(60), seconds(-45)),
        (Progress(failed_at=START, in_a_row=1), OLD, START, seconds(15)),
        (replace(FAILED, in_a_row=1), NEW, minute(10), seconds(15)),
        (replace(FAILED, in_a_row=3), OLD, minute(10), seconds(60)),
        (replace(FAILED, in_a_row=5_000), OLD, minute(10), LONGEST_PAUSE),
    ],
)
def test_news_are_published_soon_the_rest_in_its_time_and_failures_are_given_rest(
    progress: Progress, told: dict[str, object], now: datetime, wait: timedelta
) -> None:
    assert progress.wait(told, EVERY, now) == wait


async def test_a_status_is_news_and_an_older_span_is_none(site: Site) -> None:
    board = site.keeper.board
    assert board is not None
    later = replace(board, made_at=board.made_at + timedelta(minutes=1))
    first, *others = board.services
    worse = replace(
        board, services=(replace(first, verdict=replace(first.verdict, status=Status.UNKNOWN)), *others)
    )
    assert what_is_told(later) == what_is_told(board)
    assert what_is_told(worse) != what_is_told(board)
