"""Google AI Studio answers with lists within lists; only places tell what is what."""

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorIncident, VendorUpdate
from app.vendors.aistudio import READER
from app.vendors.reader import ReadError, Source, Sources
from tests.vendors.documents import at, document, wrote


def test_an_open_incident_is_told_by_its_epoch() -> None:
    [incident, _] = READER.parse(document("google-aistudio/incidents.json")).incidents

    assert incident == VendorIncident(
        id="Api-keys 20260417",
        title="API keys are refused",
        phase=Phase.MONITORING,
        words="mitigation",
        impact=Status.DEGRADED,
        impact_words="minor",
        started_at=at("2026-04-17 23:00"),
        published_at=at("2026-04-17 23:00"),
        updated_at=at("2026-04-18 01:00"),
        updates=(
            VendorUpdate(
                id="2026-04-18T01:00:00+00:00 5",
                at=at("2026-04-18 01:00"),
                phase=Phase.MONITORING,
                words="mitigation",
                text="Mitigations are underway.",
            ),
            VendorUpdate(
                id="2026-04-17T23:00:00+00:00 1",
                at=at("2026-04-17 23:00"),
                phase=Phase.INVESTIGATING,
                words="detected",
                text="New keys are refused. Investigation is underway.",
            ),
        ),
        component_ids=("1",),
        component_names=("Gemini API",),
    )


def test_a_past_incident_went_through_its_stages() -> None:
    [_, incident] = READER.parse(document("google-aistudio/incidents.json")).incidents

    assert [(update.phase, update.words) for update in incident.updates] == [
        (Phase.RESOLVED, "resolved"),
        (Phase.MONITORING, "fix"),
        (Phase.IDENTIFIED, "identified"),
        (Phase.INVESTIGATING, "detected"),
    ]
    assert (incident.impact, incident.resolved_at) == (Status.DOWN, at("2026-04-01 15:00"))
    assert incident.component_names == ("Google AI Studio", "Gemini API")


def test_a_part_is_up_unless_an_open_incident_names_it() -> None:
    page = READER.parse(document("google-aistudio/incidents.json"))

    assert [(part.id, part.name, part.status, part.words) for part in page.components] == [
        ("1", "Gemini API", Status.DEGRADED, "minor"),
        ("2", "Gemini Live API", Status.UP, ""),
        ("3", "Google AI Studio", Status.UP, ""),
    ]
    assert page.status is Status.DEGRADED


@pytest.mark.parametrize("body", ["[]", "[[]]", "[[[]]]"])
def test_nothing_at_any_depth_is_a_quiet_page(body: str) -> None:
    page = READER.parse(wrote(body))

    assert (page.status, page.incidents) == (Status.UP, ())


def test_of_two_updates_in_one_minute_the_latter_counts() -> None:
    updates = '[[1, "", ["1776466800"], "Seen."], [4, "", ["1776466800"], "Gone."]]'

    [incident] = READER.parse(wrote(f'[[[["a", "Blip", 1, {updates}, 1, [1]]]]]')).incidents

    assert (incident.phase, incident.resolved_at) == (Phase.RESOLVED, at("2026-04-17 23:00"))


def test_numbers_that_are_new_are_kept_and_noted() -> None:
    page = READER.parse(wrote('[[[["a", "Odd", 7, [[9, "", ["1776466800"], "?"]], 4, [4]]]]]'))
    [incident] = page.incidents

    assert (incident.phase, incident.words, incident.impact, incident.impact_words) == (
        Phase.UNKNOWN,
        "9",
        Status.UNKNOWN,
        "7",
    )
    assert (incident.component_ids, incident.component_names) == (("4",), ("4",))
    assert page.drift == (
        "[][][][][][]: unknown word '9'",
        "[][][][][]: unknown word '4'",
        "[][][][]: unknown word '7'",
    )


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{}", "wanted a list, got an object (wrong_type)"),
        ("[[[[[[1]]]]]]", "no list of incidents (not_this_format)"),
        ("[null]", "[0]: wanted a list, got nothing (wrong_type)"),
        ('[[[["a", null]]]]', "[0][0][0]: nothing tells when it began (missing_field)"),
        (
            '[[[["a", "T", 1, [[1, "2026-04-17 16:00", [], "x"]]]]]]',
            "[0][0][0][3][0][2][0]: missing (missing_field)",
        ),
    ],
)
def test_what_stands_in_the_wrong_place_is_refused(body: str, problem: str) -> None:
    with pytest.raises(ReadError) as raised:
        READER.parse(wrote(body))

    assert str(raised.value) == problem


CALL = (
    "https://alkalimakersuite-pa.clients6.google.com/$rpc/google.internal.alkali.applications.makersuite.v1"
    ".MakerSuiteService/ListIncidentsHistory"
)


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("https://aistudio.google.com/status", CALL),
        (f"{CALL}?key=from-your-settings", f"{CALL}?key=from-your-settings"),
    ],
)
def test_the_page_is_asked_for_as_it_asks_itself(url: str, called: str) -> None:
    home = "https://aistudio.google.com"

    assert READER.sources(url) == Sources(
        now=(
            Source(
                url=called,
                method="POST",
                body=b"[]",
                headers={"Content-Type": "application/json+protobuf", "Origin": home, "Referer": f"{home}/"},
            ),
        )
    )


def test_nobody_else_is_asked_so() -> None:
    assert READER.sources("https://status.example/") == Sources(now=(Source(url="https://status.example/"),))


def test_the_kind_is_told_from_the_document() -> None:
    assert READER.looks_like(document("google-aistudio/incidents.json"))
    assert READER.looks_like(document("google-aistudio/quiet.json"))
    assert not READER.looks_like(document("aws-health/events.json"))
