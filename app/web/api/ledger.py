"""A vendor's record in the API: what it says now, what it told of, how late; shapes and how they are filled."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.board.model import ServiceView
from app.board.vendors import VendorRecord
from app.domain.accord import Accord
from app.domain.lag import LagSummary
from app.domain.said import SeenIncident
from app.domain.service import Vendor
from app.domain.status import Status, worst_of
from app.web.api.shape import MILLISECOND, Answer, Shape
from app.web.api.vendor import UpdateOut


class VendorLine(Shape):
    """A vendor in short."""

    id: str
    """Its name in addresses."""
    name: str
    """Its name for people."""
    home: str
    """Its own site."""
    status_page: str | None
    """Where it speaks for itself; `null` where nothing is read."""
    status: Status
    """The worst that it says of any of its services; `unknown` where its word is."""


class VendorsOut(Answer):
    """Every vendor."""

    vendors: tuple[VendorLine, ...]
    """In the order of their services."""


class WordOut(Shape):
    """A service of a vendor, by both witnesses."""

    id: str
    """The service."""
    status: Status
    """What was measured."""
    vendor_status: Status
    """What the vendor says."""
    accord: Accord
    """How the two stand to each other."""


class LagOut(Shape):
    """The lag ledger's figures of a vendor, over all its services and for as long as it is kept."""

    told_of: int
    """Of how many troubles that we measured it can be told whether the vendor spoke."""
    counts: dict[str, int]
    """How many troubles by who told first: `we_first`, `vendor_first`, `vendor_not_yet`, `vendor_never`,
    `we_not_yet`, `we_never`, and `untold` where one of the two was not looking."""
    compared: int
    """How many troubles both told of: what the figures below are of."""
    median_ms: int | None
    """The vendor's first word after our first bad reading: the median; negative where it was first."""
    p90_ms: int | None
    """The same, in nine of ten no more than this."""
    recovery_median_ms: int | None
    """The vendor's "resolved" after our first good reading: the median."""
    recovery_p90_ms: int | None
    """The same, in nine of ten no more than this."""


class PastIncident(Shape):
    """A trouble that a vendor told of, whichever of its services it concerns."""

    id: str
    """The vendor's id of it."""
    title: str
    """The vendor's title."""
    impact: Status
    """The worst that the vendor says of it."""
    parts: tuple[str, ...]
    """The parts of the page that it names."""
    started_at: datetime
    """When it began, by the vendor's word."""
    said_at: datetime
    """When the vendor first said so, as far as that can be believed."""
    ended_at: datetime | None
    """When it was over, by the vendor's word; `null` while it is not."""
    is_deleted: bool
    """Whether it was deleted from the page although older ones are still listed."""
    updates: tuple[UpdateOut, ...]
    """What was said of it, newest first."""


class StatementOut(Shape):
    """One change of a status page, as we saw it."""

    seen_at: datetime
    """When we saw it."""
    at: datetime | None
    """When it happened by the vendor's word, where it says."""
    kind: str
    """What kind of change it is."""
    is_quiet_edit: bool
    """Whether it changes what was said before, instead of saying something new."""
    sentence: str
    """All of it, in a sentence."""


class VendorRecordOut(VendorLine, Answer):
    """One vendor: what it says now, what it told of, and how late."""

    services: tuple[WordOut, ...]
    """Those that its pages speak for."""
    lag: LagOut
    """How late it says it."""
    incidents: tuple[PastIncident, ...]
    """Those of the last 90 days, newest first."""
    statements: tuple[StatementOut, ...]
    """The newest changes of its pages in the last 30 days, newest first."""


def vendors_out(views: Sequence[ServiceView], *, is_simulated: bool) -> VendorsOut:
    """All vendors of these services."""
    by_vendor: dict[str, list[ServiceView]] = {}
    for view in views:
        by_vendor.setdefault(view.vendor.id, []).append(view)
    return VendorsOut(
        simulated=is_simulated, vendors=tuple(_line(each[0].vendor, each) for each in by_vendor.values())
    )


def vendor_record_out(record: VendorRecord, *, is_simulated: bool) -> VendorRecordOut:
    """The record of one vendor."""
    return VendorRecordOut(
        simulated=is_simulated,
        **dict(_line(record.vendor, record.views)),
        services=tuple(
            WordOut(id=view.service.id, status=view.status, vendor_status=view.word.status, accord=view.accord)
            for view in record.views
            if view.word is not None and view.accord is not None
        ),
        lag=_lag(record.lag, record.told_of),
        incidents=tuple(map(past_incident, record.incidents)),
        statements=tuple(
            StatementOut(
                seen_at=said.seen_at,
                at=said.at,
                kind=said.kind,
                is_quiet_edit=said.kind.is_quiet_edit,
                sentence=said.sentence,
            )
            for said in record.said
        ),
    )


def past_incident(seen: SeenIncident) -> PastIncident:
    """A trouble that a vendor told of."""
    incident = seen.incident
    return PastIncident(
        id=incident.id,
        title=incident.title,
        impact=incident.impact,
        parts=incident.component_names,
        started_at=incident.started_at,
        said_at=seen.said_at,
        ended_at=seen.ended_at,
        is_deleted=seen.is_deleted,
        updates=tuple(map(UpdateOut.of, incident.updates)),
    )


def _line(vendor: Vendor, views: Sequence[ServiceView]) -> VendorLine:
    words = [view.word for view in views if view.word is not None]
    return VendorLine(
        id=vendor.id,
        name=vendor.name,
        home=vendor.home,
        status_page=words[0].url if words else None,
        status=worst_of(word.status for word in words),
    )


def _lag(summary: LagSummary, told_of: int) -> LagOut:
    return LagOut(
        told_of=told_of,
        counts={first.value: number for first, number in summary.counts.items()},
        compared=summary.compared,
        median_ms=_ms(summary.lag_median),
        p90_ms=_ms(summary.lag_p90),
        recovery_median_ms=_ms(summary.recovery_median),
        recovery_p90_ms=_ms(summary.recovery_p90),
    )


def _ms(span: timedelta | None) -> int | None:
    return None if span is None else span // MILLISECOND
