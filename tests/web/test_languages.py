"""Which language a reader gets, and that the catalogues have everything that the source says."""

import httpx
import pytest

from app.web.languages import language_for, preferred
from tests.web.conftest import Site

GERMAN = {"accept-language": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (b"", "en"),
        (b"de", "de"),
        (b"DE-at", "de"),
        (b"de-AT,de;q=0.9,en;q=0.5", "de"),
        (b"en-GB,en;q=0.9,de;q=0.8", "en"),
        (b"fr,de;q=0.3,en;q=0.2", "de"),
        (b"fr", "en"),
        (b"de;q=0", "en"),
        (b"*, de;q=0.5", "en"),
        (b"de;q=much", "en"),
        (b"\xff", "en"),
    ],
)
def test_the_language_is_the_one_that_the_browser_prefers_among_ours(accepted: bytes, language: str) -> None:
    assert preferred(accepted) == language


@pytest.mark.parametrize(
    ("cookies", "language"),
    [(b"lang=en", "en"), (b"a=b; lang=en", "en"), (b"lang=xx", "de"), (b"blang=en", "de"), (b"\xff", "de")],
)
def test_a_choice_outweighs_what_the_browser_prefers(cookies: bytes, language: str) -> None:
    assert language_for([(b"accept-language", b"de"), (b"cookie", cookies)]) == language


async def test_a_page_speaks_the_language_of_its_reader_and_is_kept_in_each(site: Site) -> None:
    german, english = await site.client.get("/", headers=GERMAN), await site.client.get("/")
    again = await site.client.get("/", headers=GERMAN)
    assert ['<html lang="de">' in german.text, '<html lang="en">' in english.text] == [True, True]
    assert again.text == german.text
    assert [each.headers["content-language"] for each in (german, english)] == ["de", "en"]
    assert german.headers["vary"] == "accept, accept-encoding, accept-language, cookie"
    assert german.headers["etag"] != english.headers["etag"]


async def test_a_page_of_an_error_speaks_it_too(site: Site) -> None:
    answer = await site.client.get("/services/nothing", headers={**GERMAN, "accept": "text/html"})
    assert (answer.status_code, answer.headers["content-language"]) == (404, "de")
    assert "Alle Dienste" in answer.text


@pytest.mark.parametrize("path", ["/api/v1/services", "/feed.atom", "/feed.json", "/badge/api.svg"])
async def test_what_programs_read_is_the_same_in_every_language(site: Site, path: str) -> None:
    german, english = await site.client.get(path, headers=GERMAN), await site.client.get(path)
    assert german.content == english.content
    assert "language" not in german.headers["vary"]
    assert "content-language" not in german.headers


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        ("http://stillup.test/services/api?window=7d", "/services/api?window=7d"),
        ("http://elsewhere.test/services/api", "/services/api"),
        ("http://stillup.test//elsewhere.test/", "/elsewhere.test/"),
        ("http://stillup.test/\\elsewhere.test", "/elsewhere.test"),
        ("http://[", "/"),
        (None, "/"),
    ],
)
async def test_the_switch_keeps_the_choice_and_leads_back_and_never_away(
    site: Site, referer: str | None, page: str
) -> None:
    headers = {} if referer is None else {"referer": referer}
    answer = await site.client.post("/language/de", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert answer.headers["set-cookie"] == "lang=de; HttpOnly; Max-Age=31536000; Path=/; SameSite=lax"
    assert '<html lang="de">' in (await site.client.get("/")).text


async def test_a_language_that_is_not_there_cannot_be_chosen(site: Site) -> None:
    answer = await site.client.post("/language/xx")
    assert answer.status_code == httpx.codes.NOT_FOUND
    assert "set-cookie" not in answer.headers
