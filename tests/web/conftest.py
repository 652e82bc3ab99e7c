"""A small site over a real database, filled by the recorder itself."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest

from app.board.keeper import BoardKeeper
from app.board.load import BoardLoader
from app.board.model import Board, OwnHealth
from app.domain.evidence import Link, chain
from app.domain.lag import First, LagEntry
from app.domain.ledger import Ledger
from app.domain.network import NetworkView
from app.domain.result import LOCAL, Blame, CheckId, Failure, FailureKind
from app.domain.said import PageState, Said, SaidKind, SeenIncident
from app.domain.service import Catalogue, StatusPage
from app.domain.status import Status
from app.domain.vendor import Phase
from app.pipeline.bus import Bus
from app.pipeline.record import Recorder
from app.settings import resource
from app.store.engine import Database
from app.store.evidence import insert_records
from app.store.lag import save_ledger
from app.store.series import ensure_series
from app.store.vendor_incidents import save_vendor_incidents
from app.store.vendor_pages import save_page_state
from app.web.app import create_app
from tests.build import START, a_catalogue, a_check, a_failure, a_result, minute
from tests.clocks import HandClock
from tests.pages import a_maintenance, a_page, a_part, an_incident, an_update

EVIL = '<script>alert("x")</script>&'
MODELS, EDGE, CERTIFICATE = (
    a_check("api/models"),
    a_check("api/edge", impact=Status.DEGRADED),
    a_check("api/certificate", impact=Status.UP),
)
WEB, HIDDEN = a_check("chat/web"), replace(a_check("hidden/door"), note=f"note {EVIL}")
CHALLENGED = Failure(
    kind=FailureKind.BOT_CHALLENGE, blame=Blame.BOT_WALL, verdict=Status.UNKNOWN, sentence=f"a wall said {EVIL}"
)
VENDOR = "api-inc"
INCIDENT = "/incidents/api-20260301T140000"


def evil_catalogue() -> Catalogue:
    """A service that is down, one that is up, and one with markup wherever a catalogue may have it."""
    known = a_catalogue(MODELS, EDGE, CERTIFICATE, WEB, HIDDEN)
    hidden = replace(known.services[2], name=EVIL, about=EVIL)
    page = StatusPage(url="https://status.api.example/", kind="statuspage")
    speaking = replace(known.vendor_by_id[VENDOR], status_page=page)
    vendors = tuple(speaking if vendor.id == VENDOR else vendor for vendor in known.vendors)
    return replace(known, vendors=vendors, services=(*known.services[:2], hidden))


@dataclass
class Site:
    """The application under test, and what may be done to it."""

    client: httpx.AsyncClient
    database: Database
    keeper: BoardKeeper
    clock: HandClock
    own: OwnHealth

    async def json(self, path: str) -> dict[str, object]:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        told: dict[str, object] = answer.json()
        return told


@pytest.fixture
async def site(database: Database) -> AsyncIterator[Site]:
    async with a_site(database) as made:
        yield made


@asynccontextmanager
async def a_site(database: Database) -> AsyncIterator[Site]:
    """The small site over an empty database."""
    catalogue = evil_catalogue()
    await record(database, catalogue)
    clock = HandClock(minute(10))
    loader = BoardLoader(database)
    network = NetworkView(works=True, seen_at=START, sentence="2 of 2 control targets answer from here.")
    own = OwnHealth(started_at=START, probing=True, network=network, late_p99_ms=2.4)

    async def load() -> Board:
        return await loader.load(catalogue, made.own, clock.now())

    keeper = BoardKeeper(load, clock=clock)
    app = create_app(
        keeper=keeper, database=database, clock=clock, templates=resource("templates"), static=resource("static")
    )
    async with AsyncExitStack() as stack:
        transport = httpx.ASGITransport(app=app)
        client = httpx.AsyncClient(transport=transport, base_url="http://stillup.test")
        made = Site(await stack.enter_async_context(client), database, keeper, clock, own)
        await keeper.renew()
        yield made


async def record(database: Database, catalogue: Catalogue) -> None:
    """Ten minutes: `api/models` and its edge fail from the start on, `chat` answers, `hidden` cannot be seen."""
    async with database.write() as tx:
        await ensure_series(tx, list(catalogue.check_by_id.values()), LOCAL, START - timedelta(hours=1))
    recorder = Recorder(database=database, clock=HandClock(START), bus=Bus(), confirm=lambda _check, _after: None)
    recorder.replace(catalogue)
    failures: dict[CheckId, Failure] = {MODELS.id: a_failure(), HIDDEN.id: CHALLENGED}
    for number in (0, 5, 9):
        for check in catalogue.check_by_id.values():
            failure = failures.get(check.id)
            result = a_result(minute(number), check_id=check.id, failure=failure)
            evidence = {"body": EVIL, "retry-after": "30"} if failure else {}
            recorder.put(check, replace(result, evidence=evidence))
    await recorder.flush()
    await hear(database)


async def hear(database: Database) -> None:
    """Four minutes late the vendor of `api` tells of it, with markup wherever a page may have it."""
    updates = (an_update(4, text=f"{EVIL} see https://status.api.example/i1"), an_update(8, Phase.IDENTIFIED))
    told = replace(
        an_incident("i1", *updates, title=f"Errors {EVIL}", parts=("API",)), url="https://status.api.example/i1"
    )
    page = a_page(
        told, parts=(a_part(EVIL, Status.DEGRADED, part_id="api"),), maintenances=(a_maintenance(60, 90),)
    )
    seen = SeenIncident(page_key=VENDOR, incident=told, first_seen_at=minute(5), not_yet_at=minute(3))
    entry = LagEntry(
        id="one",
        service_id="api",
        page_key=VENDOR,
        our_incident_id=INCIDENT.removeprefix("/incidents/"),
        vendor_incident_id="i1",
        our_first_at=minute(0),
        vendor_said_at=minute(4),
        we_looked=True,
        vendor_looked=True,
        first=First.WE,
    )
    said = Said(kind=SaidKind.UPDATE_EDITED, seen_at=minute(9), subject=EVIL, before="Fine.", after=EVIL)
    state = PageState(key=VENDOR, page=page, first_read_at=START, read_at=minute(9), changed_at=minute(9))
    async with database.write() as tx:
        await save_page_state(tx, state, is_page_new=True)
        await save_vendor_incidents(tx, [seen])
        await save_ledger(tx, Ledger(kept=(entry,), struck=()))
        await insert_records(tx, chain(VENDOR, Link(), [said], ()))
