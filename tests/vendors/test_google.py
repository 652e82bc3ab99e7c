"""Google's `incidents.json`: a bare list, in which products are up unless an open incident names them."""

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorPage
from app.vendors.google import READER
from app.vendors.reader import ReadError, ReadErrorKind
from tests.vendors.documents import at, incident, page, wrote

FINCH = "https://status.finch.example"


def told() -> VendorPage:
    return page("google-cloud", "google-cloud/incidents.json", url=f"{FINCH}/incidents.json", read_at="2026-06-21")


def test_products_are_as_bad_as_the_open_incidents_that_name_them() -> None:
    assert [(part.id, part.name, part.status, part.words) for part in told().components] == [
        ("ProdAgents0000000001", "Finch Agent Platform", Status.DOWN, "SERVICE_OUTAGE"),
        ("ProdMail000000000003", "Finch Mail", Status.UP, "AVAILABLE"),
        ("ProdStore00000000002", "Finch Storage", Status.UP, "AVAILABLE"),
    ]
    assert (told().status, told().has_all_components, told().drift) == (Status.DOWN, False, ())


def test_nothing_is_left_out_and_the_newest_comes_first() -> None:
    assert [one.id for one in told().incidents] == [
        "OpenAgents0000000001",
        "FixedMail00000000002",
        "OverStore00000000003",
        "Unsaid0000000000004A",
    ]


def test_an_open_incident_began_before_it_was_told() -> None:
    one = incident(told(), "OpenAgents0000000001")

    assert (one.title, one.phase, one.impact, one.started_at, one.published_at, one.resolved_at) == (
        "Agents answer with errors in us-central1",
        Phase.INVESTIGATING,
        Status.DOWN,
        at("2026-06-10 15:10"),
        at("2026-06-10 16:29"),
        None,
    )
    assert (one.component_ids, one.component_names, one.url) == (
        ("ProdAgents0000000001",),
        ("Finch Agent Platform",),
        f"{FINCH}/incidents/OpenAgents0000000001",
    )
    assert [(update.phase, update.words, update.text) for update in one.updates] == [
        (
            Phase.INVESTIGATING,
            "SERVICE_OUTAGE",
            "Summary\nAgents fail. Details at the dashboard (https://finch.example/d).",
        ),
        (Phase.INFORMATION, "SERVICE_INFORMATION", "We are looking into reports."),
    ]


def test_available_without_an_end_is_a_fix_being_watched() -> None:
    one = incident(told(), "FixedMail00000000002")

    assert (one.phase, one.words, one.is_open) == (Phase.MONITORING, "AVAILABLE", True)


def test_the_end_is_the_true_one_and_not_that_of_the_report() -> None:
    one = incident(told(), "OverStore00000000003")

    assert (one.started_at, one.resolved_at, one.updated_at, one.oddities) == (
        at("2026-06-01 00:00"),
        at("2026-06-01 02:00"),
        at("2026-06-21 00:00"),
        (),
    )


def test_an_end_that_no_update_tells_is_odd() -> None:
    one = incident(told(), "Unsaid0000000000004A")

    assert (one.is_open, one.impact, one.oddities) == (False, Status.UP, ("ended, though no update says so",))


def test_an_empty_list_is_a_quiet_page() -> None:
    read = READER.parse(wrote("[]"))

    assert (read.status, read.incidents, read.components) == (Status.UP, (), ())


def test_words_of_the_future_are_unknown_kept_and_noted() -> None:
    body = """[{"id": "a", "begin": "2026-06-10T15:10:00Z", "status_impact": "SERVICE_WOBBLE",
        "updates": [{"when": "2026-06-10T16:00:00Z", "status": "WOBBLING"}],
        "affected_products": [{"id": "p"}]}]"""
    read = READER.parse(wrote(body))
    [one] = read.incidents

    assert (one.title, one.phase, one.words, one.impact, one.impact_words, one.component_names) == (
        "(no description)",
        Phase.UNKNOWN,
        "WOBBLING",
        Status.UNKNOWN,
        "SERVICE_WOBBLE",
        ("p",),
    )
    assert read.drift == (
        "[].created: missing",
        "[].modified: missing",
        "[].updates[].status: unknown word 'WOBBLING'",
        "[].status_impact: unknown word 'SERVICE_WOBBLE'",
    )


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        pytest.param("{}", ReadErrorKind.NOT_THIS_FORMAT, "not a list of incidents", id="an object"),
        pytest.param("[7]", ReadErrorKind.WRONG_TYPE, r"\[0\]: wanted an object, got a number", id="a number"),
        pytest.param(
            '[{"id": "a", "begin": "x"}]',
            ReadErrorKind.BAD_TIMESTAMP,
            r"\[0\].begin: 'x' is no moment",
            id="no time",
        ),
        pytest.param(
            '[{"begin": "2026-06-10T15:10:00Z"}]', ReadErrorKind.MISSING_FIELD, r"\[0\].id: missing", id="no id"
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: str, kind: ReadErrorKind, message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        READER.parse(wrote(body))
    assert caught.value.kind is kind


@pytest.mark.parametrize("url", [f"{FINCH}/", f"{FINCH}/incidents.json"])
def test_the_document_of_a_page(url: str) -> None:
    assert [one.url for one in READER.sources(url).now] == [f"{FINCH}/incidents.json"]
