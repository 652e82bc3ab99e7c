"""The page that answers "is it me?" and the page to report on, over HTTP: whole without a script."""

import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from app.domain.network import NetworkView
from app.domain.report import Report, Symptom
from app.store.reports import insert_report
from app.web.policy import STRICT
from tests.build import START
from tests.web.conftest import EVIL, Site
from tests.web.test_reporting import visitor

DARK = NetworkView(works=False, seen_at=START, sentence="2 of 2 control targets do not answer from here.")


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]+>", "", found[1]).strip()


async def asked(site: Site, address: str) -> httpx.Response:
    answer = await site.client.get(address)
    assert answer.status_code == 200, answer.text
    return answer


async def test_without_a_service_one_is_chosen_those_in_trouble_first(site: Site) -> None:
    page = (await asked(site, "/me")).text
    assert heading(page) == "Is it me, or is it them?"
    assert re.findall(r'<optgroup label="([^"]*)"', page) == ["In trouble now", "APIs"]
    assert re.findall(r'<option value="([^"]+)"', page) == ["api", "chat", "hidden"]


async def test_what_is_in_trouble_is_not_you(site: Site) -> None:
    page = (await asked(site, "/me?service=api")).text
    assert heading(page).startswith("It is not you: Api is down since ")
    assert "Leave everything as it is." in page
    assert "Clear the cookies" not in page


async def test_what_is_known_at_its_door_alone_cannot_be_told(site: Site) -> None:
    assert heading((await asked(site, "/me?service=chat")).text) == (
        "We cannot tell: Chat opens its door, and nobody sees behind it."
    )


async def test_what_cannot_be_seen_cannot_be_told_and_markup_stays_text(site: Site) -> None:
    page = (await asked(site, "/me?service=hidden")).text
    assert "cannot be seen from here" in heading(page)
    assert EVIL not in page


async def test_while_our_own_network_fails_nothing_is_told_of_what_is_up(site: Site) -> None:
    site.own = replace(site.own, network=DARK)
    await site.keeper.renew()
    assert (
        heading((await asked(site, "/me?service=chat")).text) == "We cannot tell: Chat cannot be seen from here."
    )


async def test_more_reports_than_usual_make_it_too_early_to_tell(site: Site) -> None:
    async with site.database.write() as tx:
        for number in range(3):
            at = site.clock.now() - timedelta(minutes=number)
            await insert_report(tx, "chat", Report(at=at, symptom=Symptom.SLOW, network=f"n{number}"), "")
    await site.keeper.renew()
    page = (await asked(site, "/me?service=chat")).text
    assert heading(page) == "We cannot tell yet: Chat counts as up, but something stirs."
    assert "3 people reported trouble within the last hour, more than usual." in page


async def test_there_is_an_answer_to_whatever_a_browser_may_find(site: Site) -> None:
    page = (await asked(site, "/me?service=chat")).text
    found = " ".join(re.findall(r'<template data-reach="([^"]*)"', page)).split()
    assert sorted(found) == sorted(
        ["not_asked", "offline", "only_us", "no_door", "some_doors", "slow_line", "slow_doors", "all_doors"]
    )


async def test_the_policy_names_exactly_whom_the_page_lists_and_other_pages_ask_nobody(site: Site) -> None:
    answer, other = await asked(site, "/me?service=api"), await asked(site, "/services/api")
    listed = re.findall(r'data-url="([^"]*)"', answer.text)
    origins = list(dict.fromkeys("/".join(url.split("/")[:3]) for url in listed if url != "/healthz"))
    assert listed[0] == "/healthz"
    assert len(origins) >= 2
    allowed = " ".join(["'self'", *origins])
    assert answer.headers["content-security-policy"] == f"{STRICT.decode()}; connect-src {allowed}"
    assert other.headers["content-security-policy"] == STRICT.decode()


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("429", "You ask more often than you may"),
        ("Verify you are human", "A check whether you are human"),
        ("an excellent soup", "We do not know these words."),
        ("<script>alert(1)</script> overloaded", "It has more to do than it can"),
    ],
)
async def test_an_error_is_explained_and_kept_nowhere(site: Site, message: str, title: str) -> None:
    answer = await site.client.get("/me", params={"service": "api", "error": message})
    told = answer.text.partition('<div id="meant"')[2].partition("<template")[0]
    assert title in told
    assert answer.headers["cache-control"] == "no-store"
    assert "<script>alert" not in answer.text


async def test_what_is_only_for_others_is_not_advised(site: Site) -> None:
    told = (await site.client.get("/me", params={"service": "api", "error": "something went wrong"})).text
    meant = told.partition('<div id="meant"')[2].partition("<template")[0]
    assert "It failed, and does not say why" in meant
    assert "private window" not in meant


async def test_the_book_of_phrases_has_a_pattern_for_each(site: Site) -> None:
    page = (await asked(site, "/me/phrases?service=api")).text
    patterns = page.partition('id="patterns">')[2].partition("</script>")[0]
    articles = set(re.findall(r'<article class="meant [a-z]+" id="([a-z0-9-]+)"', page))
    assert set(re.findall(r'"([a-z0-9-]+)"\]', patterns)) == articles
    assert {"overloaded", "cors"} <= articles
    assert "chatgpt-limit" not in articles


@pytest.mark.parametrize("path", ["/me?service=nothing", "/me/phrases?service=nothing", "/report?service=nothing"])
async def test_what_is_not_watched_is_not_there(site: Site, path: str) -> None:
    assert (await site.client.get(path)).status_code == 404


async def test_a_problem_is_reported_in_three_taps(site: Site) -> None:
    async with visitor(site) as client:
        choices = await client.get("/report")
        question = await client.get("/report?service=api")
        sent = await client.post(
            "/api/v1/services/api/reports", data={"symptom": "error_message", "answer": "report"}
        )
        answer = await client.get(sent.headers["location"])
    links = re.findall(r'href="/report\?service=([a-z]+)"', choices.text)
    assert links == ["api", "chat", "hidden"]
    assert heading(question.text).startswith("Api is down since ")
    assert re.findall(r'name="symptom" value="(\w+)"', question.text) == list(Symptom)
    assert sent.headers["location"] == "/report?service=api&reported=counted"
    assert "Thank you, that is counted." in answer.text
    assert "You are the first to report trouble with it within the last hour." in answer.text
    assert heading(answer.text) == heading(question.text)


async def test_who_reports_too_often_by_a_form_is_told_on_the_page(site: Site) -> None:
    form = {"symptom": "slow", "answer": "report"}
    async with visitor(site) as client:
        sent = [await client.post("/api/v1/services/api/reports", data=form) for _ in range(11)]
        answer = await client.get(sent[-1].headers["location"])
    words = [each.headers["location"].removeprefix("/report?service=api&reported=") for each in sent]
    assert words == ["counted", *["again"] * 9, "often"]
    assert "it was not counted" in answer.text


async def test_where_reports_are_turned_off_the_page_says_so_and_shows_what_is_known(site: Site) -> None:
    page = (await asked(site, "/report?service=api")).text
    assert heading(page).startswith("Api is down since ")
    assert "Reports are not taken here" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert 'href="/report' not in (await asked(site, "/")).text


async def test_both_are_linked_from_where_people_are(site: Site) -> None:
    async with visitor(site) as client:
        overview, service = await client.get("/"), await client.get("/services/api")
    assert ['href="/me"' in overview.text, 'href="/report"' in overview.text] == [True, True]
    assert 'href="/me?service=api"' in service.text
    assert 'href="/report?service=api"' in service.text
