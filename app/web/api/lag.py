"""The lag ledger in the API: who told of which trouble first; shapes and how they are filled."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.domain.lag import First, LagEntry
from app.web.api.shape import MILLISECOND, Answer, Shape


class LagEntryOut(Shape):
    """One trouble of one service, by whom and when it was told. A moment is `null` where nobody told it."""

    id: str
    """Its name in the ledger."""
    service_id: str
    """The service in trouble."""
    title: str
    """What the vendor called it; empty where it told nothing."""
    first: First
    """Who was first: `we_first` or `vendor_first`; where only we told, `vendor_not_yet` or after a day
    `vendor_never`; where only the vendor did, `we_not_yet` or `we_never`; `untold` where one was not looking."""
    lag_ms: int | None
    """How much later than our first bad reading the vendor’s first word came, negative where it was first;
    `null` where the two cannot be compared."""
    recovery_lag_ms: int | None
    """How much later than our first good reading the vendor called it over; `null` where one did not."""
    incident_id: str | None
    """Our incident."""
    vendor_incident_id: str | None
    """The vendor’s."""
    our_first_at: datetime | None
    """Our first bad reading."""
    our_recovery_at: datetime | None
    """Our first good reading after it."""
    report_at: datetime | None
    """When visitors reported it first."""
    vendor_started_at: datetime | None
    """When it began, by the vendor’s word."""
    vendor_said_at: datetime | None
    """When the vendor first said so, as far as that can be believed."""
    vendor_resolved_at: datetime | None
    """When the vendor called it over."""


class LagsOut(Answer):
    """A page of the lag ledger."""

    made_at: datetime
    """The moment this describes."""
    entries: tuple[LagEntryOut, ...]
    """Newest first."""
    next: str | None
    """Where the next page is; `null` where this is the last. The header `Link` says so, too."""


def lags_out(
    entries: Iterable[LagEntry], following: str | None, made_at: datetime, *, is_simulated: bool
) -> LagsOut:
    """A page of the ledger, and where the next is."""
    return LagsOut(simulated=is_simulated, made_at=made_at, entries=tuple(map(_entry, entries)), next=following)


def _entry(entry: LagEntry) -> LagEntryOut:
    return LagEntryOut(
        id=entry.id,
        service_id=entry.service_id,
        title=entry.title,
        first=entry.first,
        lag_ms=_ms(entry.lag),
        recovery_lag_ms=_ms(entry.recovery_lag),
        incident_id=entry.our_incident_id,
        vendor_incident_id=entry.vendor_incident_id,
        our_first_at=entry.our_first_at,
        our_recovery_at=entry.our_recovery_at,
        report_at=entry.report_at,
        vendor_started_at=entry.vendor_started_at,
        vendor_said_at=entry.vendor_said_at,
        vendor_resolved_at=entry.vendor_resolved_at,
    )


def _ms(span: timedelta | None) -> int | None:
    return None if span is None else span // MILLISECOND
