"""The pages, without a browser."""

import re
from dataclasses import replace

import pytest
from markupsafe import escape

from app.domain.network import NetworkView
from tests.build import minute
from tests.web.conftest import EVIL, INCIDENT, VENDOR, Site

VENDOR_PAGE = f"/vendors/{VENDOR}"
PAGES = [
    "/",
    "/services/api",
    "/services/api?window=7d",
    "/services/hidden",
    INCIDENT,
    VENDOR_PAGE,
    "/incidents",
    "/compare",
    "/methodology",
    "/docs",
]


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_whole_and_cacheable(site: Site, path: str) -> None:
    page = await site.client.get(path)
    again = await site.client.get(path, headers={"if-none-match": page.headers["etag"]})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.text.count("<h1") == 1
    assert page.text.endswith("</html>")
    assert again.status_code == 304


@pytest.mark.parametrize("path", [*PAGES, "/badge/hidden.svg", "/services/%3Cscript%3E"])
async def test_markup_in_names_and_answers_stays_text(site: Site, path: str) -> None:
    page = await site.client.get(path, headers={"accept": "text/html"})
    assert "<script>" not in page.text
    assert 'alert("x")' not in page.text


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_needs_what_its_own_policy_forbids(site: Site, path: str) -> None:
    page = await site.client.get(path)
    assert " style=" not in page.text
    assert "<style" not in page.text
    assert " on" + "click" not in page.text
    ours = page.text.replace("http://www.w3.org/2000/svg", "").replace("http://stillup.test", "")
    assert "http://" not in ours


async def test_the_overview_says_the_answer_first(site: Site) -> None:
    page = (await site.client.get("/")).text
    assert "<title>Api is down – Stillup</title>" in page
    assert 'Api is down since <time datetime="2026-03-01T14:00:00Z">14:00 UTC</time>' in page
    assert "1 of the other 2 works, 1 cannot be seen from here." in page
    assert "Answered 503 instead of 401." in page
    assert page.count('<li class="row ') == 3
    assert "2 of 2 control targets answer from here." in page
    assert "1 check cannot tell, and is held against nobody" in page


async def test_the_page_of_a_service_shows_what_was_measured_and_asked(site: Site) -> None:
    page = (await site.client.get("/services/api")).text
    assert "https://api.example/v1/models" in page
    assert "A false alarm about it is put up with once in 365 days" in page
    assert 'href="' + INCIDENT in page
    assert "informs only" in page
    assert page.count("<tr>") == 1 + 90


async def test_what_the_vendor_says_stands_beside_what_was_measured(site: Site) -> None:
    overview = (await site.client.get("/")).text
    page = (await site.client.get("/services/api")).text
    told = f"“Errors {escape(EVIL)}”, cause identified, since 14:04 UTC; said 4 min after we measured it"
    assert f"<dt>Api</dt><dd>{told}.</dd>" in overview
    assert 'aria-label="Api says degraded"' in overview
    assert "not said anything" not in overview
    assert "1 status page of vendors is read." in overview
    assert f"Api: {told}.</p>" in page
    assert '<a href="https://status.api.example/i1" rel="nofollow noopener noreferrer">' in page
    assert "1 earlier update" in page
    assert 'id="word"' not in (await site.client.get("/services/chat")).text


async def test_the_page_of_a_vendor_shows_what_it_said_and_how_late(site: Site) -> None:
    page = (await site.client.get(VENDOR_PAGE)).text
    assert "Api reports trouble." in page
    assert "<dd>4 min later</dd>" in page
    assert "quiet edit" in page
    assert 'id="i1"' in page
    assert "has no status page that is read" in (await site.client.get("/vendors/chat-inc")).text


async def test_the_page_of_an_incident_has_a_lane_for_each_witness(site: Site) -> None:
    page = (await site.client.get(INCIDENT)).text
    assert "first word came 4 min after our first bad reading." in page
    assert '<rect class="down" x="0" width="1000" height="20"/>' in page
    assert '<rect class="vendor" x="400" width="600" height="20"/>' in page


async def test_behind_the_lanes_stands_when_each_witness_began_and_ended(site: Site) -> None:
    page = (await site.client.get(INCIDENT)).text
    rows = re.findall(
        r'<tr><th scope="row">(.*?)</th><td><time datetime="(.*?)">.*?</td><td>(.*?)</td></tr>', page
    )
    assert rows == [
        ("Measured", "2026-03-01T14:00:00Z", "not over"),
        ("Api", "2026-03-01T14:04:00Z", "not over"),
    ]


async def test_the_page_of_an_incident_shows_its_evidence(site: Site) -> None:
    page = (await site.client.get(INCIDENT)).text
    assert "Api is down since" in page
    assert "retry-after" in page
    assert "server_error" in page


async def test_a_failing_network_of_our_own_is_the_headline(site: Site) -> None:
    site.own = replace(
        site.own, network=NetworkView(works=False, seen_at=minute(9), sentence="2 of 2 targets do not answer.")
    )
    await site.keeper.renew()
    page = (await site.client.get("/")).text
    assert "We cannot tell: our own network is failing." in page
    assert "2 of 2 targets do not answer." in page


async def test_troubles_of_ours_stand_at_the_foot(site: Site) -> None:
    site.own = replace(
        site.own, storage_trouble="The disk is full.", catalogue_trouble=f"stillup.yaml:3 {EVIL}", probing=False
    )
    await site.keeper.renew()
    page = (await site.client.get("/")).text
    assert "Results wait to be stored: The disk is full." in page
    assert "stillup.yaml:3 &lt;script&gt;" in page
    assert "This process does not probe" in page


async def test_an_old_board_says_that_it_is_old(site: Site) -> None:
    async with site.database.write() as tx:
        await tx.connection.exec_driver_sql("DROP TABLE states")
    await site.keeper.renew()
    page = (await site.client.get("/")).text
    assert "Nothing newer can be shown since" in page
    assert "no such table: states" in page
    assert "Api is down since" in page


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/nowhere", "There is nothing at /nowhere."),
        ("/services/nobody", "There is no service “nobody”."),
        ("/services/api?window=1y", "There is no window “1y”; there are 24h, 7d, 30d, 90d."),
        ("/incidents/none", "There is no incident “none”."),
    ],
)
async def test_what_is_not_there_is_said_in_a_page_or_to_programs_as_a_problem(
    site: Site, path: str, detail: str
) -> None:
    page = await site.client.get(path, headers={"accept": "text/html"})
    problem = await site.client.get(path, headers={"accept": "application/json"})
    assert (page.status_code, problem.status_code) == (404, 404)
    assert detail in page.text
    assert problem.headers["content-type"] == "application/problem+json"
    assert (problem.json()["title"], problem.json()["detail"]) == ("Not Found", detail)


async def test_a_badge_of_nobody_says_so(site: Site) -> None:
    known, unknown = await site.client.get("/badge/api.svg"), await site.client.get("/badge/nobody.svg")
    assert ("Api: down" in known.text, known.headers["access-control-allow-origin"]) == (True, "*")
    assert (unknown.status_code, "not found" in unknown.text) == (404, True)
    assert unknown.headers["content-type"] == known.headers["content-type"] == "image/svg+xml; charset=utf-8"


async def test_before_there_is_a_board_one_is_asked_to_come_back(site: Site) -> None:
    site.keeper.board = None
    for path in ("/", "/api/v1/services", "/badge/api.svg"):
        answer = await site.client.get(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_the_style_sheet_and_its_neighbours_are_kept_for_ever(site: Site) -> None:
    page = (await site.client.get("/")).text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    style = await site.client.get(address)
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await site.client.get(address.replace("site.css", "js/times.js"))).status_code == 200
    assert (await site.client.get(address.replace("site.css", "js/../../app.py"))).status_code == 404
