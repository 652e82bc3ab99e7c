"""What keeps anyone from using a page, by axe-core's rules."""

from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

STANDARD: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
GOOD_PRACTICE: Final = "best-practice"
CONTRAST: Final = "color-contrast"
WORDS: Final = ("cat.language", "cat.name-role-value", "cat.forms", "cat.text-alternatives")
"""What can be wrong in one language and right in another."""


def broken(page: Page, *rules: str) -> list[tuple[str, str]]:
    """The rules that the page breaks as it stands, and where first.

    Without `rules` those of the standard and of good practice; else these alone, or those with these tags.
    """
    # Only what is broken is told: to tell all that is well, too, takes as long again.
    wanted = {"runOnly": list(rules or (*STANDARD, GOOD_PRACTICE)), "resultTypes": ["violations"]}
    found = Axe().run(page, options=wanted).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


def shut_out(page: Page, *rules: str) -> list[tuple[str, str]]:
    """The same of a page whose clock stands still, with all that is folded open."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.clock.resume()
    return broken(page, *rules)


def broken_in_the_dark(page: Page) -> list[tuple[str, str]]:
    """The same in dark colours, in which nothing but the contrast can be another."""
    page.emulate_media(color_scheme="dark")
    return broken(page, CONTRAST)
