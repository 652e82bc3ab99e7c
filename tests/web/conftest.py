"""A small site over a real database, filled by the recorder itself."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest

from app.board.keeper import BoardKeeper
from app.board.load import BoardLoader
from app.board.model import Board, OwnHealth
from app.domain.network import NetworkView
from app.domain.result import LOCAL, Blame, CheckId, Failure, FailureKind
from app.domain.service import Catalogue
from app.domain.status import Status
from app.pipeline.bus import Bus
from app.pipeline.record import Recorder
from app.settings import resource
from app.store.engine import Database
from app.store.series import ensure_series
from app.web.app import create_app
from tests.build import START, a_catalogue, a_check, a_failure, a_result, minute
from tests.clocks import HandClock

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
INCIDENT = "/incidents/api-20260301T140000"


def evil_catalogue() -> Catalogue:
    """A service that is down, one that is up, and one with markup wherever a catalogue may have it."""
    known = a_catalogue(MODELS, EDGE, CERTIFICATE, WEB, HIDDEN)
    hidden = replace(known.services[2], name=EVIL, about=EVIL)
    return replace(known, services=(*known.services[:2], hidden))


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
    recorder = Recorder(database=database, bus=Bus(), confirm=lambda _check: None)
    recorder.replace(catalogue)
    failures: dict[CheckId, Failure] = {MODELS.id: a_failure(), HIDDEN.id: CHALLENGED}
    for number in (0, 5, 9):
        for check in catalogue.check_by_id.values():
            failure = failures.get(check.id)
            result = a_result(minute(number), check_id=check.id, failure=failure)
            evidence = {"body": EVIL, "retry-after": "30"} if failure else {}
            recorder.put(check, replace(result, evidence=evidence))
    await recorder.flush()
