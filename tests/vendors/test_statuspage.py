"""Atlassian Statuspage: the documents under `/api/v2`, and the history behind them."""

import json

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorComponent, merge_pages
from app.vendors.reader import ReadError, ReadErrorKind
from app.vendors.statuspage import READER
from tests.vendors.documents import at, document, incident, page, wrote

HERON = "https://status.heron.example"


def test_a_quiet_page_is_up() -> None:
    told = page("statuspage", "statuspage/summary-quiet.json")

    assert (told.status, told.words, told.name, told.url, told.updated_at) == (
        Status.UP,
        "All Systems Operational",
        "Heron",
        HERON,
        at("2026-04-02 10:31:07.120"),
    )
    assert (told.incidents, told.maintenances, told.has_all_components, told.has_incidents, told.drift) == (
        (),
        (),
        True,
        True,
        (),
    )


def test_parts_know_their_group_and_a_group_is_no_part() -> None:
    assert page("statuspage", "statuspage/summary-trouble.json").components == (
        VendorComponent(
            id="chat00000001", name="Heron Chat", status=Status.DEGRADED, words="partial_outage", group="Core"
        ),
        VendorComponent(
            id="api000000001", name="Heron API", status=Status.DEGRADED, words="degraded_performance", group="Core"
        ),
        VendorComponent(id="conso1e00001", name="Console", status=Status.MAINTENANCE, words="under_maintenance"),
        VendorComponent(id="docs00000001", name="Documentation", status=Status.UP, words="operational"),
    )


@pytest.mark.parametrize(
    ("component", "impact", "phase", "status"),
    [
        pytest.param("major_outage", "minor", "investigating", Status.DOWN, id="parts say worse than the impact"),
        pytest.param("operational", "critical", "investigating", Status.DEGRADED, id="nobody claims a fix"),
        pytest.param(
            "operational", "critical", "monitoring", Status.UP, id="the impact drifted, its parts are well"
        ),
        pytest.param("operational", "none", "investigating", Status.UP, id="an announcement"),
        pytest.param("operational", "critical", "resolved", Status.UP, id="it is over"),
        pytest.param("under_maintenance", "none", "resolved", Status.MAINTENANCE, id="planned work"),
    ],
)
def test_the_status_is_ours_and_the_headline_theirs(
    component: str, impact: str, phase: str, status: Status
) -> None:
    told = json.loads(document("statuspage/summary-announcement.json").body)
    told["components"][1]["status"] = component
    told["incidents"][0] |= {"impact": impact, "status": phase}

    read = READER.parse(wrote(json.dumps(told)))

    assert (read.status, read.words) == (status, "All Systems Operational")


def test_an_incident_that_names_no_part_counts_with_its_impact() -> None:
    told = json.loads(document("statuspage/summary-announcement.json").body)
    told["incidents"][0] |= {"components": [], "status": "identified"}

    assert READER.parse(wrote(json.dumps(told))).status is Status.DOWN


def test_an_open_incident_is_told_in_full() -> None:
    [one] = page("statuspage", "statuspage/summary-trouble.json").open_incidents

    assert (one.id, one.title, one.phase, one.words, one.impact, one.impact_words) == (
        "inc000000001",
        "Elevated errors in chat",
        Phase.IDENTIFIED,
        "identified",
        Status.DEGRADED,
        "major",
    )
    assert (one.started_at, one.published_at, one.resolved_at) == (
        at("2026-04-02 10:05"),
        at("2026-04-02 10:12:44"),
        None,
    )
    assert [(update.at, update.phase, update.text) for update in one.updates] == [
        (
            at("2026-04-02 10:31:07.120"),
            Phase.IDENTIFIED,
            "A bad deploy is being rolled back.\n\nSee our notes (https://heron.example/notes?id=1&lang=en).",
        ),
        (at("2026-04-02 10:05"), Phase.INVESTIGATING, "We are looking into errors."),
    ]


def test_the_parts_of_an_incident_are_those_it_has_and_those_it_had() -> None:
    [one] = page("statuspage", "statuspage/summary-trouble.json").open_incidents

    assert (one.component_ids, one.component_names) == (
        ("chat00000001", "api000000001"),
        ("Heron Chat", "Core - Heron API"),
    )


def test_an_incident_is_linked_by_its_id_and_not_by_its_short_link() -> None:
    [one] = page("statuspage", "statuspage/summary-trouble.json").open_incidents

    assert one.url == f"{HERON}/incidents/inc000000001"


def test_maintenance_has_its_window() -> None:
    [planned] = page("statuspage", "statuspage/summary-trouble.json").maintenances

    assert (planned.title, planned.phase, planned.starts_at, planned.ends_at, planned.component_names) == (
        "Console database upgrade",
        Phase.IN_PROGRESS,
        at("2026-04-02 10:00"),
        at("2026-04-02 12:00"),
        ("Console",),
    )


def test_maintenance_that_was_filed_as_an_incident_is_maintenance() -> None:
    told = page("statuspage", "statuspage/incidents.json")

    assert [(one.id, one.phase, one.words, one.ends_at) for one in told.maintenances] == [
        ("mfil00000001", Phase.COMPLETED, "resolved", at("2026-03-01 03:00"))
    ]
    assert "mfil00000001" not in {one.id for one in told.incidents}


@pytest.mark.parametrize(
    ("key", "started", "resolved", "published", "oddities"),
    [
        pytest.param(
            "inc000000001", "2026-04-02 10:05", "2026-04-02 11:02", "2026-04-02 10:12:44", (),
            id="a report after the end does not move the end",
        ),
        pytest.param(
            "back00000001", "2026-03-20 20:30", "2026-03-20 20:30", "2026-03-20 23:40",
            ("resolved before it started",),
            id="told after the fact",
        ),
        pytest.param(
            "reop00000001", "2026-03-10 08:00", "2026-03-10 12:00", "2026-03-10 08:00",
            ("resolved, opened again, resolved again",),
            id="opened again",
        ),
        pytest.param(
            "local0000001", "2026-02-20 18:00:19.418", "2026-02-20 19:40:58.572", "2026-02-20 18:00:19.418", (),
            id="in the page's own zone",
        ),
    ],
)  # fmt: skip
def test_contradicting_times_are_mended_and_said_to_be(
    key: str, started: str, resolved: str, published: str, oddities: tuple[str, ...]
) -> None:
    one = incident(page("statuspage", "statuspage/incidents.json"), key)

    assert (one.started_at, one.resolved_at, one.published_at, one.oddities) == (
        at(started),
        at(resolved),
        at(published),
        oddities,
    )


def test_a_report_after_the_end_leaves_the_incident_over() -> None:
    one = incident(page("statuspage", "statuspage/incidents.json"), "inc000000001")

    assert (one.phase, one.words, one.is_open) == (Phase.RESOLVED, "postmortem", False)


def test_an_incident_that_was_opened_again_is_open() -> None:
    told = json.loads(document("statuspage/incidents.json").body)
    told["incidents"][2] |= {"status": "monitoring"}
    del told["incidents"][2]["incident_updates"][0]

    one = incident(READER.parse(wrote(json.dumps(told))), "reop00000001")

    assert (one.is_open, one.resolved_at, one.oddities) == (True, None, ("resolved, then opened again",))


def test_an_impact_that_was_overridden_wins() -> None:
    told = json.loads(document("statuspage/incidents.json").body)
    told["incidents"][0]["impact_override"] = "critical"

    one = incident(READER.parse(wrote(json.dumps(told))), "inc000000001")

    assert (one.impact, one.impact_words) == (Status.DOWN, "critical")


def test_words_of_the_future_are_unknown_kept_and_noted() -> None:
    told = page("statuspage", "statuspage/summary-words-of-the-future.json")
    [one] = told.incidents

    assert [(part.name, part.status, part.words) for part in told.components] == [
        ("Heron Chat", Status.UNKNOWN, "on_fire"),
        ("Bare", Status.UNKNOWN, ""),
    ]
    assert (one.phase, one.words, one.impact, one.impact_words) == (
        Phase.UNKNOWN,
        "contained",
        Status.UNKNOWN,
        "galactic",
    )
    assert told.drift == (
        "page.updated_at: missing",
        "scheduled_maintenances: missing",
        "components[].status: unknown word 'on_fire'",
        "incidents[].status: unknown word 'contained'",
        "incidents[].impact: unknown word 'galactic'",
    )


def test_components_alone_do_not_speak_of_incidents() -> None:
    told = page("statuspage", "statuspage/components.json")

    assert (told.status, told.has_incidents, len(told.components)) == (Status.DEGRADED, False, 4)


def test_an_indicator_alone_is_taken_at_its_word() -> None:
    told = page("statuspage", "statuspage/status.json")

    assert (told.status, told.words) == (Status.DOWN, "Major Service Outage")


def test_one_incident_alone_is_read() -> None:
    one = json.loads(document("statuspage/incidents.json").body)["incidents"][0]

    assert [told.id for told in READER.parse(wrote(json.dumps({"incident": one}))).incidents] == ["inc000000001"]


def test_history_tells_what_has_both_ends() -> None:
    told = page("statuspage", "statuspage/history.json", url=f"{HERON}/history.json?page=1", read_at="2026-04-06")

    assert [
        (one.id, one.phase, one.impact, one.started_at, one.resolved_at, one.url) for one in told.incidents
    ] == [
        (
            "inc000000001",
            Phase.RESOLVED,
            Status.DEGRADED,
            at("2026-04-02 10:05"),
            at("2026-04-02 11:02"),
            f"{HERON}/incidents/inc000000001",
        ),
        (
            "year00000001",
            Phase.RESOLVED,
            Status.DOWN,
            at("2026-01-01 07:10"),
            at("2026-01-01 09:20"),
            f"{HERON}/incidents/year00000001",
        ),
    ]


def test_what_vanished_from_the_summary_is_found_closed_in_the_list() -> None:
    summary = page("statuspage", "statuspage/summary-quiet.json")
    told = merge_pages((summary, page("statuspage", "statuspage/incidents.json")))

    assert (told.status, told.words, len(told.components)) == (Status.UP, "All Systems Operational", 4)
    assert incident(told, "inc000000001").updates[1].text == "This incident has been resolved."


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        pytest.param("{}", ReadErrorKind.NOT_THIS_FORMAT, "tells of no components", id="nothing"),
        pytest.param("[]", ReadErrorKind.WRONG_TYPE, "wanted an object, got a list", id="a list"),
        pytest.param("<html>", ReadErrorKind.HTML_INSTEAD, "a web page", id="a web page"),
        pytest.param(
            '{"components": [{"id": 1, "name": "A"}, {"name": "B"}]}',
            ReadErrorKind.MISSING_FIELD,
            r"components\[1\].id: missing",
            id="a part without an id",
        ),
        pytest.param(
            '{"components": [{"id": "a", "name": ["A"]}]}',
            ReadErrorKind.WRONG_TYPE,
            r"components\[0\].name: wanted text, got a list",
            id="a name that is none",
        ),
        pytest.param(
            '{"incidents": {"id": "a"}}', ReadErrorKind.WRONG_TYPE, "incidents: wanted a list", id="no list"
        ),
        pytest.param(
            '{"incidents": [{"id": "a", "name": "A"}]}',
            ReadErrorKind.MISSING_FIELD,
            r"incidents\[0\]: nothing tells when it began",
            id="an incident without a time",
        ),
        pytest.param(
            '{"incidents": [{"id": "a", "name": "A", "created_at": "soon"}]}',
            ReadErrorKind.BAD_TIMESTAMP,
            r"incidents\[0\].created_at: 'soon' is no moment",
            id="a time that is none",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: str, kind: ReadErrorKind, message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        READER.parse(wrote(body))
    assert caught.value.kind is kind


def test_the_documents_of_a_page() -> None:
    sources = READER.sources(f"{HERON}/")

    assert [(one.url, one.optional) for one in sources.now] == [
        (f"{HERON}/api/v2/summary.json", False),
        (f"{HERON}/api/v2/incidents.json", True),
    ]
    assert [one.url for one in sources.history] == [
        f"{HERON}/api/v2/incidents.json",
        f"{HERON}/history.json?page=1",
        f"{HERON}/history.json?page=2",
        f"{HERON}/history.json?page=3",
        f"{HERON}/history.json?page=4",
    ]
    assert READER.sources(f"{HERON}/api/v2/summary.json") == sources
