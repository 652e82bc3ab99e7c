"""Pages on paper, as a real Chromium lays them out: black on white, with nothing to press."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.web.browser import launched
from tests.web.scenes import NOW, SCENES, the_catalogue
from tests.web.serving import served
from tests.web.test_browser import TOLD_INCIDENT

pytestmark = pytest.mark.browser

COMPARED = "/compare?services=chatgpt,claude,gemini,openai-api"
UPRIGHT, ACROSS = ViewportSize(width=703, height=1016), ViewportSize(width=1032, height=687)
"""A4 between its margins, in CSS pixels."""

IMPRACTICAL = "nav a:not([aria-current]), form, input, button, select, details:not([open]), .languages, .skip"
SHOWN = "found => found.filter(each => each.checkVisibility()).map(each => each.outerHTML.slice(0, 80))"
INK = """() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"""
ADDRESSES = """found => found.map(each => [each.href, getComputedStyle(each, '::after').content])"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("site"), the_catalogue(), SCENES["bad"]) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


def test_pages_print_black_on_white_whole_and_without_what_is_to_be_pressed(browser: Browser, site: str) -> None:
    context = browser.new_context(color_scheme="dark", locale="en-GB", timezone_id="UTC", viewport=UPRIGHT)
    page = context.new_page()
    page.clock.install(time=NOW)
    for path in ("/", "/services/codex", TOLD_INCIDENT, COMPARED, "/incidents"):
        sheet = ACROSS if path == COMPARED else UPRIGHT
        page.set_viewport_size(sheet)
        page.emulate_media(media="screen")
        page.goto(site + path)
        page.wait_for_load_state("networkidle")
        page.emulate_media(media="print")
        assert page.evaluate(INK) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"], path
        assert page.eval_on_selector_all(IMPRACTICAL, SHOWN) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= sheet["width"], path
        assert page.locator(".printed").inner_text() == f"{site}{path} · As of 20 Nov 2026, 14:20 UTC"
    context.close()


def test_on_paper_colours_of_statuses_stay_and_links_say_where_they_lead(browser: Browser, site: str) -> None:
    page = browser.new_page(color_scheme="dark", locale="en-GB", timezone_id="UTC")
    page.clock.install(time=NOW)
    page.goto(f"{site}/services/codex")
    page.emulate_media(media="print")
    strokes = {
        name: page.eval_on_selector(f".days .bar .{name}", "each => getComputedStyle(each).stroke")
        for name in ("up", "down", "unknown")
    }
    assert strokes == {"up": "rgb(109, 154, 137)", "down": "rgb(200, 50, 31)", "unknown": 'url("#hatch")'}
    exact = page.eval_on_selector(".days .bar", "each => getComputedStyle(each).printColorAdjust")
    assert exact == "exact"
    told = page.eval_on_selector_all('.basis a[href^="http"]', ADDRESSES)
    assert [href in content for href, content in told] == [False, True], "one address is spelled out as it is"
    assert page.locator(".tabs a:visible").all_inner_texts() == ["24 hours"]
    since = page.eval_on_selector("h1 time", "each => getComputedStyle(each, '::after').content")
    assert "2026" in since, "a clock alone says nothing a week later"
    page.close()


def test_a_comparison_is_a_table_on_one_sheet_across(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(site + COMPARED)
    sheet = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheet)
    assert [float(width) > float(height) for width, height in boxes] == [True]
    page.close()
