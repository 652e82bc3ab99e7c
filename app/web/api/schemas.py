"""The shapes of the JSON API. Times are ISO 8601 in UTC, spans whole milliseconds (`_ms`), shares from 0 to 1."""

from datetime import datetime

from app.domain.discord import Discord
from app.domain.proof import EvidenceLevel
from app.domain.service import Capability, Group
from app.domain.status import Status
from app.domain.verdict import Witness
from app.web.api.alternatives import AlternativeOut
from app.web.api.checks import CheckOut
from app.web.api.estimates import EstimateOut
from app.web.api.history import Bucket
from app.web.api.shape import Answer, Shape, Share
from app.web.api.stories import IncidentLine
from app.web.api.vendor import ToldDay, VendorIncidentOut, VendorOut, VendorSays


class ServiceLine(Shape):
    """A service in short."""

    id: str
    """Its name in addresses."""
    name: str
    """Its name for people."""
    vendor: VendorOut
    """Who runs it."""
    group: Group
    """The heading it stands under."""
    capabilities: tuple[Capability, ...]
    """What it is for."""
    home: str
    """Where people use it."""
    status: Status
    """What all witnesses amount to; `unknown` is neither up nor down."""
    measured: Status
    """What our own probes say of it, as bad as its worst check may say."""
    witnesses: tuple[Witness, ...]
    """Whom the status rests on, the weightiest first: what was `measured`, what the `vendor` says, what `people`
    report. Empty where nobody knows."""
    disagreements: tuple[Discord, ...]
    """Where the witnesses contradict each other, or the trouble is not everybody's."""
    since_at: datetime | None
    """Since when it has this status, dated from the first evidence; `null` before the first."""
    reason: str
    """What the status rests on, in words."""
    evidence: EvidenceLevel
    """How far a good measurement reaches: the vendor's own systems answer (`reachable`), a key is taken
    (`authenticated`), a model gives the right answer (`generated`), and streams it to its end (`streamed`)."""
    latency_ms: int | None
    """How long the last right answer of its leading check took."""
    uptime_24h: Share | None
    """Share of the answers of the last 24 hours that told something in which it answered; `null` where nothing is
    known."""
    coverage_24h: Share
    """Share of the questions due in the last 24 hours that told something."""
    uptime_90d: Share | None
    """Share of the answers that told something in which it answered; `null` where nothing is known."""
    coverage_90d: Share
    """Share of the questions due that told something: as much as the uptime rests on."""
    last_probed_at: datetime | None
    """When the newest answer, or failure, came back."""
    vendor_status: Status | None
    """What its vendor says of it on its status page; `null` where there is none to read."""
    incident: str | None
    """The id of the incident that is not over, if there is one."""


class Counts(Shape):
    """How many services have each status."""

    up: int
    """How many work."""
    degraded: int
    """How many work badly."""
    down: int
    """How many do not work."""
    unknown: int
    """How many cannot be seen."""
    maintenance: int
    """How many are worked on by plan."""


class Own(Shape):
    """How we are ourselves."""

    probing: bool
    """Whether this process probes; else it shows what is stored."""
    network_works: bool | None
    """Whether our own network works, judged by hosts that belong to no vendor; `null` where none was asked."""
    troubles: tuple[str, ...]
    """What is wrong with us, in sentences."""


class ServicesOut(Answer):
    """Everything at a glance."""

    made_at: datetime
    """The moment this describes."""
    status: Status
    """The status of the sentence."""
    sentence: str
    """The answer, as one would read it aloud."""
    counts: Counts
    """How many services have each status."""
    own: Own
    """How we are ourselves."""
    services: tuple[ServiceLine, ...]
    """All services, in the order in which they are shown."""


class PeopleOut(Shape):
    """What visitors report of a service."""

    last_hour: int
    """How many reported trouble within the last hour."""
    usual: float
    """How many are usual in an hour, at this hour of the week."""
    surge_since_at: datetime | None
    """Since when they are more than chance gives; `null` while they are not."""


class ServiceOut(ServiceLine, Answer):
    """One service with its checks, days and incidents."""

    about: str | None
    """What it is."""
    checks: tuple[CheckOut, ...]
    """Every check, from every region."""
    vendor_says: VendorSays | None
    """What its vendor says of it; `null` where there is no status page to read."""
    days: tuple[Bucket, ...]
    """The last 90 UTC days, oldest first; the last is not over yet."""
    incidents: tuple[IncidentLine, ...]
    """Those of the last 90 days that were measured, newest first."""
    vendor_incidents: tuple[VendorIncidentOut, ...]
    """Those of the last 90 days that the vendor tells of, newest first."""
    vendor_days: tuple[ToldDay, ...]
    """The days of the last 90 on which the vendor tells of trouble, oldest first."""
    depends_on: tuple[str, ...]
    """Ids of services that it passes requests on to, or cannot work without."""
    people: PeopleOut
    """What visitors report of it."""
    estimate: EstimateOut | None
    """How long its trouble will probably last; `null` where it has none, or too little is known to say."""
    alternatives: tuple[AlternativeOut, ...]
    """What works now and may be used instead, the best five first; `/alternatives` has all."""
