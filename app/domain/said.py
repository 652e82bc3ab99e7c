"""What a vendor said and when: every change that is seen on a status page, as one closed kind with its words.

Statements are facts of two times: `seen_at` is when we saw it (ours, certain), `at` is when the vendor says that
it happened (theirs, and it can be edited, which is itself a statement).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.saying import say, template
from app.domain.vendor import VendorIncident, VendorMaintenance, VendorPage

WITNESS_GAP = timedelta(minutes=15)
"""Whoever looks no oftener than this cannot say when something was first said."""


class SaidKind(StrEnum):
    """What a statement tells."""

    FIRST_READ = "first_read"
    HISTORY_READ = "history_read"
    NOT_LOOKED = "not_looked"
    UNREADABLE = "unreadable"
    READABLE_AGAIN = "readable_again"
    KIND_CHANGED = "kind_changed"
    HEADLINE_CHANGED = "headline_changed"
    PART_CHANGED = "part_changed"
    PART_ADDED = "part_added"
    PART_REMOVED = "part_removed"
    PART_RENAMED = "part_renamed"
    INCIDENT_OPENED = "incident_opened"
    INCIDENT_TOLD_AFTERWARDS = "incident_told_afterwards"
    UPDATE_ADDED = "update_added"
    UPDATE_EDITED = "update_edited"
    UPDATE_REDATED = "update_redated"
    UPDATE_REMOVED = "update_removed"
    RETITLED = "retitled"
    PHASE_CHANGED = "phase_changed"
    IMPACT_CHANGED = "impact_changed"
    PARTS_CHANGED = "parts_changed"
    START_MOVED = "start_moved"
    END_MOVED = "end_moved"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    INCIDENT_GONE = "incident_gone"
    INCIDENT_DELETED = "incident_deleted"
    MAINTENANCE_ANNOUNCED = "maintenance_announced"
    MAINTENANCE_CHANGED = "maintenance_changed"
    MAINTENANCE_GONE = "maintenance_gone"
    MORE_CHANGES = "more_changes"

    @property
    def is_quiet_edit(self) -> bool:
        """Whether it changes what was said before, instead of saying something new."""
        return self in _QUIET_EDITS

    @property
    def ends_blindness(self) -> bool:
        """Whether it ends a time, from its `at` to its `seen_at`, in which the page was not read."""
        return self in (SaidKind.FIRST_READ, SaidKind.NOT_LOOKED, SaidKind.READABLE_AGAIN)


_QUIET_EDITS = frozenset(
    {
        SaidKind.UPDATE_EDITED,
        SaidKind.UPDATE_REDATED,
        SaidKind.UPDATE_REMOVED,
        SaidKind.RETITLED,
        SaidKind.START_MOVED,
        SaidKind.END_MOVED,
        SaidKind.INCIDENT_DELETED,
    }
)

_SENTENCES = {
    SaidKind.FIRST_READ: template("the page was read for the first time: {after}"),
    SaidKind.HISTORY_READ: template("past incidents were read back: {after}"),
    SaidKind.NOT_LOOKED: template("nobody looked from {before} to {after}"),
    SaidKind.UNREADABLE: template("the page cannot be read: {after}"),
    SaidKind.READABLE_AGAIN: template("the page can be read again; it could not since {before}"),
    SaidKind.KIND_CHANGED: template("the page is now of the kind {after}, it was {before}"),
    SaidKind.HEADLINE_CHANGED: template("headline: “{after}” (was “{before}”)"),
    SaidKind.PART_CHANGED: template("{subject}: {after} (was {before})"),
    SaidKind.PART_ADDED: template("{subject}: new on the page, {after}"),
    SaidKind.PART_REMOVED: template("{subject}: no longer on the page, was {before}"),
    SaidKind.PART_RENAMED: template("{before} is now called {after}"),
    SaidKind.INCIDENT_OPENED: template("“{subject}” opened: {after}"),
    SaidKind.INCIDENT_TOLD_AFTERWARDS: template("“{subject}” told only when it was over: {after}"),
    SaidKind.UPDATE_ADDED: template("“{subject}”: {after}"),
    SaidKind.UPDATE_EDITED: template("“{subject}”: an update now reads “{after}”; it read “{before}”"),
    SaidKind.UPDATE_REDATED: template("“{subject}”: an update of {before} is now dated {after}"),
    SaidKind.UPDATE_REMOVED: template("“{subject}”: an update was taken back: “{before}”"),
    SaidKind.RETITLED: template("“{before}” is now called “{after}”"),
    SaidKind.PHASE_CHANGED: template("“{subject}”: {after} (was {before})"),
    SaidKind.IMPACT_CHANGED: template("“{subject}”: impact {after} (was {before})"),
    SaidKind.PARTS_CHANGED: template("“{subject}”: now hits {after}; hit {before}"),
    SaidKind.START_MOVED: template("“{subject}”: said to have begun at {after}; at {before} before"),
    SaidKind.END_MOVED: template("“{subject}”: said to have ended at {after}; at {before} before"),
    SaidKind.RESOLVED: template("“{subject}” resolved: {after}"),
    SaidKind.REOPENED: template("“{subject}” opened again: {after}"),
    SaidKind.INCIDENT_GONE: template("“{subject}” is no longer listed; was {before}, taken for over"),
    SaidKind.INCIDENT_DELETED: template("“{subject}” was deleted: older incidents are still listed, it is not"),
    SaidKind.MAINTENANCE_ANNOUNCED: template("maintenance “{subject}” announced: {after}"),
    SaidKind.MAINTENANCE_CHANGED: template("maintenance “{subject}”: {after} (was {before})"),
    SaidKind.MAINTENANCE_GONE: template("maintenance “{subject}” is no longer listed; was {before}"),
    SaidKind.MORE_CHANGES: template("{after} more changes at once, which are only in the document"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One statement. `subject` and `subject_id` name what it is about, an incident, a maintenance or a part.

    `before` and `after` are the vendor's words (or our sentence for what we did ourselves), `at` its own time.
    """

    kind: SaidKind
    seen_at: datetime
    at: datetime | None = None
    subject_id: str | None = None
    subject: str = ""
    before: str = ""
    after: str = ""

    @property
    def sentence(self) -> str:
        """The statement as one would tell it."""
        return say(_SENTENCES[self.kind], subject=self.subject, before=self.before, after=self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenIncident:
    """A vendor's incident and what we know of it by having looked.

    `first_seen_at` is the reading that showed it first, `not_yet_at` the last reading that did not (`None` where
    it was there when we began to look). `incident` unites all that was ever told of it. `gone_at` is the reading
    from which on it was no longer listed although it was open, or although it had no reason to drop off.
    """

    page_key: str
    incident: VendorIncident
    first_seen_at: datetime
    not_yet_at: datetime | None = None
    gone_at: datetime | None = None
    is_deleted: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the vendor still stands by it and has not called it over."""
        return self.gone_at is None and self.incident.is_open

    @property
    def ended_at(self) -> datetime | None:
        """When it was over: as the vendor says, else when it was no longer listed; `None` while it is open."""
        if self.incident.is_open:
            return self.gone_at
        return self.incident.resolved_at or self.last_said_at

    @property
    def last_said_at(self) -> datetime:
        """The latest moment that the vendor dates anything of it."""
        return max([self.incident.started_at, *(update.at for update in self.incident.updates)])

    @property
    def is_witnessed(self) -> bool:
        """Whether we were looking when it was first said, so that the moment is known to a few minutes."""
        return self.not_yet_at is not None and self.first_seen_at - self.not_yet_at <= WITNESS_GAP

    @property
    def said_at(self) -> datetime:
        """The vendor's first word: what it claims, but no earlier than a reading that did not show it yet."""
        incident = self.incident
        claims = [incident.published_at] if incident.published_at else [update.at for update in incident.updates]
        claimed = min(claims, default=self.first_seen_at)
        if self.not_yet_at is None:
            return min(claimed, self.first_seen_at)
        return min(max(claimed, self.not_yet_at), self.first_seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMaintenance:
    """A maintenance that a vendor announced, as it was told last."""

    page_key: str
    maintenance: VendorMaintenance


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """What is carried from reading to reading of one page.

    `page` is the last good reading, of `read_at`. `failing_since_at` is the first of the failed readings since
    then, `trouble` why the latest failed; `unknown_since_at` is set once the vendor's word counts as unknown.
    `changed_at` is when the page last changed before our eyes, `part_since` when each part took its status (no
    entry: it had it when we began to look). `history_read_at` is when past incidents were last read back.
    """

    key: str
    page: VendorPage | None = None
    first_read_at: datetime | None = None
    read_at: datetime | None = None
    changed_at: datetime | None = None
    part_since: Mapping[str, datetime] = field(default_factory=dict)
    failures: int = 0
    failing_since_at: datetime | None = None
    unknown_since_at: datetime | None = None
    trouble: str = ""
    history_read_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one reading amounts to: the new state, what was said, and the incidents and maintenances to keep."""

    state: PageState
    said: tuple[Said, ...] = ()
    incidents: tuple[SeenIncident, ...] = ()
    maintenances: tuple[SeenMaintenance, ...] = ()


def told_time(moment: datetime | None) -> str:
    """A moment as statements tell it: `2026-06-17 00:47:11 UTC`."""
    return say("an untold time") if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"
