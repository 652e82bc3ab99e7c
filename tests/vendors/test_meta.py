"""Meta's page tells statuses in words, and outages apart from them."""

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase
from app.vendors.meta import READER
from app.vendors.reader import ReadError, Source, Sources
from tests.vendors.documents import at, document, wrote

OUTAGES = "https://metastatus.com/data/outages/whatsapp-business-api"


def test_resolved_is_a_status_in_which_a_service_works() -> None:
    page = READER.parse(document("meta/orgs.json"))

    assert [(part.id, part.name, part.status, part.words, part.group) for part in page.components] == [
        ("whatsapp-business-api/4", "Cloud API", Status.DOWN, "High disruptions", "WhatsApp Business Platform"),
        ("whatsapp-business-api/6", "Flows", Status.UP, "Resolved", "WhatsApp Business Platform"),
        ("whatsapp-business-api/7", "Calling", Status.DEGRADED, "Low disruptions", "WhatsApp Business Platform"),
        ("graph-api/1", "Platform Status", Status.UP, "No known issues", "Graph API"),
    ]
    assert (page.status, page.has_incidents) == (Status.DOWN, False)


@pytest.mark.parametrize("file", [f"{OUTAGES}.json", f"{OUTAGES}.history.json"])
def test_outages_belong_to_the_organisation_of_their_file(file: str) -> None:
    page = READER.parse(document("meta/outages.json", url=file))

    assert [
        (outage.id, outage.title, outage.phase, outage.impact_words, outage.started_at, outage.resolved_at)
        for outage in page.incidents
    ] == [
        ("o-1", "Some messages are late.", Phase.UNKNOWN, "High disruptions", at("2026-09-01 10:00"), None),
        (
            "o-0",
            "Flows fail for some.",
            Phase.RESOLVED,
            "Low disruptions",
            at("2026-08-20 08:00"),
            at("2026-08-20 09:30"),
        ),
    ]
    assert [outage.component_ids for outage in page.incidents] == [
        ("whatsapp-business-api/4",),
        ("whatsapp-business-api/6",),
    ]
    assert (page.status, page.has_all_components, page.has_incidents) == (Status.DOWN, False, True)


def test_no_outage_says_nothing_of_how_things_are() -> None:
    page = READER.parse(wrote("[]", url=f"{OUTAGES}.json"))

    assert (page.status, page.incidents, page.has_incidents) == (Status.UNKNOWN, (), True)


def test_words_that_are_new_are_unknown_and_noted() -> None:
    page = READER.parse(wrote('[{"id": "ads", "services": [{"id": 1, "name": "Ads", "status": "Meh"}]}]'))

    assert [(part.status, part.words) for part in page.components] == [(Status.UNKNOWN, "Meh")]
    assert page.drift == ("[].services[].status: unknown word 'Meh'",)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("[]", "[0].services: no organisation has a service (missing_field)"),
        ("{}", "wanted a list of organisations, got an object (wrong_type)"),
        ('[{"services": [{"id": 1, "name": "Ads"}]}]', "[0].id: missing (missing_field)"),
    ],
)
def test_a_list_without_services_is_not_taken_for_quiet(body: str, problem: str) -> None:
    with pytest.raises(ReadError) as raised:
        READER.parse(wrote(body))

    assert str(raised.value) == problem


def test_an_organisation_has_outages_of_its_own() -> None:
    everything = Source(url="https://metastatus.com/data/orgs.json")

    assert READER.sources("https://metastatus.com/") == Sources(now=(everything,))
    assert READER.sources("https://metastatus.com/data/orgs.json") == Sources(now=(everything,))
    assert READER.sources("https://metastatus.com/whatsapp-business-api") == Sources(
        now=(everything, Source(url=f"{OUTAGES}.json", optional=True)),
        history=(Source(url=f"{OUTAGES}.history.json", optional=True),),
    )


def test_the_kind_is_told_from_the_document_or_from_its_address() -> None:
    assert READER.looks_like(document("meta/orgs.json"))
    assert READER.looks_like(document("meta/outages.json", url=f"{OUTAGES}.json"))
    assert not READER.looks_like(document("aws-health/currentevents.json"))
