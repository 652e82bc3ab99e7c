"""Every partial is shown in its states, fits a small phone and shuts nobody out."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from starlette.types import ASGIApp

from app.domain.status import Status
from app.settings import resource
from tests.web.browser import launched
from tests.web.patterns import Shown
from tests.web.scenes import NOW
from tests.web.serving import listening
from tests.web.specimens import Specimen, World, specimens, the_world

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
"""Not those of good practice: here, the same landmark stands there once in each of its states."""

UNSEEN = {"symbols"}
"""What is on every page, and cannot be seen."""

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return asyncio.run(the_world(tmp_path_factory.mktemp("world")))


@pytest.fixture(scope="module")
def site(world: World) -> Iterator[str]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[ASGIApp]:
        yield Shown(world)

    with listening(opened) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


def test_every_partial_is_shown(world: World) -> None:
    there = {path.stem for path in (resource("templates") / "partials").iterdir()}
    assert there - {each.of for each in specimens(world)} == UNSEEN


def test_every_status_is_shown_as_a_mark_and_as_a_row(world: World) -> None:
    told: dict[str, list[Specimen]] = {}
    for each in specimens(world):
        told.setdefault(each.of, []).append(each)
    assert {each.given["status"] for each in told["mark"]} == set(Status)
    assert {each.given["view"].status for each in told["row"]} == set(Status)


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_every_state_fits_and_shuts_nobody_out(browser: Browser, site: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB", timezone_id="UTC")
    page = context.new_page()
    page.clock.install(time=NOW)
    page.goto(site)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.clock.resume()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    context.close()
