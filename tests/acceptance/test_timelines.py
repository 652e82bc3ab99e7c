"""Whole stories in wound-up time: one letter a minute for what probes meet, pages as the vendor shows them.

Everything that judges is real, the database too; only the clock is moved by hand. `u` is a good answer, `s` a slow
one, `d` a 503, `n` a failure while our own network fails, `q` a 429 over our quota, `k` a refused key, a space no
probe at all.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.domain.check import Cadence, Check
from app.domain.hear import hear, miss
from app.domain.incident import EventKind, Incident
from app.domain.network import NetworkView, excuse
from app.domain.report import Report, Symptom
from app.domain.result import LOCAL, Blame, CheckId, Failure, FailureKind, ProbeResult, Recorded
from app.domain.rollup import fold_results
from app.domain.said import PageState
from app.domain.status import Status
from app.domain.vendor import Phase, VendorPage
from app.domain.verdict import Witness
from app.domain.watched import watched_pages
from app.pipeline.bus import Bus
from app.pipeline.record import Recorder
from app.settings import Settings
from app.store.engine import Database, open_database
from app.store.incidents import load_incidents
from app.store.reports import insert_report
from app.store.rollups import save_rollups
from app.store.series import ensure_series, load_numbers
from app.store.tables import hours
from app.store.vendor_pages import load_page_states, save_page_state
from app.wiring import upgrade_database
from tests.build import START, Target, a_failure, a_result, minute
from tests.clocks import HandClock
from tests.pages import a_maintenance, a_page, a_part, a_service, acme, an_incident, an_update

CHECK = Check(
    id=CheckId("acme-api/models"),
    service_id="acme-api",
    name="models",
    kind="http",
    spec=Target(),
    cadence=Cadence(interval=timedelta(minutes=1)),
)
WORLD = acme(replace(a_service(), checks=(CHECK,)))
CALM = a_page()
REPORTS = a_page(an_incident(started_at=8, parts=("API",)), parts=(a_part("API", Status.DEGRADED), a_part("Web")))
OVER = a_page(an_incident("i1", an_update(8), an_update(20, Phase.RESOLVED), parts=("API",)))
PLANNED = a_page(parts=(), maintenances=(a_maintenance(0, 90, phase=Phase.IN_PROGRESS, parts=("API",)),))
OUR_NETWORK = NetworkView(works=False, seen_at=START, sentence="3 of 3 controls do not answer.")
M, V, P = Witness.MEASURED, Witness.VENDOR, Witness.PEOPLE
UP, DEGRADED, DOWN, UNKNOWN = Status.UP, Status.DEGRADED, Status.DOWN, Status.UNKNOWN
OPENED, REOPENED, CLOSED, LOST = EventKind.OPENED, EventKind.REOPENED, EventKind.CLOSED, EventKind.LOST_SIGHT
WORSENED, EASED, JOINED = EventKind.WORSENED, EventKind.EASED, EventKind.JOINED


def met(letter: str, at: float) -> ProbeResult:
    """What a probe meets, as the prober and the network watch hand it on."""
    ours = {
        "q": (FailureKind.QUOTA_EXHAUSTED, Blame.US_QUOTA),
        "k": (FailureKind.KEY_REFUSED, Blame.US_KEY),
    }
    if letter == "s":
        return a_result(minute(at), check_id=CHECK.id, total_ms=900)
    if letter == "u":
        return a_result(minute(at), check_id=CHECK.id)
    if letter in ours:
        kind, blame = ours[letter]
        failure = Failure(kind=kind, blame=blame, verdict=Status.UNKNOWN, sentence="it is our own trouble")
        return a_result(minute(at), check_id=CHECK.id, failure=failure)
    result = a_result(minute(at), check_id=CHECK.id, failure=a_failure())
    return excuse(result, OUR_NETWORK) if letter == "n" else result


@dataclass
class Stage:
    """The stations that judge, over a real database, at a clock that is moved by hand."""

    database: Database
    clock: HandClock = field(default_factory=lambda: HandClock(START))

    async def open(self) -> None:
        self.recorder = Recorder(
            database=self.database, clock=self.clock, bus=Bus(), confirm=lambda _check, _after: None
        )
        self.recorder.replace(WORLD)
        await self.recorder.load()

    async def probe(self, letter: str, at: float) -> None:
        if letter != " ":
            self.recorder.put(CHECK, met(letter, at))
        self.recorder.listen()
        await self.recorder.flush()

    async def show(self, page: VendorPage | None, at: float) -> None:
        """Read the page as the poller does; `None` is a page that does not answer."""
        key = watched_pages(WORLD)[0].key
        async with self.database.write() as tx:
            before = (await load_page_states(tx)).get(key, PageState(key=key))
            heard = (
                miss(before, "Answered 502", minute(at)) if page is None else hear(before, page, minute(at), {})
            )
            await save_page_state(tx, heard.state, is_page_new=True)

    async def report(self, number: int, at: float) -> None:
        async with self.database.write() as tx:
            report = Report(at=minute(at), symptom=Symptom.ERROR, network=f"n{number}")
            await insert_report(tx, "acme-api", report, "")

    async def incidents(self) -> list[Incident]:
        async with self.database.read() as tx:
            return sorted(await load_incidents(tx, since_at=START), key=lambda each: each.opened_at)


Step = tuple[EventKind, int, Status, Witness]


def told(incidents: Sequence[Incident]) -> list[list[Step]]:
    return [
        [
            (event.kind, int((event.at - START) / timedelta(minutes=1)), event.status, event.witness)
            for event in each.events
        ]
        for each in incidents
    ]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    settings = Settings(data=tmp_path)
    upgrade_database(settings)
    made = Stage(open_database(settings.database_url))
    async with made.database.write() as tx:
        await ensure_series(tx, [CHECK], LOCAL, START)
    await made.open()
    yield made
    await made.database.close()


async def play(
    stage: Stage,
    letters: str,
    pages: Mapping[int, VendorPage | None] | None = None,
    *,
    restarts: Sequence[int] = (),
    crowd_at: int | None = None,
) -> list[list[Step]]:
    """Play a story minute by minute. A page is read again every minute while it stays what it is."""
    showing: VendorPage | None = None
    for at, letter in enumerate(letters):
        stage.clock.move(minute(at) - stage.clock.now())
        if pages is not None:
            showing = pages.get(at, showing)
            if at in pages or showing is not None:
                await stage.show(showing, at)
        if at == crowd_at:
            for number in range(12):
                await stage.report(number, at)
        if at in restarts:
            await stage.open()
        await stage.probe(letter, at)
    return told(await stage.incidents())


OUTAGE = "uuuuu" + "d" * 12 + "uuuuu"


@pytest.mark.parametrize(
    ("letters", "pages", "story"),
    [
        pytest.param(
            OUTAGE,
            {0: CALM},
            [[(OPENED, 5, DOWN, M), (CLOSED, 17, UP, M)]],
            id="the vendor never says a word",
        ),
        pytest.param(
            OUTAGE,
            {0: CALM, 9: REPORTS, 20: OVER},
            [[(OPENED, 5, DOWN, M), (JOINED, 8, DOWN, V), (EASED, 17, DEGRADED, V), (CLOSED, 20, UP, M)]],
            id="the vendor speaks after us, and is the last to call it over",
        ),
        pytest.param(
            "u" * 30,
            {0: CALM, 9: REPORTS, 20: OVER},
            [[(OPENED, 8, DEGRADED, V), (CLOSED, 20, UP, M)]],
            id="only the vendor tells of it",
        ),
        pytest.param("u" * 60 + "n" * 20 + "u" * 5, {0: CALM}, [], id="our own network fails, nobody else"),
        pytest.param(
            "uuuuu" + "dddd" + "n" * 10 + "d" * 5 + "uuu",
            {0: CALM},
            [[(OPENED, 5, DOWN, M), (LOST, 9, UNKNOWN, M), (WORSENED, 5, DOWN, M), (CLOSED, 24, UP, M)]],
            id="our own network fails while the vendor does too",
        ),
        pytest.param(
            OUTAGE,
            {0: CALM, 3: None},
            [[(OPENED, 5, DOWN, M), (CLOSED, 17, UP, M)]],
            id="the vendor's page is down with it",
        ),
        pytest.param(
            "u" * 12 + "ud" * 20 + "u" * 14,
            {0: CALM},
            [[(OPENED, 13, DEGRADED, M), (CLOSED, 52, UP, M)]],
            id="flapping is one trouble",
        ),
        pytest.param(
            "uuuuu" + "d" * 10 + "dududd" + "dduddu" + "u" * 8,
            {0: CALM},
            [[(OPENED, 5, DOWN, M), (CLOSED, 26, UP, M)]],
            id="a slow recovery is not called over at its first good answers",
        ),
        pytest.param(
            "uuuuu" + "d" * 5 + "u" * 12 + "d" * 5 + "uuu",
            {0: CALM},
            [[(OPENED, 5, DOWN, M), (CLOSED, 10, UP, M), (REOPENED, 22, DOWN, M), (CLOSED, 27, UP, M)]],
            id="what comes back soon is the same trouble",
        ),
        pytest.param(
            "uuuuu" + "d" * 5 + "u" * 40 + "d" * 5 + "uuu",
            {0: CALM},
            [
                [(OPENED, 5, DOWN, M), (CLOSED, 10, UP, M)],
                [(OPENED, 50, DOWN, M), (CLOSED, 55, UP, M)],
            ],
            id="what comes back late is another one",
        ),
        pytest.param(
            "uuuuu" + "ddd" + " " * 60 + "ddd" + "uuu",
            {0: CALM},
            [[(OPENED, 5, DOWN, M), (CLOSED, 71, UP, M)]],
            id="an hour without probes ends nothing",
        ),
        pytest.param("u" * 10 + "q" * 30 + "u" * 5, {0: CALM}, [], id="our quota is spent"),
        pytest.param(
            "u" * 10 + "k" * 30 + "u" * 5, {0: CALM}, [], id="our key is refused, as in an outage of logins"
        ),
        pytest.param(
            "u" * 10 + "k" * 30 + "u" * 5,
            {0: CALM, 12: REPORTS, 38: OVER},
            [[(OPENED, 8, DEGRADED, V), (LOST, 38, UNKNOWN, M), (CLOSED, 40, UP, M)]],
            id="an outage of logins that the vendor tells of",
        ),
        pytest.param("uu" + "d" * 20 + "uuu", {0: PLANNED}, [], id="trouble within planned work"),
        pytest.param(
            "uu" + "d" * 20 + "uuu",
            {0: PLANNED, 12: CALM},
            [[(OPENED, 2, DOWN, M), (CLOSED, 22, UP, M)]],
            id="trouble that outlasts planned work",
        ),
        pytest.param("uuuuuduuuuuuuuuduuuu", {0: CALM}, [], id="two odd failures"),
    ],
)
async def test_a_story_is_told_as_it_was(
    stage: Stage, letters: str, pages: Mapping[int, VendorPage | None], story: list[list[Step]]
) -> None:
    assert await play(stage, letters, pages) == story


async def test_a_page_that_is_frozen_and_green_is_an_unknown_word(stage: Stage) -> None:
    """What finds it out, that its own host fails, is the poller's; here is what follows from it."""
    story = await play(stage, OUTAGE, {0: CALM, 7: None})
    assert story == [[(OPENED, 5, DOWN, M), (CLOSED, 17, UP, M)]]


@pytest.mark.parametrize("restarts", [(6,), (7,), (8, 9), (16,), (17, 18), tuple(range(20))])
async def test_a_restart_in_the_middle_changes_nothing(stage: Stage, restarts: Sequence[int]) -> None:
    pages = {0: CALM, 9: REPORTS, 20: OVER}
    assert await play(stage, OUTAGE, pages, restarts=restarts) == [
        [(OPENED, 5, DOWN, M), (JOINED, 8, DOWN, V), (EASED, 17, DEGRADED, V), (CLOSED, 20, UP, M)]
    ]


async def test_answers_slower_than_is_usual_at_this_hour_are_a_trouble_too(stage: Stage) -> None:
    async with stage.database.write() as tx:
        number = (await load_numbers(tx))[CHECK.id, LOCAL]
        hours_before = [START - timedelta(days=day) for day in range(1, 8)]
        past = [fold_results(at, [_usual(at, place) for place in range(60)], due=60) for at in hours_before]
        await save_rollups(tx, hours, number, past)
    story = await play(stage, "u" * 5 + "s" * 15 + "u" * 15, {0: CALM})
    assert story == [[(OPENED, 5, DEGRADED, M), (CLOSED, 20, UP, M)]]


def _usual(hour_at: datetime, place: int) -> Recorded:
    at = hour_at + timedelta(minutes=place)
    return Recorded(result=a_result(at, check_id=CHECK.id, total_ms=120 + place), status=UP)


async def test_people_see_what_a_door_that_opens_does_not_show(stage: Stage) -> None:
    story = await play(stage, "u" * 90, {0: CALM}, crowd_at=10)
    assert [[step[0] for step in each] for each in story] == [[OPENED, CLOSED]]
    assert story[0][0][2:] == (DEGRADED, P)


async def test_a_clock_that_jumps_back_makes_nothing_up(stage: Stage) -> None:
    for at in (0, 1, 2, 3, 4):
        await stage.probe("u", at)
    for at in (5, 6, 7):
        await stage.probe("d", at)
    for at in (2, 3, 4):  # set back by five minutes: what is not newer tells nothing
        await stage.probe("u", at)
    assert told(await stage.incidents()) == [[(OPENED, 5, DOWN, M)]]
