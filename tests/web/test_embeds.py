"""Status in pages of others: what is sent, and who may show it."""

import json
import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from app.settings import resource
from tests.web.conftest import EVIL, Site

MOST_BYTES = 2_048
STATIC = Path(resource("static"))
COLOUR = re.compile(r"#[0-9a-f]{3,6}\b")


async def test_a_frame_says_name_and_status_and_leads_to_the_page(site: Site) -> None:
    answer = await site.client.get("/embed/api")
    link = LexborHTMLParser(answer.text).css_first("main a")
    assert link is not None
    assert " ".join(link.text().split()) == "ApiDown since 14:00 UTC"
    assert link.attributes["href"] == "/services/api"
    assert answer.status_code == 200


async def test_a_frame_may_stand_in_any_page_and_is_as_strict_as_any_otherwise(site: Site) -> None:
    page, frame = await site.client.get("/"), await site.client.get("/embed/api")
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert frame.headers.get_list("content-security-policy") == [
        policy.replace("frame-ancestors 'none'", "frame-ancestors *")
    ]


@pytest.mark.parametrize(
    ("asked", "theme"), [("", "auto"), ("?theme=dark", "dark"), ("?theme=light", "light"), ("?theme=<b>", "auto")]
)
async def test_a_frame_is_light_or_dark_as_is_wanted(site: Site, asked: str, theme: str) -> None:
    html = LexborHTMLParser((await site.client.get(f"/embed/api{asked}")).text).css_first("html")
    assert html is not None
    assert html.attributes["class"] == theme


async def test_a_frame_of_a_service_that_is_not_there_says_so_in_place(site: Site) -> None:
    answer = await site.client.get("/embed/nothing")
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
    assert "There is no service “nothing”." in answer.text
    assert "frame-ancestors *" in answer.headers["content-security-policy"]


async def test_all_services_may_be_framed_as_one(site: Site) -> None:
    told = await site.json("/embed/_all.json")
    assert (told["name"], told["status"], told["url"]) == ("All services", "down", "http://stillup.test/")
    assert "All services" in (await site.client.get("/embed/_all")).text


async def test_a_script_is_told_what_it_shows_from_any_origin(site: Site) -> None:
    answer = await site.client.get("/embed/api.json")
    assert answer.json() == {
        "name": "Api",
        "status": "down",
        "sentence": "Api is down.",
        "since_at": "2026-03-01T14:00:00Z",
        "url": "http://stillup.test/services/api",
        "simulated": False,
    }
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (await site.client.get("/embed/nothing.json")).status_code == 404


async def test_what_somebody_wrote_stays_text(site: Site) -> None:
    frame = await site.client.get("/embed/hidden")
    assert "<script>alert" not in frame.text
    assert (await site.json("/embed/hidden.json"))["name"] == EVIL


async def test_the_script_is_small_and_stands_at_an_address_that_stays(site: Site) -> None:
    answer = await site.client.get("/embed.js", headers={"accept-encoding": "identity"})
    assert len(answer.content) <= MOST_BYTES
    assert answer.content == (STATIC / "embed.js").read_bytes()
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"].startswith("public, max-age=3600")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_the_script_has_no_way_to_take_text_for_markup() -> None:
    source = (STATIC / "embed.js").read_text()
    ways = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval", "style=", ".style")
    assert [way for way in ways if way in source] == []


def test_the_colours_of_the_frame_are_those_of_the_pages() -> None:
    own, tokens = ((STATIC / "css" / name).read_text() for name in ("embed.css", "tokens.css"))
    assert set(COLOUR.findall(own)) - {"#000"} <= set(COLOUR.findall(tokens))


async def test_documented_snippets_name_what_is_there(site: Site) -> None:
    documented = (STATIC.parent / "docs" / "embeds.md").read_text()
    told = json.dumps(sorted(set(re.findall(r"stillup\.example(/embed[^\s\"?`<]*)", documented))))
    assert json.loads(told) == ["/embed.js", "/embed/_all", "/embed/chatgpt", "/embed/chatgpt.json"]
    for path in ("/embed.js", "/embed/_all", "/embed/api", "/embed/api.json"):
        assert (await site.client.get(path)).status_code == 200
