"""The page "is it me?" in a real Chromium: what its browser reaches is played by routes and loopback ports."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize

from app.domain.service import Catalogue
from tests.web.accessibility import shut_out
from tests.web.browser import launched
from tests.web.scenes import NOW, SCENES, the_catalogue
from tests.web.serving import served

pytestmark = pytest.mark.browser

SMALL = ViewportSize(width=360, height=640)
CHATGPT = [
    "/healthz",
    "https://chatgpt.com/",
    "https://chatgpt.com/backend-api/codex/responses",
    "https://chatgpt.com/favicon.ico",
    "https://openai.com/favicon.ico",
    "https://status.openai.com/",
    "https://claude.ai/",
]


class _Sending(http.server.BaseHTTPRequestHandler):
    """Sends browsers on to a place that no page of ours may ask."""

    elsewhere: ClassVar[str] = ""

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("location", self.elsewhere)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        return


class _Guarded(_Sending):
    """A guard against bots, which lets no page of others see even that it answers; icons stand in front of it."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/favicon.ico" else 403)
        if self.path != "/favicon.ico":
            self.send_header("cross-origin-resource-policy", "same-origin")
        self.send_header("content-length", "0")
        self.end_headers()


@contextmanager
def listening(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server on loopback; gives its origin."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def with_home(catalogue: Catalogue, service_id: str, home: str) -> Catalogue:
    """The catalogue with that service at another address, which no check of it asks."""
    moved = tuple(
        replace(each, home=home, checks=each.checks[-1:]) if each.id == service_id else each
        for each in catalogue.services
    )
    return replace(catalogue, services=moved)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    catalogue = the_catalogue()
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(served(tmp_path_factory.mktemp(name), catalogue, SCENES[name]))
            for name in ("good", "bad", "unknown")
        }


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


@contextmanager
def visiting(
    browser: Browser, url: str, reached: Callable[[str], bool] = lambda _url: True, **options: object
) -> Iterator[Page]:
    """The page at that address, for a visitor who reaches of the outside what `reached` says."""
    context: BrowserContext = browser.new_context(locale="en-GB", timezone_id="UTC", **options)  # type: ignore[arg-type] # options are Playwright's own

    def play(route: Route) -> None:
        if reached(route.request.url):
            route.fulfill(status=200, body="anything")
        else:
            route.abort("connectionrefused")

    context.route("https://**", play)
    page = context.new_page()
    page.clock.install(time=NOW)
    answer = page.goto(url)
    assert answer is None or answer.status == 200
    try:
        yield page
    finally:
        context.close()


def told(page: Page) -> str:
    """The answer after the browser has asked."""
    page.get_by_role("button", name="Ask from my browser").click()
    page.locator("h1:focus").wait_for()
    return page.locator("h1").inner_text()


def only_ours(_url: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("scene", "service", "reached", "answer"),
    [
        ("good", "chatgpt", lambda _url: True, "It looks like you: ChatGPT works, and your browser reaches it."),
        (
            "good",
            "chatgpt",
            lambda url: "chatgpt.com" not in url,
            "It is between you and them: ChatGPT works, but your browser does not reach it.",
        ),
        (
            "good",
            "openai-api",
            lambda url: "api.openai.com" not in url,
            "It is between you and them: your browser reaches only a part of OpenAI API.",
        ),
        ("good", "chatgpt", only_ours, "It is you: your browser reaches us, and nothing else."),
        ("bad", "chatgpt", lambda _url: True, "It is not you: ChatGPT is down since 14:02 (18 min)."),
        ("bad", "chatgpt", only_ours, "It is not you: ChatGPT is down since 14:02 (18 min)."),
        ("unknown", "chatgpt", lambda _url: True, "We cannot tell: ChatGPT cannot be seen from here."),
        ("unknown", "chatgpt", only_ours, "We cannot tell: neither we nor your browser can see ChatGPT."),
    ],
)
def test_the_answer_fits_what_is_known_and_what_is_reached(
    browser: Browser,
    sites: dict[str, str],
    *,
    scene: str,
    service: str,
    reached: Callable[[str], bool],
    answer: str,
) -> None:
    with visiting(browser, f"{sites[scene]}/me?service={service}", reached) as page:
        assert told(page) == answer
        assert page.locator(".asked output").filter(has_text="…").count() == 0


def test_after_asking_nobody_is_shut_out(browser: Browser, sites: dict[str, str]) -> None:
    address = sites["good"] + "/me?service=openai-api"
    with visiting(browser, address, lambda url: "api.openai.com" not in url, viewport=SMALL) as page:
        told(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        assert shut_out(page) == []


def test_whoever_is_offline_is_told_so(browser: Browser, sites: dict[str, str]) -> None:
    with visiting(browser, sites["bad"] + "/me?service=chatgpt", only_ours) as page:
        page.context.set_offline(True)
        assert told(page) == "It is you: your browser reaches nothing, not even us."
        assert "ChatGPT is down." in page.locator("#judged").inner_text()
        assert page.locator(".asked .no").count() == len(CHATGPT)


def test_nothing_is_asked_before_the_button_and_nothing_but_what_is_listed_after(
    browser: Browser, sites: dict[str, str]
) -> None:
    asked: list[str] = []
    with visiting(browser, "about:blank") as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto(sites["good"] + "/me?service=chatgpt")
        page.wait_for_load_state("networkidle")
        listed = page.locator("[data-url]").evaluate_all("rows => rows.map((row) => row.dataset.url)")
        before, asked[:] = list(asked), []
        told(page)
    assert listed == CHATGPT
    assert [url for url in before if not url.startswith(sites["good"])] == []
    assert not any("/healthz" in url for url in before)
    own = f"{sites['good']}/me?service=chatgpt"
    # Playwright tells of no request for an icon.
    outside = [url for url in CHATGPT[1:] if not url.endswith("/favicon.ico")]
    assert sorted(asked) == sorted([f"{sites['good']}/healthz", *outside, own])


def test_the_page_cannot_ask_anybody_else(browser: Browser, sites: dict[str, str]) -> None:
    with visiting(browser, sites["good"] + "/me?service=chatgpt") as page:
        refused = "fetch('https://elsewhere.example/', {mode: 'no-cors'}).then(() => 'asked', () => 'refused')"
        assert page.evaluate(refused) == "refused"


def test_who_sends_on_to_elsewhere_has_answered_and_a_closed_port_has_not(
    browser: Browser, tmp_path: Path
) -> None:
    catalogue = the_catalogue()
    with listening(_Sending) as elsewhere:
        _Sending.elsewhere = elsewhere.replace("127.0.0.1", "localhost")
        with listening(_Sending) as closed:
            pass
        for number, (home, word) in enumerate([(elsewhere, "ok"), (closed, "no")]):
            folder = tmp_path / str(number)
            folder.mkdir()
            moved = with_home(catalogue, "claude", f"{home}/")
            with (
                served(folder, moved, SCENES["good"]) as site,
                visiting(browser, f"{site}/me?service=claude") as page,
            ):
                told(page)
                assert page.locator("[data-role=home]").get_attribute("class") == word


def test_a_host_that_hides_behind_a_guard_is_reached_by_its_icon(browser: Browser, tmp_path: Path) -> None:
    with listening(_Guarded) as guarded:
        moved = with_home(the_catalogue(), "claude", f"{guarded}/")
        with served(tmp_path, moved, SCENES["good"]) as site:
            page = browser.new_page()  # without routes, beside which Playwright answers for no icon
            page.goto(f"{site}/me?service=claude")
            told(page)
            rows = page.locator(f"[data-url^='{guarded}']")
            assert rows.evaluate_all("rows => rows.map((row) => [row.dataset.role, row.className])") == [
                ["home", "no"],
                ["icon", "ok"],
            ]
            page.close()


REACHES: list[tuple[str, dict[str, int | None]]] = [
    ("offline", {"us": None, "home": None, "other": None}),
    ("only_us", {"us": 20, "home": None, "other": None}),
    ("no_door", {"us": 20, "home": None}),
    ("no_door", {"us": 20, "home": None, "other": 90, "status": None}),
    ("no_door", {"us": None, "home": None, "status": 90}),
    ("all_doors", {"us": 20, "home": 90}),
    ("all_doors", {"us": None, "home": 90, "status": None}),
    ("all_doors", {"us": 2_000, "home": 2_999}),
    ("all_doors", {"us": 20, "icon": 20}),
    ("only_us", {"us": 20, "home": None, "icon": None, "vendor": None, "other": None}),
    ("no_door", {"us": 20, "home": None, "icon": None, "vendor": 90, "other": None}),
    ("slow_doors", {"us": 20, "home": 3_000}),
    ("slow_doors", {"us": None, "home": 3_000}),
    ("slow_line", {"us": 1_500, "home": 3_000}),
    ("not_asked", {"us": 20, "vendor": 20}),
]
DOORS: list[tuple[str, list[tuple[str, int | None]]]] = [
    ("all_doors", [("https://a.example/", None), ("https://a.example/x", 90)]),
    ("some_doors", [("https://a.example/", None), ("https://b.example/x", 90)]),
    ("all_doors", [("https://a.example/", 9_000), ("https://b.example/x", 90)]),
]


def test_what_is_reached_is_put_into_one_word(browser: Browser, sites: dict[str, str]) -> None:
    rows = [
        *(
            (reach, [{"role": role, "url": f"https://{role}.example/", "ms": ms} for role, ms in told.items()])
            for reach, told in REACHES
        ),
        *((reach, [{"role": "check", "url": url, "ms": ms} for url, ms in told]) for reach, told in DOORS),
    ]
    with visiting(browser, sites["good"] + "/me?service=chatgpt") as page:
        module = (page.locator("script[src$='me.js']").get_attribute("src") or "").replace("me.js", "reach.js")
        asked = json.dumps([asked for _, asked in rows])
        found = page.evaluate(f"import('{module}').then(({{ reachOf }}) => {asked}.map(reachOf))")
    assert found == [reach for reach, _ in rows]


def test_an_error_is_looked_up_without_leaving_the_browser(browser: Browser, sites: dict[str, str]) -> None:
    sent: list[str] = []
    with visiting(browser, sites["good"] + "/me?service=chatgpt") as page:
        page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
        for message, title in [
            (
                "You\N{RIGHT SINGLE QUOTATION MARK}ve hit your limit, secret-word",
                "You have used up what your plan allows for now",
            ),
            ("HTTP 529 secret-word", "It has more to do than it can"),
            ("secret-word", "We do not know these words."),
        ]:
            page.fill("#error", message)
            page.get_by_role("button", name="What does it mean?").click()
            page.locator("#meant h3").get_by_text(title).wait_for()
        assert not any("secret-word" in each for each in [*sent, page.url])
        book = f"{sites['good']}/me/phrases?service=chatgpt"
        assert [each for each in sent if "/static/" not in each] == [book]
        assert shut_out(page) == []


def test_browser_and_server_find_the_same(browser: Browser, sites: dict[str, str]) -> None:
    messages = [
        "something went wrong",
        "error 1020",
        "429 high demand",
        "402",
        "CORS policy",
        "soup",
        "It's 5-hour limit reached",
    ]
    found: dict[str, list[str]] = {}
    for scripted in (True, False):
        with visiting(browser, sites["good"] + "/me?service=claude", java_script_enabled=scripted) as page:
            for message in messages:
                page.fill("#error", message)
                page.get_by_role("button", name="What does it mean?").click()
                page.wait_for_load_state("networkidle")
                found.setdefault(message, []).append(page.locator("#meant h3").first.inner_text())
    assert {message: each[0] for message, each in found.items()} == {
        message: each[1] for message, each in found.items()
    }


def test_without_a_script_it_is_whole(browser: Browser, sites: dict[str, str]) -> None:
    with visiting(browser, sites["bad"] + "/me", java_script_enabled=False) as page:
        page.select_option("#service", "chatgpt")
        page.get_by_role("button", name="Tell me").click()
        assert page.locator("h1").inner_text() == "It is not you: ChatGPT is down since 14:02 UTC (18 min)."
        assert page.locator(".try li").first.inner_text().startswith("Leave everything as it is.")
        assert not page.locator("#ask").is_visible()
        page.fill("#error", "Something went wrong")
        page.get_by_role("button", name="What does it mean?").click()
        assert page.locator("#meant h3").inner_text() == "ChatGPT could not finish an answer"


def test_it_is_done_by_keyboard_alone(browser: Browser, sites: dict[str, str]) -> None:
    with visiting(browser, sites["good"] + "/me?service=chatgpt") as page:
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.className") == "main":
                break
        page.keyboard.press("Enter")
        page.locator("h1:focus").wait_for()
        assert page.locator("h1").inner_text().startswith("It looks like you")


def test_a_problem_is_reported_in_three_taps_without_a_script(browser: Browser, sites: dict[str, str]) -> None:
    with visiting(browser, sites["good"], java_script_enabled=False, viewport=SMALL) as page:
        page.get_by_role("link", name="Report a problem").click()
        page.get_by_role("link", name="Le Chat").click()
        assert page.locator("h1").inner_text() == "Le Chat works."
        page.get_by_role("button", name="It is slow").click()
        assert page.get_by_role("status").inner_text() == "Thank you, that is counted."
        assert page.locator("h1").inner_text() == "Le Chat works."


@pytest.mark.parametrize(
    ("scene", "path", "scheme"),
    [
        ("bad", "/me", "light"),
        ("bad", "/me?service=chatgpt", "dark"),
        ("good", "/me?service=openai-api&error=429", "light"),
        ("good", "/me?service=claude&error=overloaded", "dark"),
        ("unknown", "/me?service=chatgpt", "light"),
        ("good", "/me/phrases", "light"),
        ("bad", "/report", "dark"),
        ("bad", "/report?service=chatgpt", "light"),
        ("good", "/report?service=chatgpt&reported=again", "dark"),
    ],
)
def test_on_a_small_phone_nothing_overflows_and_nobody_is_shut_out(
    browser: Browser, sites: dict[str, str], *, scene: str, path: str, scheme: str
) -> None:
    with visiting(browser, sites[scene] + path, viewport=SMALL, color_scheme=scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        assert shut_out(page) == []
