"""A lab for every test: its clock stands still, and its vendors answer at once."""

from collections.abc import AsyncIterator

import pytest

from app.lab.clock import LabClock
from app.lab.face import Pace
from app.lab.world import World, lab_world


@pytest.fixture
def clock() -> LabClock:
    return LabClock.by_hand()


@pytest.fixture
async def world(clock: LabClock) -> AsyncIterator[World]:
    async with lab_world(clock=clock) as world:
        for vendor in world.vendors:
            world.pace(vendor, Pace(head=0, first=0.001, rate=10_000))
        yield world
