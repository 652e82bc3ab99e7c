"""Metrics of services: what the board says of each, from all three witnesses; pure."""

from collections.abc import Iterator, Sequence

from app.board.model import Board, ServiceView
from app.domain.proof import EvidenceLevel
from app.domain.status import Status
from app.web.metrics.exposition import Family, gauge, info, labelled, moments, states

_IS_UP = {Status.UP: 1, Status.DEGRADED: 1, Status.DOWN: 0}
"""As uptime counts: what answers is up, and what is not known or planned is neither."""


def of_services(board: Board) -> Iterator[Family]:
    """Every service as it stands."""
    views = [(labelled(service=view.service.id, vendor=view.vendor.id), view) for view in board.services]
    yield info(
        "stillup_service_info",
        "A service, with its name and the heading it stands under.",
        (f"{labels},{labelled(name=view.service.name, group=view.service.group)}" for labels, view in views),
    )
    yield states(
        "stillup_service_status",
        "The verdict on a service: 1 for its status, 0 for all others.",
        Status,
        ((labels, view.status) for labels, view in views),
    )
    yield gauge(
        "stillup_service_up",
        "Whether a service answers: 1 up or degraded, 0 down; absent while that is unknown or work is planned.",
        ((labels, _IS_UP.get(view.status)) for labels, view in views),
    )
    yield moments(
        "stillup_service_since_timestamp_seconds",
        "Since when a service has its status.",
        ((labels, view.since_at) for labels, view in views),
    )
    yield states(
        "stillup_service_evidence",
        "How far the evidence of a service reaches: 1 for that level, 0 for all others.",
        EvidenceLevel,
        ((labels, view.evidence) for labels, view in views),
        label="level",
    )
    yield moments(
        "stillup_service_last_probe_timestamp_seconds",
        "When the newest answer of a service, or its failure, was complete.",
        ((labels, view.last_probed_at) for labels, view in views),
    )
    yield from _shares(views)
    yield from _troubles(views)


def _shares(views: Sequence[tuple[str, ServiceView]]) -> Iterator[Family]:
    windows = [
        (f'{labels},window="{window}"', share, coverage)
        for labels, view in views
        for window, share, coverage in (
            ("24h", view.uptime_24h, view.coverage_24h),
            ("90d", view.uptime, view.coverage),
        )
    ]
    yield gauge(
        "stillup_service_uptime_ratio",
        "The share of what is known in which a service answered; absent where nothing is known.",
        ((labels, share) for labels, share, _ in windows),
    )
    yield gauge(
        "stillup_service_coverage_ratio",
        "The share of the time of which something is known.",
        ((labels, coverage) for labels, _, coverage in windows),
    )


def _troubles(views: Sequence[tuple[str, ServiceView]]) -> Iterator[Family]:
    yield gauge(
        "stillup_service_incident_open",
        "Whether a service has an incident that is not over.",
        ((labels, int(view.open_incident is not None)) for labels, view in views),
    )
    yield moments(
        "stillup_service_incident_opened_timestamp_seconds",
        "When the incident began that is not over.",
        (
            (f"{labels},{labelled(incident=view.open_incident.id)}", view.open_incident.opened_at)
            for labels, view in views
            if view.open_incident is not None
        ),
    )
    yield states(
        "stillup_service_vendor_status",
        "What the vendor says of its service: 1 for that status, 0 for all others; absent where it has no page.",
        Status,
        ((labels, view.word.status) for labels, view in views if view.word is not None),
    )
    yield gauge(
        "stillup_service_reports",
        "How many people reported trouble with a service within the last hour.",
        ((labels, view.people.last_hour) for labels, view in views),
    )
    yield gauge(
        "stillup_service_reports_usual",
        "How many people report trouble with a service in a usual hour, as far as that is known.",
        ((labels, view.people.usual) for labels, view in views),
    )
