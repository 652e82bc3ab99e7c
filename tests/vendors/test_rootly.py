"""Rootly's public API tells the headline and what is open, and nothing of components."""

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorMaintenance
from app.vendors.reader import ReadError, Source, Sources
from app.vendors.rootly import READER
from tests.vendors.documents import at, document, wrote

STATUS = "https://status.acornia.example/api/v1/status.json"


def test_a_quiet_page_is_up_by_its_indicator() -> None:
    page = READER.parse(document("rootly/status-quiet.json"))

    assert (page.status, page.words, page.incidents) == (Status.UP, "All Systems Operational", ())
    assert (page.has_all_components, page.components) == (False, ())


def test_the_updates_tell_how_far_an_incident_has_come() -> None:
    [incident] = READER.parse(document("rootly/status-trouble.json")).incidents

    assert (incident.id, incident.url) == ("abc-123", "https://status.acornia.example/incidents/abc-123")
    assert (incident.phase, incident.words) == (Phase.IDENTIFIED, "identified")
    assert (incident.impact, incident.impact_words) == (Status.DOWN, "critical")
    assert (incident.started_at, incident.published_at) == (at("2026-08-01 10:30"), at("2026-08-01 10:35"))
    assert [(update.phase, update.text) for update in incident.updates] == [
        (Phase.IDENTIFIED, "We have found the cause."),
        (Phase.INVESTIGATING, "We are looking into slow answers."),
    ]


def test_a_critical_incident_outweighs_a_minor_headline() -> None:
    page = READER.parse(document("rootly/status-trouble.json"))

    assert (page.status, page.words) == (Status.DOWN, "Minor Service Outage")


def test_what_is_scheduled_is_maintenance() -> None:
    assert READER.parse(document("rootly/status-trouble.json")).maintenances == (
        VendorMaintenance(
            id="move-1",
            title="Database move",
            phase=Phase.SCHEDULED,
            words="scheduled",
            starts_at=at("2026-08-03 10:00"),
            url="https://status.acornia.example/incidents/move-1",
        ),
    )


def test_an_incident_without_an_address_is_known_by_name_and_start() -> None:
    [incident] = READER.parse(document("rootly/incidents.json")).incidents

    assert incident.id == "Login errors 2026-07-20T10:30:00-07:00"
    assert (incident.started_at, incident.resolved_at) == (at("2026-07-20 17:30"), at("2026-07-20 18:30"))


def test_an_incident_may_have_no_title_and_no_address_that_is_one() -> None:
    body = """{"page": {"name": "Acornia"}, "incidents": [
        {"name": "", "started_at": "2026-07-20T10:30:00Z", "url": "https://status.acornia.example/incidents/abc"},
        {"name": "Odd", "started_at": "2026-07-19T10:30:00Z", "url": "javascript:alert(1)"}
    ]}"""

    assert [(incident.title, incident.url) for incident in READER.parse(wrote(body)).incidents] == [
        ("abc", "https://status.acornia.example/incidents/abc"),
        ("Odd", None),
    ]


@pytest.mark.parametrize(
    ("indicator", "status"),
    [
        ("none", Status.UP),
        ("minor", Status.DEGRADED),
        ("major", Status.DOWN),
        ("maintenance", Status.MAINTENANCE),
        ("odd", Status.UNKNOWN),
    ],
)
def test_every_indicator_has_a_meaning(indicator: str, status: Status) -> None:
    body = f'{{"page": {{"name": "Acornia"}}, "status": {{"indicator": "{indicator}"}}, "incidents": []}}'

    assert READER.parse(wrote(body)).status is status


def test_a_page_without_a_name_is_none() -> None:
    with pytest.raises(ReadError) as raised:
        READER.parse(wrote('{"page": {}}'))

    assert str(raised.value) == "page.name: missing (missing_field)"


@pytest.mark.parametrize("url", ["https://status.acornia.example/", STATUS])
def test_two_documents_make_up_the_page(url: str) -> None:
    incidents = "https://status.acornia.example/api/v1/incidents.json?per_page=100"

    assert READER.sources(url) == Sources(now=(Source(url=STATUS), Source(url=incidents, optional=True)))


def test_the_kind_is_told_from_the_address() -> None:
    assert READER.looks_like(document("rootly/status-quiet.json", url=STATUS))
    assert not READER.looks_like(document("rootly/status-quiet.json", url="https://x.example/api/v2/summary.json"))
