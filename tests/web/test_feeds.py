"""Feeds and calendars, as readers that others wrote take them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import icalendar
import pytest

from app.board.announced import Announced
from app.domain.detector import Transition
from app.domain.incident import Incident, follow
from app.domain.result import LOCAL
from app.domain.status import Status
from app.domain.verdict import measured_alone
from app.web.agenda import LINE, calendar, of_incident, of_plan
from tests.build import minute
from tests.pages import a_maintenance
from tests.web.conftest import EVIL, INCIDENT, MODELS, Site

INCIDENT_ID = INCIDENT.removeprefix("/incidents/")
STORY = "1 Mar, 14:00 UTC: It began: 3 of 3 probes failed since 14:00 UTC: Answered 503 instead of 401. (Measured)"


async def parsed(site: Site, address: str) -> Any:
    answer = await site.client.get(address)
    assert answer.status_code == 200, answer.text
    told = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["content-type"]})
    assert told.bozo is False, told.get("bozo_exception")
    return told


@pytest.mark.parametrize("ending", ["atom", "rss"])
async def test_a_feed_is_read_by_a_reader_of_others(site: Site, ending: str) -> None:
    told = await parsed(site, f"/feed.{ending}")
    assert told.version == {"atom": "atom10", "rss": "rss20"}[ending]
    assert (told.feed.title, told.feed.link) == ("Stillup", "http://stillup.test/")
    (entry,) = told.entries
    assert (entry.title, entry.link) == ("Api down", f"http://stillup.test{INCIDENT}")
    assert entry.id.startswith("urn:uuid:")
    body = entry.content[0].value if ending == "atom" else entry.description
    assert body == f"<p>{STORY}</p>"
    assert {tag.term for tag in entry.tags} == {"api", "down"}
    assert tuple(entry.published_parsed[:5]) == (2026, 3, 1, 14, 9)


async def test_the_json_feed_tells_the_same(site: Site) -> None:
    told: Any = await site.json("/feed.json")
    atom = await parsed(site, "/feed.atom")
    (item,) = told["items"]
    assert (told["version"], told["feed_url"]) == (
        "https://jsonfeed.org/version/1.1",
        "http://stillup.test/feed.json",
    )
    assert (item["id"], item["url"], item["content_text"]) == (atom.entries[0].id, atom.entries[0].link, STORY)
    assert (item["date_published"], item["date_modified"]) == ("2026-03-01T14:09:00Z", "2026-03-01T14:09:00Z")


@pytest.mark.parametrize(
    ("page", "count"),
    [("/services/api", 1), ("/services/chat", 0), ("/vendors/api-inc", 1), ("/vendors/chat-inc", 0)],
)
async def test_services_and_vendors_have_feeds_of_their_own(site: Site, page: str, count: int) -> None:
    for ending in ("atom", "rss"):
        told = await parsed(site, f"{page}/feed.{ending}")
        assert (len(told.entries), told.feed.link) == (count, f"http://stillup.test{page}")
    shown = (await site.client.get(page)).text
    assert '<link rel="alternate" type="application/atom+xml" title="Incidents of ' in shown
    assert f'href="{page}/feed.atom">' in shown


async def test_markup_in_a_name_stays_text(site: Site) -> None:
    told = await parsed(site, "/services/hidden/feed.atom")
    assert told.feed.title_detail.value == f"{EVIL} – Stillup"
    events = list(events_of(await site.client.get("/services/hidden/calendar.ics")))
    assert events == []


def events_of(answer: Any) -> Iterator[Any]:
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    yield from icalendar.Calendar.from_ical(answer.content).walk("VEVENT")


async def test_the_calendar_has_incidents_and_what_vendors_announce(site: Site) -> None:
    plan, incident = events_of(await site.client.get("/calendar.ics"))
    assert (str(plan["SUMMARY"]), plan["DTSTART"].dt, plan["DTEND"].dt) == (
        "Api: Database work",
        minute(60),
        minute(90),
    )
    assert (str(incident["SUMMARY"]), incident["DTSTART"].dt, incident["DTEND"].dt) == (
        "Api down",
        minute(0),
        minute(10),
    )
    assert (str(incident["UID"]), str(incident["URL"])) == (
        f"{INCIDENT_ID}@incidents.stillup",
        f"http://stillup.test{INCIDENT}",
    )


@pytest.mark.parametrize("name", ["feed.atom", "feed.rss", "feed.json", "calendar.ics"])
async def test_it_is_asked_again_for_nothing_and_not_there_for_nobody(site: Site, name: str) -> None:
    told = await site.client.get(f"/{name}")
    again = await site.client.get(f"/{name}", headers={"if-none-match": told.headers["etag"]})
    nobody = [(await site.client.get(f"/{kind}/nobody/{name}")).status_code for kind in ("services", "vendors")]
    assert (again.status_code, told.headers["access-control-allow-origin"], nobody) == (304, "*", [404, 404])


def a_story(reason: str) -> Incident:
    """A trouble of half an hour."""
    incident: Incident | None = None
    for at, status in ((0, Status.DOWN), (30, Status.UP)):
        change = Transition(
            check_id=MODELS.id,
            region=LOCAL,
            before=Status.UP,
            after=status,
            since_at=minute(at),
            confirmed_at=minute(at + 1),
            reason=reason,
        )
        incident = follow(incident, "api", measured_alone(change, status), minute(at + 1), change)
    assert incident is not None
    return incident


def test_a_story_goes_on_under_the_same_uid_with_a_higher_sequence() -> None:
    whole: Any = icalendar.Event.from_ical(
        as_event(of_incident(a_story("it failed"), None, "https://x/", minute(99)))
    )
    assert (whole["SEQUENCE"], str(whole["SUMMARY"]), whole["LAST-MODIFIED"].dt) == (
        1,
        "api down, over after 30 min",
        minute(31),
    )


def test_any_text_survives_a_calendar() -> None:
    reason = 'Semi; comma, back\\slash "quote" ünï 文心一言 ' * 9 + "\x00\x1b[31m\nURL:https://evil.example/"
    raw = as_event(of_incident(a_story(reason), None, "https://x/\r\nSUMMARY:evil", minute(99)))
    event: Any = icalendar.Event.from_ical(raw)
    clean = reason.replace("\x00", "").replace("\x1b", "")
    assert clean in str(event["DESCRIPTION"])
    assert (str(event["SUMMARY"]), str(event["URL"])) == (
        "api down, over after 30 min",
        "https://x/SUMMARY:evil",
    )
    assert max(len(line.encode()) for line in raw.split("\r\n")) <= LINE


async def test_work_without_an_end_has_none_in_a_calendar(site: Site) -> None:
    board = site.keeper.board
    assert board is not None
    endless: Any = icalendar.Event.from_ical(
        as_event(of_plan(announcement(board.by_id["api"], timedelta(0)), datetime(2026, 1, 1, tzinfo=UTC)))
    )
    assert ("DTEND" in endless, endless["DTSTAMP"].dt) == (False, datetime(2026, 1, 1, tzinfo=UTC))


def announcement(view: Any, lasts: timedelta) -> Announced:
    work = a_maintenance(60, 60 + lasts / timedelta(minutes=1))
    return Announced(id="m", maintenance=work, views=(view,), url="https://status.example/")


def as_event(lines: Iterator[str]) -> str:
    whole = calendar("Test", [lines])
    begin = whole.index("BEGIN:VEVENT")
    return whole[begin : whole.index("END:VCALENDAR")]
