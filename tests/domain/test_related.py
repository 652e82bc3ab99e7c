"""Which troubles belong together."""

from dataclasses import replace

import pytest

from app.domain.incident import Incident
from app.domain.related import related
from app.domain.service import Service
from app.domain.status import Status
from tests.build import minute
from tests.pages import a_service

SERVICES: dict[str, Service] = {
    "api": a_service("api"),
    "app": a_service("app"),
    "reseller": replace(a_service("reseller"), vendor_id="other", depends_on=("api",)),
    "rival": replace(a_service("rival"), vendor_id="other", depends_on=("cloud",)),
    "neighbour": replace(a_service("neighbour"), vendor_id="third", depends_on=("cloud",)),
    "cloud": replace(a_service("cloud"), vendor_id="ground"),
    "stranger": replace(a_service("stranger"), vendor_id="far"),
}


def trouble(service_id: str, opened: float = 0, closed: float | None = 60) -> Incident:
    return Incident(
        id=f"{service_id}-{opened:g}",
        service_id=service_id,
        opened_at=minute(opened),
        status=Status.DOWN,
        worst=Status.DOWN,
        events=(),
        closed_at=None if closed is None else minute(closed),
    )


@pytest.mark.parametrize(
    ("of", "other", "is_related"),
    [
        (trouble("api"), trouble("app", 50, 70), True),
        (trouble("api"), trouble("app", 80, 90), True),
        (trouble("api"), trouble("app", 91, 95), False),
        (trouble("api"), trouble("app", -99, None), True),
        (trouble("api"), trouble("reseller", 5, 20), True),
        (trouble("reseller"), trouble("api", 5, 20), True),
        (trouble("rival"), trouble("neighbour", 5, 20), True),
        (trouble("api"), trouble("stranger", 5, 20), False),
        (trouble("api"), trouble("api", 5, 20), False),
        (trouble("api"), trouble("gone", 5, 20), False),
        (trouble("gone"), trouble("api", 5, 20), False),
    ],
)
def test_troubles_belong_together_that_meet_and_share_a_ground(
    of: Incident,
    other: Incident,
    is_related: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert related(of, [of, other], SERVICES, minute(200)) == ((other,) if is_related else ())
