"""Checks in the API: what exactly is asked, how often, and what came back last; shapes and how they are filled."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from app.board.model import CheckView
from app.board.words import as_sentence
from app.domain.result import Blame, FailureKind, ProbeResult
from app.domain.status import Status
from app.web.api.question import question_of
from app.web.api.shape import MILLISECOND, Answer, Shape


class FailureOut(Shape):
    """Why a probe failed."""

    kind: FailureKind
    """The kind, of a closed list."""
    blame: Blame
    """Whose fault it is; only `vendor` and `vendor_capacity` can count against a service."""
    sentence: str
    """What was met, in words."""


class ProbeOut(Shape):
    """One probe of a check."""

    started_at: datetime
    """When it began."""
    reading: Status
    """What this one probe amounts to by itself."""
    status_code: int | None
    """The HTTP status of the answer; `null` where there was none."""
    family: str | None
    """`ipv4` or `ipv6`; `null` where no connection came about."""
    total_ms: int
    """From the start to the end, however it ended."""
    dns_ms: int | None
    """Name resolution; `null` where it did not come to that."""
    connect_ms: int | None
    """The TCP connection; `null` where it did not come to that."""
    tls_ms: int | None
    """The TLS handshake; `null` where it did not come to that."""
    send_ms: int | None
    """Sending the request; `null` where it did not come to that."""
    first_byte_ms: int | None
    """Waiting for the first byte; `null` where it did not come to that."""
    body_ms: int | None
    """Receiving the rest; `null` where it did not come to that."""
    figures: dict[str, int]
    """Figures beside the phases, such as `expires_in_days`."""
    failure: FailureOut | None
    """Why it failed, if it did."""
    evidence: dict[str, str]
    """What else was seen: headers by which the vendor finds the request, and an excerpt of a bad answer. What we
    sent is blotted out of it."""


class CheckOut(Shape):
    """A check from one region."""

    id: str
    """The service's id, a slash, and the check's name."""
    service_id: str
    """The service it asks."""
    kind: str
    """How it asks."""
    target: str
    """What it asks."""
    question: dict[str, str | int | bool | tuple[str | int, ...]]
    """How it asks, in the catalogue's words: `method`, `expect_status`, `model`, …; never a key, nor any text that
    could hold one."""
    interval_ms: int
    """How often."""
    slow_after_ms: int | None
    """From when on a right answer is `degraded`."""
    impact: Status
    """The worst it may say of its service; `up` only informs."""
    verified_on: str | None
    """When the healthy answer was last seen for true."""
    note: str | None
    """What to know about it."""
    region: str
    """Where it asks from."""
    status: Status
    """Its confirmed status."""
    since_at: datetime | None
    """Since when."""
    reason: str
    """What the last answer that bears it out says, in words."""
    adds_up_to: str | None
    """What the evidence of a trouble adds up to, such as “11 of 14 probes failed since 14:02 UTC.”; `null` where
    none is confirmed."""
    is_ours: bool
    """Whether what is wrong is a problem of ours, or cannot be told, and held against nobody."""
    last: ProbeOut | None
    """The last probe; `null` before the first."""


class ChecksOut(Answer):
    """Checks of all services, or of those that are wanted."""

    made_at: datetime
    """The moment this describes."""
    checks: tuple[CheckOut, ...]
    """Every check, from every region, in the order of their services."""


class CheckRecordOut(CheckOut, Answer):
    """One check from one region."""

    regions: tuple[str, ...]
    """All regions it is asked from."""


def checks_out(views: Sequence[CheckView], made_at: datetime, *, is_simulated: bool) -> ChecksOut:
    """These checks."""
    return ChecksOut(simulated=is_simulated, made_at=made_at, checks=tuple(map(check_out, views)))


def check_record_out(
    views: Sequence[CheckView], region: str | None, *, is_simulated: bool
) -> CheckRecordOut | None:
    """The check that `views` are of, from a region or else the first; `None` where it is not asked from there."""
    chosen = next((view for view in views if region in (None, view.region)), None)
    if chosen is None:
        return None
    return CheckRecordOut(
        simulated=is_simulated, **dict(check_out(chosen)), regions=tuple(view.region for view in views)
    )


def check_out(view: CheckView) -> CheckOut:
    """A check as it stands."""
    check = view.check
    slow_after = check.thresholds.slow_after
    return CheckOut(
        id=check.id,
        service_id=check.service_id,
        kind=check.kind,
        target=check.spec.target,
        question=question_of(check.spec),
        interval_ms=check.cadence.interval // MILLISECOND,
        slow_after_ms=slow_after // MILLISECOND if slow_after is not None else None,
        impact=check.impact,
        verified_on=check.verified_on,
        note=check.note,
        region=view.region,
        status=view.status,
        since_at=view.since_at,
        reason=as_sentence(view.reason),
        adds_up_to=as_sentence(view.adds_up_to) or None,
        is_ours=view.is_ours,
        last=probe_out(view.last, view.last_status) if view.last is not None else None,
    )


def probe_out(result: ProbeResult, status: Status) -> ProbeOut:
    """A probe, and what it was read as."""
    failure = result.failure
    return ProbeOut(
        started_at=result.started_at,
        reading=status,
        status_code=result.status_code,
        family=result.family,
        **asdict(result.phases),
        figures=dict(result.figures),
        failure=None
        if failure is None
        else FailureOut(kind=failure.kind, blame=failure.blame, sentence=as_sentence(failure.sentence)),
        evidence=dict(result.evidence),
    )
