"""The page of past incidents: by months, by service and vendor, and honest about what nobody saw."""

from datetime import UTC, datetime

import pytest

from app.board.past import Month, month_named, month_of
from tests.web.conftest import INCIDENT, VENDOR, Site


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-11", Month(year=2026, number=11)),
        ("2026-13", None),
        ("2026-00", None),
        ("0001-01", None),
        ("9999-12", None),
        ("2026-1", None),
        ("11/2026", None),
    ],
)
def test_a_month_is_read_as_it_is_written(text: str, month: Month | None) -> None:
    assert month_named(text) == month


def test_months_follow_each_other_over_the_turn_of_the_year() -> None:
    december = month_of(datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    assert [str(december.before), str(december), str(december.after)] == ["2026-11", "2026-12", "2027-01"]
    assert december.end_at == datetime(2027, 1, 1, tzinfo=UTC)


async def test_a_month_tells_its_incidents_with_how_late_the_vendor_was(site: Site) -> None:
    page = (await site.client.get("/incidents")).text
    assert "<h1><span>1 incident was measured in March 2026.</span></h1>" in page
    assert f'href="{INCIDENT}">Api is down, and it is not over</a>' in page
    assert "Answered 503 instead of 401. <strong>Api told of it 4 min later.</strong>" in page
    assert "1 is not over." in page
    assert "of the rest nothing is known" in page
    assert page.count("Errors ") == 0, "what stands beside a measured trouble is not told twice"
    assert 'aria-current="page">Incidents</a>' in page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("service=api", "Api: 1 incident was measured in March 2026."),
        (f"vendor={VENDOR}", "Api: 1 incident was measured in March 2026."),
        ("service=chat", "Chat: No incident was measured in March 2026."),
        ("service=&vendor=&kind=&month=", "1 incident was measured in March 2026."),
        ("month=2026-01", "Nothing was seen in January 2026."),
    ],
)
async def test_it_can_be_narrowed_down(site: Site, query: str, told: str) -> None:
    assert f"<h1><span>{told}</span></h1>" in (await site.client.get(f"/incidents?{query}")).text


async def test_what_nobody_measured_is_not_called_healthy(site: Site) -> None:
    page = (await site.client.get("/incidents?month=2026-01")).text
    assert "Nobody was measuring then" in page
    assert "no proof that all was well" in page
    assert 'rel="next" href="/incidents?month=2026-02"' in page
    assert 'rel="prev"' not in page


async def test_what_is_left_out_by_the_choice_is_said(site: Site) -> None:
    page = (await site.client.get("/incidents?kind=vendor")).text
    assert INCIDENT not in page
    assert "None of this kind." in page


async def test_the_feeds_of_the_page_are_those_of_the_choice(site: Site) -> None:
    feeds = {
        query: (await site.client.get(f"/incidents{query}")).text
        for query in ("", "?service=api", f"?vendor={VENDOR}")
    }
    assert 'href="/feed.atom"' in feeds[""]
    assert 'href="/services/api/feed.atom"' in feeds["?service=api"]
    assert f'href="/vendors/{VENDOR}/feed.json"' in feeds[f"?vendor={VENDOR}"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("month=soon", "There is no month “soon”; write it as 2026-11."),
        ("month=2026-04", "The month 2026-04 has not come yet."),
        ("kind=rumour", "There is no kind “rumour”; there are all, measured, vendor."),
        ("service=nobody", "There is no service “nobody”."),
        ("vendor=nobody", "There is no vendor “nobody”."),
    ],
)
async def test_what_there_is_not_is_said(site: Site, query: str, sentence: str) -> None:
    answer = await site.client.get(f"/incidents?{query}", headers={"accept": "text/html"})
    assert (answer.status_code, sentence in answer.text) == (404, True)
