"""What Lighthouse thinks of the pages (at least 98 of 100), and how soon they are there on a slow network."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.nodejs import NEEDS_NODE, asked
from tests.web.browser import arguments, chromium, launched
from tests.web.scenes import DOWN_SINCE, NOW, SCENES, the_catalogue
from tests.web.serving import served

pytestmark = [pytest.mark.browser, NEEDS_NODE]
LEAST, TRIES = 98, 3
PAGES = ["/", "/services/chatgpt", f"/incidents/chatgpt-{DOWN_SINCE:%Y%m%dT%H%M%S}"]
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
"""WebPageTest's profile "3G Slow": a round trip of 400 ms, 400 kbit/s."""
SOON_MS = 1_500
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("site"), the_catalogue(), SCENES["bad"]) as url:
        yield url


@pytest.mark.parametrize("path", PAGES)
def test_lighthouse_finds_next_to_nothing(site: str, path: str) -> None:
    """The best of some runs counts: that this machine was busy is no fault of the page."""
    best: dict[str, int] = {}
    found: list[str] = []
    for _ in range(TRIES):
        told = judged(site + path)
        best = {name: max(score, best.get(name, 0)) for name, score in told["scores"]}
        found = told["failed"]
        if min(best.values()) >= LEAST:
            break
    assert set(best) == {"performance", "accessibility", "best-practices", "seo"}
    assert {name: score for name, score in best.items() if score < LEAST} == {}, found


def judged(url: str) -> Any:
    with sync_playwright() as playwright:
        executable = chromium() or playwright.chromium.executable_path
    return json.loads(asked("node", "judge.mjs", url, NOW.isoformat(), executable, *arguments()))


def test_the_overview_is_soon_there_over_a_slow_network(site: str) -> None:
    """The best of some runs counts here, too."""
    with launched() as browser:
        first = min(first_paint(browser, site) for _ in range(TRIES))
    assert first <= SOON_MS


def first_paint(browser: Browser, url: str) -> float:
    context = browser.new_context()
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW_3G)
    page.goto(url, wait_until="load")
    painted = page.wait_for_function(PAINTED).json_value()
    context.close()
    return float(painted)
