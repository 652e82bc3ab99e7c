"""The pages in a real Chromium, on a real server, on a good day and on bad ones."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.web.accessibility import WORDS, broken_in_the_dark, shut_out
from tests.web.browser import launched
from tests.web.scenes import DOWN_SINCE, NOW, SCENES, the_catalogue
from tests.web.serving import served

pytestmark = pytest.mark.browser

PHONE = ViewportSize(width=390, height=844)
SMALL = ViewportSize(width=360, height=640)
DESKTOP = ViewportSize(width=1280, height=900)
INCIDENT = f"/incidents/chatgpt-{DOWN_SINCE:%Y%m%dT%H%M%S}"
TOLD_INCIDENT = f"/incidents/codex-{DOWN_SINCE:%Y%m%dT%H%M%S}"
"""One that its vendor told of as well."""
ALL_PATHS = [
    "/",
    "/services/chatgpt",
    "/services/openai-api?window=7d",
    "/services/codex",
    "/vendors/openai",
    "/vendors/xai",
    "/incidents",
    "/compare",
    "/incidents?month=2026-07&kind=measured",
    "/methodology",
]
WEIGHT = 40 * 1024
"""Bytes of the overview's page, style and scripts together, as sent."""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    catalogue = the_catalogue()
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(served(tmp_path_factory.mktemp(name), catalogue, scene))
            for name, scene in SCENES.items()
        }


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


def opened(browser: Browser, url: str, **options: object) -> tuple[Page, list[str]]:
    """A page at the hour of the scenes, and everything its console complained of."""
    wanted = {"locale": "en-GB", "timezone_id": "UTC", **options}
    context = browser.new_context(**wanted)  # type: ignore[arg-type] # options are Playwright's own
    page = context.new_page()
    page.clock.install(time=NOW)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    return page, complaints


@pytest.mark.parametrize(("scene", "path"), [(scene, path) for scene in SCENES for path in ALL_PATHS])
def test_on_a_small_phone_nothing_overflows_and_nobody_is_shut_out(
    browser: Browser, sites: dict[str, str], scene: str, path: str
) -> None:
    page, complaints = opened(browser, sites[scene] + path, viewport=SMALL, bypass_csp=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert complaints == []
    assert shut_out(page) == []
    assert broken_in_the_dark(page) == []
    page.context.close()


@pytest.mark.parametrize("path", [INCIDENT, TOLD_INCIDENT, "/services/nothing"])
def test_pages_of_the_bad_day_fit_and_shut_nobody_out(browser: Browser, sites: dict[str, str], path: str) -> None:
    page, _ = opened(browser, sites["bad"] + path, viewport=SMALL, bypass_csp=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert shut_out(page) == []
    page.context.close()


def test_what_the_api_is_fits_and_shuts_nobody_out(browser: Browser, sites: dict[str, str]) -> None:
    url = sites["bad"] + "/docs#listIncidents"
    page, complaints = opened(browser, url, viewport=SMALL, bypass_csp=True)
    for viewport in (DESKTOP, SMALL):
        page.set_viewport_size(viewport)
        page.goto(url)
        assert page.locator("#listIncidents").bounding_box()["y"] < 100  # type: ignore[index] # it is there
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    assert complaints == []
    assert shut_out(page) == []
    assert broken_in_the_dark(page) == []
    page.context.close()


@pytest.mark.parametrize("path", ["/", "/services/chatgpt", "/vendors/openai"])
def test_on_a_desk_nobody_is_shut_out_either(browser: Browser, sites: dict[str, str], path: str) -> None:
    page, _ = opened(browser, sites["bad"] + path, viewport=DESKTOP, bypass_csp=True)
    assert shut_out(page) == []
    page.context.close()


def test_the_overview_is_whole_without_javascript(browser: Browser, sites: dict[str, str]) -> None:
    page, _ = opened(browser, sites["bad"], java_script_enabled=False, viewport=PHONE)
    assert page.locator("h1").inner_text() == "ChatGPT and Codex are down and Claude API is degraded."
    assert page.locator(".card").count() == 3
    assert page.locator(".row").count() == page.locator(".row .bar").count() >= 45
    assert page.locator(".row .bar").first.is_visible()
    assert "since 14:02 UTC" in page.locator(".card").first.inner_text()
    assert page.locator(".filter").is_visible()
    page.context.close()


def test_the_same_row_is_one_line_on_a_desk_and_two_on_a_phone(browser: Browser, sites: dict[str, str]) -> None:
    tops = {}
    for name, viewport in (("desk", DESKTOP), ("phone", PHONE)):
        page, _ = opened(browser, sites["good"], viewport=viewport)
        row = page.locator(".row").first
        centres = [row.locator(part).bounding_box() for part in ("a", ".state", ".ms", ".bar", ".uptime")]
        tops[name] = [round((box["y"] + box["height"] / 2) / 12) for box in centres if box is not None]
        page.context.close()
    assert len(set(tops["desk"])) == 1
    assert [len(set(tops["phone"][:3])), len(set(tops["phone"][3:]))] == [1, 1]


def test_dark_is_dark(browser: Browser, sites: dict[str, str]) -> None:
    shades = {}
    for scheme in ("light", "dark"):
        page, _ = opened(browser, sites["good"], viewport=PHONE, color_scheme=scheme)
        shades[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.context.close()
    assert shades == {"light": "rgb(250, 249, 246)", "dark": "rgb(19, 20, 22)"}


def test_services_are_found_by_name_and_the_address_keeps_it(browser: Browser, sites: dict[str, str]) -> None:
    page, _ = opened(browser, sites["bad"], viewport=DESKTOP)
    page.fill("input[name=q]", "claude")
    assert set(page.locator(".row:visible > a").all_inner_texts()) == {"Claude", "Claude API", "Claude Code"}
    assert page.url.endswith("/?q=claude")
    page.reload()
    assert page.locator(".row:visible").count() == 3
    page.fill("input[name=q]", "")
    page.get_by_text("Not up").click()
    assert set(page.locator(".row:visible .state b").all_inner_texts()) == {"Down", "Degraded", "Unknown"}
    assert page.url.endswith("/?show=problems")
    page.fill("input[name=q]", "nothing of the kind")
    assert page.locator(".filter output").inner_text() == "None to show"
    page.context.close()


def test_a_trouble_that_only_its_vendor_tells_of_has_an_estimate_and_alternatives(
    browser: Browser, sites: dict[str, str]
) -> None:
    page, _ = opened(browser, sites["bad"], viewport=PHONE)
    told = page.locator("li:has(> a:text('GitHub:'))").inner_text()
    assert "It concerns GitHub Copilot. Likely about" in told
    assert "Use instead: " in told
    page.context.close()


def test_pointing_at_a_day_reads_it_out(browser: Browser, sites: dict[str, str]) -> None:
    told = {}
    for path, bar in (("/services/chatgpt", ".days .bar"), ("/", "li:has(> a[href='/services/chatgpt']) .bar")):
        page, _ = opened(browser, sites["bad"] + path, viewport=DESKTOP)
        page.locator(bar).scroll_into_view_if_needed()
        box = page.locator(bar).bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 5)
        note = page.locator(".readout:visible")
        note.wait_for()
        told[path] = note.inner_text()
        page.mouse.move(5, 5)
        note.wait_for(state="hidden")
        page.context.close()
    assert told["/services/chatgpt"].startswith("20 Nov 2026 · Down · ")
    assert told["/"].startswith("20 Nov 2026 · down · ")


def test_a_chart_is_read_with_the_keyboard_and_by_touch(browser: Browser, sites: dict[str, str]) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, timezone_id="UTC", locale="en-GB")
    page = context.new_page()
    page.goto(sites["bad"] + "/services/chatgpt?window=7d")
    days, latency = page.get_by_role("slider").all()[:2]
    page.keyboard.press("Tab")
    days.focus()
    note = page.locator(".readout:visible")
    page.keyboard.press("Home")
    assert note.inner_text() == days.get_attribute("aria-valuetext")
    assert note.inner_text().startswith("23 Aug 2026 · ")
    page.keyboard.press("ArrowRight")
    assert (days.get_attribute("aria-valuenow"), note.inner_text()[:6]) == ("1", "24 Aug")
    latency.focus()
    page.keyboard.press("End")
    assert note.inner_text().startswith("20 Nov, 12:00 · ")
    page.locator("h1").click()
    assert note.count() == 0
    latency.tap(position={"x": 2, "y": 20})
    assert note.inner_text().startswith("13 Nov, 18:00 · Median ")
    box = note.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= PHONE["width"] - box["width"]
    context.close()


def test_an_incident_tells_its_story(browser: Browser, sites: dict[str, str]) -> None:
    page, complaints = opened(browser, sites["bad"] + INCIDENT, viewport=PHONE)
    assert page.locator("h1").inner_text() == "ChatGPT is down since 14:02 (18 min)."
    assert "retry-after" in page.locator(".timeline").inner_text()
    assert complaints == []
    page.context.close()


def test_times_are_the_readers_own_and_stay_true(browser: Browser, sites: dict[str, str]) -> None:
    context = browser.new_context(locale="en-GB", timezone_id="Asia/Tokyo", viewport=PHONE)
    page = context.new_page()
    page.clock.install(time=NOW)
    page.goto(sites["bad"] + "/services/chatgpt")
    assert page.locator("h1").inner_text() == "ChatGPT is down since 23:02 (18 min)."
    page.clock.fast_forward(5 * 60_000)
    assert page.locator("h1").inner_text() == "ChatGPT is down since 23:02 (23 min)."
    context.close()


def test_everything_can_be_reached_by_keyboard(browser: Browser, sites: dict[str, str]) -> None:
    page, _ = opened(browser, sites["bad"], viewport=DESKTOP)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.locator(".row a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/chatgpt")
    page.context.close()


def test_the_overview_is_light_and_asks_nobody_else(browser: Browser, sites: dict[str, str]) -> None:
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
    assert [url for url in asked if not url.startswith(sites["bad"])] == []
    assert 0 < sum(received) <= WEIGHT
    context.close()


@pytest.mark.parametrize("path", [*ALL_PATHS, INCIDENT, TOLD_INCIDENT, "/services/nothing"])
def test_in_german_nothing_overflows_and_nobody_is_shut_out(
    browser: Browser, sites: dict[str, str], path: str
) -> None:
    page, _ = opened(browser, sites["bad"] + path, viewport=SMALL, bypass_csp=True, locale="de-DE")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.scrollWidth]") == ["de", 360]
    assert shut_out(page, *WORDS) == []
    page.context.close()


def test_the_language_is_switched_without_javascript_and_the_page_stays(
    browser: Browser, sites: dict[str, str]
) -> None:
    page, _ = opened(browser, sites["bad"] + "/services/codex?window=7d", java_script_enabled=False)
    for button, language in (("Deutsch", "de"), ("English", "en")):
        page.get_by_role("button", name=button).click()
        assert page.locator("html").get_attribute("lang") == language
        assert page.url == sites["bad"] + "/services/codex?window=7d"
    page.context.close()


def test_scripts_speak_the_language_of_the_page(browser: Browser, sites: dict[str, str]) -> None:
    page, complaints = opened(browser, sites["bad"], locale="de-DE")
    assert (
        page.locator(".card").first.locator(".state").inner_text()
        == "Ausfall seit 14:02 · 18\N{NO-BREAK SPACE}min"
    )
    assert page.locator(".card time").first.get_attribute("title") == "20.11.2026, 14:02:11 UTC"
    page.fill("input[name=q]", "nirgends")
    assert page.locator(".filter output").inner_text() == "Nichts gefunden"
    assert complaints == []
    page.context.close()
