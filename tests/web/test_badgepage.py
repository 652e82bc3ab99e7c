"""The page that builds a badge: what is chosen, what cannot be followed, and what there is to copy."""

from collections.abc import Iterator
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, expect

from app.web.snippets import of_a_badge, of_a_frame
from tests.web.accessibility import shut_out
from tests.web.browser import launched
from tests.web.conftest import EVIL, Site
from tests.web.scenes import SCENES, the_catalogue
from tests.web.serving import served


async def page_of(site: Site, query: str) -> str:
    answer = await site.client.get(f"/badges?{query}")
    assert answer.status_code == 200
    return answer.text


async def test_what_is_shown_is_what_is_to_be_pasted(site: Site) -> None:
    page = await page_of(site, "service=chat&show=uptime&window=30d&style=plastic&lang=de&label=")
    picture = "/badge/chat.svg?show=uptime&window=30d&style=plastic&lang=de"
    assert f'<img src="{picture.replace("&", "&amp;")}" alt="Verfügbarkeit von Chat über 30 Tage">' in page
    told = unescape(page)
    assert (
        f"[![Verfügbarkeit von Chat über 30 Tage](http://stillup.test{picture})](http://stillup.test/services/chat)"
        in told
    )
    drawn = (await site.client.get(picture)).text
    assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - our own
    assert "Chat Verfügbarkeit 30d" in drawn


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("style=round", "“round”: style is one of flat, flat-square, plastic, for-the-badge."),
        ("color=nocolour", "“nocolour”: color is a name or a hex number."),
        ("theme=blue", "“blue”: theme is one of auto, light, dark."),
        ("service=_all&show=uptime", "“uptime”: no uptime of all services."),
        ("service=cht", "“cht”: there is no such service."),
    ],
)
async def test_what_cannot_be_followed_is_said_and_the_rest_is_kept(site: Site, query: str, refused: str) -> None:
    page = await page_of(site, f"{query}&label=Talk")
    assert refused in page
    assert page.count('class="missing"') == 1
    assert "label=Talk" in page


async def test_for_a_service_that_there_is_not_one_like_it_is_named_with_all_that_was_chosen(site: Site) -> None:
    page = await page_of(site, "service=cht&style=plastic")
    assert '<a href="/badges?service=chat&amp;style=plastic">Did you mean “chat”?</a>' in page


async def test_whatever_is_chosen_breaks_out_of_nothing(site: Site) -> None:
    page = await page_of(site, "service=hidden&label=%3Cscript%3E%22%5D(&style=%3Cscript%3E")
    assert "<script>alert" not in page
    assert "<script>&quot;" not in page
    assert 'value="&lt;script&gt;&#34;]("' in page


def test_every_way_of_writing_keeps_a_name_from_meaning_anything() -> None:
    told = {each.name: each.text for each in of_a_badge("https://s/b.svg", "https://s/p", 'a ]"<b>')}
    assert told["markdown"] == '[![a \\]"\\<b\\>](https://s/b.svg)](https://s/p)'
    assert told["html"] == '<a href="https://s/p"><img src="https://s/b.svg" alt="a ]&#34;&lt;b&gt;"></a>'
    assert told["asciidoc"] == 'image:https://s/b.svg["a \\]\\"<b>",link="https://s/p"]'
    assert told["rst"].splitlines()[1:] == ['   :alt: a ]"<b>', "   :target: https://s/p"]
    assert EVIL not in of_a_frame("https://s/embed/x", EVIL).text


async def test_the_page_of_a_service_leads_here_with_it_chosen(site: Site) -> None:
    assert 'href="/badges?service=chat"' in (await site.client.get("/services/chat")).text


@pytest.fixture(scope="module")
def bad_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("bad"), the_catalogue(), SCENES["bad"]) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


@pytest.mark.browser
def test_the_badge_is_shown_while_it_is_built(browser: Browser, bad_day: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640}, bypass_csp=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.clock.install()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{bad_day}/badges?service=chatgpt")
    expect(page.get_by_label("Uptime over")).to_be_hidden()
    page.get_by_label("What it shows").select_option("uptime")
    expect(page.get_by_label("Uptime over")).to_be_visible()
    page.get_by_label("Text before it").fill("Chat & more")
    page.clock.run_for(1_000)
    shown = page.locator(".shown img")
    expect(shown).to_have_attribute("src", "/badge/chatgpt.svg?show=uptime&label=Chat%20%26%20more")
    assert page.url.startswith(f"{bad_day}/badges?service=chatgpt&show=uptime&")
    assert shown.evaluate("async (image) => { await image.decode(); return image.naturalWidth > 80 }")
    page.locator(".snippet").first.get_by_role("button", name="Copy").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".snippet code").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert shut_out(page) == []
    assert complaints == []
    context.close()


@pytest.mark.browser
def test_without_a_script_the_form_builds_it(browser: Browser, bad_day: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{bad_day}/badges?service=chatgpt")
    page.get_by_label("Style").select_option("plastic")
    page.get_by_role("button", name="Show it").click()
    assert page.locator(".shown img").get_attribute("src") == "/badge/chatgpt.svg?style=plastic"
    context.close()
