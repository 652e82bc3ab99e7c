"""The pages in a real Chromium, on a real server, on a good day and on bad ones."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.web.browser import launched
from tests.web.scenes import SCENES
from tests.web.serving import app_of, served

pytestmark = pytest.mark.browser

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PATHS = {"overview": "/", "service": "/services/chatgpt"}
INCIDENT = "/incidents/chatgpt-20261120T140211"


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(served(app_of(make()))) for name, make in SCENES.items()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


def opened(browser: Browser, url: str, **options: object) -> tuple[Page, list[str]]:
    """A page, and everything its console complained of."""
    context = browser.new_context(locale="en-GB", timezone_id="UTC", **options)  # type: ignore[arg-type] # options are Playwright's own
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    return page, complaints


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("path", [*PATHS.values(), "/methodology", "/docs", "/services/nothing"])
def test_nothing_overflows_on_a_small_phone_and_the_console_is_silent(
    browser: Browser, sites: dict[str, str], scene: str, path: str
) -> None:
    page, complaints = opened(browser, sites[scene] + path, viewport={"width": 360, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert [each for each in complaints if "404" not in each] == []
    page.context.close()


def test_the_overview_is_whole_without_javascript(browser: Browser, sites: dict[str, str]) -> None:
    page, _ = opened(browser, sites["bad"], java_script_enabled=False, viewport=PHONE)
    assert page.locator("h1").inner_text().startswith("3 of ")
    assert page.locator(".card").count() == 3
    assert page.locator(".row").count() == page.locator(".row .bar").count() >= 45
    assert page.locator(".row .bar").first.is_visible()
    assert not page.locator(".find").is_visible()
    page.context.close()


def test_rows_are_found_by_what_is_typed_and_the_address_keeps_it(browser: Browser, sites: dict[str, str]) -> None:
    page, _ = opened(browser, sites["bad"], viewport=DESKTOP)
    page.keyboard.press("/")
    page.keyboard.type("claude")
    assert set(page.locator(".row:visible .name").all_inner_texts()) == {"Claude", "Claude API", "Claude Code"}
    assert page.url.endswith("?q=claude")
    page.reload()
    assert page.locator(".row:visible").count() == 3
    page.fill("#filter", "")
    page.check("#problems")
    assert set(page.locator(".row:visible .word").all_inner_texts()) == {
        "Down",
        "Trouble",
        "Unknown",
    }
    page.context.close()


def test_pointing_at_a_day_reads_it_out(browser: Browser, sites: dict[str, str]) -> None:
    page, _ = opened(browser, sites["bad"] + "/services/chatgpt", viewport=DESKTOP)
    box = page.locator(".wide .bar").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + 10)
    assert page.locator(".tip").inner_text() == "20 Nov: down, 98.63 % uptime"
    page.mouse.move(box["x"] + 3, box["y"] + 10)
    assert page.locator(".tip").inner_text() == "23 Aug: not watched yet"
    page.context.close()


def test_an_incident_tells_its_story(browser: Browser, sites: dict[str, str]) -> None:
    page, complaints = opened(browser, sites["bad"] + INCIDENT, viewport=PHONE)
    assert "ChatGPT is down since" in page.locator("h1").inner_text()
    assert "503" in page.locator(".story").inner_text()
    assert complaints == []
    page.context.close()


def test_the_overview_weighs_no_more_than_forty_kilobytes(browser: Browser, sites: dict[str, str]) -> None:
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[int] = []
    asked: list[str] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    session.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    page.goto(sites["bad"])
    page.wait_for_load_state("networkidle")
    assert all(url.startswith(sites["bad"]) for url in asked), "no third party is asked"
    assert sum(received) <= 40_000
    context.close()


@pytest.mark.skipif("STILLUP_SCREENS" not in os.environ, reason="screenshots are taken by `make docs`")
@pytest.mark.parametrize("look", ["phone-light", "phone-dark", "desktop-light", "desktop-dark"])
@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("name", PATHS)
def test_screenshots(browser: Browser, sites: dict[str, str], name: str, scene: str, look: str) -> None:
    device, scheme = look.split("-")
    viewport = PHONE if device == "phone" else DESKTOP
    page, _ = opened(browser, sites[scene] + PATHS[name], viewport=viewport, color_scheme=scheme)
    target = Path(os.environ["STILLUP_SCREENS"]) / f"{name}-{scene}-{device}-{scheme}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target)
    assert target.stat().st_size > 5_000
    page.context.close()
