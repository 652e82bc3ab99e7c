"""Every partial is shown in its states, fits a small phone and shuts nobody out."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from playwright.sync_api import Browser
from starlette.types import ASGIApp

from app.domain.status import Status
from app.settings import resource
from tests.web.accessibility import STANDARD, broken_in_the_dark, shut_out
from tests.web.browser import launched
from tests.web.patterns import Shown
from tests.web.scenes import NOW
from tests.web.serving import listening
from tests.web.specimens import Specimen, World, specimens, the_world

UNSEEN = {"symbols"}
"""What is on every page, and cannot be seen."""


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
def test_every_state_fits_and_shuts_nobody_out(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="UTC")
    page = context.new_page()
    page.clock.install(time=NOW)
    page.goto(site)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    # Not by the rules of good practice: here, the same landmark stands there once in each of its states.
    assert shut_out(page, *STANDARD) == []
    assert broken_in_the_dark(page) == []
    context.close()
