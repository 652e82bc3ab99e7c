"""The board: what is shown now, worked out once for pages, JSON and badges alike, so that they cannot disagree."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from app.board.history import Stretches
from app.board.publishing import Publishing
from app.domain.accord import Accord, accord
from app.domain.check import Check
from app.domain.discord import Discord
from app.domain.estimate import Durations
from app.domain.incident import Incident
from app.domain.lag import LagEntry
from app.domain.network import NetworkView
from app.domain.proof import EvidenceLevel
from app.domain.related import related
from app.domain.report import People
from app.domain.result import ProbeResult, Recorded, Region
from app.domain.said import SeenIncident
from app.domain.saying import say
from app.domain.service import Group, Service, Vendor
from app.domain.spend import Caps, Spent
from app.domain.status import Status, severity
from app.domain.vendor import VendorIncident, VendorMaintenance
from app.domain.vendorword import VendorWord
from app.domain.verdict import Verdict, Witness
from app.store.vendor_words import ToldIncident


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What canaries have cost this month, and what they may cost."""

    spent: Spent
    caps: Caps


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
    spending: Spending | None = None
    """`None` where nothing that is asked costs anything."""
    publishing: Publishing | None = None
    """`None` where no copy is published."""

    @property
    def network_fails(self) -> bool:
        """Whether our own network is known to fail."""
        return self.network is not None and self.network.works is False

    @property
    def troubles(self) -> tuple[str, ...]:
        """Everything that is wrong with us, in sentences."""
        told = []
        if self.network is not None and self.network_fails:
            told.append(say("Our own network fails: {why}", why=self.network.sentence))
        if self.storage_trouble is not None:
            told.append(say("Results wait to be stored: {why}", why=self.storage_trouble))
        if self.catalogue_trouble is not None:
            told.append(
                say(
                    "The catalogue has a mistake; the last good one is in force: {why}", why=self.catalogue_trouble
                )
            )
        if self.publishing is not None and self.publishing.trouble is not None:
            told.append(say("The static copy cannot be published: {why}", why=self.publishing.trouble))
        return tuple(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A check in a region as it stands: the confirmed status, and what the last probe met.

    `adds_up_to` is what the evidence of a trouble amounts to in words; empty where none is confirmed.
    """

    check: Check
    region: Region
    status: Status
    since_at: datetime | None
    reason: str
    last: ProbeResult | None
    last_status: Status
    adds_up_to: str = ""

    @property
    def latency_ms(self) -> int | None:
        """How long the last answer took, where it was a right one."""
        return self.last.latency_ms if self.last is not None and self.last.failure is None else None

    @property
    def is_ours(self) -> bool:
        """Whether what is wrong with it is a problem of ours, or cannot be told: never held against the vendor."""
        failure = self.last.failure if self.last is not None else None
        return failure is not None and not failure.blame.is_vendors


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    """A service as it stands, for its row and for its page.

    `verdict` is what all witnesses amount to, `discords` where they do not agree, `reason` why in words, `people`
    what visitors report.

    `days` are the last 90 UTC days, the last of them today; `hours` the last 24 and the one that is under way.
    `uptime` and `coverage` are over the 90 days, `uptime_24h` and `coverage_24h` over the hours; `latency_ms` is
    that of its leading check. `incidents` are those of the 90 days, newest first, as we measured them. `word` is
    what its vendor says now, `None` where the vendor has no status page; `told` the vendor's incidents of the 90
    days, newest first, and `told_days` the UTC days that it calls bad.
    """

    service: Service
    vendor: Vendor
    verdict: Verdict
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
    word: VendorWord | None = None
    told: tuple[ToldIncident, ...] = ()
    told_days: Mapping[date, Status] = field(default_factory=dict)
    discords: tuple[Discord, ...] = ()
    people: People = field(default_factory=People)
    uptime_24h: float | None = None
    coverage_24h: float = 0.0

    @property
    def status(self) -> Status:
        """The verdict's status."""
        return self.verdict.status

    @property
    def since_at(self) -> datetime | None:
        """Since when it has that status."""
        return self.verdict.since_at

    @property
    def is_by_word(self) -> bool:
        """Whether it is in trouble by the vendor's word alone."""
        return self.status.is_bad and self.verdict.witnesses == (Witness.VENDOR,)

    @property
    def accord(self) -> Accord | None:
        """How the vendor's word stands to what was measured; `None` where there is no page to read."""
        if self.word is None:
            return None
        measured = self.verdict.measured
        return accord(measured.status, measured.since_at, self.word, (each.seen for each in self.told))

    @property
    def open_incident(self) -> Incident | None:
        """The incident that is not over, if there is one."""
        return next((incident for incident in self.incidents if incident.is_open), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An incident, and for each of its events the result it is dated from; `None` where it is no longer kept.

    `lag` is its entry in the lag ledger, `told` the vendor's incident that stands there beside it.
    """

    incident: Incident
    told_by: tuple[Recorded | None, ...]
    told: SeenIncident | None = None
    lag: LagEntry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorReport:
    """An open incident of a vendor, or the bare word that something is wrong, with the services it concerns.

    None of these services is measured to be in trouble: what both witnesses see is told with the service.
    """

    vendor: Vendor
    incident: VendorIncident | None
    status: Status
    words: str
    since_at: datetime | None
    url: str
    views: tuple[ServiceView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorPlan:
    """A maintenance that a vendor announces, with the services it concerns."""

    vendor: Vendor
    maintenance: VendorMaintenance
    views: tuple[ServiceView, ...]


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
    reports: tuple[VendorReport, ...] = ()
    plans: tuple[VendorPlan, ...] = ()
    trouble: Trouble | None = None
    durations: Durations = field(default_factory=Durations)

    @cached_property
    def by_id(self) -> Mapping[str, ServiceView]:
        """Services by their id."""
        return {view.service.id: view for view in self.services}

    def related_to(self, incident: Incident) -> tuple[Incident, ...]:
        """The troubles of other services that belong to this one."""
        services = {key: view.service for key, view in self.by_id.items()}
        return related(incident, self.incidents, services, self.made_at)

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
    def proven(self) -> int:
        """How many services are proven by the answer of a model."""
        levels = (EvidenceLevel.GENERATED, EvidenceLevel.STREAMED)
        return sum(view.evidence in levels for view in self.services)

    @cached_property
    def pages(self) -> int:
        """How many status pages there are to read."""
        return len({view.word.page_key for view in self.services if view.word is not None})

    @cached_property
    def unread(self) -> tuple[ServiceView, ...]:
        """For each status page that cannot be read, the first service that it speaks for."""
        stale = {view.word.page_key: view for view in reversed(self.services) if view.word and view.word.is_stale}
        return tuple(reversed(stale.values()))

    @cached_property
    def last_probed_at(self) -> datetime | None:
        """When the newest answer, or failure, came back."""
        return max((view.last_probed_at for view in self.services if view.last_probed_at), default=None)
