"""A vendor's bad days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.mapping import PageMap
from app.domain.said import SeenIncident
from app.domain.status import Status
from app.domain.vendor import Phase, VendorDay, VendorIncident
from app.domain.vendordays import bad_days, hurt_until
from tests.build import minute
from tests.pages import a_part, a_service, acmes_page, an_incident, an_update

PARTS = (a_part("API"), a_part("Web"))
NOW = minute(10_000)
DAY = 24 * 60


def seen(incident: VendorIncident) -> SeenIncident:
    return SeenIncident(page_key="acme", incident=incident, first_seen_at=minute(0))


FIX = an_update(20, Phase.MONITORING)
END = an_update(90, Phase.RESOLVED)
BARE = replace(an_incident("i", END, started_at=10), updates=())

ROWS = [
    ("until it was over", an_incident("i", an_update(0), END), 90),
    ("until the fix that held", an_incident("i", an_update(0), FIX, END), 20),
    ("past a fix that did not", an_incident("i", an_update(0), FIX, an_update(40), END), 90),
    ("still going on", an_incident("i", an_update(0)), 10_000),
    ("told only afterwards", an_incident("i", END, started_at=10), 90),
    ("without a single update", BARE, 90),
    ("only ever monitored", an_incident("i", an_update(0, Phase.MONITORING)), None),
]


@pytest.mark.parametrize(("incident", "end"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_how_long_an_incident_hurt(incident: VendorIncident, end: float | None) -> None:
    assert hurt_until(seen(incident), NOW) == (None if end is None else minute(end))


def test_a_day_is_as_bad_as_the_worst_that_is_told_of_it() -> None:
    service = a_service()
    summed = [
        VendorDay(component_id=part, day=date(2026, 2, day), status=status, words="", down_for=timedelta())
        for part, day, status in (("api", 20, Status.DEGRADED), ("web", 21, Status.DOWN), ("api", 22, Status.UP))
    ]
    over_midnight = an_incident("i", an_update(0), an_update(DAY, Phase.RESOLVED), impact=Status.DOWN)
    told = [seen(over_midnight), seen(an_incident("j", an_update(1), an_update(2, Phase.RESOLVED)))]
    assert bad_days(service, PageMap(acmes_page(service), PARTS), summed, told, NOW) == {
        date(2026, 2, 20): Status.DEGRADED,
        date(2026, 3, 1): Status.DOWN,
        date(2026, 3, 2): Status.DOWN,
    }
