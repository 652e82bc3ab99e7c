"""`/events` over real sockets: what it tells, how one catches up, and that no stream holds up anybody."""

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn

from app.board.changes import Changes, changes
from app.board.keeper import BoardKeeper
from app.board.model import Board, ServiceView
from app.domain.status import Status
from app.settings import resource
from app.store.engine import Database
from app.web.app import create_app
from app.web.events import KEPT, Events
from tests.build import START
from tests.clocks import HandClock
from tests.web.conftest import Site

DOCUMENTED = Path("docs/live.md").read_text().split("```nginx\n")[1].split("```")[0]


class Live:
    """A server whose board is changed by hand."""

    def __init__(self, board: Board, keeper: BoardKeeper, events: Events, url: str) -> None:
        self.board, self.keeper, self.events, self.url = board, keeper, events, url

    async def trouble(self, service_id: str = "chat") -> None:
        """Have a service go down, or come up again."""
        views = tuple(_turned(view) if view.service.id == service_id else view for view in self.board.services)
        self.board = replace(self.board, services=views, made_at=self.board.made_at + timedelta(seconds=5))
        await self.keeper.renew()

    @asynccontextmanager
    async def listening(self, address: str = "/events", **headers: str) -> AsyncIterator["Heard"]:
        async with (
            httpx.AsyncClient(timeout=10) as client,
            client.stream("GET", self.url + address, headers=headers) as answer,
        ):
            yield Heard(answer)


def _turned(view: ServiceView) -> ServiceView:
    status = Status.UP if view.status.is_bad else Status.DOWN
    return replace(view, verdict=replace(view.verdict, status=status))


class Heard:
    """What a reader of the stream hears, event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def next(self) -> dict[str, str]:
        told: dict[str, str] = {}
        async for line in self._lines:
            if not line and told:
                return told
            if line:
                name, _, value = line.partition(": ")
                told[name] = value
        return told

    async def first(self, name: str) -> dict[str, str]:
        """The next event of that name."""
        while (told := await self.next()).get("event") != name:
            assert told, "the stream ended"
        return told


@pytest.fixture
async def live(database: Database, site: Site) -> AsyncIterator[Live]:
    async with a_server(database, site) as made:
        yield made


@asynccontextmanager
async def a_server(database: Database, site: Site, most: int = 100) -> AsyncIterator[Live]:
    async def load() -> Board:
        return made.board

    assert site.keeper.board is not None
    keeper, clock = BoardKeeper(load, clock=HandClock(START)), HandClock(START)
    events = Events(keeper, clock, most=most)
    made = Live(site.keeper.board, keeper, events, "")
    await keeper.renew()
    app = create_app(
        keeper=keeper,
        database=database,
        clock=clock,
        templates=resource("templates"),
        static=resource("static"),
        events=events,
    )
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0)
    made.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield made
    events.close()
    server.should_exit = True
    await serving


async def test_a_change_is_told_to_everybody_with_what_it_concerns(live: Live) -> None:
    async with live.listening() as one, live.listening() as other:
        assert json.loads((await one.first("pulse"))["data"])["is_stale"] is False
        await other.first("pulse")
        await live.trouble()
        told = [await each.first("changed") for each in (one, other)]
    assert told[0] == told[1]
    data = json.loads(told[0]["data"])
    assert (data["services"], data["vendors"]) == (["chat"], ["chat-inc"])


async def test_what_proxies_must_know_stands_in_the_headers(live: Live) -> None:
    async with live.listening() as heard:
        headers = heard.answer.headers
        assert headers["content-type"] == "text/event-stream; charset=utf-8"
        assert headers["cache-control"] == "no-store, no-transform"
        assert headers["x-accel-buffering"] == "no"
        assert "content-encoding" not in headers
        assert await heard.next() == {"retry": "3000"}


async def test_who_was_cut_off_hears_what_was_missed_and_nothing_twice(live: Live) -> None:
    async with live.listening() as heard:
        await heard.first("pulse")
        await live.trouble()
        last = (await heard.first("changed"))["id"]
    await live.trouble()
    await live.trouble("api")
    for asked in ({"last-event-id": last}, {}):
        address = "/events" if asked else f"/events?since={last}"
        async with live.listening(address, **asked) as heard:
            missed = [json.loads((await heard.first("changed"))["data"])["services"] for _ in range(2)]
            assert missed == [["chat"], ["api"]]


async def test_the_first_word_says_where_one_is_so_that_a_cut_before_any_event_loses_none(live: Live) -> None:
    async with live.listening() as heard:
        await heard.next()
        place = (await heard.next())["id"]
    await live.trouble()
    async with live.listening(**{"last-event-id": place}) as heard:
        assert json.loads((await heard.first("changed"))["data"])["services"] == ["chat"]


@pytest.mark.parametrize("heard_last", ["of-another-life", "nonsense", "0-1", "\u00e9-1"])
async def test_who_heard_another_program_is_told_to_begin_anew(live: Live, heard_last: str) -> None:
    async with live.listening(f"/events?since={heard_last}") as heard:
        assert (await heard.first("reset"))["data"] == "{}"


async def test_who_missed_more_than_is_kept_is_told_to_begin_anew(live: Live) -> None:
    async with live.listening() as heard:
        await heard.next()
        place = (await heard.next())["id"]
    for _ in range(KEPT + 1):
        await live.trouble()
    async with live.listening(**{"last-event-id": place}) as heard:
        assert (await heard.first("reset"))["data"] == "{}"


async def test_a_reader_who_reads_nothing_holds_up_nobody(live: Live) -> None:
    async with live.listening() as idle, live.listening() as heard:
        await heard.first("pulse")
        for _ in range(3):
            await live.trouble()
            await heard.first("changed")
        assert idle.answer.status_code == 200
    assert live.events.streams <= 2


async def test_one_too_many_is_refused_and_told_when_to_come_again(database: Database, site: Site) -> None:
    async with a_server(database, site, most=1) as live, live.listening() as heard:
        await heard.first("pulse")
        async with httpx.AsyncClient() as client:
            refused = await client.get(f"{live.url}/events")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
    assert refused.json()["detail"] == "Too many listen already."


async def test_a_stop_ends_every_stream(live: Live) -> None:
    async with live.listening() as heard:
        await heard.first("pulse")
        live.events.close()
        assert [line async for line in heard._lines] == []


async def test_a_head_is_answered_and_ends(live: Live) -> None:
    async with httpx.AsyncClient(timeout=10) as client:
        assert (await client.head(f"{live.url}/events")).status_code == 200


async def test_who_leaves_is_forgotten(live: Live) -> None:
    async with live.listening() as heard:
        await heard.first("pulse")
        assert live.events.streams == 1
    while live.events.streams:  # noqa: ASYNC110 - it is told to nobody
        await asyncio.sleep(0.01)


async def test_figures_that_creep_are_no_change(site: Site) -> None:
    board = site.keeper.board
    assert board is not None
    faster = tuple(replace(view, latency_ms=7, uptime=0.5) for view in board.services)
    later = replace(board, services=faster, made_at=board.made_at + timedelta(minutes=1))
    assert changes(board, later) == Changes()
    assert not changes(board, later)


async def test_services_that_come_and_go_are_changes(site: Site) -> None:
    board = site.keeper.board
    assert board is not None
    fewer = replace(board, services=board.services[1:], incidents=())
    gone = changes(board, fewer)
    assert (gone.services, gone.vendors) == (("api",), ("api-inc",))
    assert gone.incidents == tuple(each.id for each in board.incidents)
    assert changes(fewer, board).services == ("api",)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="there is no nginx here")
async def test_it_comes_through_nginx_as_it_is_documented(live: Live, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {tmp_path}/a; proxy_temp_path {tmp_path}/b;\n"
        f"fastcgi_temp_path {tmp_path}/c; uwsgi_temp_path {tmp_path}/d; scgi_temp_path {tmp_path}/e;\n"
        f"server {{ listen 127.0.0.1:{port}; gzip on; gzip_types *;\n"
        f"{DOCUMENTED.replace('http://127.0.0.1:8000', live.url)} }} }}"
    )
    proxy = await asyncio.create_subprocess_exec(
        "nginx", "-c", f"{tmp_path}/nginx.conf", stderr=subprocess.DEVNULL
    )
    direct, live.url = live.url, f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(20):
            while not await is_open(port):  # noqa: ASYNC110 - nginx tells nobody
                await asyncio.sleep(0.05)
        async with live.listening() as heard:
            await heard.first("pulse")
            await live.trouble()
            assert json.loads((await heard.first("changed"))["data"])["services"] == ["chat"]
    finally:
        live.url = direct
        proxy.terminate()
        await proxy.wait()


async def is_open(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
