"""Takes the screenshots of docs/screens: every page, on a good day, a bad one and one on which nothing is known.

`python -m tests.web.screens` (part of `make docs`) takes all, with names of pages after it only theirs.
"""

import io
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from tests.web.browser import launched
from tests.web.scenes import DOWN_SINCE, NOW, SCENES, the_catalogue
from tests.web.serving import served

FOLDER: Final = Path("docs/screens")
COLOURS: Final = 256
"""So many are enough for pages as plain as these, and make a picture a third as large."""

DEVICES: Final = {"phone": ViewportSize(width=390, height=844), "desktop": ViewportSize(width=1280, height=900)}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
PAGES: Final[Mapping[str, str]] = {
    "overview": "/",
    "service": "/services/chatgpt",
    "vendor": "/vendors/openai",
    "incidents": "/incidents",
    "compare": "/compare",
    "me": "/me?service=chatgpt",
    "report": "/report?service=chatgpt",
}
"""Pages that are different every day, of every scene."""

OF_THE_BAD_DAY: Final[Mapping[str, str]] = {
    "incident": f"/incidents/codex-{DOWN_SINCE:%Y%m%dT%H%M%S}",
    "badges": "/badges?service=chatgpt",
    "methodology": "/methodology",
    "api": "/docs",
    "missing": "/services/nothing",
}
"""Pages that only that one has, or that are the same every day."""


def main(wanted: Collection[str]) -> None:
    """Take them, in place of what was there."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, launched() as browser:
        for name, scene in SCENES.items():
            home = Path(folder) / name
            home.mkdir()
            pages = {**PAGES, **(OF_THE_BAD_DAY if name == "bad" else {})}
            chosen = {page: path for page, path in pages.items() if not wanted or page in wanted}
            with served(home, the_catalogue(), scene) as site:
                for page, path in chosen.items():
                    for device, scheme, picture in _taken(browser, site + path):
                        _small(picture).save(FOLDER / f"{page}-{name}-{device}-{scheme}.png", optimize=True)


def _taken(browser: Browser, url: str) -> Iterator[tuple[str, str, bytes]]:
    for device, viewport in DEVICES.items():
        context = browser.new_context(viewport=viewport, locale="en-GB", timezone_id="UTC")
        page: Page = context.new_page()
        page.clock.install(time=NOW)
        page.goto(url)
        page.wait_for_load_state("networkidle")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            yield device, scheme, page.screenshot()
        context.close()


def _small(picture: bytes) -> Image.Image:
    return (
        Image.open(io.BytesIO(picture))
        .convert("RGB")
        .quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    )


if __name__ == "__main__":
    main(sys.argv[1:])
