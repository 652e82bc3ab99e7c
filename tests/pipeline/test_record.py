"""What a batch amounts to, and that none of it is ever lost."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.check import Check
from app.domain.incident import Incident, IncidentEvent
from app.domain.result import LOCAL, CheckId, ProbeResult
from app.domain.sequential import LOOK_EVERY
from app.domain.status import Status
from app.pipeline.bus import Bus, Change
from app.pipeline.judge import Confirmation, Judged, judge
from app.pipeline.record import Recorder
from app.store.engine import Database
from app.store.incidents import load_incidents, load_open_incidents
from app.store.results import load_results
from app.store.series import ensure_series
from app.store.states import load_states
from tests.build import START, a_catalogue, a_check, a_failure, a_result, minute
from tests.clocks import HandClock

MODELS, EDGE = a_check("api/models"), a_check("api/edge", impact=Status.DEGRADED)
CATALOGUE = a_catalogue(MODELS, EDGE)


def batch(check: Check, letters: str, start: int = 0) -> list[tuple[Check, ProbeResult]]:
    return [
        (
            check,
            a_result(minute(start + number), check_id=check.id, failure=a_failure() if letter == "d" else None),
        )
        for number, letter in enumerate(letters)
    ]


def after(*batches: list[tuple[Check, ProbeResult]]) -> Judged:
    judged = judge([], {}, {}, CATALOGUE)
    open_incidents = dict(judged.incidents)
    for results in batches:
        judged = judge(results, judged.states, open_incidents, CATALOGUE)
        open_incidents |= judged.incidents
    return judged


def whole_story(told: list[tuple[Check, ProbeResult]]) -> tuple[IncidentEvent, ...]:
    """The events of the incident that is told where nobody ever restarts."""
    incidents: dict[str, Incident] = {}
    judged = judge([], {}, {}, CATALOGUE)
    for each in told:
        judged = judge([each], judged.states, incidents, CATALOGUE)
        incidents |= judged.incidents
    return incidents["api"].events


def test_an_outage_opens_an_incident_dated_from_the_first_bad_reading() -> None:
    judged = after(batch(MODELS, "uuddd"))
    assert [(transition.after, transition.since_at) for transition in judged.transitions] == [
        (Status.UP, minute(0)),
        (Status.DOWN, minute(2)),
    ]
    assert judged.incidents["api"].opened_at == minute(2)
    assert judged.incidents["api"].worst is Status.DOWN


def test_recovery_closes_it() -> None:
    judged = after(batch(MODELS, "uuddd"), batch(MODELS, "uu", start=5))
    assert judged.incidents["api"].closed_at == minute(5)


def test_how_results_are_cut_into_batches_does_not_change_the_story() -> None:
    letters = "uududduuduu"
    whole = after(batch(MODELS, letters))
    single = after(*(batch(MODELS, letter, start=number) for number, letter in enumerate(letters)))
    assert single.states == whole.states


def test_a_check_of_limited_impact_only_degrades_its_service() -> None:
    assert after(batch(MODELS, "u"), batch(EDGE, "uddd", start=1)).incidents["api"].worst is Status.DEGRADED


def test_only_the_last_word_on_a_check_asks_for_a_confirmation() -> None:
    assert after(batch(MODELS, "uud")).confirmations == (Confirmation(check=MODELS, after=timedelta()),)
    assert after(batch(MODELS, "uudu")).confirmations == (Confirmation(check=MODELS, after=LOOK_EVERY),)
    assert after(batch(MODELS, "uuddd")).confirmations == ()


def test_a_check_that_goes_on_being_up_needs_no_new_state() -> None:
    assert len(after(batch(MODELS, "u")).material) == 1
    assert after(batch(MODELS, "uuu"), batch(MODELS, "u", start=3)).material == ()
    assert len(after(batch(MODELS, "uuu"), batch(MODELS, "d", start=3)).material) == 1


def test_a_check_that_left_the_catalogue_is_recorded_but_tells_no_story() -> None:
    judged = judge(batch(a_check("gone/models"), "dd"), {}, {}, CATALOGUE)
    assert (len(judged.recorded), judged.transitions, judged.incidents) == (2, (), {})


@pytest.fixture(autouse=True)
async def _numbered(database: Database) -> None:
    async with database.write() as tx:
        await ensure_series(tx, [MODELS, EDGE], LOCAL, START)


def recorder(database: Database, heard: list[Change], asked: list[CheckId]) -> Recorder:
    bus = Bus()
    bus.subscribe(heard.append)
    made = Recorder(
        database=database, clock=HandClock(START), bus=bus, confirm=lambda check, _after: asked.append(check.id)
    )
    made.replace(CATALOGUE)
    return made


async def test_a_change_and_its_consequences_are_stored_together_and_then_told(database: Database) -> None:
    heard: list[Change] = []
    asked: list[CheckId] = []
    station = recorder(database, heard, asked)
    await station.load()
    for check, result in batch(MODELS, "uuddd") + batch(EDGE, "ud"):
        station.put(check, result)
    await station.flush()
    async with database.read() as tx:
        stored = await load_results(tx, MODELS.id, LOCAL, minute(-1), minute(60))
        (incident,) = await load_open_incidents(tx)
        states = {state.check_id: state.status for state in await load_states(tx)}
    assert [recorded.status for recorded in stored] == [*[Status.UP] * 2, *[Status.DOWN] * 3]
    assert incident.opened_at == minute(2)
    assert states == {MODELS.id: Status.DOWN, EDGE.id: Status.UP}
    assert heard == [Change(service_ids=frozenset({"api"}), is_transition=True)]
    assert asked == [EDGE.id]


async def test_a_restart_in_the_middle_of_an_incident_goes_on_with_it(database: Database) -> None:
    before = recorder(database, [], [])
    await before.load()
    for check, result in batch(MODELS, "uuddd"):
        before.put(check, result)
    await before.flush()
    later = recorder(database, [], [])
    await later.load()
    for check, result in batch(MODELS, "uu", start=10):
        later.put(check, result)
    await later.flush()
    async with database.read() as tx:
        assert await load_open_incidents(tx) == []
        (incident,) = await load_incidents(tx, since_at=START)
    assert (incident.opened_at, incident.closed_at) == (minute(2), minute(10))


@pytest.mark.parametrize("kept", range(1, 20))
async def test_a_restart_after_any_reading_leaves_the_same_future(database: Database, kept: int) -> None:
    """What is suspected but not yet confirmed is carried over exactly, since only material states are kept."""
    told = batch(MODELS, "uuduududuuddduduuuuu")
    for results in (told[:kept], told[kept:]):
        station = recorder(database, [], [])
        await station.load()
        for check, result in results:
            station.put(check, result)
            await station.flush()
    async with database.read() as tx:
        stories = [each.events for each in await load_incidents(tx, since_at=START)]
    assert stories == [whole_story(told)]


async def test_while_the_database_is_locked_nothing_is_lost_and_the_trouble_is_named(
    database: Database, tmp_path: Path
) -> None:
    station = recorder(database, [], [])
    await station.load()
    locked = await asyncio.create_subprocess_exec(
        "python3",
        "-c",
        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN EXCLUSIVE'); "
        "print('locked', flush=True); sys.stdin.read()",
        str(tmp_path / "stillup.sqlite3"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert locked.stdout is not None
    assert locked.stdin is not None
    assert await locked.stdout.readline() == b"locked\n"
    for check, result in batch(MODELS, "uuddd"):
        station.put(check, result)
    flushing = asyncio.create_task(station.flush())
    async with asyncio.timeout(60):
        while station.trouble is None:  # noqa: ASYNC110 - a state to be reached, not an event to be told of
            await asyncio.sleep(0.05)
        locked.stdin.close()
        await locked.wait()
        await flushing
    async with database.read() as tx:
        (incident,) = await load_open_incidents(tx)
    assert incident.opened_at == minute(2)


async def test_what_is_stored_is_counted_for_as_long_as_it_is_watched(database: Database) -> None:
    async with database.write() as tx:
        await ensure_series(tx, [MODELS, EDGE], LOCAL, START)
    recorder = Recorder(database=database, clock=HandClock(), bus=Bus(), confirm=lambda _check, _after: None)
    recorder.replace(CATALOGUE)
    for check, result in (*batch(MODELS, "uud"), *batch(EDGE, "u")):
        recorder.put(check, result)
    assert (recorder.waiting, recorder.counts) == (4, {})
    await recorder.flush()
    assert (recorder.waiting, recorder.storing.count) == (0, 1)
    assert {key: counts.readings for key, counts in recorder.counts.items()} == {
        (MODELS.id, LOCAL): {Status.UP: 2, Status.DOWN: 1},
        (EDGE.id, LOCAL): {Status.UP: 1},
    }
    recorder.replace(a_catalogue(MODELS))
    assert list(recorder.counts) == [(MODELS.id, LOCAL)]
