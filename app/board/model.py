"""The board: what is shown now, worked out once for pages, JSON and badges alike, so that they cannot disagree."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from app.domain.check import Check
from app.domain.incident import Incident
from app.domain.network import NetworkView
from app.domain.result import ProbeResult, Recorded, Region
from app.domain.rollup import Tally
from app.domain.service import Group, Service, Vendor
from app.domain.status import Status, severity

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class EvidenceLevel(StrEnum):
    """How far a good measurement reaches."""

    REACHABLE = "reachable"
    """The vendor's own systems answered, if only with a refusal; that a model would reply is not proven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHealth:
    """How we are ourselves. A trouble says what is wrong, and is `None` while all is well."""

    started_at: datetime
    probing: bool
    network: NetworkView | None = None
    storage_trouble: str | None = None
    catalogue_trouble: str | None = None
    late_p99_ms: float | None = None
    missed: int = 0

    @property
    def network_fails(self) -> bool:
        """Whether our own network is known to fail."""
        return self.network is not None and self.network.works is False

    @property
    def troubles(self) -> tuple[str, ...]:
        """Everything that is wrong with us, in sentences."""
        told = []
        if self.network is not None and self.network_fails:
            told.append(f"Our own network fails: {self.network.sentence}")
        if self.storage_trouble is not None:
            told.append(f"Results wait to be stored: {self.storage_trouble}")
        if self.catalogue_trouble is not None:
            told.append(f"The catalogue has a mistake; the last good one is in force: {self.catalogue_trouble}")
        return tuple(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A service over a span of time.

    `uptime` (0 to 1, `None` where nothing is known) and `coverage` (0 to 1) are those of the worst of the checks
    that judge it, `tally` sums them all; the latencies are those of its leading check. A service that was not
    watched yet is `unknown`, with nothing due.
    """

    start_at: datetime
    span: timedelta
    status: Status
    uptime: float | None
    coverage: float
    tally: Tally
    p50_ms: int | None = None
    p95_ms: int | None = None

    @property
    def end_at(self) -> datetime:
        """The first moment after it."""
        return self.start_at + self.span

    @property
    def was_watched(self) -> bool:
        """Whether anything was asked, or should have been."""
        return bool(self.tally.due or self.tally.judged)


Stretches = tuple[Stretch, ...]
"""Stretches of one span in a row, oldest first."""


class Window(StrEnum):
    """How far a history looks back."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"

    @property
    def length(self) -> timedelta:
        """The whole of it."""
        return timedelta(hours=24) if self is Window.DAY else timedelta(days=int(self.value[:-1]))

    @property
    def bucket(self) -> timedelta:
        """The span of each stretch: short enough to see a trouble, long enough to be counted well."""
        return {Window.DAY: HOUR, Window.WEEK: 6 * HOUR}.get(self, DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A service, or one check of it, over a window; the last stretch is not over yet."""

    window: Window
    stretches: Stretches
    leading: Check | None
    """The check whose latencies are told; `None` where the service has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A check in a region as it stands: the confirmed status, and what the last probe met."""

    check: Check
    region: Region
    status: Status
    since_at: datetime | None
    reason: str
    last: ProbeResult | None
    last_status: Status

    @property
    def latency_ms(self) -> int | None:
        """How long the last answer took, where it was a right one."""
        return self.last.phases.total_ms if self.last is not None and self.last.failure is None else None

    @property
    def is_ours(self) -> bool:
        """Whether what is wrong with it is a problem of ours, or cannot be told: never held against the vendor."""
        failure = self.last.failure if self.last is not None else None
        return failure is not None and not failure.blame.is_vendors


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    """A service as it stands, for its row and for its page.

    `days` are the last 90 UTC days, the last of them today; `hours` the last 24 and the one that is under way.
    `uptime` and `coverage` are over the 90 days, `latency_ms` is that of its leading check. `incidents` are those
    of the 90 days, newest first.
    """

    service: Service
    vendor: Vendor
    status: Status
    since_at: datetime | None
    reason: str
    evidence: EvidenceLevel
    checks: tuple[CheckView, ...]
    days: Stretches
    hours: Stretches
    uptime: float | None
    coverage: float
    leading: Check | None
    latency_ms: int | None
    last_probed_at: datetime | None
    incidents: tuple[Incident, ...]

    @property
    def open_incident(self) -> Incident | None:
        """The incident that is not over, if there is one."""
        return next((incident for incident in self.incidents if incident.is_open), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An incident, and for each of its events the result it is dated from; `None` where it is no longer kept."""

    incident: Incident
    told_by: tuple[Recorded | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The answer in one sentence: `claim` without its full stop, and since when it is true if that can be said."""

    status: Status
    claim: str
    since_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why no newer board can be made, and since when."""

    since_at: datetime
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Board:
    """Everything that is shown at one moment. `trouble` is set when it is older than it should be."""

    made_at: datetime
    headline: Headline
    services: tuple[ServiceView, ...]
    incidents: tuple[Incident, ...]
    own: OwnHealth
    trouble: Trouble | None = None

    @cached_property
    def by_id(self) -> Mapping[str, ServiceView]:
        """Services by their id."""
        return {view.service.id: view for view in self.services}

    @cached_property
    def groups(self) -> Mapping[Group, tuple[ServiceView, ...]]:
        """Services under their headings, in the order in which people look for them."""
        gathered = {group: tuple(view for view in self.services if view.service.group is group) for group in Group}
        return {group: members for group, members in gathered.items() if members}

    @cached_property
    def troubled(self) -> tuple[ServiceView, ...]:
        """Services that are down or degraded: the worst first, then those that came last."""
        bad = [view for view in self.services if view.status.is_bad]
        newest = sorted(bad, key=lambda view: view.since_at or self.made_at, reverse=True)
        return tuple(sorted(newest, key=lambda view: severity(view.status), reverse=True))

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        """How many services have each status."""
        return {status: sum(view.status is status for view in self.services) for status in Status}

    @cached_property
    def problems_of_ours(self) -> tuple[CheckView, ...]:
        """Checks that cannot do their work for a reason that is not the vendor's."""
        return tuple(check for view in self.services for check in view.checks if check.is_ours)

    @cached_property
    def last_probed_at(self) -> datetime | None:
        """When the newest answer, or failure, came back."""
        return max((view.last_probed_at for view in self.services if view.last_probed_at), default=None)
