"""What vendors told of, found again by time, page and id."""

from dataclasses import replace
from datetime import datetime

import pytest

from app.domain.said import SeenIncident, SeenMaintenance
from app.domain.vendor import Phase
from app.store.engine import Database
from app.store.vendor_incidents import (
    MOST_IDS,
    load_known_incidents,
    load_vendor_incidents,
    load_vendor_maintenances,
    save_vendor_incidents,
    save_vendor_maintenances,
)
from tests.build import minute
from tests.pages import a_maintenance, an_incident, an_update


def seen(incident_id: str, start: float, end: float | None, page_key: str = "acme") -> SeenIncident:
    updates = [an_update(start)] + ([] if end is None else [an_update(end, Phase.RESOLVED, "Done.")])
    return SeenIncident(
        page_key=page_key, incident=an_incident(incident_id, *updates), first_seen_at=minute(start + 1)
    )


OLD, OVER, OPEN, OTHER = seen("old", 0, 10), seen("over", 20, 30), seen("open", 25, None), seen("x", 5, None, "b")


@pytest.fixture(autouse=True)
async def _kept(database: Database) -> None:
    async with database.write() as tx:
        await save_vendor_incidents(tx, [OLD, OVER, OPEN, OTHER])


WINDOWS = [
    (minute(0), None, None, [OPEN, OVER, OTHER, OLD]),
    (minute(15), None, None, [OPEN, OVER, OTHER]),
    (minute(15), minute(24), None, [OVER, OTHER]),
    (minute(15), None, "acme", [OPEN, OVER]),
    (minute(40), None, "acme", [OPEN]),
]


@pytest.mark.parametrize(("since_at", "until_at", "page_key", "expected"), WINDOWS)
async def test_incidents_are_found_by_the_time_in_which_they_were_open(
    database: Database,
    since_at: datetime,
    until_at: datetime | None,
    page_key: str | None,
    expected: list[SeenIncident],
) -> None:
    async with database.read() as tx:
        found = await load_vendor_incidents(tx, since_at=since_at, until_at=until_at, page_key=page_key)
    assert found == expected


async def test_what_is_known_of_a_page_are_the_open_ones_and_those_asked_for(database: Database) -> None:
    async with database.read() as tx:
        known = await load_known_incidents(tx, "acme", {"old", "x", *map(str, range(2 * MOST_IDS))})
    assert known == {"old": OLD, "open": OPEN}


async def test_an_incident_that_is_told_of_again_takes_the_place_of_the_last_telling(database: Database) -> None:
    gone = replace(OPEN, gone_at=minute(50))
    async with database.write() as tx:
        await save_vendor_incidents(tx, [gone])
    async with database.read() as tx:
        assert await load_vendor_incidents(tx, since_at=minute(40), page_key="acme") == [gone]


async def test_maintenance_is_kept_after_it_left_the_page(database: Database) -> None:
    told = SeenMaintenance(page_key="acme", maintenance=a_maintenance(10, 40))
    async with database.write() as tx:
        await save_vendor_maintenances(tx, [told])
        await save_vendor_maintenances(tx, [told])
    async with database.read() as tx:
        assert await load_vendor_maintenances(tx, since_at=minute(39)) == [told]
        assert await load_vendor_maintenances(tx, since_at=minute(41)) == []
        assert await load_vendor_maintenances(tx, since_at=minute(0), page_key="b") == []
