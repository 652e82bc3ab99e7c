"""What the JSON answers look like, for the OpenAPI description; every field says what it is."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from app.domain.result import Blame, FailureKind
from app.domain.service import Capability
from app.domain.status import Status

Share = Annotated[float | None, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Ms = Annotated[int | None, Field(description="Whole milliseconds; null where the step was never completed.")]


class Window(StrEnum):
    """How far a history reaches back, and with it how long its buckets are."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"


class Figures(BaseModel):
    """Counts of readings over a span of time."""

    uptime: Annotated[Share, Field(description="Share of the covered time in which the service answered.")]
    coverage: Annotated[float, Field(ge=0, le=1, description="Share of the due probes that told something.")]
    due: Annotated[Count, Field(description="Probes that were due.")]
    up: Count
    degraded: Count
    down: Count
    unknown: Annotated[Count, Field(description="Probes that told nothing: our problem, or a bot wall.")]
    missed: Annotated[Count, Field(description="Probes that were not made in time.")]


class DayOut(Figures):
    """One UTC day of a service: that of its worst check."""

    date: str
    status: Status


class VendorOut(BaseModel):
    """Who runs the service."""

    id: str
    name: str


class ServiceLine(BaseModel):
    """A service in short."""

    id: str
    name: str
    vendor: VendorOut
    group: str
    capabilities: list[Capability]
    home: str
    status: Status
    since: Annotated[datetime | None, Field(description="Since when it has this status, from the first evidence.")]
    reason: Annotated[str, Field(description="What the status rests on, in one sentence.")]
    evidence: Annotated[str, Field(description="`reachable`: the vendor's own refusal came back, without a key.")]
    latency_ms: Annotated[int | None, Field(description="The whole of the last good probe.")]
    uptime_90d: Share
    coverage_90d: Annotated[float, Field(ge=0, le=1)]
    last_probed_at: datetime | None
    incident: Annotated[str | None, Field(description="The id of the incident that is open.")]


class NetworkOut(BaseModel):
    """What our control targets say of our own network."""

    works: bool | None
    sentence: str


class ServicesOut(BaseModel):
    """All services at one moment."""

    sentence: Annotated[str, Field(description="What is true now, as one would say it aloud.")]
    status: Annotated[Status, Field(description="The worst status that is known.")]
    made_at: datetime
    counts: dict[Status, int]
    network: NetworkOut | None
    services: list[ServiceLine]


class FailureOut(BaseModel):
    """Why a probe failed."""

    kind: FailureKind
    blame: Blame
    sentence: str


class PhasesOut(BaseModel):
    """How long each step of a probe took."""

    dns_ms: Ms
    connect_ms: Ms
    tls_ms: Ms
    send_ms: Ms
    first_byte_ms: Ms
    body_ms: Ms
    total_ms: int


class LastOut(BaseModel):
    """What the last probe brought back."""

    status: Status
    started_at: datetime
    status_code: int | None
    family: str | None
    phases: PhasesOut
    figures: dict[str, int]
    failure: FailureOut | None


class CheckOut(BaseModel):
    """A check in a region as it stands."""

    id: str
    kind: str
    target: str
    interval_ms: int
    impact: Annotated[str, Field(description="The worst it may say of its service: `down`, `degraded` or `none`.")]
    region: str
    status: Status
    since: datetime | None
    reason: str
    verified_on: Annotated[str | None, Field(description="The date on which this healthy answer was last seen.")]
    last: LastOut | None


class EventOut(BaseModel):
    """One step of an incident's story."""

    kind: str
    at: Annotated[datetime, Field(description="When it was true.")]
    known_at: Annotated[datetime, Field(description="When we knew.")]
    status: Status
    check: str
    reason: str
    failure: FailureKind | None


class IncidentOut(BaseModel):
    """A trouble of one service, from the first bad reading to the recovery."""

    id: str
    service: str
    status: Status
    worst: Status
    opened_at: datetime
    closed_at: datetime | None
    events: list[EventOut]


class ServiceOut(ServiceLine):
    """A service with all that is known of it."""

    about: str | None
    checks: list[CheckOut]
    days: list[DayOut]
    incidents: list[IncidentOut]


class BucketOut(Figures):
    """One span of a check's history."""

    start_at: datetime
    status: Status
    p50_ms: int | None
    p95_ms: int | None


class SeriesOut(BaseModel):
    """The history of one check in one region."""

    check: str
    region: str
    buckets: list[BucketOut]


class HistoryOut(BaseModel):
    """The history of a service, check by check."""

    service: str
    window: Window
    step_ms: Annotated[int, Field(description="How long each bucket is: an hour, or a UTC day.")]
    series: list[SeriesOut]


class Health(BaseModel):
    """How we are ourselves."""

    ready: bool
    reasons: Annotated[list[str], Field(description="Why not, each in a sentence.")]
    late_p99_ms: Annotated[float | None, Field(description="Of the latest probes, 99 of 100 began no later.")]
    missed: Annotated[int, Field(description="Slots that came too late to be probed, since the start.")]


class Problem(BaseModel):
    """What is wrong with a request (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
