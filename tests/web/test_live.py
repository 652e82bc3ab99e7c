"""Open pages stay true by themselves: in a real browser, over a server that can be cut off."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from app.board.keeper import BoardKeeper
from app.board.load import BoardLoader
from app.board.model import Board
from app.domain.status import Status
from app.settings import resource
from app.web.app import create_app
from app.web.events import Events
from tests.clocks import HandClock
from tests.web.accessibility import broken
from tests.web.browser import launched
from tests.web.scenes import NOW, SCENES, an_empty_database, furnished, the_catalogue

pytestmark = pytest.mark.browser
HIDE = """([state]) => {
  Object.defineProperty(document, 'hidden', {value: state, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""


class World:
    """A site in a thread of its own, whose services change when they are told to."""

    def __init__(self, url: str) -> None:
        self._database_url = url
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._port = 0
        self._is_stuck = False

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(60)

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(20)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def turn(self, service_id: str, status: Status) -> None:
        """Have a service change, and the board made anew."""
        self._await(self._turn(service_id, status))

    def stick(self) -> None:
        """Have no newer board be made from now on."""
        self._is_stuck = True
        self._await(self._keeper.renew())

    def loosen(self) -> None:
        """Have boards be made again."""
        self._is_stuck = False
        self._await(self._keeper.renew())

    def cut(self) -> None:
        """Take the server away, and every stream with it."""
        self._await(self._stop())

    def mend(self) -> None:
        """Bring it back, at the same address."""
        self._await(self._serve())

    def _await(self, coroutine: object) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)  # type: ignore[arg-type] # it is one

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            runner.run(self._live())

    async def _live(self) -> None:
        self._over = asyncio.Event()
        catalogue, scene = the_catalogue(), SCENES["good"]
        database = await furnished(self._database_url, catalogue, scene)
        self._board = await BoardLoader(database).load_whole(catalogue, scene.own, NOW)

        async def load() -> Board:
            if self._is_stuck:
                raise OSError("the disk is full")
            return self._board

        clock = HandClock(NOW)
        self._keeper = BoardKeeper(load, clock=clock)
        self._events = Events(self._keeper, clock)
        await self._keeper.renew()
        self._app = create_app(
            keeper=self._keeper,
            database=database,
            clock=clock,
            templates=resource("templates"),
            static=resource("static"),
            events=self._events,
        )
        await self._serve()
        self._ready.set()
        await self._over.wait()
        self._events.close()
        await self._stop()
        await database.close()

    async def _serve(self) -> None:
        config = uvicorn.Config(
            self._app, port=self._port, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=0
        )
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve())
        while not self._server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        self._port = self._server.servers[0].sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._server.should_exit = self._server.force_exit = True
        await self._serving

    async def _turn(self, service_id: str, status: Status) -> None:
        views = tuple(
            replace(view, verdict=replace(view.verdict, status=status, since_at=self._board.made_at))
            if view.service.id == service_id
            else view
            for view in self._board.services
        )
        headline = replace(self._board.headline, status=status, claim=f"Mistral is {status}")
        made_at = self._board.made_at + timedelta(seconds=5)
        self._board = replace(self._board, services=views, headline=headline, made_at=made_at)
        await self._keeper.renew()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(an_empty_database(tmp_path))
    made.start()
    try:
        yield made
    finally:
        made.end()


@contextmanager
def looking(browser: Browser, address: str, **options: object) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", timezone_id="UTC", **options)  # type: ignore[arg-type] # Playwright's
    page = context.new_page()
    page.clock.install(time=NOW)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with page.expect_response(lambda answer: "/events" in answer.url):
        page.goto(address)
    try:
        yield page
    finally:
        context.close()
    assert complaints == []


def test_a_change_is_shown_at_once_and_leaves_everything_where_it_was(browser: Browser, world: World) -> None:
    with looking(browser, world.url, viewport={"width": 1200, "height": 500}) as page:
        page.fill("input[name=q]", "mistral")
        row = page.locator(".row:has(a[href='/services/mistral-api'])")
        row.locator("a").first.focus()
        page.evaluate("document.activeElement.marked = true; scrollBy(0, 200)")
        place = page.evaluate("scrollY")
        assert "Up" in row.locator(".state").inner_text()
        world.turn("mistral-api", Status.DOWN)
        page.clock.run_for(1_000)
        row.locator(".state b:text('Down')").wait_for()
        assert page.evaluate("document.activeElement.marked"), "the focus stays, on the very same link"
        assert page.evaluate("scrollY") >= place
        assert page.input_value("input[name=q]") == "mistral"
        assert page.locator(".row:visible").count() == 1 + page.locator(".row:visible:has-text('Le Chat')").count()
        assert page.title() == "Mistral is down – Stillup"
        assert page.locator("link[rel=icon]").get_attribute("href").endswith("down.svg")  # type: ignore[union-attr] # it has one
        assert page.locator("p.unseen[role=status]").inner_text() == page.locator("h1").inner_text()


def test_what_is_found_and_mine_stays_so_while_it_changes(browser: Browser, world: World) -> None:
    with looking(browser, f"{world.url}/?mine=mistral-api,claude&show=problems") as page:
        mine = page.locator(".mine .row:visible")
        assert mine.count() == 0
        world.turn("mistral-api", Status.DOWN)
        page.clock.run_for(1_000)
        mine.locator(".state b:text('Down')").wait_for()
        assert page.locator(".row:visible > a").all_inner_texts() == ["Mistral API"] * 2
        mine.locator("a").focus()
        page.evaluate("document.activeElement.marked = true")
        world.turn("mistral-api", Status.DEGRADED)
        page.clock.run_for(1_000)
        mine.locator(".state b:text('Degraded')").wait_for()
        assert page.evaluate("document.activeElement.marked"), "the focus stays, on the very same link"
        assert page.locator(".star:checked").count() == 4
        assert page.locator(".star:disabled").count() == 0
        assert not page.get_by_role("button", name="Show", exact=True).is_visible()


def test_a_page_of_another_service_is_not_disturbed(browser: Browser, world: World) -> None:
    with looking(browser, f"{world.url}/services/chatgpt") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        world.turn("mistral-api", Status.DOWN)
        with page.expect_response(lambda answer: answer.url.endswith("/services/chatgpt")):
            world.turn("chatgpt", Status.DOWN)
            page.clock.run_for(1_000)
        page.locator("h1:has-text('ChatGPT is down')").wait_for()
        assert [url for url in asked if "/static/" not in url] == [f"{world.url}/services/chatgpt"]


def test_a_cut_stream_is_told_of_and_what_was_missed_is_shown(browser: Browser, world: World) -> None:
    with looking(browser, world.url) as page:
        world.cut()
        page.clock.run_for(130_000)
        note = page.locator("p.silent")
        note.wait_for()
        assert note.inner_text() == (
            "No contact with Stillup for 2 min: below stands what was known then. Trying again."
        )
        assert broken(page) == []
        world.turn("mistral-api", Status.DOWN)
        world.mend()
        page.clock.run_for(61_000)
        page.locator(".row:has(a[href='/services/mistral-api']) .state b:text('Down')").wait_for()
        note.wait_for(state="hidden")


def test_a_hidden_page_asks_nobody_and_catches_up_when_it_is_seen(browser: Browser, world: World) -> None:
    with looking(browser, world.url) as page:
        page.evaluate(HIDE, [True])
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        world.turn("mistral-api", Status.DOWN)
        page.clock.run_for(200_000)
        assert asked == []
        page.evaluate(HIDE, [False])
        page.locator(".row:has(a[href='/services/mistral-api']) .state b:text('Down')").wait_for()
        assert any("/events?since=" in url for url in asked)


def test_a_page_says_where_nothing_newer_can_be_known(browser: Browser, world: World) -> None:
    with looking(browser, f"{world.url}/services/chatgpt", color_scheme="dark") as page:
        page.clock.run_for(3 * 60_000)
        world.stick()
        note = page.locator("p.silent:has-text('trouble of its own')")
        note.wait_for()
        assert note.inner_text() == "Stillup has trouble of its own: below stands what was known 3 min ago."
        assert broken(page) == []
        world.loosen()
        note.wait_for(state="hidden")
