"""What search engines are told: which pages there are, each by its one address, and which are not for them."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

from tests.web.conftest import INCIDENT, VENDOR, Site
from tests.web.staticcopy.ground import URL, a_copy, file
from tests.web.test_sharing import HERE, told

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def pages_in(xml: bytes) -> dict[str, str | None]:
    """Every address, and when its page last changed."""
    root = ET.fromstring(xml)  # noqa: S314 - our own
    assert root.tag == f"{SITEMAP}urlset"
    return {each.findtext(f"{SITEMAP}loc", ""): each.findtext(f"{SITEMAP}lastmod") for each in root}


async def test_it_lists_every_page_with_its_last_news(site: Site) -> None:
    answer = await site.client.get("/sitemap.xml")
    listed = pages_in(answer.content)
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert listed.keys() >= {f"{HERE}{path}" for path in ("/", "/services/hidden", f"/vendors/{VENDOR}", "/docs")}
    known_at = {listed[f"{HERE}{path}"] for path in ("/", "/incidents", "/services/api", INCIDENT)}
    assert known_at == {"2026-03-01T14:09:00Z"}
    assert listed[f"{HERE}/methodology"] is None


async def test_what_it_lists_is_there_by_that_very_address(site: Site) -> None:
    for address in pages_in((await site.client.get("/sitemap.xml")).content):
        page = await site.client.get(address, headers={"accept": "text/html"})
        assert (page.status_code, told(page.text).get("canonical")) == (200, address)


async def test_robots_are_led_to_it_and_kept_from_what_is_not_for_them(site: Site) -> None:
    robots = RobotFileParser()
    robots.parse((await site.client.get("/robots.txt")).text.splitlines())
    assert robots.site_maps() == [f"{HERE}/sitemap.xml"]
    listed = pages_in((await site.client.get("/sitemap.xml")).content)
    assert [each for each in listed if not robots.can_fetch("anybot", each)] == []
    for path in ("/api/v1/services", "/mcp", "/me?service=api"):
        assert not robots.can_fetch("anybot", f"{HERE}{path}")


async def test_that_of_a_copy_lists_what_the_copy_has(site: Site) -> None:
    copy = await a_copy(site)
    listed = pages_in(file(copy, "/sitemap.xml").body)
    assert listed.keys() - {f"{URL}{each.address}" for each in copy.files} == set()
    assert f"{URL}{INCIDENT}" in listed
    assert f"Sitemap: {URL}/sitemap.xml" in file(copy, "/robots.txt").body.decode()
