"""What vendors say, put to the services that it concerns: what a board is told of the second witness."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.lag import LagEntry, LagSummary, summarise
from app.domain.mapping import Basis, PageMap
from app.domain.said import PageState, SeenIncident
from app.domain.service import Catalogue
from app.domain.vendorword import VendorWord, vendor_word
from app.domain.watched import WatchedPage, watched_pages
from app.store.engine import ReadTx
from app.store.lag import load_lags
from app.store.vendor_incidents import load_vendor_incidents
from app.store.vendor_pages import load_page_states


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldIncident:
    """An incident of a vendor, open or over, that concerns a service, and why it is taken to."""

    service_id: str
    seen: SeenIncident
    basis: Basis


async def load_vendor_words(tx: ReadTx, catalogue: Catalogue, now: datetime) -> Mapping[str, VendorWord]:
    """What the vendor says of each service that has a page, by the service's id."""
    states = await load_page_states(tx)
    return {
        service.id: vendor_word(service, state, page_map, now)
        for watched, state, page_map in _mapped(catalogue, states)
        for service in watched.services
    }


async def load_told_incidents(
    tx: ReadTx, catalogue: Catalogue, *, since_at: datetime, service_id: str | None = None
) -> Mapping[str, tuple[ToldIncident, ...]]:
    """The vendors' incidents since then that concern each service (or this one), by its id and newest first.

    What names nothing that is known is left out: it is shown while it is open, but is nobody's history.
    """
    states = await load_page_states(tx)
    told: dict[str, list[ToldIncident]] = {}
    by_page: dict[str, list[SeenIncident]] = {}
    for seen in await load_vendor_incidents(tx, since_at=since_at):
        by_page.setdefault(seen.page_key, []).append(seen)
    for watched, _, page_map in _mapped(catalogue, states):
        for service in watched.services:
            if service_id not in (None, service.id):
                continue
            for seen in by_page.get(watched.key, []):
                basis = page_map.basis(service, seen.incident)
                if basis not in (None, Basis.NOTHING_NAMED):
                    told.setdefault(service.id, []).append(
                        ToldIncident(service_id=service.id, seen=seen, basis=basis)
                    )
    return {key: tuple(each) for key, each in told.items()}


async def load_lag_summaries(
    tx: ReadTx, catalogue: Catalogue, since_at: datetime | None = None
) -> Mapping[str, LagSummary]:
    """The figures of the lag ledger of each vendor that has any, by its id."""
    by_vendor: dict[str, list[LagEntry]] = {}
    for entry in await load_lags(tx, since_at=since_at):
        service = catalogue.service_by_id.get(entry.service_id)
        if service is not None:
            by_vendor.setdefault(service.vendor_id, []).append(entry)
    return {vendor_id: summarise(entries) for vendor_id, entries in by_vendor.items()}


def _mapped(catalogue: Catalogue, states: Mapping[str, PageState]) -> list[tuple[WatchedPage, PageState, PageMap]]:
    mapped = []
    for watched in watched_pages(catalogue):
        state = states.get(watched.key, PageState(key=watched.key))
        mapped.append((watched, state, PageMap(watched, state.page.components if state.page else ())))
    return mapped
