"""Finding things on the overview: by address alone, by a script, by keyboard; and one's own services first."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.web.accessibility import shut_out
from tests.web.browser import launched
from tests.web.scenes import NOW, SCENES, the_catalogue
from tests.web.serving import served

pytestmark = pytest.mark.browser

SMALL = ViewportSize(width=360, height=640)
DESKTOP = ViewportSize(width=1280, height=900)
REFUSING = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })"
MINE = ".group.mine .row > a"
SHOWN = ".group:not(.mine) .row:visible > a"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("bad"), the_catalogue(), SCENES["bad"]) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


@contextmanager
def visiting(browser: Browser, url: str, *, refusing: bool = False, **options: object) -> Iterator[Page]:
    """A page at the hour of the scenes; its console has nothing to complain of."""
    context = browser.new_context(**{"locale": "en-GB", "viewport": DESKTOP, **options})  # type: ignore[arg-type] # Playwright's
    page = context.new_page()
    page.clock.install(time=NOW)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    if refusing:
        page.add_init_script(REFUSING)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    yield page
    assert complaints == []
    context.close()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def rows_of(html: str) -> list[tuple[str, bool]]:
    """The services of the page in its order, and whether each is shown."""
    found = re.findall(r'<li class="row [^>]*?( hidden)?>.*?/services/([^"]+)"', html, re.DOTALL)
    return [(service_id, not hidden) for hidden, service_id in found]


def shown_by(site: str, query: str) -> list[str]:
    return [service_id for service_id, is_shown in rows_of(httpx.get(f"{site}/?{query}").text) if is_shown]


def test_an_address_chooses_what_is_shown(site: str) -> None:
    assert set(shown_by(site, "q=claude")) == {"claude", "claude-api", "claude-code"}
    assert set(shown_by(site, "vendor=anthropic&kind=coding")) == {"claude-code"}
    assert "chatgpt" in shown_by(site, "show=problems")
    assert "claude" not in shown_by(site, "show=problems")
    assert shown_by(site, "mine=mistral-api,claude")[:2] == ["mistral-api", "claude"]
    assert shown_by(site, "mine=mistral-api&mine=claude")[:2] == ["mistral-api", "claude"]


def test_what_does_not_exist_or_fits_nothing_is_said_with_the_way_back(site: str) -> None:
    answer = httpx.get(f"{site}/?mine=claude,gone&q=nowhere")
    assert '<p class="missing">There is no service “gone”.</p>' in answer.text
    assert "<output>None to show</output>" in answer.text
    assert '<a class="all" href="/?mine=claude%2Cgone">Show all services</a>' in answer.text
    assert "There is no vendor “nobody”." in httpx.get(f"{site}/?vendor=nobody").text


def test_what_somebody_chose_is_not_kept_and_cannot_break_out(site: str) -> None:
    evil = httpx.get(f"{site}/", params={"q": '"><script>', "mine": "<b>", "kind": "<i>", "vendor": "<u>"})
    assert evil.headers["cache-control"] == "no-store"
    assert not re.search(r'<(b|i|u)>”|"><script>', evil.text)
    assert httpx.get(f"{site}/?nonsense=1").headers["cache-control"].startswith("public")


def test_without_javascript_a_form_finds_and_keeps_mine_in_the_address(browser: Browser, site: str) -> None:
    with visiting(browser, site, java_script_enabled=False, viewport=SMALL) as page:
        page.get_by_role("checkbox", name="Claude is mine", exact=True).check()
        page.get_by_label("Find a service").fill("claude")
        page.get_by_role("button", name="Show", exact=True).click()
        assert page.locator(MINE).all_inner_texts() == ["Claude"]
        assert set(page.locator(SHOWN).all_inner_texts()) == {"Claude", "Claude API", "Claude Code"}
        page.get_by_role("link", name="Show all services").click()
        assert page.url == f"{site}/?mine=claude"
        page.locator(".mine .star").uncheck()
        page.get_by_role("button", name="Show", exact=True).click()
        assert page.locator(MINE).count() == 0


def test_by_keyboard_alone_to_a_service_and_back(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        page.keyboard.press("/")
        page.keyboard.type("claude")
        assert page.url == f"{site}/?q=claude"
        told = []
        for key in ("ArrowDown", "End", "ArrowUp", "Home", "ArrowUp"):
            page.keyboard.press(key)
            told.append(focused(page))
        names = page.locator(SHOWN).all_inner_texts()
        assert told == [names[0], names[2], names[1], names[0], names[0]]
        page.keyboard.press("Enter")
        page.wait_for_url("**/services/*")
        page.go_back()
        assert page.locator(SHOWN).count() == 3
        page.keyboard.press("/")
        page.keyboard.press("Escape")
        assert page.url == f"{site}/"
        assert page.locator(SHOWN).count() >= 45
        page.get_by_label("Find a service").blur()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_keys_that_are_a_character_can_be_turned_off(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        help_, field = page.get_by_role("dialog", name="Keys"), page.get_by_label("Find a service")
        page.keyboard.press("?")
        help_.get_by_label("work wherever nothing is typed").uncheck()
        help_.get_by_role("button", name="Close").click()
        page.reload()
        for key in ("?", "/"):
            page.keyboard.press(key)
        expect(help_).to_be_hidden()
        expect(field).not_to_be_focused()
        page.get_by_role("button", name="Keys").click()
        help_.get_by_label("work wherever nothing is typed").check()
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        expect(field).to_be_focused()


def test_mine_come_first_after_a_reload_and_elsewhere_by_the_address(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        for name in ("Mistral API is mine", "Claude is mine"):
            page.get_by_role("checkbox", name=name, exact=True).check()
        assert page.url == f"{site}/?mine=mistral-api,claude"
        page.goto(site)
        assert page.locator(MINE).all_inner_texts() == ["Mistral API", "Claude"]
        assert page.url == f"{site}/?mine=mistral-api,claude"
        page.locator(".mine .star").first.click()
        assert page.locator(MINE).all_inner_texts() == ["Claude"]
        page.goto(f"{site}/?mine=chatgpt")
        assert page.locator(MINE).all_inner_texts() == ["ChatGPT"]
        page.goto(site)
        assert page.locator(MINE).all_inner_texts() == ["Claude"]


def test_where_storage_is_refused_the_address_keeps_them(browser: Browser, site: str) -> None:
    with visiting(browser, site, refusing=True) as page:
        page.get_by_role("checkbox", name="Claude is mine", exact=True).check()
        page.reload()
        assert page.locator(MINE).all_inner_texts() == ["Claude"]
        page.goto(site)
        assert page.locator(MINE).count() == 0


@pytest.mark.parametrize(("scheme", "viewport"), [("light", SMALL), ("dark", DESKTOP)])
def test_what_is_found_fits_and_shuts_nobody_out(
    browser: Browser, site: str, scheme: str, viewport: ViewportSize
) -> None:
    url = f"{site}/?mine=claude,gone&show=problems&q=c"
    with visiting(browser, url, color_scheme=scheme, viewport=viewport, bypass_csp=True) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        page.get_by_role("button", name="Keys").click()
        page.get_by_role("dialog").wait_for()
        assert shut_out(page) == []
