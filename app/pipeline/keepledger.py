"""Keeps the lag ledger of a page's services: reads both witnesses' stories, folds them, asks who was looking."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.incident import as_measured
from app.domain.lag import LagEntry, judged
from app.domain.ledger import Ledger, Spell, Stories, fold_ledger, looked_at
from app.domain.mapping import Basis, PageMap
from app.domain.said import WITNESS_GAP, PageState
from app.domain.schedule import EPOCH
from app.domain.service import Service
from app.domain.status import Status
from app.domain.watched import WatchedPage
from app.store.engine import WriteTx
from app.store.evidence import load_blind_spells
from app.store.incidents import load_incidents
from app.store.lag import load_lags, save_ledger, was_probed
from app.store.vendor_incidents import load_vendor_incidents, load_vendor_maintenances

LOOKED_BACK = timedelta(days=14)
"""Stories that ended earlier are settled; the ledger is not touched for their sake."""

_SURE = (Basis.PART, Basis.WHOLE_PAGE, Basis.TITLE, Basis.TEXT)
"""An incident that names nothing is no word on any service in particular."""


async def update_ledger(
    tx: WriteTx, watched: WatchedPage, state: PageState, now: datetime, services: Sequence[Service] | None = None
) -> None:
    """Bring the ledger of the page's services (or of these of them) up to date; twice is as good as once."""
    since_at = now - LOOKED_BACK
    page_map = PageMap(watched, state.page.components if state.page else ())
    theirs = await load_vendor_incidents(tx, since_at=since_at, page_key=watched.key)
    planned = await load_vendor_maintenances(tx, since_at=since_at, page_key=watched.key)
    blind = [*await load_blind_spells(tx, watched.key, since_at), *_blind_now(state, now)]
    for service in watched.services if services is None else services:
        stories = Stories(
            service_id=service.id,
            page_key=watched.key,
            ours=[
                measured
                for each in await load_incidents(tx, since_at=since_at, service_id=service.id)
                if (measured := as_measured(each)) is not None
            ],
            theirs=[each for each in theirs if page_map.basis(service, each.incident) in _SURE],
            planned=[
                Spell(start_at=each.maintenance.starts_at, end_at=each.maintenance.ends_at)
                for each in planned
                if page_map.basis(service, each.maintenance) in _SURE
            ],
            blind=blind,
        )
        if stories.ours or stories.theirs:
            entries = await load_lags(tx, service_id=service.id, since_at=since_at - LOOKED_BACK)
            ledger = fold_ledger(entries, stories, now)
            kept = [await _with_our_look(tx, service, entry, now) for entry in ledger.kept]
            await save_ledger(tx, Ledger(kept=tuple(kept), struck=ledger.struck))


async def _with_our_look(tx: WriteTx, service: Service, entry: LagEntry, now: datetime) -> LagEntry:
    if entry.we_looked:
        return entry
    asked = [check.id for check in service.checks if check.impact is not Status.UP]
    looked = await was_probed(tx, asked, looked_at(entry, now), now)
    return judged(replace(entry, we_looked=looked), now)


def _blind_now(state: PageState, now: datetime) -> Iterable[Spell]:
    """The time that nobody reads the page now, if so."""
    if state.unknown_since_at is not None:
        yield Spell(start_at=state.unknown_since_at, end_at=None)
    elif state.read_at is None:
        yield Spell(start_at=EPOCH, end_at=None)
    elif now - state.read_at > WITNESS_GAP:
        yield Spell(start_at=state.read_at, end_at=None)
