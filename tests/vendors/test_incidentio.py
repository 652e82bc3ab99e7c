"""incident.io: the imitation of Statuspage, what its own pages read, and its widget."""

import json

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorComponent, merge_pages
from app.vendors.incidentio import READER
from app.vendors.reader import ReadError, ReadErrorKind
from tests.vendors.documents import at, document, incident, page, wrote

OSPREY = "https://status.osprey.example"


def ulid(number: int) -> str:
    return f"01HZ{number:022d}"


def test_a_quiet_summary_leaves_its_lists_out_and_is_up() -> None:
    told = page("incidentio", "incidentio/summary-quiet.json")

    assert (told.status, told.words, told.incidents, told.has_incidents, told.drift) == (
        Status.UP,
        "All Systems Operational",
        (),
        True,
        (),
    )


def test_a_summary_is_known_to_leave_parts_out() -> None:
    assert page("incidentio", "incidentio/summary-quiet.json").has_all_components is False
    assert page("incidentio", "incidentio/components.json").has_all_components is True


def test_what_a_summary_does_not_list_is_known_to_its_indicator() -> None:
    told = json.loads(document("incidentio/summary-trouble.json").body)
    del told["incidents"]

    read = READER.parse(wrote(json.dumps(told)))

    assert ({part.status for part in read.components}, read.status) == ({Status.UP}, Status.DEGRADED)


def test_a_sub_page_without_parts_is_as_bad_as_it_says_and_odd() -> None:
    told = page("incidentio", "incidentio/summary-of-a-sub-page.json")

    assert (told.status, told.words, told.drift) == (
        Status.DEGRADED,
        "Partial System Outage",
        ("components: none listed",),
    )


def test_an_incident_began_when_it_is_said_to_have_been_noticed() -> None:
    one = incident(page("incidentio", "incidentio/incidents.json"), ulid(900))

    assert (one.started_at, one.published_at, one.is_open) == (
        at("2026-05-06 06:50"),
        at("2026-05-06 07:12"),
        True,
    )
    assert one.updates[0].text == "We found it: a full disk. See notes (https://osprey.example/n)."
    assert one.url == f"{OSPREY}/incidents/{ulid(900)}"


def test_an_incident_that_was_opened_again_ends_with_its_last_closing() -> None:
    one = incident(page("incidentio", "incidentio/incidents.json"), ulid(800))

    assert (one.resolved_at, one.oddities) == (
        at("2026-05-02 10:53"),
        ("resolved, opened again, resolved again",),
    )


def test_an_incident_told_after_the_fact_does_not_end_before_it_began() -> None:
    one = incident(page("incidentio", "incidentio/incidents.json"), ulid(700))

    assert (one.started_at, one.resolved_at, one.oddities) == (
        at("2026-05-01 17:00"),
        at("2026-05-01 17:00"),
        ("resolved before it started",),
    )


def test_the_native_page_has_every_part_and_those_not_affected_are_up() -> None:
    assert page("incidentio", "incidentio/proxy.json").components == (
        VendorComponent(id=ulid(100), name="Answers", status=Status.UP, words="operational", group="Apps"),
        VendorComponent(id=ulid(101), name="Login", status=Status.UP, words="operational", group="Apps"),
        VendorComponent(id=ulid(102), name="Login", status=Status.UP, words="operational"),
        VendorComponent(id=ulid(400), name="Agents", status=Status.DOWN, words="full_outage"),
    )


def test_the_native_page_tells_who_is_hit_since_when() -> None:
    told = page("incidentio", "incidentio/proxy.json")
    [one] = told.open_incidents

    assert (told.status, told.name, told.drift) == (Status.DOWN, "Osprey", ())
    assert (one.phase, one.impact, one.impact_words, one.component_ids, one.component_names) == (
        Phase.IDENTIFIED,
        Status.DOWN,
        "full_outage",
        (ulid(400),),
        ("Agents",),
    )
    assert (one.started_at, one.published_at) == (at("2026-05-06 06:50"), at("2026-05-06 07:12"))
    assert [update.text for update in one.updates] == ["We found it.", "Looking."]


def test_native_maintenance_has_the_window_of_its_impacts() -> None:
    [planned] = page("incidentio", "incidentio/proxy.json").maintenances

    assert (planned.phase, planned.starts_at, planned.ends_at, planned.component_names) == (
        Phase.SCHEDULED,
        at("2026-05-10 01:00"),
        at("2026-05-10 03:00"),
        ("Answers",),
    )


def test_native_history_knows_how_bad_it_was_and_who_was_hit() -> None:
    told = page("incidentio", "incidentio/proxy-incidents.json")
    [one] = told.incidents
    [planned] = told.maintenances

    assert (one.started_at, one.resolved_at, one.impact_words, one.component_ids) == (
        at("2026-05-02 08:58"),
        at("2026-05-02 10:53"),
        "partial_outage",
        (ulid(103),),
    )
    assert (planned.phase, planned.starts_at, planned.ends_at) == (
        Phase.COMPLETED,
        at("2026-04-25 00:00"),
        at("2026-04-25 02:00"),
    )


def test_a_page_scraped_before_its_data_came_is_unknown() -> None:
    told = page("incidentio", "incidentio/scraped-page.json")

    assert (told.status, told.has_incidents, [(part.name, part.status) for part in told.components]) == (
        Status.UNKNOWN,
        False,
        [("Answers", Status.UNKNOWN)],
    )


def test_the_widget_tells_what_is_going_on() -> None:
    told = page("incidentio", "incidentio/widget.json")
    [one] = told.open_incidents

    assert (told.status, told.name, told.has_all_components) == (Status.DEGRADED, "Osprey", False)
    assert [(part.name, part.status, part.group) for part in told.components] == [
        ("Agents", Status.DEGRADED, "Apps"),
        ("Images", Status.MAINTENANCE, None),
    ]
    assert (one.phase, one.impact_words, one.updates[0].text, one.oddities) == (
        Phase.IDENTIFIED,
        "partial_outage",
        "We found it.",
        ("the beginning is that of its last update",),
    )
    assert [
        (planned.title, planned.phase, planned.starts_at, planned.ends_at) for planned in told.maintenances
    ] == [
        ("Cleaning up", Phase.IN_PROGRESS, at("2026-05-06 05:00"), at("2026-05-06 09:00")),
        ("Moving the database", Phase.SCHEDULED, at("2026-05-10 01:00"), at("2026-05-10 03:00")),
    ]


def test_a_quiet_widget_is_up() -> None:
    assert page("incidentio", "incidentio/widget-quiet.json").status is Status.UP


def test_all_documents_together_know_what_none_knows_alone() -> None:
    told = merge_pages(
        [
            page("incidentio", f"incidentio/{name}.json")
            for name in ("summary-trouble", "proxy", "components", "incidents")
        ]
    )
    [one] = told.open_incidents

    assert (told.status, told.words, told.has_all_components) == (
        Status.DOWN,
        "Partial System Degradation",
        True,
    )
    assert (one.started_at, one.component_names) == (at("2026-05-06 06:50"), ("Agents",))
    assert [past.id for past in told.incidents] == [ulid(900), ulid(800), ulid(700)]


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        pytest.param("{}", ReadErrorKind.NOT_THIS_FORMAT, "neither a summary", id="nothing"),
        pytest.param("7", ReadErrorKind.WRONG_TYPE, "wanted an object, got a number", id="a number"),
        pytest.param(
            '{"summary": {"components": [{"name": "A"}]}}',
            ReadErrorKind.MISSING_FIELD,
            r"summary.components\[0\].id: missing",
            id="a part without an id",
        ),
        pytest.param(
            '{"incidents": [{"id": "a", "name": "A", "published_at": "2026-05-01", "updates": [{}]}]}',
            ReadErrorKind.MISSING_FIELD,
            r"incidents\[0\].updates\[0\].published_at: missing",
            id="an update without a time",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: str, kind: ReadErrorKind, message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        READER.parse(wrote(body))
    assert caught.value.kind is kind


def test_the_documents_of_a_page() -> None:
    sources = READER.sources(f"{OSPREY}/")

    assert [(one.url, one.optional) for one in sources.now] == [
        (f"{OSPREY}/api/v2/summary.json", False),
        (f"{OSPREY}/proxy/status.osprey.example", True),
        (f"{OSPREY}/api/v2/components.json", True),
        (f"{OSPREY}/api/v2/incidents.json", True),
    ]
    assert [one.url for one in sources.history] == [
        f"{OSPREY}/api/v2/incidents.json",
        f"{OSPREY}/proxy/status.osprey.example/incidents",
    ]
