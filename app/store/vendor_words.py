"""What vendors say, put to the services that it concerns: what a board is told of the second witness."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.lag import LagEntry, LagSummary, summarise
from app.domain.mapping import Basis, PageMap
from app.domain.said import PageState, SeenIncident
from app.domain.service import Catalogue
from app.domain.status import Status
from app.domain.vendordays import bad_days
from app.domain.vendorword import VendorWord, vendor_word
from app.domain.watched import WatchedPage, watched_pages
from app.store.engine import ReadTx
from app.store.lag import load_lags
from app.store.vendor_incidents import load_vendor_incidents
from app.store.vendor_pages import PageShelf, load_page_states


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldIncident:
    """An incident of a vendor, open or over, that concerns a service, and why it is taken to."""

    service_id: str
    seen: SeenIncident
    basis: Basis


Told = Mapping[str, tuple[ToldIncident, ...]]
"""Vendors' incidents by the id of the service that they concern, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorView:
    """All that a board shows of vendors, by the ids of services: their words, their incidents, their bad days."""

    words: Mapping[str, VendorWord] = field(default_factory=dict)
    told: Told = field(default_factory=dict)
    bad_days: Mapping[str, Mapping[date, Status]] = field(default_factory=dict)


class VendorLoader:
    """Loads views; a history that did not change since the last one is not read again."""

    def __init__(self) -> None:
        self._shelf = PageShelf()
        self._version: object = None
        self._maps: Sequence[tuple[WatchedPage, PageMap]] = ()
        self._told: Told = {}
        self._bad_days: Mapping[str, Mapping[date, Status]] = {}

    async def load(self, tx: ReadTx, catalogue: Catalogue, now: datetime, since_at: datetime) -> VendorView:
        """What vendors say now, and what they told of since then (to the day). Raises `StoreError`."""
        states = await self._shelf.load_states(tx)
        # An incident changes with its page, or when the history is read; a day can only end at midnight.
        changes = tuple((key, each.changed_at, each.history_read_at) for key, each in states.items())
        version = (id(catalogue), since_at.date(), now.date(), changes)
        if version != self._version:
            self._maps = _maps(catalogue, states)
            self._told = _told(self._maps, await load_vendor_incidents(tx, since_at=since_at))
            self._bad_days = _bad_days(self._maps, states, self._told, now)
            self._version = version
        return VendorView(words=_words(self._maps, states, now), told=self._told, bad_days=self._bad_days)


class WordLoader:
    """Loads what vendors say, again and again; a page that did not change is not unpacked again."""

    def __init__(self) -> None:
        self._shelf = PageShelf()

    async def load(self, tx: ReadTx, catalogue: Catalogue, now: datetime) -> Mapping[str, VendorWord]:
        """What the vendor says of each service that has a page, by the service's id. Raises `StoreError`."""
        states = await self._shelf.load_states(tx)
        return _words(_maps(catalogue, states), states, now)


async def load_told_incidents(tx: ReadTx, catalogue: Catalogue, *, since_at: datetime, service_id: str) -> Told:
    """The vendor's incidents since then that concern this service.

    What names nothing that is known is left out: it is shown while it is open, but is nobody's history.
    """
    maps = _maps(catalogue, await load_page_states(tx))
    own = [each for each in maps if any(service.id == service_id for service in each[0].services)]
    found = [
        seen
        for watched, _ in own
        for seen in await load_vendor_incidents(tx, since_at=since_at, page_key=watched.key)
    ]
    return {key: told for key, told in _told(own, found).items() if key == service_id}


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


def _maps(catalogue: Catalogue, states: Mapping[str, PageState]) -> list[tuple[WatchedPage, PageMap]]:
    maps = []
    for watched in watched_pages(catalogue):
        page = states[watched.key].page if watched.key in states else None
        maps.append((watched, PageMap(watched, page.components if page else ())))
    return maps


def _words(
    maps: Iterable[tuple[WatchedPage, PageMap]], states: Mapping[str, PageState], now: datetime
) -> Mapping[str, VendorWord]:
    return {
        service.id: vendor_word(service, states.get(watched.key, PageState(key=watched.key)), page_map, now)
        for watched, page_map in maps
        for service in watched.services
    }


def _told(maps: Iterable[tuple[WatchedPage, PageMap]], found: Iterable[SeenIncident]) -> Told:
    by_page: dict[str, list[SeenIncident]] = {}
    for seen in found:
        by_page.setdefault(seen.page_key, []).append(seen)
    told = {
        service.id: tuple(
            ToldIncident(service_id=service.id, seen=seen, basis=basis)
            for seen in by_page.get(watched.key, [])
            if (basis := page_map.basis(service, seen.incident)) is not None and basis is not Basis.NOTHING_NAMED
        )
        for watched, page_map in maps
        for service in watched.services
    }
    return {service_id: each for service_id, each in told.items() if each}


def _bad_days(
    maps: Iterable[tuple[WatchedPage, PageMap]], states: Mapping[str, PageState], told: Told, now: datetime
) -> Mapping[str, Mapping[date, Status]]:
    return {
        service.id: bad_days(
            service, page_map, page.days if page else (), [each.seen for each in told.get(service.id, ())], now
        )
        for watched, page_map in maps
        for page in [states[watched.key].page if watched.key in states else None]
        for service in watched.services
    }
