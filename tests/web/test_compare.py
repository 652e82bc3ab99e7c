"""Services side by side: what is compared, how it is sorted, and what is said of ids that there are not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.board.compare import Compared, compared
from app.board.latencies import Latencies
from app.board.model import ServiceView
from app.domain.lag import First, summarise
from app.domain.sketch import Sketch
from app.web.compare import MOST, arranged, sorting_in, wanted_in
from tests.build import a_check
from tests.web.conftest import Site


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([], []),
        (["a,b"], ["a", "b"]),
        (["a", "b", "a"], ["a", "b"]),
        (["a, b,,", ""], ["a", "b"]),
    ],
)
def test_services_are_asked_for_in_a_list_or_one_by_one(given: list[str], wanted: list[str]) -> None:
    assert wanted_in(given) == wanted


@pytest.mark.parametrize(
    ("text", "sorting"),
    [("uptime", ("uptime", False)), ("-lag", ("lag", True)), ("", ("", False)), ("price", ("", False))],
)
def test_a_sorting_that_there_is_not_is_none(text: str, sorting: tuple[str, bool]) -> None:
    assert sorting_in(text) == sorting


def views(site: Site) -> dict[str, ServiceView]:
    assert site.keeper.board is not None
    return dict(site.keeper.board.by_id)


def row(view: ServiceView, uptime: float | None, recovery: timedelta | None) -> Compared:
    known = compared(replace(view, uptime=uptime), (), summarise(()))
    return replace(known, recovery_median=recovery)


async def test_the_best_stands_first_and_what_is_unknown_last_either_way(site: Site) -> None:
    view = views(site)["api"]
    low, high, none = (row(view, uptime, None) for uptime in (0.9, 1.0, None))
    assert arranged([none, low, high], "uptime", is_reversed=False) == [high, low, none]
    assert arranged([none, low, high], "uptime", is_reversed=True) == [low, high, none]
    slow, quick = (row(view, None, timedelta(minutes=each)) for each in (90, 5))
    assert arranged([slow, quick], "recovery", is_reversed=False) == [quick, slow]
    assert arranged([slow, quick], "", is_reversed=False) == [slow, quick]


async def test_recovery_is_ranked_over_what_is_over(site: Site) -> None:
    view = views(site)["api"]
    (still,) = view.incidents
    past = [
        replace(still, closed_at=still.opened_at + timedelta(minutes=each), status=still.worst)
        for each in (1, 2, 60)
    ]
    known = compared(replace(view, incidents=(still, *past)), (), summarise(()))
    assert (known.incidents, known.recovery_median, known.recovery_p90) == (
        4,
        timedelta(minutes=2),
        timedelta(hours=1),
    )
    assert (known.never, known.told) == (None, 0)


async def test_a_silent_vendor_is_counted_among_what_it_could_have_told(site: Site) -> None:
    summary = summarise(())
    silent = replace(summary, compared=3, counts={**summary.counts, First.VENDOR_NEVER: 1})
    assert compared(views(site)["api"], (), silent).never == 0.25


async def test_first_token_and_speed_are_those_of_the_check_that_asks_a_model(site: Site) -> None:
    door, model = a_check("api/models"), replace(a_check("api/canary"), kind="inference")
    told = [
        Latencies(check=door, is_leading=True, latency=Sketch.of([120])),
        Latencies(
            check=model,
            is_leading=False,
            latency=Sketch.of([700]),
            first_token=Sketch.of([500]),
            speed=Sketch.of([50_000]),
        ),
    ]
    known = compared(views(site)["api"], told, summarise(()))
    assert known.latency_p50_ms == Sketch.of([120]).quantile(0.5)
    assert known.first_token_ms == Sketch.of([500]).quantile(0.5)
    assert known.speed == (Sketch.of([50_000]).quantile(0.5) or 0) / 1000


async def test_the_page_shows_those_that_are_asked_for_in_order(site: Site) -> None:
    page = (await site.client.get("/compare?services=chat,api")).text
    assert page.index('<th scope="row"><a href="/services/chat">') < page.index(
        '<th scope="row"><a href="/services/api">'
    )
    assert '<th scope="row"><a href="/services/hidden">' not in page
    assert 'href="/compare?services=chat,api&amp;sort=uptime"' in page
    assert "Vendor’s word after" in page
    assert "sort=first-token" not in page, "nobody asks a model here"


async def test_it_can_be_sorted_either_way(site: Site) -> None:
    page = (await site.client.get("/compare?services=api&services=chat&sort=status")).text
    assert page.index("/services/chat") < page.index("/services/api")
    assert 'aria-sort="ascending"><a href="/compare?services=api,chat&amp;sort=-status">Now' in page
    turned = (await site.client.get("/compare?services=api&services=chat&sort=-status")).text
    assert turned.index("/services/api") < turned.index("/services/chat")


async def test_an_id_that_there_is_not_is_said_with_one_like_it(site: Site) -> None:
    page = (await site.client.get("/compare?services=chta,api")).text
    assert "There is no service “chta”." in page
    assert '<a href="/compare?services=chat">Did you mean “chat”?</a>' in page
    nothing = (await site.client.get("/compare?services=zzzz")).text
    assert "There is no service “zzzz”." in nothing
    assert "Did you mean" not in nothing
    assert '<th scope="row">' in nothing


async def test_more_than_can_be_compared_is_said(site: Site) -> None:
    page = (await site.client.get("/compare?services=api")).text
    assert f"up to {MOST}" in page
    assert "Only the first" not in page
