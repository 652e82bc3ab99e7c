"""Lists that are told page by page: each entry once, whatever begins meanwhile."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.domain.incident import Incident
from app.domain.status import Status
from app.store.engine import Database
from app.store.incidents import save_incidents
from app.web.api.cursor import cursor_of, place_of
from tests.build import START
from tests.web.conftest import INCIDENT, Site

API = "/api/v1/incidents"
OURS = INCIDENT.removeprefix("/incidents/")


def trouble(day: int, service_id: str = "chat", *, is_open: bool = False, worst: Status = Status.DOWN) -> Incident:
    """An hour of trouble, or one that is not over, so many days before the site's own."""
    opened_at = START - timedelta(days=day)
    return Incident(
        id=f"{service_id}-{day}",
        service_id=service_id,
        opened_at=opened_at,
        closed_at=None if is_open else opened_at + timedelta(hours=1),
        status=worst if is_open else Status.UP,
        worst=worst,
        events=(),
    )


@pytest.fixture
async def told(site: Site, database: Database) -> Site:
    """The site, with a past."""
    past = [
        trouble(1),
        trouble(2, worst=Status.DEGRADED),
        trouble(3, "hidden", is_open=True, worst=Status.DEGRADED),
        trouble(4),
        trouble(4, "hidden"),
    ]
    async with database.write() as tx:
        await save_incidents(tx, past)
    return site


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [OURS, "chat-1", "chat-2", "hidden-3", "hidden-4", "chat-4"]),
        ("service=chat", ["chat-1", "chat-2", "chat-4"]),
        ("vendor=hidden-inc", ["hidden-3", "hidden-4"]),
        ("vendor=hidden-inc&service=chat", []),
        ("open=true", [OURS, "hidden-3"]),
        ("open=false&service=hidden", ["hidden-4"]),
        ("worst=degraded", ["chat-2", "hidden-3"]),
        ("status=degraded", ["hidden-3"]),
        ("since=2026-02-27T14:30:00Z&until=2026-03-01T14:00:00Z", ["chat-1", "chat-2", "hidden-3"]),
        ("until=2026-02-26T00:00:00%2B02:00", ["hidden-4", "chat-4"]),
    ],
)
async def test_incidents_are_told_newest_first_and_as_they_are_wanted(
    told: Site, query: str, ids: list[str]
) -> None:
    answer: Any = await told.json(f"{API}?{query}")
    assert ([each["id"] for each in answer["incidents"]], answer["next"]) == (ids, None)


async def test_the_pages_hold_each_incident_once_although_one_begins_meanwhile(
    told: Site, database: Database
) -> None:
    address, ids = f"{API}?limit=2&service=chat", []
    answer = await told.client.get(address)
    async with database.write() as tx:
        await save_incidents(tx, [trouble(0)])
    while answer.links:
        ids += [each["id"] for each in answer.json()["incidents"]]
        assert answer.links["next"]["url"] == answer.json()["next"]
        answer = await told.client.get(answer.json()["next"])
    ids += [each["id"] for each in answer.json()["incidents"]]
    assert ids == ["chat-1", "chat-2", "chat-4"]


async def test_the_address_of_the_next_page_is_whole(told: Site) -> None:
    answer: Any = await told.json(f"{API}?limit=5&worst=down&worst=down")
    assert answer["next"] is None
    answer = await told.json(f"{API}?limit=1&open=true")
    assert answer["next"].startswith("http://stillup.test/api/v1/incidents?limit=1&open=true&cursor=")


@pytest.mark.parametrize("entry", ["a", "chat-20260301T140000", "ä/ö\n'", "x" * 200])
def test_a_cursor_names_an_entry(entry: str) -> None:
    assert place_of(cursor_of((START, entry))) == (START, entry)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "=",
        "MTIz",
        "x",
        "ÿ",
        "\u0660",
        cursor_of((START, "a")) + "=",
        "LTEuYQ",
        "MDEuYQ",
        "OTk5OTk5OTk5OTk5OTk5OTk5LmE",
    ],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(ValueError, match="No page begins there"):
        place_of(cursor)


def test_a_cursor_holds_the_very_moment() -> None:
    moment = datetime.fromisoformat("2026-03-01T14:00:00.123Z")
    assert place_of(cursor_of((moment, "a")))[0] == moment
