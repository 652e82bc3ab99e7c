"""The board is made anew when something changed, and kept when it cannot be."""

import asyncio
from datetime import timedelta

import pytest

from app.board.keeper import BoardKeeper, Pace
from app.board.model import Board, Headline, OwnHealth
from app.domain.status import Status
from tests.build import START, minute
from tests.clocks import HandClock

NEVER = timedelta(days=1)


def a_board(number: int) -> Board:
    headline = Headline(status=Status.UP, claim=f"board {number}")
    own = OwnHealth(started_at=START, probing=True)
    return Board(made_at=minute(number), headline=headline, services=(), incidents=(), own=own)


class Maker:
    """Makes boards with rising numbers, or fails."""

    def __init__(self) -> None:
        self.made = 0
        self.failure: str | None = None
        self.asked = asyncio.Event()

    async def __call__(self) -> Board:
        self.asked.set()
        if self.failure is not None:
            raise OSError(self.failure)
        self.made += 1
        return a_board(self.made)


async def test_a_change_of_status_is_shown_at_once_and_mere_results_wait() -> None:
    maker = Maker()
    keeper = BoardKeeper(maker, clock=HandClock(), pace=Pace(calm=NEVER, idle=NEVER))
    renewed = asyncio.Event()
    await keeper.start()
    keeper.subscribe(renewed.set)
    keeper.invalidate()
    for _ in range(20):
        await asyncio.sleep(0)
    assert maker.made == 1
    keeper.invalidate(is_urgent=True)
    await asyncio.wait_for(renewed.wait(), 10)
    await keeper.stop()
    assert (maker.made, keeper.board) == (2, a_board(2))


@pytest.mark.parametrize("is_told", [True, False])
async def test_it_is_renewed_after_results_and_in_silence(is_told: bool) -> None:  # noqa: FBT001 - a row of the table
    maker = Maker()
    pace = Pace(calm=timedelta(0), idle=NEVER if is_told else timedelta(0))
    keeper = BoardKeeper(maker, clock=HandClock(), pace=pace)
    renewed = asyncio.Event()
    await keeper.start()
    keeper.subscribe(renewed.set)
    if is_told:
        keeper.invalidate()
    await asyncio.wait_for(renewed.wait(), 10)
    await keeper.stop()
    assert maker.made >= 2


async def test_when_no_board_can_be_made_the_last_one_stays_and_says_since_when() -> None:
    maker, clock = Maker(), HandClock()
    keeper = BoardKeeper(maker, clock=clock)
    await keeper.renew()
    maker.failure = "The disk does not answer."
    await keeper.renew()
    clock.move(timedelta(minutes=1))
    await keeper.renew()
    assert keeper.board is not None
    assert keeper.trouble == keeper.board.trouble
    assert keeper.trouble is not None
    assert (keeper.trouble.since_at, keeper.trouble.sentence) == (START, "The disk does not answer.")


async def test_a_trouble_is_over_when_a_board_can_be_made_again() -> None:
    maker = Maker()
    keeper = BoardKeeper(maker, clock=HandClock())
    maker.failure = "The disk does not answer."
    await keeper.renew()
    maker.failure = None
    await keeper.renew()
    assert (keeper.trouble, keeper.board) == (None, a_board(1))


async def test_without_a_first_board_there_is_none() -> None:
    maker = Maker()
    maker.failure = "no such table"
    keeper = BoardKeeper(maker, clock=HandClock())
    told: list[Board | None] = []
    keeper.subscribe(lambda: told.append(keeper.board))
    await keeper.renew()
    assert told == [None]
