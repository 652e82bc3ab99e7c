"""The pages install, by the word of a real Chromium; and the icons are our mark."""

import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright
from selectolax.lexbor import LexborHTMLParser

from app.settings import resource
from app.web.webmanifest import PAPER
from tests.web.browser import arguments, chromium
from tests.web.conftest import Site
from tests.web.icons import ICONS, icon
from tests.web.scenes import SCENES, the_catalogue
from tests.web.serving import served


async def test_every_icon_is_there_as_large_as_it_says(site: Site) -> None:
    answer = await site.client.get("/site.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = answer.json()
    assert {each["purpose"] for each in manifest["icons"]} == {"any", "maskable"}
    for each in manifest["icons"]:
        found = await site.client.get(each["src"])
        image = Image.open(io.BytesIO(found.content))
        assert (found.headers["content-type"], f"{image.width}x{image.height}") == (each["type"], each["sizes"])
        assert "immutable" in found.headers["cache-control"]


async def test_pages_name_it_with_the_colours_of_the_style_sheet(site: Site) -> None:
    page = LexborHTMLParser((await site.client.get("/services/chat")).text)
    papers = re.findall(r"--paper: (#\w+);", (resource("static") / "css" / "tokens.css").read_text())
    assert [node.attributes["content"] for node in page.css("meta[name=theme-color]")] == papers
    assert papers[0] == PAPER
    for link in ("manifest", "apple-touch-icon"):
        node = page.css_first(f"link[rel={link}]")
        assert node is not None
        assert (await site.client.get(node.attributes["href"] or "")).status_code == 200


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_is_as_it_would_be_drawn(name: str) -> None:
    kept = Image.open(resource("static") / "img" / name).convert("RGBA")
    drawn = icon(*ICONS[name])
    assert kept.size == drawn.size
    assert max(ImageChops.difference(kept, drawn).tobytes()) <= 48, "`python -m tests.web.icons`"


@pytest.mark.browser
def test_chromium_finds_nothing_that_keeps_it_from_being_installed(tmp_path: Path) -> None:
    with served(tmp_path, the_catalogue(), SCENES["good"]) as url, sync_playwright() as playwright:
        # A profile of its own: what is not kept, as Playwright's usual contexts are not, cannot be installed.
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium(), args=arguments()
        )
        page = context.pages[0]
        session = context.new_cdp_session(page)
        page.goto(url)
        found = session.send("Page.getAppManifest")
        assert (found["url"], found["errors"]) == (f"{url}/site.webmanifest", [])
        assert json.loads(found["data"])["display"] == "standalone"
        assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        context.close()
