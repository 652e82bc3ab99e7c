"""Status pages on a real server, read into a real database as a clock is moved by hand."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.evidence import GENESIS, attached, broken_at, said_in
from app.domain.incident import Account, Incident
from app.domain.lag import First
from app.domain.result import LOCAL, Recorded
from app.domain.said import SaidKind
from app.domain.service import Catalogue, StatusPage
from app.domain.status import Status
from app.domain.verdict import Witness
from app.pipeline.bus import Bus, Change
from app.pipeline.pagereader import PageReader
from app.pipeline.poll import Poller
from app.store.engine import Database
from app.store.evidence import load_document, load_records
from app.store.incidents import save_incidents
from app.store.lag import load_lags
from app.store.results import insert_results
from app.store.series import ensure_series
from app.store.vendor_incidents import load_vendor_incidents
from app.vendors.fetch import Fetcher
from app.vendors.registry import READERS, detect, guesses
from tests.build import START, a_check, a_result, minute
from tests.clocks import HandClock
from tests.pages import a_service, acme
from tests.pipeline.statusserver import (
    INCIDENTS,
    SUMMARY,
    StatusServer,
    incident,
    incidents,
    status_server,
    summary,
)

FIRST = ("14:10:00", "investigating", "We are looking into errors.")
SECOND = ("14:14:00", "identified", "We know why.")
LAST = ("14:30:00", "resolved", "It works again.")


class Desk:
    """A poller at work, its clock, and what it told the bus."""

    def __init__(self, database: Database, server: StatusServer, fetcher: Fetcher) -> None:
        self.database, self.server = database, server
        self.clock = HandClock(START)
        self.bus = Bus()
        self.heard: list[Change] = []
        self.bus.subscribe(self.heard.append)
        reader = PageReader(
            fetch=fetcher.fetch,
            clock=self.clock,
            readers=READERS,
            detect=detect,
            guesses=guesses,
            between_history=timedelta(),
        )
        self.own_trouble: str | None = None
        self.poller = Poller(
            database=database, clock=self.clock, bus=self.bus, reader=reader, own_trouble=self._trouble_at
        )

    async def _trouble_at(self, _moment: datetime) -> str | None:
        return self.own_trouble

    def watch(self, kind: str = "statuspage", path: str = "") -> Catalogue:
        catalogue = acme(page=StatusPage(url=f"{self.server.url}{path}", kind=kind))
        self.poller.replace(catalogue)
        return catalogue

    async def at(self, number: float) -> list[SaidKind]:
        """Let the clock strike, read what is due, and tell what was said then."""
        self.clock.move(minute(number) - self.clock.now())
        await self.poller.tick()
        await self.poller.idle()
        async with self.database.read() as tx:
            records = await load_records(tx, "acme", self.clock.now(), self.clock.now() + timedelta(seconds=1))
        return [record.kind for record in records]

    @property
    def next_in(self) -> float:
        """Minutes until the page is due again."""
        return (self.poller.due_at("acme") - self.clock.now()) / timedelta(minutes=1)


@pytest.fixture
async def server() -> AsyncIterator[StatusServer]:
    async with status_server() as playing:
        playing.show(SUMMARY, summary())
        playing.show(INCIDENTS, incidents())
        yield playing


@pytest.fixture
async def desk(database: Database, server: StatusServer) -> AsyncIterator[Desk]:
    async with Fetcher(user_agent="stillup/test", guard=lambda _address: None) as fetcher:
        made = Desk(database, server, fetcher)
        yield made
        await made.poller.stop()


async def test_an_incident_is_followed_from_its_first_word_to_its_end(desk: Desk, server: StatusServer) -> None:
    desk.watch()
    assert await desk.at(9) == [SaidKind.FIRST_READ, SaidKind.HISTORY_READ]
    assert 1.8 <= desk.next_in <= 2.2
    server.show(SUMMARY, summary(incident(FIRST), api="partial_outage"))
    server.show(INCIDENTS, incidents(incident(FIRST)))
    assert await desk.at(12) == [SaidKind.PART_CHANGED, SaidKind.INCIDENT_OPENED, SaidKind.UPDATE_ADDED]
    assert 0.9 <= desk.next_in <= 1.1
    assert desk.poller.states["acme"].part_since == {"p1": minute(12)}
    server.show(SUMMARY, summary(incident(FIRST, SECOND)))
    server.show(INCIDENTS, incidents(incident(FIRST, SECOND)))
    assert await desk.at(15) == [SaidKind.PART_CHANGED, SaidKind.UPDATE_ADDED]
    server.show(SUMMARY, summary())
    server.show(INCIDENTS, incidents(incident(FIRST, SECOND, LAST)))
    assert await desk.at(29) == [SaidKind.UPDATE_ADDED, SaidKind.RESOLVED]
    async with desk.database.read() as tx:
        (seen,) = await load_vendor_incidents(tx, since_at=minute(0))
    assert (seen.not_yet_at, seen.first_seen_at, seen.ended_at) == (minute(9), minute(12), minute(30))
    assert [change.service_ids for change in desk.heard] == [frozenset({"acme-api"})] * 4


async def test_nothing_new_is_neither_kept_nor_told(desk: Desk, server: StatusServer) -> None:
    desk.watch()
    await desk.at(1)
    desk.heard.clear()
    assert await desk.at(6.5) == []
    assert (desk.heard, desk.poller.states["acme"].read_at) == ([], minute(6.5))
    assert server.asked.count(SUMMARY) == 2


async def test_what_was_said_is_kept_with_the_document_it_was_read_from(desk: Desk, server: StatusServer) -> None:
    desk.watch()
    await desk.at(9)
    server.show(INCIDENTS, incidents(incident(FIRST)))
    await desk.at(15)
    edited = (FIRST[0], FIRST[1], "A small number of users may see errors.")
    server.show(INCIDENTS, incidents(incident(edited)))
    assert await desk.at(17) == [SaidKind.UPDATE_EDITED]
    async with desk.database.read() as tx:
        records = await load_records(tx, "acme", minute(0), minute(60))
        (said,) = (said_in(record.line) for record in records if record.kind is SaidKind.UPDATE_EDITED)
        documents = [await load_document(tx, sha256) for sha256 in attached(records[-1].line)]
    assert broken_at([record.line for record in records], GENESIS, "acme") is None
    assert "small number" in said.after
    assert "looking into errors" in said.before
    assert server.documents[INCIDENTS] in documents
    assert server.documents[SUMMARY] in documents


TROUBLES = [
    (503, "The page answered 503."),
    (b"<!doctype html><title>Gone</title>", "a web page instead of a status document"),
    (b"{", "not JSON"),
]


@pytest.mark.parametrize(("document", "why"), TROUBLES)
async def test_a_page_that_cannot_be_read_is_unknown_since_the_first_failure_and_comes_back(
    desk: Desk, server: StatusServer, document: bytes | int, why: str
) -> None:
    desk.watch()
    await desk.at(1)
    server.show(SUMMARY, document)
    assert await desk.at(7) == []
    assert 0.9 <= desk.next_in <= 1.1
    assert await desk.at(9) == [SaidKind.UNREADABLE]
    state = desk.poller.states["acme"]
    assert (state.unknown_since_at, state.page is not None, why in state.trouble) == (minute(7), True, True)
    assert await desk.at(14) == []
    assert 3.6 <= desk.next_in <= 4.4
    server.show(SUMMARY, summary())
    assert await desk.at(20) == [SaidKind.READABLE_AGAIN]
    assert desk.poller.states["acme"].unknown_since_at is None


async def test_an_optional_document_that_fails_for_a_while_is_no_news(desk: Desk, server: StatusServer) -> None:
    server.show(INCIDENTS, incidents(incident(FIRST, LAST)))
    desk.watch()
    await desk.at(40)
    server.show(INCIDENTS, 500)
    assert await desk.at(46) == []
    server.show(INCIDENTS, incidents(incident(FIRST, LAST)))
    assert await desk.at(52) == []


async def test_the_history_is_read_back_at_the_first_start(desk: Desk, server: StatusServer) -> None:
    server.show(INCIDENTS, incidents(incident(FIRST, LAST)))
    month = {
        "name": "February",
        "year": 2026,
        "incidents": [
            {
                "code": "old",
                "name": "API errors",
                "message": "",
                "impact": "major",
                "timestamp": "Feb <var data-var='date'>3</var>, <var data-var='time'>10:00</var> - "
                "<var data-var='time'>11:30</var> UTC",
            }
        ],
    }
    server.show("/history.json?page=1", {"months": [month], "components": []})
    desk.watch()
    assert await desk.at(60) == [SaidKind.FIRST_READ, SaidKind.HISTORY_READ]
    async with desk.database.read() as tx:
        seen = await load_vendor_incidents(tx, since_at=START - timedelta(days=60))
    assert [(each.incident.id, each.not_yet_at) for each in seen] == [("i1", None), ("old", None)]
    await desk.at(66)
    assert server.asked.count("/history.json?page=1") == 1
    await desk.at(60 + 6 * 60 + 1)
    assert server.asked.count("/history.json?page=1") == 2


async def test_an_incident_that_is_deleted_from_the_list_is_a_recorded_event(
    desk: Desk, server: StatusServer
) -> None:
    older = [incident((f"13:0{n}:00", "resolved", "Done."), incident_id=f"old{n}") for n in range(3)]
    server.show(INCIDENTS, incidents(incident(FIRST, LAST), *older))
    desk.watch()
    await desk.at(40)
    server.show(INCIDENTS, incidents(*older))
    assert await desk.at(46) == [SaidKind.INCIDENT_DELETED]


async def test_a_restart_goes_on_where_it_was(desk: Desk, server: StatusServer, database: Database) -> None:
    desk.watch()
    await desk.at(9)
    async with Fetcher(user_agent="stillup/test", guard=lambda _address: None) as fetcher:
        later = Desk(database, server, fetcher)
        await later.poller.load()
        later.watch()
        server.show(SUMMARY, summary(incident(FIRST)))
        server.show(INCIDENTS, incidents(incident(FIRST)))
        assert await later.at(12) == [SaidKind.INCIDENT_OPENED, SaidKind.UPDATE_ADDED]
        await later.poller.stop()


async def test_time_in_which_nobody_ran_is_a_time_in_which_nobody_looked(desk: Desk) -> None:
    desk.watch()
    await desk.at(1)
    assert await desk.at(90) == [SaidKind.NOT_LOOKED]


async def test_a_page_of_unknown_kind_is_found_out_once(desk: Desk, server: StatusServer) -> None:
    desk.watch("auto", "/")
    await desk.at(1)
    page = desk.poller.states["acme"].page
    assert page is not None
    assert page.kind == "statuspage"
    asked = len(server.asked)
    await desk.at(7)
    assert len(server.asked) - asked <= 3


async def test_a_page_that_became_another_product_is_read_as_that(desk: Desk, server: StatusServer) -> None:
    desk.watch("betterstack")
    server.show("/index.json", summary())
    await desk.at(1)
    page = desk.poller.states["acme"].page
    assert page is not None
    assert page.kind == "statuspage"


async def test_a_page_of_no_kind_at_all_is_unknown(desk: Desk, server: StatusServer) -> None:
    server.show(SUMMARY, 404)
    server.show(INCIDENTS, 404)
    desk.watch("auto")
    await desk.at(1)
    await desk.at(3)
    assert desk.poller.states["acme"].trouble == "The page is of no kind that we can read."
    assert desk.poller.states["acme"].unknown_since_at == minute(1)


async def test_our_own_trouble_makes_us_read_the_page_soon(desk: Desk) -> None:
    desk.watch()
    await desk.at(1)
    desk.bus.publish(Change(service_ids=frozenset({"acme-api"}), is_transition=True))
    assert desk.next_in == 0.5
    desk.bus.publish(Change(service_ids=frozenset({"other"}), is_transition=True))
    assert desk.next_in == 0.5


CHECK = a_check("acme-api/models")


async def our_incident(database: Database, opened: float, closed: float | None = None) -> None:
    async with database.write() as tx:
        await ensure_series(tx, [CHECK], LOCAL, START)
        known = [Recorded(result=a_result(minute(at), check_id=CHECK.id), status=Status.UP) for at in (2, 7)]
        await insert_results(tx, known)
        ours = Incident(
            id=f"acme-api-{opened}",
            service_id="acme-api",
            opened_at=minute(opened),
            closed_at=None if closed is None else minute(closed),
            status=Status.DOWN,
            worst=Status.DOWN,
            events=(),
            accounts=(
                Account(
                    witness=Witness.MEASURED,
                    since_at=minute(opened),
                    until_at=None if closed is None else minute(closed),
                ),
            ),
        )
        await save_incidents(tx, [ours])


async def test_who_told_of_it_first_is_in_the_ledger(desk: Desk, server: StatusServer) -> None:
    probed = replace(a_service(), checks=(CHECK,))
    desk.poller.replace(acme(probed, page=StatusPage(url=server.url, kind="statuspage")))
    await desk.at(6)
    await our_incident(desk.database, 8)
    desk.bus.publish(Change(service_ids=frozenset({"acme-api"}), is_transition=True))
    await desk.at(9)
    async with desk.database.read() as tx:
        (entry,) = await load_lags(tx)
    assert entry.first is First.VENDOR_NOT_YET
    server.show(SUMMARY, summary(incident(FIRST)))
    server.show(INCIDENTS, incidents(incident(FIRST)))
    await desk.at(12)
    async with desk.database.read() as tx:
        (entry,) = await load_lags(tx)
    assert (entry.first, entry.lag) == (First.WE, timedelta(minutes=2))


async def test_a_page_that_nobody_touched_for_months_does_not_vouch_for_a_service_that_is_down(
    desk: Desk, server: StatusServer
) -> None:
    server.show(SUMMARY, summary(updated_at="2025-10-01T00:00:00Z"))
    desk.watch()
    await desk.at(1)
    assert desk.poller.states["acme"].failures == 0
    await our_incident(desk.database, 5)
    await desk.at(10)
    assert desk.poller.states["acme"].failures == 0
    await desk.at(70)
    await desk.at(72)
    state = desk.poller.states["acme"]
    assert state.trouble == (
        "The page answers, but was last touched at 2025-10-01 00:00:00 UTC, "
        "and a service that is down since 2026-03-01 14:05:00 UTC is not mentioned."
    )
    assert state.unknown_since_at == minute(70)


async def test_an_untouched_page_whose_own_address_is_dead_is_dead(desk: Desk, server: StatusServer) -> None:
    gone = summary(updated_at="2025-10-01T00:00:00Z")
    gone["page"]["url"] = "http://localhost:1/"
    server.show(SUMMARY, gone)
    desk.watch()
    await desk.at(1)
    assert "its own address does not answer" in desk.poller.states["acme"].trouble


async def test_a_catalogue_without_the_page_reads_it_no_more(desk: Desk, server: StatusServer) -> None:
    desk.watch()
    await desk.at(1)
    desk.poller.replace(acme(page=None))
    server.asked.clear()
    await desk.poller.tick()
    await desk.poller.idle()
    assert (server.asked, desk.poller.states) == ([], {})


async def test_what_our_own_network_keeps_from_us_is_no_fault_of_the_page(
    desk: Desk, server: StatusServer
) -> None:
    desk.watch()
    await desk.at(1)
    server.show(SUMMARY, 500)
    desk.own_trouble = "Our own network was failing: 3 of 3 control targets do not answer from here."
    await desk.at(7)
    assert await desk.at(9) == [SaidKind.UNREADABLE]
    assert desk.poller.states["acme"].trouble == desk.own_trouble
