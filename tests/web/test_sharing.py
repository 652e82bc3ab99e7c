"""What a page tells whoever shows a link to it."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from tests.build import minute
from tests.web.conftest import INCIDENT, VENDOR, Site
from tests.web.staticcopy.ground import URL, a_copier, a_copy, page

HERE = "http://stillup.test"


def told(html: str) -> dict[str, str]:
    """The canonical address, and every property that a page gives of itself."""
    head = LexborHTMLParser(html)
    properties = {
        node.attributes.get("property") or node.attributes.get("name"): node.attributes["content"]
        for node in head.css("meta[property], meta[name]")
    }
    canonical = head.css_first("link[rel=canonical]")
    known = {str(name): content or "" for name, content in properties.items()}
    return known | ({"canonical": canonical.attributes["href"] or ""} if canonical is not None else {})


async def test_a_service_is_shown_with_its_answer_and_its_card(site: Site) -> None:
    shown = told((await site.client.get("/services/api?window=7d")).text)
    assert shown["canonical"] == shown["og:url"] == f"{HERE}/services/api"
    assert shown["og:title"] == "Api is down"
    assert shown["og:description"].startswith("Answered 503 instead of 401. Api: “Errors <script>")
    assert shown["og:image"] == f"{HERE}/services/api/card.png?at=20260301T1410"
    assert shown["og:image:alt"] == "Api is down since 14:00 UTC"
    assert (shown["og:type"], shown["twitter:card"]) == ("website", "summary_large_image")
    picture = Image.open(io.BytesIO((await site.client.get(shown["og:image"])).content))
    assert picture.size == (int(shown["og:image:width"]), int(shown["og:image:height"]))


@pytest.mark.parametrize(
    ("path", "canonical", "card"),
    [
        ("/", "/", "/card.png"),
        ("/?q=chat&show=problems", "/", "/card.png"),
        (INCIDENT, INCIDENT, f"{INCIDENT}/card.png"),
        (f"/vendors/{VENDOR}", f"/vendors/{VENDOR}", "/card.png"),
        ("/incidents?month=2026-03", "/incidents", "/card.png"),
        ("/incidents?kind=measured", "/incidents?month=2026-03&kind=measured", "/card.png"),
        ("/compare", "/compare", "/card.png"),
        ("/compare?services=chat&services=api&sort=uptime", "/compare?services=chat,api", "/card.png"),
        ("/me?service=api&error=429", "/me?service=api", "/services/api/card.png"),
        ("/report?service=api", "/report?service=api", "/services/api/card.png"),
        ("/methodology", "/methodology", "/card.png"),
        ("/docs", "/docs", "/card.png"),
        ("/badges?service=api", "/badges", "/card.png"),
    ],
)
async def test_every_page_has_one_address_and_a_card(site: Site, path: str, canonical: str, card: str) -> None:
    shown = told((await site.client.get(path, headers={"accept": "text/html"})).text)
    assert (shown["canonical"], shown["og:image"]) == (HERE + canonical, f"{HERE}{card}?at=20260301T1410")


async def test_what_is_not_there_is_not_shared(site: Site) -> None:
    shown = told((await site.client.get("/services/nobody", headers={"accept": "text/html"})).text)
    assert not shown.keys() & {"canonical", "og:image"}


async def test_a_page_in_german_has_a_card_in_german(site: Site) -> None:
    shown = told((await site.client.get("/services/api", headers={"accept-language": "de"})).text)
    assert shown["og:title"] == "Api ist ausgefallen"
    assert shown["og:image"] == f"{HERE}/services/api/card.png?lang=de&at=20260301T1410"
    german, english = [await site.client.get(f"/services/api/card.png{lang}") for lang in ("?lang=de", "")]
    assert (await site.client.get(shown["og:image"])).content == german.content != english.content


async def test_pages_of_a_copy_name_what_the_copy_has(site: Site) -> None:
    copy = await a_copy(site)
    there = {f"{URL}{each.address}" for each in copy.files}
    for language, canonical, card in (
        ("", "/services/api", "/services/api/card.png"),
        ("/de", "/de/services/api", "/services/api/card/lang/de.png"),
    ):
        shown = told(page(copy, f"{language}/services/api"))
        assert (shown["canonical"], shown["og:image"]) == (URL + canonical, f"{URL}{card}?at=20260301T1410")
    shown_all = [told(each.body.decode()) for each in copy.files if each.content_type.startswith("text/html")]
    named = {
        each[name].partition("?")[0] for each in shown_all for name in ("canonical", "og:image") if name in each
    }
    assert named - there == set()
    assert len(named) > 10


async def test_a_copy_names_the_card_of_the_service_where_a_trouble_is_old(site: Site) -> None:
    assert site.keeper.board is not None
    (known,) = site.keeper.board.incidents
    ended = replace(known, closed_at=minute(9))
    for made_at, card in (
        (minute(10), f"{INCIDENT}/card.png"),
        (minute(9) + timedelta(days=7), "/services/api/card.png"),
    ):
        board = replace(site.keeper.board, made_at=made_at, incidents=(ended,))
        shown = told(page(await a_copier(site).copy(board), INCIDENT))
        assert shown["og:image"].partition("?")[0] == URL + card
