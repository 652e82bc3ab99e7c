"""The board: what is shown, once, for pages, JSON and badges alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from app.domain.check import Check
from app.domain.incident import Incident
from app.domain.network import NetworkView
from app.domain.result import ProbeResult, Region
from app.domain.rollup import Tally
from app.domain.service import Group, Service, Vendor
from app.domain.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHealth:
    """How we are ourselves. A `trouble` is a sentence, or `None` while all is well."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One UTC day of a service. `tally` is that of its worst check, `None` before the service was watched."""

    date: date
    status: Status
    tally: Tally | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One hour of a service's latency: the median in ms, `None` where nothing was measured."""

    start_at: datetime
    median_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A check in a region as it stands: confirmed status, and what the last probe met."""

    check: Check
    region: Region
    status: Status
    since_at: datetime | None
    last: ProbeResult | None
    last_status: Status
    reason: str

    @property
    def is_ours(self) -> bool:
        """Whether what is wrong with it is a problem of ours, not of the vendor."""
        failure = self.last.failure if self.last is not None else None
        return failure is not None and not failure.blame.is_vendors


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    """A service as it stands, for its line and for its page.

    `days` are 90, oldest first, the last is today; `points` the last 24 full hours. `reason` is one sentence of
    what the status rests on. `uptime` and `coverage` are over the 90 days.
    """

    service: Service
    vendor: Vendor
    status: Status
    since_at: datetime | None
    reason: str
    checks: tuple[CheckView, ...]
    days: tuple[Day, ...]
    points: tuple[Point, ...]
    uptime: float | None
    coverage: float
    latency_ms: int | None
    last_probed_at: datetime | None
    incidents: tuple[Incident, ...]

    @property
    def open_incident(self) -> Incident | None:
        """The incident that is not over, if there is one."""
        return next((incident for incident in self.incidents if incident.is_open), None)


@dataclass(frozen=True, kw_only=True)
class Board:
    """Everything that is shown at one moment."""

    made_at: datetime
    sentence: str
    status: Status
    services: tuple[ServiceView, ...]
    own: OwnHealth

    @cached_property
    def by_id(self) -> Mapping[str, ServiceView]:
        """Services by their id."""
        return {view.service.id: view for view in self.services}

    @cached_property
    def groups(self) -> Mapping[Group, tuple[ServiceView, ...]]:
        """Services under their headings, in the order in which these are shown."""
        return {
            group: members
            for group in Group
            if (members := tuple(view for view in self.services if view.service.group is group))
        }

    @cached_property
    def troubled(self) -> tuple[ServiceView, ...]:
        """Services that are down or degraded, the worst first, then the latest."""
        order = {Status.DOWN: 0, Status.DEGRADED: 1}
        bad = [view for view in self.services if view.status.is_bad]
        return tuple(sorted(bad, key=lambda view: (order[view.status], view.since_at or self.made_at)))

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        """How many services have each status."""
        return {status: sum(view.status is status for view in self.services) for status in Status}

    @cached_property
    def last_probed_at(self) -> datetime | None:
        """When the newest result came in."""
        return max((view.last_probed_at for view in self.services if view.last_probed_at), default=None)


STALE_AFTER = timedelta(minutes=15)
"""A board whose newest result is older is told to be stale."""
