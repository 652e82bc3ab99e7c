"""The story of the demonstration again and again, with a quiet while in between, for whoever comes later."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from itertools import count

from app.lab.clock import LabClock
from app.lab.scenario import Curve, IncidentEntry, Scenario, TroubleEntry

_SHORTEST = timedelta(minutes=1)
_LOOK_EVERY = timedelta(seconds=1)
"""The clock may be turned by hand meanwhile."""


def quiet_after(story: Scenario) -> timedelta:
    """How long nothing happens between the end of a story and its next beginning."""
    return max(story.duration * 2 / 3, _SHORTEST)


def in_round(story: Scenario, number: int) -> Scenario:
    """The story while it is told for the so-many-th time, from 0 on.

    Its troubles are those of this time, and end with it; what was said stays said since the first time.
    """
    every = story.duration + quiet_after(story)
    again = [entry for entry in story.incidents if entry.updates[0].at >= timedelta(0)]
    said = [_said_later(entry, each * every) for each in range(1, number + 1) for entry in again]
    troubles = [_later(entry, number * every, story.duration) for entry in story.troubles]
    return story.model_copy(update={"troubles": troubles, "incidents": [*story.incidents, *said]})


async def keep_telling(story: Scenario, play: Callable[[Scenario], None], clock: LabClock) -> None:
    """Let every further time be played when it is due, until cancelled; the first one is playing already."""
    every = story.duration + quiet_after(story)
    for number in count(1):
        while (left := number * every - clock.elapsed()) > timedelta(0):  # noqa: ASYNC110 - a clock knows no events
            await asyncio.sleep(min(left, _LOOK_EVERY).total_seconds())
        play(in_round(story, number))


def _later(entry: TroubleEntry, by: timedelta, end: timedelta) -> TroubleEntry:
    figures = {
        name: _curve_later(getattr(entry, name), by) for name in ("probability", "share", "seconds", "factor")
    }
    until = end if entry.until is None else min(entry.until, end)
    return entry.model_copy(update={**figures, "since": entry.since + by, "until": until + by})


def _curve_later(curve: Curve, by: timedelta) -> Curve:
    return {moment + by: value for moment, value in curve.items()} if isinstance(curve, dict) else curve


def _said_later(entry: IncidentEntry, by: timedelta) -> IncidentEntry:
    updates = [update.model_copy(update={"at": update.at + by}) for update in entry.updates]
    planned = entry.maintenance
    moved = planned and planned.model_copy(update={"begins": planned.begins + by, "until": planned.until + by})
    return entry.model_copy(update={"updates": updates, "maintenance": moved})
