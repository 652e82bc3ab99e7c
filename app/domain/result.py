"""What a probe brought back, whose fault a failure is, and the reading it amounts to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from app.domain.saying import say
from app.domain.status import Status

CheckId = NewType("CheckId", str)
"""`<service id>/<check name>`, for example `openai-api/models`."""

Region = NewType("Region", str)
"""Where a probe was made from; `local` for a dashboard that probes by itself."""

LOCAL = Region("local")


class Blame(StrEnum):
    """Whose fault a failure is. Only the first two can ever count against a vendor."""

    VENDOR = "vendor"
    VENDOR_CAPACITY = "vendor_capacity"
    US_KEY = "us_key"
    US_QUOTA = "us_quota"
    US_REQUEST = "us_request"
    US_CONFIG = "us_config"
    US_NETWORK = "us_network"
    US_LOAD = "us_load"
    BOT_WALL = "bot_wall"
    GEO = "geo"
    UNKNOWN = "unknown"

    @property
    def is_vendors(self) -> bool:
        """Whether a failure with this blame may open an incident."""
        return self in (Blame.VENDOR, Blame.VENDOR_CAPACITY)


class FailureKind(StrEnum):
    """Why a probe failed: a closed list, so that it can be counted, translated and documented."""

    # our side, before anything was asked
    MISSED = "missed"
    OWN_NETWORK = "own_network"
    SPEND_CAPPED = "spend_capped"
    ADDRESS_FORBIDDEN = "address_forbidden"
    PROBER_BROKE = "prober_broke"
    # name
    NAME_NOT_FOUND = "name_not_found"
    DNS_FAILED = "dns_failed"
    DNS_TIMEOUT = "dns_timeout"
    WRONG_RECORD = "wrong_record"
    # connection
    CONNECT_REFUSED = "connect_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    UNREACHABLE = "unreachable"
    # TLS
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_EXPIRING = "certificate_expiring"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    CERTIFICATE_WRONG_NAME = "certificate_wrong_name"
    CERTIFICATE_UNTRUSTED = "certificate_untrusted"
    TLS_FAILED = "tls_failed"
    TLS_TIMEOUT = "tls_timeout"
    # the answer as a transport sees it
    CLOSED_EARLY = "closed_early"
    SEND_TIMEOUT = "send_timeout"
    FIRST_BYTE_TIMEOUT = "first_byte_timeout"
    BODY_TIMEOUT = "body_timeout"
    TOTAL_TIMEOUT = "total_timeout"
    MALFORMED_ANSWER = "malformed_answer"
    ANSWER_TOO_LARGE = "answer_too_large"
    BODY_TRUNCATED = "body_truncated"
    BODY_UNDECODABLE = "body_undecodable"
    # the answer as a person reads it
    SERVER_ERROR = "server_error"
    GATEWAY_ERROR = "gateway_error"
    UPSTREAM_TIMEOUT = "upstream_timeout"
    OVERLOADED = "overloaded"
    RATE_LIMITED = "rate_limited"
    QUOTA_EXHAUSTED = "quota_exhausted"
    KEY_REFUSED = "key_refused"
    REQUEST_REFUSED = "request_refused"
    BOT_CHALLENGE = "bot_challenge"
    GEO_BLOCKED = "geo_blocked"
    REDIRECTED = "redirected"
    STALE_URL = "stale_url"
    UNEXPECTED_STATUS = "unexpected_status"
    WRONG_CONTENT_TYPE = "wrong_content_type"
    WRONG_BODY = "wrong_body"
    # a model's streamed answer
    NO_FIRST_TOKEN = "no_first_token"  # noqa: S105 - a kind of failure, not a secret
    STALLED = "stalled"
    TRUNCATED = "truncated"
    ERROR_IN_STREAM = "error_in_stream"
    MALFORMED_EVENT = "malformed_event"
    NO_TERMINAL_EVENT = "no_terminal_event"
    EMPTY_ANSWER = "empty_answer"
    WRONG_ANSWER = "wrong_answer"
    PROMPT_REFUSED = "prompt_refused"
    MODEL_RETIRED = "model_retired"
    BUDGET_SPENT = "budget_spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a probe failed.

    `verdict` is what the failure says about the service: `down`, `degraded`, or `unknown` where the fault
    is ours or cannot be told. `sentence` is one plain sentence that names the facts ("answered 503 Service
    Unavailable after 240 ms"), without a secret and without the reader's prior knowledge.
    """

    kind: FailureKind
    blame: Blame
    verdict: Status
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phases:
    """How long each step of a probe took, in whole milliseconds; `None` for a step never completed.

    Rounded once, from cumulative marks, so that the steps sum to `total_ms` and storing them loses nothing.
    `total_ms` is the time from the start of the probe to its end, however it ended.
    """

    total_ms: int
    dns_ms: int | None = None
    connect_ms: int | None = None
    tls_ms: int | None = None
    send_ms: int | None = None
    first_byte_ms: int | None = None
    body_ms: int | None = None


NO_PHASES = Phases(total_ms=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """The facts of one probe.

    Identified by check, region and slot: the same result delivered twice changes nothing. `slot_at` is when
    the probe was due and `started_at` when it began; both are aware UTC with whole milliseconds. A
    confirmation (an immediate second look after a first bad reading) has a slot of its own, the moment it was
    asked for. `figures` are whole numbers beside the phases (`expires_in_days`, `ttft_ms`), kept for ever in
    the chunks; `evidence` are words (headers that matter, an excerpt), kept with failures and the latest.
    """

    check_id: CheckId
    slot_at: datetime
    started_at: datetime
    phases: Phases
    region: Region = LOCAL
    is_confirmation: bool = False
    status_code: int | None = None
    family: str | None = None
    address: str | None = None
    failure: Failure | None = None
    figures: Mapping[str, int] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def late(self) -> timedelta:
        """How long after its slot the probe began."""
        return self.started_at - self.slot_at

    @property
    def latency_ms(self) -> int:
        """What an answer is judged and drawn by: for a model's, when its first token came; else when all had come.

        Both are counted from the start of a fresh connection.
        """
        return self.figures.get("ttft_e2e_ms", self.phases.total_ms)

    @property
    def ended_at(self) -> datetime:
        """When the answer, or the failure, was complete."""
        return self.started_at + timedelta(milliseconds=self.phases.total_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From when on an answer that is right is still not good: slower than `slow_after`."""

    slow_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The status that one result amounts to, with the reason in a sentence."""

    status: Status
    reason: str
    failure_kind: FailureKind | None = None


def reading(result: ProbeResult, thresholds: Thresholds) -> Reading:
    """Judge one result by itself: a failure's verdict, else slow is `degraded`, else `up`."""
    if result.failure is not None:
        return Reading(
            status=result.failure.verdict, reason=result.failure.sentence, failure_kind=result.failure.kind
        )
    total = result.phases.total_ms
    slow_after = thresholds.slow_after
    if slow_after is not None and total > slow_after / timedelta(milliseconds=1):
        return Reading(
            status=Status.DEGRADED,
            reason=say(
                "answered rightly, but only after {ms:d} ms (slow after {seconds:g} s)",
                ms=total,
                seconds=slow_after.total_seconds(),
            ),
        )
    return Reading(status=Status.UP, reason=say("answered rightly after {ms:d} ms", ms=total))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A result with the status it was read as when it came in: what the store keeps.

    The status is kept, not computed again, because thresholds change and history must not change with them.
    """

    result: ProbeResult
    status: Status
