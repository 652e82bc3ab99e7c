"""The story told again and again: the same each time, quiet in between, and what was said stays said."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from app.demo.rounds import in_round, keep_telling, quiet_after
from app.lab.clock import LabClock
from app.lab.scenario import IncidentEntry, Scenario, load_scenario, nothing_happens
from app.lab.troubles import Surface, Trouble
from app.lab.vendors import pretended_vendors

STORY = load_scenario("image-launch-overload", pretended_vendors())
EVERY = STORY.duration + quiet_after(STORY)
START = datetime(2026, 11, 23, 12, tzinfo=UTC)


def reigning(story: Scenario, elapsed: timedelta) -> Sequence[tuple[str, Trouble]]:
    return [each for surface in Surface for each in story.troubles_at(elapsed, "openai", surface)]


@pytest.mark.parametrize("minute", [0, 9, 26, 50, 99, 140])
def test_every_time_it_is_the_same_story(minute: int) -> None:
    moment = timedelta(minutes=minute)
    for number in range(3):
        assert reigning(in_round(STORY, number), number * EVERY + moment) == reigning(STORY, moment)


def test_nothing_happens_in_between() -> None:
    assert quiet_after(STORY) == timedelta(minutes=100)
    endless = STORY.model_copy(
        update={"troubles": [entry.model_copy(update={"until": None}) for entry in STORY.troubles]}
    )
    for story in (STORY, endless):
        for number in range(3):
            quiet = number * EVERY + STORY.duration
            assert reigning(in_round(story, number), quiet + timedelta(minutes=1)) == []


def test_what_was_said_stays_said_and_keeps_its_number() -> None:
    before = load_scenario("clean-outage", pretended_vendors()).incidents[0]
    updates = [update.model_copy(update={"at": update.at - timedelta(days=3)}) for update in before.updates]
    past = IncidentEntry.model_validate(before.model_dump(by_alias=True) | {"updates": updates})
    full = STORY.after([past])
    twice, thrice = (in_round(full, number).stories("openai", START) for number in (1, 2))
    assert thrice[:2] == twice
    assert [story.updates[0][0] - START for story in thrice] == [
        timedelta(minutes=33) + number * EVERY for number in range(3)
    ]
    assert len(in_round(full, 2).stories(past.vendor, START)) == 1


def test_a_story_without_length_does_not_go_round_and_round() -> None:
    assert quiet_after(nothing_happens()) == timedelta(minutes=1)


async def test_each_time_is_played_when_the_clock_says_so() -> None:
    clock = LabClock.by_hand()
    clock.advance(2 * EVERY + timedelta(minutes=1))
    played: list[Scenario] = []
    telling = asyncio.create_task(keep_telling(STORY, played.append, clock))
    await asyncio.sleep(0)
    telling.cancel()
    with suppress(asyncio.CancelledError):
        await telling
    assert played == [in_round(STORY, 1), in_round(STORY, 2)]
