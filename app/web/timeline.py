"""The story of a trouble as both witnesses told it, in one order; pure."""

from dataclasses import dataclass
from datetime import datetime

from app.board.model import Story
from app.domain.incident import IncidentEvent
from app.domain.result import Recorded
from app.domain.vendor import VendorUpdate


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: an event of ours with the result it is dated from, or an update of the vendor's."""

    at: datetime
    event: IncidentEvent | None = None
    recorded: Recorded | None = None
    update: VendorUpdate | None = None


def steps_of(story: Story) -> tuple[Step, ...]:
    """The steps of a story, the first first."""
    ours = [
        Step(at=event.at, event=event, recorded=recorded)
        for event, recorded in zip(story.incident.events, story.told_by, strict=True)
    ]
    updates = story.told.incident.updates if story.told is not None else ()
    theirs = [Step(at=update.at, update=update) for update in reversed(updates)]
    return tuple(sorted([*ours, *theirs], key=lambda step: step.at))
