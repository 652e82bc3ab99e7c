"""The lag ledger comes back, and the results tell whether we were looking."""

from dataclasses import replace
from datetime import timedelta

from app.domain.lag import First, LagEntry
from app.domain.ledger import Ledger, Spell
from app.domain.result import LOCAL, Recorded
from app.domain.status import Status
from app.pipeline.compact import Retention, compact_once
from app.store.engine import Database
from app.store.lag import load_lags, save_ledger, was_probed
from app.store.results import insert_results
from app.store.series import ensure_series
from tests.build import START, a_check, a_result, minute

PAIR = LagEntry(
    id="api/api-1",
    service_id="api",
    page_key="acme",
    our_incident_id="api-1",
    vendor_incident_id="v1",
    our_first_at=minute(10),
    vendor_said_at=minute(28),
    vendor_looked=True,
    we_looked=True,
    first=First.WE,
)
ALONE = replace(PAIR, id="api/acme:v2", our_incident_id=None, our_first_at=None, vendor_said_at=minute(40))
MODELS = a_check("api/models")


async def test_entries_are_kept_found_and_struck_out(database: Database) -> None:
    async with database.write() as tx:
        await save_ledger(tx, Ledger(kept=(PAIR, ALONE, replace(PAIR, id="chat/1", service_id="chat")), struck=()))
        later = replace(PAIR, our_recovery_at=minute(60))
        await save_ledger(tx, Ledger(kept=(later,), struck=(ALONE.id,)))
    async with database.read() as tx:
        assert await load_lags(tx, service_id="api") == [later]
        assert len(await load_lags(tx)) == 2
        assert await load_lags(tx, since_at=minute(11)) == []


async def test_whether_we_probed_is_told_by_results_that_told_something(database: Database) -> None:
    async with database.write() as tx:
        await ensure_series(tx, [MODELS], LOCAL, START)
        known = Recorded(result=a_result(minute(5)), status=Status.UP)
        blind = Recorded(result=a_result(minute(15)), status=Status.UNKNOWN)
        await insert_results(tx, [known, blind])
    now = START + timedelta(hours=3)
    for _ in ("as results", "folded into hours"):
        async with database.read() as tx:
            assert await was_probed(tx, [MODELS.id], Spell(start_at=minute(0), end_at=minute(9)), now)
            assert not await was_probed(tx, [a_check("api/x").id], Spell(start_at=minute(0), end_at=None), now)
            assert not await was_probed(tx, [MODELS.id], Spell(start_at=minute(121), end_at=None), now)
        await compact_once(database, now, Retention())


async def test_a_probe_that_could_not_tell_was_no_look(database: Database) -> None:
    async with database.write() as tx:
        await ensure_series(tx, [MODELS], LOCAL, START)
        await insert_results(tx, [Recorded(result=a_result(minute(15)), status=Status.UNKNOWN)])
    async with database.read() as tx:
        assert not await was_probed(tx, [MODELS.id], Spell(start_at=minute(10), end_at=None), minute(30))
