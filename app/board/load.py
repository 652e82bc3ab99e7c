"""Reads from the store what is shown."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from app.board.assemble import Present, assemble_board
from app.board.durations import DurationsLoader
from app.board.history import DAY, HOUR, History, Window
from app.board.model import Board, OwnHealth, Story
from app.board.stretches import (
    HOURS_SHOWN,
    Folded,
    Key,
    Pasts,
    Tallies,
    assemble_history,
    assemble_past,
    by_check,
    floor,
    live_hour,
)
from app.domain.incident import Incident, IncidentEvent
from app.domain.lag import LagEntry
from app.domain.ledger import FARTHEST_START
from app.domain.result import Recorded
from app.domain.rollup import merge_tallies
from app.domain.said import SeenIncident
from app.domain.schedule import EPOCH
from app.domain.service import Catalogue, Service
from app.domain.verdict import Witness
from app.store.engine import Database, ReadTx
from app.store.incidents import load_incident, load_incidents
from app.store.lag import load_lags
from app.store.reports import load_people
from app.store.results import load_latest, load_results
from app.store.rollups import folded_until, load_days, load_hours, load_live, load_strips
from app.store.series import load_series
from app.store.states import load_states
from app.store.vendor_incidents import load_known_incidents
from app.store.vendor_words import VendorLoader

MOST_INCIDENTS = 500
MOST_LATE = timedelta(minutes=1)
"""Results are found by when they were due, and a step of a story is dated by when the probe began."""


class BoardLoader:
    """Makes boards. What is folded is read again only when more was folded, or other checks are watched."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vendors = VendorLoader()
        self._durations = DurationsLoader()
        self._made_of: tuple[Catalogue, datetime | None, datetime] | None = None
        self._pasts = Pasts(anchor=EPOCH, by_service={})
        self._folded_latest: dict[Key, Recorded | None] = {}

    async def load(self, catalogue: Catalogue, own: OwnHealth, now: datetime) -> Board:
        """The board at `now`. Raises `StoreError`."""
        async with self._database.read() as tx:
            until = await folded_until(tx)
            anchor = live_hour(until, now)
            made_of = (catalogue, until, anchor)
            if made_of != self._made_of:
                self._pasts = await _load_pasts(tx, catalogue, anchor)
                self._made_of = made_of
            states = await load_states(tx)
            present = Present(
                states=states,
                latest=await self._load_latest(
                    tx, catalogue, [(each.check_id, each.region) for each in states], now
                ),
                live=await _load_live(tx, now),
                incidents=await load_incidents(tx, since_at=now - Window.QUARTER.length, limit=MOST_INCIDENTS),
                vendors=await self._vendors.load(tx, catalogue, now, now - Window.QUARTER.length),
                people=await load_people(tx, now),
                durations=await self._durations.load(tx, catalogue, now),
            )
        # Away from the event loop: with thousands of checks this takes long enough to make probes late.
        return await asyncio.to_thread(assemble_board, catalogue, self._pasts, present, own, now)

    async def load_whole(self, catalogue: Catalogue, own: OwnHealth, now: datetime) -> Board:
        """The board with all that may come with a later one, for whoever makes one alone. Raises `StoreError`."""
        await self.load(catalogue, own, now)
        await self._durations.settle()
        return await self.load(catalogue, own, now)

    async def _load_latest(
        self, tx: ReadTx, catalogue: Catalogue, keys: Sequence[Key], now: datetime
    ) -> Mapping[Key, Recorded]:
        """The newest result of each series. That of a rarely asked check may be folded: it is looked up once."""
        latest = await load_latest(tx)
        for key in keys:
            check = catalogue.check_by_id.get(key[0])
            if check is None or key in latest:
                continue
            if key not in self._folded_latest:
                kept = await load_results(tx, *key, now - 2 * check.cadence.interval - 2 * HOUR, now)
                self._folded_latest[key] = kept[-1] if kept else None
            if (known := self._folded_latest[key]) is not None:
                latest[key] = known
        self._folded_latest |= latest
        return latest


async def load_history(database: Database, service: Service, window: Window, now: datetime) -> History:
    """A service over a window. Raises `StoreError`."""
    load = load_days if window.bucket == DAY else load_hours
    async with database.read() as tx:
        anchor = live_hour(await folded_until(tx), now)
        first_at = floor(anchor, window.bucket) + window.bucket - window.length
        rollups = await load(tx, first_at, anchor + HOUR, [check.id for check in service.checks])
        live = await _load_live(tx, now)
    return assemble_history(service, window, by_check(rollups), live, anchor)


async def load_story(database: Database, incident_id: str) -> Story | None:
    """An incident with the results that told it, or `None` where there is none of that id. Raises `StoreError`."""
    async with database.read() as tx:
        incident = await load_incident(tx, incident_id)
        if incident is None:
            return None
        keys = [series.key for series in await load_series(tx)]
        told_by = [await _load_teller(tx, event, keys) for event in incident.events]
        entry = await _load_entry(tx, incident)
        told = await _load_told(tx, incident, entry)
    return Story(incident=incident, told_by=tuple(told_by), told=told, lag=entry)


async def _load_entry(tx: ReadTx, incident: Incident) -> LagEntry | None:
    """The entry of the lag ledger that an incident of ours has."""
    since_at = incident.opened_at - FARTHEST_START
    entries = await load_lags(tx, service_id=incident.service_id, since_at=since_at)
    return next((entry for entry in entries if entry.our_incident_id == incident.id), None)


async def _load_told(tx: ReadTx, incident: Incident, entry: LagEntry | None) -> SeenIncident | None:
    """The vendor's incident that goes with the entry, else the first that the vendor told of in this trouble."""
    said = incident.account_of(Witness.VENDOR)
    if entry is not None and entry.vendor_incident_id is not None:
        page_key, ids = entry.page_key, [entry.vendor_incident_id]
    elif said is not None:
        page_key, ids = said.page_key, list(said.incident_ids)
    else:
        return None
    known = await load_known_incidents(tx, page_key, ids)
    return next((known[each] for each in ids if each in known), None)


async def _load_teller(tx: ReadTx, event: IncidentEvent, keys: Sequence[Key]) -> Recorded | None:
    """The result that a step of the story is dated from, as long as it is kept."""
    since_at, until_at = event.at - MOST_LATE, event.at + MOST_LATE
    for check_id, region in keys:
        if check_id == event.check_id:
            for each in await load_results(tx, check_id, region, since_at, until_at):
                if each.result.started_at == event.at:
                    return each
    return None


async def _load_pasts(tx: ReadTx, catalogue: Catalogue, anchor: datetime) -> Pasts:
    folded = Folded(
        strips=by_check(await load_strips(tx)),
        hours=by_check(await load_hours(tx, anchor - HOURS_SHOWN * HOUR, anchor)),
    )
    past = partial(assemble_past, folded=folded, anchor=anchor)
    return await asyncio.to_thread(
        lambda: Pasts(anchor=anchor, by_service={service.id: past(service) for service in catalogue.services})
    )


async def _load_live(tx: ReadTx, now: datetime) -> Tallies:
    """What is not folded yet of each check, over its regions."""
    return {check_id: merge_tallies(parts) for check_id, parts in by_check(await load_live(tx, now)).items()}
