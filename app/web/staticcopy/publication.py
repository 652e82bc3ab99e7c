"""Where copies are published, and when the next one is due; pure but for putting it there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from app.board.model import Board
from app.board.publishing import Publishing
from app.clock import Clock
from app.web.staticcopy.bucket import Place, publish_to_bucket
from app.web.staticcopy.folder import write_folder
from app.web.staticcopy.model import StaticCopy, Terms

CALM: Final = timedelta(seconds=15)
"""What changes sooner after a copy waits so long: troubles come in swarms."""

FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(minutes=15)
MOST_DOUBLINGS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Where copies go, into a folder or a bucket, and on which terms."""

    terms: Terms
    to: Path | Place

    async def put(self, copy: StaticCopy, clock: Clock) -> int:
        """Put a copy there, and tell how much of it changed. Raises `CopyError`."""
        if isinstance(self.to, Path):
            return write_folder(copy, self.to)
        return await publish_to_bucket(copy, self.to, clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How publishing goes: the last copy and what it told, and how often in a row it has failed since."""

    told: Mapping[str, object] | None = None
    published_at: datetime | None = None
    failed_at: datetime | None = None
    in_a_row: int = 0

    def wait(self, told: Mapping[str, object], every: timedelta, now: datetime) -> timedelta:
        """For how long nothing is to be published yet; what tells something new does not wait for its time."""
        if self.in_a_row and self.failed_at is not None:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(self.in_a_row - 1, MOST_DOUBLINGS)))
            return self.failed_at + pause - now
        if self.published_at is None:
            return timedelta(0)
        return self.published_at + (every if told == self.told else min(CALM, every)) - now


def what_is_told(board: Board) -> Mapping[str, object]:
    """What nobody should wait to see: the status of everything, by us and its vendor, and how far stories went."""
    return {
        "services": [(view.service.id, view.status, view.word and view.word.status) for view in board.services],
        "incidents": [(each.id, len(each.events)) for each in board.incidents],
        "reports": [(each.vendor.id, each.status, each.incident and each.incident.id) for each in board.reports],
        "plans": [(each.vendor.id, each.maintenance.id) for each in board.plans],
        "network": board.own.network_fails,
    }


def succeeded(before: Publishing, changed: int, files: int, now: datetime) -> Publishing:
    """How we are after a copy was published."""
    return Publishing(published_at=now, failures=before.failures, changed=changed, files=files)


def failed(before: Publishing, why: str) -> Publishing:
    """How we are after a copy could not be published."""
    return Publishing(
        published_at=before.published_at,
        failures=before.failures + 1,
        changed=before.changed,
        files=before.files,
        trouble=why,
    )
