"""The public API of status.io speaks in numbers; each has its meaning, and its word beside it."""

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorIncident, VendorPage, VendorUpdate
from app.vendors.reader import ReadError, Source, Sources
from app.vendors.statusio import READER
from tests.vendors.documents import at, document, wrote


def trouble() -> VendorPage:
    return READER.parse(document("statusio/trouble.json"))


def test_regions_stand_beside_their_component_and_do_not_make_it_worse() -> None:
    assert [(part.id, part.name, part.status, part.words, part.group) for part in trouble().components] == [
        ("cmp-web", "Website", Status.DEGRADED, "Partial Service Disruption", None),
        ("cmp-web/box-east", "Virginia", Status.DOWN, "Service Disruption", "Website"),
        ("cmp-web/box-west", "Oregon", Status.UP, "Operational", "Website"),
        ("cmp-api", "API", Status.MAINTENANCE, "Planned Maintenance", None),
    ]
    assert (trouble().status, trouble().words) == (Status.DEGRADED, "Partial Service Disruption")
    assert trouble().updated_at == at("2026-07-01 14:20")


def test_an_incident_is_what_its_messages_say() -> None:
    assert trouble().incidents == (
        VendorIncident(
            id="inc-1",
            title="Website errors",
            phase=Phase.MONITORING,
            words="monitoring",
            impact=Status.DOWN,
            impact_words="Service Disruption",
            started_at=at("2026-07-01 14:05"),
            published_at=at("2026-07-01 14:05"),
            updated_at=at("2026-07-01 14:20"),
            updates=(
                VendorUpdate(
                    id="2026-07-01T14:20:00+00:00 300",
                    at=at("2026-07-01 14:20"),
                    phase=Phase.MONITORING,
                    words="monitoring",
                    text="A fix is in place.",
                ),
                VendorUpdate(
                    id="2026-07-01T14:05:00+00:00 100",
                    at=at("2026-07-01 14:05"),
                    phase=Phase.INVESTIGATING,
                    words="investigating",
                    text="We are investigating errors.",
                ),
            ),
            component_ids=("cmp-web",),
            component_names=("Website",),
        ),
    )


def test_a_state_means_another_thing_in_maintenance() -> None:
    assert [
        (
            planned.title,
            planned.phase,
            planned.starts_at,
            planned.ends_at,
            [update.words for update in planned.updates],
        )
        for planned in trouble().maintenances
    ] == [
        ("API move", Phase.IN_PROGRESS, at("2026-07-01 13:00"), at("2026-07-01 15:00"), ["in_progress"]),
        ("Database upgrade", Phase.SCHEDULED, at("2026-07-08 13:00"), at("2026-07-08 15:00"), []),
    ]


def test_a_quiet_page_may_list_its_maintenance_as_nothing() -> None:
    page = READER.parse(document("statusio/quiet.json"))

    assert (page.status, page.maintenances, page.drift) == (Status.UP, (), ())


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (100, Status.UP),
        (200, Status.MAINTENANCE),
        (300, Status.DEGRADED),
        (400, Status.DEGRADED),
        (500, Status.DOWN),
        (600, Status.DEGRADED),
        (700, Status.UNKNOWN),
    ],
)
def test_every_code_has_a_meaning(code: int, status: Status) -> None:
    page = READER.parse(
        wrote(f'{{"result": {{"status": [{{"id": "a", "name": "API", "status_code": {code}}}]}}}}')
    )

    assert [(part.status, part.words) for part in page.components] == [(status, str(code))]


@pytest.mark.parametrize("body", ["{}", '{"result": null}', '{"result": {}}'])
def test_no_result_is_no_page(body: str) -> None:
    with pytest.raises(ReadError) as raised:
        READER.parse(wrote(body))

    assert str(raised.value) == "result: missing (missing_field)"


def test_the_catalogue_gives_the_address() -> None:
    address = "https://api.status.io/1.0/status/0123456789abcdef01234567"

    assert READER.sources(address) == Sources(now=(Source(url=address),))


def test_the_kind_is_told_from_the_document() -> None:
    assert READER.looks_like(document("statusio/trouble.json"))
    assert not READER.looks_like(document("rootly/status-trouble.json"))
