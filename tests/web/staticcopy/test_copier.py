"""A copy has all that can be had without a server, says what it is, and leads nowhere in vain."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.routing import Route

from app.board.figures import Figures
from app.domain.histogram import Histogram
from app.pipeline.bus import Bus
from app.pipeline.desk import ReportDesk
from app.settings import resource
from app.store.incidents import load_open_incidents, save_incidents
from app.web.api.app import create_api
from app.web.app import API, create_app
from app.web.languages import LANGUAGES, SOURCE
from app.web.site import Site as Shown
from app.web.snapshots import Snapshots
from app.web.static import Static
from app.web.staticcopy.addresses import LEFT_OUT, MARKDOWN, addresses_of
from app.web.staticcopy.copier import routes_of
from app.web.staticcopy.model import CopyError, Naming, StaticCopy
from app.web.templating import Templates
from tests.build import minute
from tests.web.conftest import INCIDENT, Site
from tests.web.staticcopy.ground import LIVE, URL, a_copier, a_copy, file, links, page, pages

DOCUMENTED = (Path(__file__).parents[3] / "docs" / "static-copy.md").read_text()
NOT_ALIKE = ("/llms.txt", "/sitemap.xml")
"""They tell of what is there, which is not all that a server has."""

REFUSES_TO_BE_READ = f"{API}/services/{{service_id}}/reports"
"""Answers a GET with what can be done instead."""


def the_server(site: Site) -> Snapshots:
    """A server that has everything."""
    nothing = Histogram.of((1.0,))
    return create_app(
        keeper=site.keeper,
        database=site.database,
        clock=site.clock,
        templates=resource("templates"),
        static=resource("static"),
        public_url=URL,
        desk=ReportDesk(database=site.database, clock=site.clock, bus=Bus()),
        figures=lambda: Figures(own=site.own, lateness=nothing, storing=nothing, making=nothing),
    )


def routes_of_the_api(site: Site) -> set[str]:
    shown = Shown(
        keeper=site.keeper,
        database=site.database,
        clock=site.clock,
        templates=Templates(resource("templates"), Static(resource("static"))),
    )
    routes = [route for route in create_api(shown).routes if isinstance(route, Route)]
    assert len(routes) > 10
    return {f"{API}{route.path}".replace(":path}", "}") for route in routes}


async def test_every_public_address_is_in_the_copy_or_has_a_reason_not_to_be(site: Site, copy: StaticCopy) -> None:
    server = set(await routes_of(the_server(site)))
    assert site.keeper.board is not None
    asked = addresses_of(server - {REFUSES_TO_BE_READ}, site.keeper.board)
    assert {each.address for each in copy.files} >= set(asked.values())
    assert LEFT_OUT.keys() - server == set(), "left out, and not there either"
    assert routes_of_the_api(site) - server == set()
    assert [route for route in LEFT_OUT if f"`{route}`" not in DOCUMENTED] == []


async def test_a_route_that_nobody_thought_of_is_refused_and_named(site: Site) -> None:
    assert site.keeper.board is not None
    with pytest.raises(CopyError, match=r"Nobody said what 'colour' in /paint/\{colour\} may be"):
        addresses_of(["/", MARKDOWN, "/paint/{colour}"], site.keeper.board)


async def test_what_is_for_programs_is_what_the_server_answers_to_the_byte(site: Site, copy: StaticCopy) -> None:
    server = the_server(site)
    assert site.keeper.board is not None
    addresses = addresses_of(set(await routes_of(server)) - {REFUSES_TO_BE_READ}, site.keeper.board)
    asked = {place: address for address, place in addresses.items()}
    transport = httpx.ASGITransport(app=server)
    differing = []
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        for each in copy.files:
            answer = await client.get(asked.get(each.address, each.address))
            if each.content_type.startswith(("text/html", "text/markdown")) or each.address in NOT_ALIKE:
                continue
            if (answer.content, answer.headers["content-type"]) != (each.body, each.content_type):
                differing.append(each.address)
    assert differing == [f"{API}/openapi.json"], "which tells of reports only where they are taken"


def heading(html: str) -> str:
    found = LexborHTMLParser(html).css_first("h1")
    assert found is not None
    return found.text()


async def test_a_page_says_what_the_server_says_and_of_when_it_is(site: Site, copy: StaticCopy) -> None:
    for address in ("/", "/services/api", INCIDENT, "/vendors/api-inc"):
        assert heading(page(copy, address)) == heading((await site.client.get(address)).text)
    note = LexborHTMLParser(page(copy, "/methodology")).css_first(".copied")
    assert note is not None
    assert note.attributes["data-stale-after"] == "900"
    assert "A copy as of 1 Mar 2026, 14:10 UTC, made anew every 5 min and whenever something" in note.text()
    assert "A copy as of 1 Mar 2026, 14:10 UTC" in file(copy, "/index.md").body.decode()


@pytest.mark.parametrize("naming", Naming)
def test_no_page_leads_to_what_is_not_there(copies: dict[Naming, StaticCopy], naming: Naming) -> None:
    copy = copies[naming]
    named = {f"/{each.name}" for each in copy.files} if naming is Naming.FILES else set()
    there = {each.address for each in copy.files} | named
    told = {link for each in pages(copy) for link in links(each.body.decode())}
    within = {link.partition("#")[0] for link in told if link.startswith("/")}
    assert within - there == set()
    assert "/de/services/api" in within
    live = {link.partition("?")[0] for link in told if link.startswith(LIVE)}
    assert live >= ({f"{LIVE}/me", f"{LIVE}/services/api"} if copy.terms.live else set())


def test_what_needs_a_server_is_not_shown_as_working(copy: StaticCopy) -> None:
    html = [LexborHTMLParser(each.body.decode()) for each in pages(copy)]
    assert [form.html for each in html for form in each.css("form[action], form[method], [formaction]")] == []
    assert [each for each in html if "Is it me?" in each.text()] == []
    tabs = LexborHTMLParser(page(copy, "/services/api")).css("nav.tabs a[href]")
    assert [each.text() for each in tabs] == ["24 hours"]


def test_every_page_is_there_in_every_language_and_leads_to_pages_of_its_own(copy: StaticCopy) -> None:
    addresses = {each.address for each in copy.files}
    for language in LANGUAGES:
        if language != SOURCE:
            html = page(copy, f"/{language}/services/api")
            assert f'<html lang="{language}"' in html
            assert f'href="/{language}{INCIDENT}"' in html
            assert 'hreflang="en" href="/services/api"' in html
            plain = {each.address for each in pages(copy) if not each.address.startswith(f"/{language}")}
            assert {f"/{language}{'' if each == '/' else each}" for each in plain} <= addresses
    assert 'hreflang="de" href="/de/services/api"' in page(copy, "/services/api")


async def test_the_same_board_gives_the_same_bytes_whenever_it_is_copied(site: Site, copy: StaticCopy) -> None:
    site.clock.move(timedelta(minutes=3))
    assert await a_copy(site) == copy


async def test_a_list_that_is_told_page_by_page_is_there_to_its_end(site: Site) -> None:
    async with site.database.write() as tx:
        known = (await load_open_incidents(tx))[0]
        more = [replace(known, id=f"api-{number}", opened_at=minute(-number)) for number in range(1, 45)]
        await save_incidents(tx, more)
    await site.keeper.renew()
    copy = await a_copy(site)
    found: list[str] = []
    link = f"{URL}/api/v1/incidents.json"
    while link:
        told = json.loads(next(each for each in copy.files if f"{URL}/{each.name}" == link).body)
        found += [each["id"] for each in told["incidents"]]
        link = told["next"]
    assert found == [known.id, *(each.id for each in more)]


async def test_an_address_that_does_not_answer_makes_no_copy(site: Site) -> None:
    copier = a_copier(site)
    board = site.keeper.board
    assert board is not None
    gone = replace(board.incidents[0], id="api-never")
    with pytest.raises(CopyError, match="/incidents/api-never answers 404 and cannot be copied"):
        await copier.copy(replace(board, incidents=(gone,)))
