"""Metrics of checks: how each stands in its region, and what its probes amounted to since the start; pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from operator import attrgetter

from app.board.model import Board, CheckView
from app.domain.counts import Counts
from app.domain.histogram import Histogram
from app.domain.result import CheckId, Region
from app.domain.status import Status
from app.web.metrics.exposition import Family, counter, gauge, histogram, info, labelled, moments, states

AllCounts = Mapping[tuple[CheckId, Region], Counts]

_READINGS = (Status.UP, Status.DEGRADED, Status.DOWN, Status.UNKNOWN)
_NOTHING = Counts()


def of_checks(board: Board) -> Iterator[Family]:
    """Every check as it stands."""
    views = [(_labels(view), view) for view in _checks(board)]
    checks = {view.check.id: view.check for _, view in views}
    yield info(
        "stillup_check_info",
        "A check, with how it asks and the worst that it may say of its service.",
        (
            labelled(service=check.service_id, check=check.id, kind=check.kind, impact=check.impact)
            for check in checks.values()
        ),
    )
    yield states(
        "stillup_check_status",
        "The confirmed status of a check: 1 for that status, 0 for all others.",
        Status,
        ((labels, view.status) for labels, view in views),
    )
    yield from _last_probes(views)


def _last_probes(views: Sequence[tuple[str, CheckView]]) -> Iterator[Family]:
    yield moments(
        "stillup_check_last_probe_timestamp_seconds",
        "When the last probe of a check began.",
        ((labels, view.last.started_at if view.last is not None else None) for labels, view in views),
    )
    yield gauge(
        "stillup_check_last_duration_seconds",
        "How long the last answer took, where it was right; of a model, until its first token.",
        ((labels, view.latency_ms / 1000 if view.latency_ms is not None else None) for labels, view in views),
    )
    yield gauge(
        "stillup_check_last_failure",
        "Always 1: why the last probe of a check failed, and whose fault it was; absent where it did not fail.",
        (
            (f"{labels},{labelled(kind=view.last.failure.kind, blame=view.last.failure.blame)}", 1)
            for labels, view in views
            if view.last is not None and view.last.failure is not None
        ),
    )
    yield moments(
        "stillup_check_certificate_expiry_timestamp_seconds",
        "When the certificate that a check met last expires, to the day.",
        (
            (labels, view.last.started_at + timedelta(days=view.last.figures["expires_in_days"]))
            for labels, view in views
            if view.last is not None and "expires_in_days" in view.last.figures
        ),
    )


def of_counts(board: Board, counts: AllCounts) -> Iterator[Family]:
    """What was counted of every check since the start; nothing yet is 0, so that the first is seen to come."""
    told = [(_labels(view), counts.get((view.check.id, view.region), _NOTHING)) for view in _checks(board)]
    yield counter(
        "stillup_readings_total",
        "Probes since the start, confirmations too, by the status that each was read as.",
        (
            (f'{labels},reading="{reading}"', each.readings.get(reading, 0))
            for labels, each in told
            for reading in _READINGS
        ),
    )
    yield counter(
        "stillup_failures_total",
        "Probes since the start that failed, by why and by whose fault it was.",
        (
            (f"{labels},{labelled(kind=kind, blame=blame)}", count)
            for labels, each in told
            for (kind, blame), count in each.failures.items()
        ),
    )
    yield histogram(
        "stillup_probe_phase_seconds",
        "How long the steps of probes took that were answered rightly; total is all of them together.",
        ((f'{labels},phase="{phase}"', spans) for labels, each in told for phase, spans in each.phases.items()),
    )
    yield histogram(
        "stillup_canary_first_token_seconds",
        "How long after the request a model gave its first token.",
        _known(told, "first_token"),
    )
    yield histogram(
        "stillup_canary_tokens_per_second",
        "How fast a model spoke after its first token.",
        _known(told, "speed"),
    )


def _known(told: Sequence[tuple[str, Counts]], name: str) -> Iterator[tuple[str, Histogram]]:
    of = attrgetter(name)
    return ((labels, of(each)) for labels, each in told if of(each) is not None)


def _checks(board: Board) -> Iterator[CheckView]:
    return (check for view in board.services for check in view.checks)


def _labels(view: CheckView) -> str:
    return labelled(service=view.check.service_id, check=view.check.id, region=view.region)
