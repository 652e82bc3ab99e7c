"""A vendor's record: what its status pages told, when, and how that stands to what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.board.model import ServiceView
from app.domain.evidence import said_in
from app.domain.lag import First, LagEntry, LagSummary, summarise
from app.domain.said import Said, SaidKind, SeenIncident
from app.domain.service import Vendor
from app.store.engine import Database
from app.store.evidence import load_records
from app.store.lag import load_lags
from app.store.vendor_incidents import load_vendor_incidents

INCIDENTS_FOR = timedelta(days=90)
SAID_FOR = timedelta(days=30)
MOST_SAID = 100

_OF_OUR_READING = {SaidKind.FIRST_READ, SaidKind.HISTORY_READ, SaidKind.NOT_LOOKED}
"""Statements about us, not about the vendor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorRecord:
    """What is kept of a vendor: incidents of 90 days and statements of 30, newest first, and the whole lag ledger.

    `views` are its services that have a page to read; `more_said` counts statements that are left out.
    """

    vendor: Vendor
    views: tuple[ServiceView, ...]
    incidents: tuple[SeenIncident, ...]
    said: tuple[Said, ...]
    more_said: int
    lags: tuple[LagEntry, ...]
    lag: LagSummary

    @property
    def told_of(self) -> int:
        """Of how many troubles that we measured it can be told whether the vendor spoke."""
        counts = self.lag.counts
        return counts[First.WE] + counts[First.VENDOR] + counts[First.VENDOR_NEVER]


async def load_vendor(
    database: Database, vendor: Vendor, views: Sequence[ServiceView], now: datetime
) -> VendorRecord:
    """The record of a vendor whose services are `views`. Raises `StoreError`."""
    keys = dict.fromkeys(view.word.page_key for view in views if view.word is not None)
    ids = {view.service.id for view in views}
    incidents: list[SeenIncident] = []
    said: list[Said] = []
    async with database.read() as tx:
        for key in keys:
            incidents += await load_vendor_incidents(tx, since_at=now - INCIDENTS_FOR, page_key=key)
            said += [said_in(each.line) for each in await load_records(tx, key, now - SAID_FOR, now)]
        lags = [entry for entry in await load_lags(tx) if entry.service_id in ids]
    of_vendor = [each for each in said if each.kind not in _OF_OUR_READING]
    newest = sorted(of_vendor, key=lambda each: each.seen_at, reverse=True)
    return VendorRecord(
        vendor=vendor,
        views=tuple(view for view in views if view.word is not None),
        incidents=tuple(sorted(incidents, key=lambda seen: seen.incident.started_at, reverse=True)),
        said=tuple(newest[:MOST_SAID]),
        more_said=len(newest[MOST_SAID:]),
        lags=tuple(lags),
        lag=summarise(lags),
    )
