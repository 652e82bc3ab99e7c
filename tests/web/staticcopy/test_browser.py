"""A copy behind a plain server of files, in a real Chromium: all of it is walked, and nothing complains."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from app.web.staticcopy.folder import write_folder
from app.web.staticcopy.model import StaticCopy
from tests.build import minute
from tests.web.accessibility import shut_out
from tests.web.browser import launched
from tests.web.staticcopy.ground import links, pages
from tests.web.test_browser import SMALL

pytestmark = pytest.mark.browser


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and writes no log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as its base calls it
        """Nothing."""


@pytest.fixture
def served(tmp_path: Path, copy: StaticCopy) -> Iterator[str]:
    folder = tmp_path / "site"
    write_folder(copy, folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


def test_every_link_of_the_copy_answers_from_a_plain_server_of_files(served: str, copy: StaticCopy) -> None:
    told = {link.partition("#")[0] for each in pages(copy) for link in links(each.body.decode())}
    within = sorted(link for link in told if link.startswith("/"))
    with httpx.Client(base_url=served, follow_redirects=True) as client:
        answers = {link: client.get(link) for link in (*within, *(f"/{each.name}" for each in copy.files))}
    assert {link: answer.status_code for link, answer in answers.items() if answer.status_code != 200} == {}
    assert [link for link, answer in answers.items() if b"Directory listing" in answer.content] == []


def test_a_browser_walks_the_copy_and_nothing_complains(browser: Browser, served: str, copy: StaticCopy) -> None:
    context = browser.new_context(viewport=SMALL, locale="en-GB", timezone_id="UTC", bypass_csp=True)
    page = context.new_page()
    page.clock.install(time=minute(12))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    for each in pages(copy):
        if "/embed/" in each.address:
            continue  # a frame has no icon, for which a browser asks where it is no frame
        page.goto(served + each.address)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, each.address
    page.goto(f"{served}/")
    page.locator("li:has(> a[href='/services/api']) .bar").hover(force=True)
    page.locator(".readout:visible").wait_for()
    assert "not watched yet" in page.locator(".readout:visible").inner_text()
    assert page.locator(".copied strong").is_hidden()
    assert shut_out(page) == []
    page.clock.fast_forward("20:00")
    assert page.locator(".copied.stale strong").is_visible()
    assert shut_out(page) == []
    page.get_by_role("link", name="Deutsch").click()
    assert page.locator("html").get_attribute("lang") == "de"
    assert complaints == []
    context.close()
