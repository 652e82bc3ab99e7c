"""What a board is told of vendors."""

from dataclasses import replace

import pytest

from app.domain.lag import First, LagEntry
from app.domain.ledger import Ledger
from app.domain.mapping import Basis
from app.domain.said import PageState, SeenIncident
from app.domain.service import Components, Vendor
from app.domain.status import Status
from app.store.engine import Database
from app.store.lag import save_ledger
from app.store.vendor_incidents import save_vendor_incidents
from app.store.vendor_pages import save_page_state
from app.store.vendor_words import (
    VendorLoader,
    VendorView,
    WordLoader,
    load_lag_summaries,
    load_told_incidents,
)
from tests.build import minute
from tests.pages import a_page, a_part, a_service, acme, an_incident

CATALOGUE = acme(a_service(), a_service("acme-web", name="Acme Web", components=Components(names=("Web",))))
BROKEN = a_page(parts=(a_part("API", Status.DOWN), a_part("Web")))


@pytest.fixture(autouse=True)
async def _stored(database: Database) -> None:
    told = [an_incident("i1", parts=("API",)), an_incident("i2"), an_incident("i3", title="Acme Web is slow")]
    async with database.write() as tx:
        await save_page_state(tx, PageState(key="acme", page=BROKEN, read_at=minute(1)), is_page_new=True)
        seen = [SeenIncident(page_key="acme", incident=each, first_seen_at=minute(1)) for each in told]
        await save_vendor_incidents(tx, seen)


async def test_every_service_with_a_page_has_its_vendors_word(database: Database) -> None:
    async with database.read() as tx:
        words = await WordLoader().load(tx, CATALOGUE, minute(2))
        never_read = await WordLoader().load(tx, replace(CATALOGUE, vendors=_moved()), minute(2))
    assert {key: word.status for key, word in words.items()} == {
        "acme-api": Status.DOWN,
        "acme-web": Status.UP,
    }
    assert never_read == {}


def _moved() -> tuple[Vendor, ...]:
    return (replace(CATALOGUE.vendors[0], status_page=None),)


async def test_the_vendors_history_is_put_to_the_services_it_concerns(database: Database) -> None:
    async with database.read() as tx:
        for service_id, expected in (("acme-api", ("i1", Basis.PART)), ("acme-web", ("i3", Basis.TITLE))):
            told = await load_told_incidents(tx, CATALOGUE, since_at=minute(0), service_id=service_id)
            assert [(each.seen.incident.id, each.basis) for each in told[service_id]] == [expected]
            assert told.keys() == {service_id}


async def viewed(database: Database, loader: VendorLoader, at: float = 2) -> VendorView:
    async with database.read() as tx:
        return await loader.load(tx, CATALOGUE, minute(at), minute(-9000))


async def test_a_view_tells_words_history_and_bad_days_at_once(database: Database) -> None:
    view = await viewed(database, VendorLoader())
    assert {key: word.status for key, word in view.words.items()} == {
        "acme-api": Status.DOWN,
        "acme-web": Status.UP,
    }
    assert {key: len(told) for key, told in view.told.items()} == {"acme-api": 1, "acme-web": 1}
    assert view.bad_days == {
        "acme-api": {minute(0).date(): Status.DEGRADED},
        "acme-web": {minute(0).date(): Status.DEGRADED},
    }


async def test_a_view_is_made_anew_when_a_page_changes_and_only_then(database: Database) -> None:
    loader = VendorLoader()
    before = await viewed(database, loader)
    later = await viewed(database, loader, 3)
    assert (later.told is before.told, later.words["acme-api"].status) == (True, Status.DOWN)
    changed = PageState(key="acme", page=a_page(), read_at=minute(4), changed_at=minute(4))
    over = SeenIncident(page_key="acme", incident=an_incident("i4", parts=("API",)), first_seen_at=minute(4))
    async with database.write() as tx:
        await save_page_state(tx, changed, is_page_new=True)
        await save_vendor_incidents(tx, [over])
    after = await viewed(database, loader, 5)
    assert (len(after.told["acme-api"]), after.words["acme-api"].status) == (2, Status.UP)


async def test_a_vendors_lag_is_summed_up_over_its_services(database: Database) -> None:
    entries = tuple(
        LagEntry(
            id=f"{service_id}/1",
            service_id=service_id,
            page_key="acme",
            our_first_at=minute(0),
            vendor_said_at=minute(18),
            vendor_looked=True,
            we_looked=True,
            first=First.WE,
        )
        for service_id in ("acme-api", "acme-web", "gone")
    )
    async with database.write() as tx:
        await save_ledger(tx, Ledger(kept=entries, struck=()))
    async with database.read() as tx:
        summaries = await load_lag_summaries(tx, CATALOGUE)
    assert {key: (each.compared, each.lag_median) for key, each in summaries.items()} == {
        "acme": (2, minute(18) - minute(0))
    }
