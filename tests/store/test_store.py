"""The database in the ways it can be used, and in those it can fail."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select

from app.domain.detector import CheckState
from app.domain.incident import EventKind, Incident, IncidentEvent
from app.domain.result import LOCAL, CheckId, FailureKind, Reading, Recorded, Region
from app.domain.sequential import Evidence, Seen
from app.domain.sequential import observe as add_evidence
from app.domain.status import Status
from app.settings import resource
from app.store.engine import Database, StoreError, StoreErrorKind
from app.store.incidents import load_incident, load_incidents, load_open_incidents, save_incidents
from app.store.migrate import is_current, upgrade
from app.store.results import insert_results, load_latest, load_results
from app.store.series import ensure_series, load_series
from app.store.states import load_states, save_states
from app.store.tables import METADATA, series
from app.store.tables import states as kept_states
from tests.build import START, a_check, a_failure, a_result, minute

MIGRATIONS = resource("migrations")
MODELS, EDGE = a_check("api/models"), a_check("api/edge")


@pytest.fixture
async def numbered(database: Database) -> Database:
    async with database.write() as tx:
        await ensure_series(tx, [MODELS, EDGE], LOCAL, START)
    return database


def up(number: float) -> Recorded:
    return Recorded(result=a_result(minute(number)), status=Status.UP)


async def test_a_result_that_comes_again_changes_nothing(numbered: Database) -> None:
    async with numbered.write() as tx:
        assert await insert_results(tx, [up(1), up(2)]) == 2
        assert await insert_results(tx, [up(2), up(3)]) == 1
    async with numbered.read() as tx:
        assert await load_results(tx, MODELS.id, LOCAL, START, minute(9)) == [up(1), up(2), up(3)]


async def test_a_result_comes_back_with_all_it_said(numbered: Database) -> None:
    full = Recorded(
        result=replace(
            a_result(minute(1), failure=a_failure()),
            is_confirmation=True,
            family="ipv6",
            address="2001:db8::1",
            figures={"expires_in_days": 12},
            evidence={"cf-ray": "8a1"},
        ),
        status=Status.DOWN,
    )
    async with numbered.write() as tx:
        await insert_results(tx, [full])
    async with numbered.read() as tx:
        assert await load_latest(tx) == {(MODELS.id, LOCAL): full}


async def test_a_change_that_fails_leaves_nothing_behind(numbered: Database) -> None:
    async def half() -> None:
        async with numbered.write() as tx:
            await insert_results(tx, [up(1)])
            raise LookupError

    with pytest.raises(LookupError):
        await half()
    async with numbered.read() as tx:
        assert await load_latest(tx) == {}


async def test_a_check_that_is_gone_is_retired_and_keeps_its_number_when_it_returns(numbered: Database) -> None:
    async with numbered.write() as tx:
        await ensure_series(tx, [EDGE], LOCAL, minute(10))
    async with numbered.read() as tx:
        gone = {series.key[0]: series for series in await load_series(tx)}
    async with numbered.write() as tx:
        await ensure_series(tx, [MODELS, EDGE], LOCAL, minute(20))
    async with numbered.read() as tx:
        back = {series.key[0]: series for series in await load_series(tx)}
    assert (gone[MODELS.id].retired_at, gone[EDGE.id].retired_at) == (minute(10), None)
    assert back[MODELS.id] == replace(gone[MODELS.id], retired_at=None)


def evidence_of(letters: str) -> Evidence:
    told, evidence = {"u": Status.UP, "d": Status.DOWN}, Evidence()
    for number, each in enumerate(letters):
        evidence = add_evidence(evidence, Seen(at=minute(number), status=told[each]), timedelta(minutes=1))
    return evidence


moments = st.integers(0, 10**7).map(lambda ms: START + timedelta(milliseconds=ms))
states = st.builds(
    CheckState,
    check_id=st.just(MODELS.id),
    region=st.just(LOCAL),
    status=st.sampled_from(Status),
    since_at=st.none() | moments,
    evidence=st.lists(st.sampled_from("ud"), max_size=12).map(lambda letters: evidence_of("".join(letters))),
    blind=st.lists(moments, max_size=2).map(tuple),
    last_at=st.none() | moments,
    last=st.none()
    | st.builds(
        Reading,
        status=st.sampled_from(Status),
        reason=st.text(max_size=20),
        failure_kind=st.none() | st.sampled_from(FailureKind),
    ),
)


@given(state=states)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_state_is_carried_over_a_restart(numbered: Database, state: CheckState) -> None:
    async with numbered.write() as tx:
        await save_states(tx, [state])
    async with numbered.read() as tx:
        assert await load_states(tx) == [state]


OF_AN_EARLIER_VERSION = """{"status": "down", "since_ms": 1767225600000,
"recent": [[1767225600000, "down"], [1767225660000, "down"]], "blind": [], "last_ms": 1767225660000,
"last": ["down", "connection refused", "connect_refused"]}"""


async def test_a_state_of_an_earlier_version_keeps_its_status_and_begins_its_evidence_anew(
    numbered: Database,
) -> None:
    number = select(series.c.number).where(series.c.check_id == MODELS.id).scalar_subquery()
    async with numbered.write() as tx:
        await tx.run(insert(kept_states).values(series=number, state=OF_AN_EARLIER_VERSION))
    async with numbered.read() as tx:
        (state,) = await load_states(tx)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert state == CheckState(
        check_id=MODELS.id,
        region=LOCAL,
        status=Status.DOWN,
        since_at=at,
        last_at=at + timedelta(minutes=1),
        last=Reading(status=Status.DOWN, reason="connection refused", failure_kind=FailureKind.CONNECT_REFUSED),
    )


def incident(service_id: str, opened: float, closed: float | None = None) -> Incident:
    event = IncidentEvent(
        kind=EventKind.OPENED,
        at=minute(opened),
        known_at=minute(opened + 1),
        status=Status.DOWN,
        reason="Answered 503.",
        check_id=CheckId(f"{service_id}/models"),
        failure_kind=FailureKind.SERVER_ERROR,
    )
    return Incident(
        id=f"{service_id}-{opened}",
        service_id=service_id,
        opened_at=minute(opened),
        status=Status.DOWN if closed is None else Status.UP,
        worst=Status.DOWN,
        events=(event,),
        closed_at=None if closed is None else minute(closed),
    )


async def test_incidents_are_found_by_when_they_were_open(database: Database) -> None:
    old, over, still = incident("api", 0, 5), incident("api", 20, 30), incident("chat", 25)
    async with database.write() as tx:
        await save_incidents(tx, [old, incident("api", 20), still])
        await save_incidents(tx, [over])
    async with database.read() as tx:
        assert await load_open_incidents(tx) == [still]
        assert await load_incidents(tx, since_at=minute(10)) == [still, over]
        assert await load_incidents(tx, since_at=START, until_at=minute(10)) == [old]
        assert await load_incidents(tx, since_at=START, service_id="api", limit=1) == [over]
        assert await load_incident(tx, "api-0") == old
        assert await load_incident(tx, "nothing") is None


def test_what_migrations_make_is_what_the_tables_say(url: str, tmp_path: Path) -> None:
    assert not is_current(url, MIGRATIONS)
    upgrade(url, MIGRATIONS)
    assert is_current(url, MIGRATIONS)
    engine = create_engine(f"sqlite:///{tmp_path / 'stillup.sqlite3'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_a_database_from_a_newer_version_is_not_touched(url: str, tmp_path: Path) -> None:
    upgrade(url, MIGRATIONS)
    connection = sqlite3.connect(tmp_path / "stillup.sqlite3")
    connection.execute("UPDATE alembic_version SET version_num = '20991231_later'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="made by a newer version of Stillup") as error:
        upgrade(url, MIGRATIONS)
    assert (error.value.kind, error.value.try_again) == (StoreErrorKind.TOO_NEW, False)


def test_a_file_that_is_no_database_is_named(url: str, tmp_path: Path) -> None:
    (tmp_path / "stillup.sqlite3").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="is not a database"):
        is_current(url, MIGRATIONS)


async def test_a_full_disk_is_named_and_loses_nothing_that_was_kept(numbered: Database) -> None:
    async with numbered.write() as tx:
        await insert_results(tx, [up(1)])
        await tx.connection.exec_driver_sql("PRAGMA max_page_count = 1")

    async def flood() -> None:
        async with numbered.write() as tx:
            await insert_results(tx, [up(2 + number / 1000) for number in range(5_000)])

    with pytest.raises(StoreError) as error:
        await flood()
    assert (error.value.kind, error.value.try_again) == (StoreErrorKind.FULL, True)
    async with numbered.read() as view:
        assert await load_results(view, MODELS.id, LOCAL, START, minute(9)) == [up(1)]


async def test_a_series_of_another_region_is_another_series(numbered: Database) -> None:
    elsewhere = Region("eu")
    async with numbered.write() as tx:
        await ensure_series(tx, [MODELS], elsewhere, START)
        await insert_results(tx, [up(1), replace(up(1), result=replace(up(1).result, region=elsewhere))])
    async with numbered.read() as tx:
        assert set(await load_latest(tx)) == {(MODELS.id, LOCAL), (MODELS.id, elsewhere)}


WRITER = """
import asyncio, sys
from app.domain.result import LOCAL, Recorded
from app.domain.status import Status
from app.store.engine import open_database
from app.store.results import insert_results
from tests.build import a_result, minute

async def main():
    database = open_database(sys.argv[1])
    for number in range(1_000_000):
        async with database.write() as tx:
            await insert_results(tx, [Recorded(result=a_result(minute(number)), status=Status.UP)])
        print(number, flush=True)

asyncio.run(main())
"""


async def test_what_was_committed_survives_a_kill(numbered: Database, url: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True)  # noqa: S603, ASYNC220 - ourselves, and the test has nothing else to do meanwhile
    assert process.stdout is not None
    committed = [int(process.stdout.readline()) for _ in range(50)][-1]
    process.send_signal(signal.SIGKILL)
    committed = max([committed, *(int(line) for line in process.stdout.read().split())])
    await asyncio.to_thread(process.wait, 10)
    process.stdout.close()
    async with numbered.read() as tx:
        kept = await load_results(tx, MODELS.id, LOCAL, START, minute(10_000_000))
    assert [recorded.result.slot_at for recorded in kept[: committed + 1]] == [
        minute(number) for number in range(committed + 1)
    ]
