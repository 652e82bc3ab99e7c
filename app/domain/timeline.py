"""A recorded timeline of a status page, and the story that it tells when it is played."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.incident import Incident
from app.domain.lag import LagEntry
from app.domain.mapping import Basis
from app.domain.result import CheckId, Reading
from app.domain.said import Said
from app.domain.service import Service
from app.domain.status import Status
from app.domain.vendor import VendorPage
from app.domain.watched import WatchedPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A reading of the page at a moment: what it said, or why it could not be read."""

    at: datetime
    page: VendorPage | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A reading of our own beside the vendor's page, by one check."""

    at: datetime
    reading: Reading
    check_id: CheckId


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What is played: a page and the service it is played for, its looks and our readings, each in order of time.

    `pace` tells that the page was looked at this often and that only what changed was kept; without it, nobody
    looked between two looks.
    """

    watched: WatchedPage
    service: Service
    looks: Sequence[Look]
    measured: Sequence[Measured] = ()
    pace: timedelta | None = None


class Teller(StrEnum):
    """Whose step it is: what the vendor said, what that means for the service, what was measured."""

    VENDOR = "vendor"
    WORD = "word"
    MEASURED = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the story, known since `at`.

    `kind` is that of the statement, or the status that is taken from now on; `dated_back_by` how long before a
    reading that did not show it an update claims to have been said.
    """

    at: datetime
    witness: Teller
    kind: str
    sentence: str
    said: Said | None = None
    dated_back_by: timedelta | None = None

    @property
    def is_quiet_edit(self) -> bool:
        """Whether it changes what was said before, instead of saying something new."""
        return self.said is not None and self.said.kind.is_quiet_edit


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory:
    """An incident of the vendor's that concerns the service, as it looks at the end of the recording.

    `told_after` is how long after the start that it claims its first word came, `lasted` from that start to its
    end. `was_known` tells that it was there when the recording began, `gone_at` from when on it was not listed any
    more; one that nobody had called over ended then. `updates` are all that were ever told of it.
    """

    id: str
    title: str
    phase: str
    impact: Status
    impact_words: str
    basis: Basis
    started_at: datetime
    said_at: datetime
    told_after: timedelta
    ended_at: datetime | None
    lasted: timedelta | None
    updates: int
    quiet_edits: int
    dated_back: int
    was_known: bool
    is_witnessed: bool
    gone_at: datetime | None
    is_deleted: bool
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a recording tells: every step in order, the incidents newest first, and the lag where both told.

    `spans` is for how long the vendor's word on the service was of which status, from the first look to the last:
    unknown where nobody had looked for so long that it was stale.
    """

    first_at: datetime
    last_at: datetime
    looks: int
    failed: int
    kind: str
    spans: Mapping[Status, timedelta]
    steps: tuple[Step, ...]
    incidents: tuple[ToldStory, ...]
    measured: tuple[Incident, ...] = ()
    lags: tuple[LagEntry, ...] = ()
