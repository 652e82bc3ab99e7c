"""Embeds in a page of somebody else, in a real Chromium: another origin, with a strict policy of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from tests.web.accessibility import broken
from tests.web.browser import launched
from tests.web.scenes import NOW, SCENES, the_catalogue
from tests.web.serving import served

pytestmark = pytest.mark.browser

BODY = """<!doctype html><html lang=en><title>A shop</title><link rel=stylesheet href=/style.css>
<main><h1>A shop</h1>
<p><script src="{url}/embed.js" data-service="chatgpt" async></script></p>
<p><script src="{url}/embed.js" data-service="claude" async></script></p>
<p><stillup-status service="nothing"></stillup-status></p>
<iframe src="{url}/embed/chatgpt?theme={theme}" title="ChatGPT" width="300" height="60"></iframe></main>"""


@contextmanager
def a_shop(url: str, theme: str = "auto") -> Iterator[str]:
    """A page of somebody else that embeds both kinds, on a port of its own."""
    policy = f"default-src 'self'; script-src {url}; connect-src {url}; frame-src {url}"

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_style = self.path == "/style.css"
            body = b":root{color-scheme:light dark}" if is_style else BODY.format(url=url, theme=theme).encode()
            self.send_response(200)
            self.send_header("content-type", "text/css" if is_style else "text/html; charset=utf-8")
            self.send_header("content-security-policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("embeds"), the_catalogue(), SCENES["bad"]) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


def opened(browser: Browser, shop: str, scheme: str = "light") -> tuple[Page, list[str]]:
    context = browser.new_context(
        locale="en-GB", timezone_id="UTC", color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.clock.install(time=NOW)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(shop)
    page.wait_for_load_state("networkidle")
    return page, complaints


def test_a_script_shows_status_under_the_policy_of_the_page(browser: Browser, url: str) -> None:
    with a_shop(url) as shop:
        page, complaints = opened(browser, shop)
        shown = page.locator("stillup-status a")
        assert shown.all_inner_texts() == [
            "■ ChatGPT: down since 20 Nov 2026, 14:02",
            "✓ Claude: up",
            "? nothing: unknown",
        ]
        assert shown.first.get_attribute("href") == f"{url}/services/chatgpt"
        assert [each for each in complaints if "404" not in each] == []  # of the one that is not there
        page.context.close()


def test_a_frame_shows_status_in_the_page_of_somebody_else(browser: Browser, url: str) -> None:
    with a_shop(url) as shop:
        page, _ = opened(browser, shop)
        frame = page.frame_locator("iframe").locator("a")
        assert " ".join(frame.inner_text().split()) == "ChatGPT Down since 14:02"
        assert frame.get_attribute("target") == "_blank"
        page.context.close()


def test_no_other_page_of_ours_can_be_framed(browser: Browser, url: str) -> None:
    with a_shop(url) as shop:
        page, _ = opened(browser, shop)
        with page.expect_console_message(lambda told: "frame-ancestors" in told.text):
            page.evaluate("at => document.querySelector('iframe').src = at", f"{url}/services/chatgpt")
        assert page.frame_locator("iframe").locator("main#main").count() == 0
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_take_the_colours_of_the_page_and_shut_nobody_out(browser: Browser, url: str, scheme: str) -> None:
    with a_shop(url) as shop:
        page, _ = opened(browser, shop, scheme)
        ink = page.evaluate("getComputedStyle(document.querySelector('main')).color")
        link = "getComputedStyle(document.querySelector('stillup-status').shadowRoot.querySelector('a')).color"
        assert page.evaluate(link) == ink
        page.context.close()
        context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True)
        alone = context.new_page()
        for address in (shop, f"{url}/embed/chatgpt", f"{url}/embed/claude?theme={scheme}", f"{url}/embed/_all"):
            alone.goto(address)
            alone.wait_for_load_state("networkidle")
            assert broken(alone) == []
        context.close()


@pytest.mark.parametrize(("theme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(26, 28, 31)")])
def test_a_frame_is_light_or_dark_whatever_the_system_is(
    browser: Browser, url: str, theme: str, paper: str
) -> None:
    page = browser.new_page(color_scheme="dark" if theme == "light" else "light")
    page.goto(f"{url}/embed/chatgpt?theme={theme}")
    assert page.evaluate("getComputedStyle(document.querySelector('a')).backgroundColor") == paper
    page.close()


def test_what_can_no_longer_be_heard_is_unknown(browser: Browser, url: str) -> None:
    with a_shop(url) as shop:
        page, _ = opened(browser, shop)
        page.route("**/embed/chatgpt.json", lambda route: route.abort())
        page.clock.run_for(61_000)
        page.wait_for_function(
            "document.querySelector('stillup-status').shadowRoot.textContent.includes('unknown')"
        )
        assert page.locator("stillup-status a").first.inner_text() == "? chatgpt: unknown"
        page.context.close()
