"""Better Stack's `index.json` tells who is hit, for how long, and on which days."""

from datetime import date, timedelta

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorDay, VendorIncident, VendorMaintenance, VendorPage, VendorUpdate
from app.vendors.betterstack import READER
from app.vendors.reader import ReadError, Source, Sources
from tests.vendors.documents import at, document, wrote

DURING = "2026-03-10 13:00"


def trouble() -> VendorPage:
    return READER.parse(document("betterstack/trouble.json", read_at=DURING))


def test_a_quiet_page_is_up() -> None:
    page = READER.parse(document("betterstack/quiet.json"))

    assert (page.status, page.words, page.name, page.url) == (
        Status.UP,
        "operational",
        "Quillon",
        "https://quillon.betteruptime.com",
    )
    assert page.incidents == ()
    assert page.drift == ()


def test_every_word_for_a_resource_has_a_meaning_and_is_kept() -> None:
    assert [(part.name, part.status, part.words, part.group) for part in trouble().components] == [
        ("Chat completions", Status.DOWN, "downtime", "Inference"),
        ("Embeddings", Status.DEGRADED, "degraded", "Inference"),
        ("Website", Status.UP, "operational", None),
        ("Fine-tuning", Status.MAINTENANCE, "maintenance", "Inference"),
        ("Rerank (preview)", Status.UNKNOWN, "not_monitored", "Inference"),
        ("Audio", Status.UP, "recovered", "Inference"),
    ]


def test_an_open_report_tells_how_bad_it_is_and_not_how_far_it_has_come() -> None:
    assert trouble().open_incidents == (
        VendorIncident(
            id="31",
            title="Chat completions are failing",
            phase=Phase.UNKNOWN,
            words="downtime",
            impact=Status.DOWN,
            impact_words="downtime",
            started_at=at("2026-03-10 12:00"),
            published_at=at("2026-03-10 12:05"),
            updated_at=at("2026-03-10 12:30"),
            updates=(
                VendorUpdate(
                    id="402",
                    at=at("2026-03-10 12:30"),
                    phase=Phase.UNKNOWN,
                    words="downtime",
                    text="Requests to most models fail. See the log (https://larkspur.example/log).",
                ),
                VendorUpdate(
                    id="401",
                    at=at("2026-03-10 12:05"),
                    phase=Phase.UNKNOWN,
                    words="degraded",
                    text="We see elevated errors on chat completions.",
                ),
            ),
            component_ids=("901", "902", "888"),
            component_names=("Chat completions", "Embeddings"),
            oddities=("names parts that the page no longer has",),
        ),
    )


def test_a_report_that_ended_before_it_began_is_mended() -> None:
    [past] = [incident for incident in trouble().incidents if not incident.is_open]

    assert (past.impact, past.impact_words) == (Status.DOWN, "downtime")
    assert (past.started_at, past.resolved_at) == (at("2026-03-08 07:10"), at("2026-03-08 07:10"))
    assert past.oddities == ("resolved before it started",)


def test_maintenance_is_ahead_or_under_way_by_the_clock() -> None:
    assert [(planned.title, planned.phase) for planned in trouble().maintenances] == [
        ("Storage upgrade", Phase.SCHEDULED),
        ("Fine-tuning queue migration", Phase.IN_PROGRESS),
    ]
    assert trouble().maintenances[1] == VendorMaintenance(
        id="34",
        title="Fine-tuning queue migration",
        phase=Phase.IN_PROGRESS,
        words="maintenance",
        starts_at=at("2026-03-10 12:00"),
        ends_at=at("2026-03-10 15:00"),
        component_ids=("904",),
        component_names=("Fine-tuning",),
    )


def test_an_end_that_has_passed_closes_a_report() -> None:
    after = READER.parse(document("betterstack/trouble.json", read_at="2026-03-10 15:00"))

    assert after.maintenances[1].phase is Phase.COMPLETED


def test_the_bad_days_of_every_resource_are_told() -> None:
    def day(part: str, number: int, status: Status, words: str, seconds: int) -> VendorDay:
        return VendorDay(
            component_id=part,
            day=date(2026, 3, number),
            status=status,
            words=words,
            down_for=timedelta(seconds=seconds),
        )

    assert trouble().days == (
        day("901", 10, Status.DOWN, "downtime", 2400),
        day("902", 9, Status.UP, "recovered", 38),
        day("902", 10, Status.DEGRADED, "degraded", 0),
        day("904", 10, Status.MAINTENANCE, "maintenance", 0),
    )


def resource(attributes: str) -> str:
    return (
        '{"data": {"id": "1", "type": "status_page", "attributes": {"aggregate_state": "operational"}}, '
        f'"included": [{{"id": "9", "type": "status_page_resource", "attributes": {{{attributes}}}}}]}}'
    )


def test_a_word_that_is_new_is_unknown_and_noted() -> None:
    page = READER.parse(wrote(resource('"public_name": "API", "status": "brown_out"')))

    assert [(part.status, part.words) for part in page.components] == [(Status.UNKNOWN, "brown_out")]
    assert page.drift == ("included[].attributes.status: unknown word 'brown_out'",)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{}", "data.id: missing (missing_field)"),
        (
            resource('"public_name": []'),
            "included[0].attributes.public_name: wanted text, got a list (wrong_type)",
        ),
        (
            resource('"public_name": "API", "status_history": [{"day": "today", "status": "downtime"}]'),
            "included[0].attributes.status_history[0].day: no day (bad_timestamp)",
        ),
    ],
)
def test_what_has_no_identity_cannot_be_read(body: str, problem: str) -> None:
    with pytest.raises(ReadError) as raised:
        READER.parse(wrote(body))

    assert str(raised.value) == problem


@pytest.mark.parametrize(
    ("url", "fetched"),
    [
        ("https://status.larkspur.example/", "https://status.larkspur.example/index.json"),
        ("https://status.larkspur.example/index.json", "https://status.larkspur.example/index.json"),
    ],
)
def test_one_document_makes_up_the_page(url: str, fetched: str) -> None:
    assert READER.sources(url) == Sources(now=(Source(url=fetched),))


def test_the_kind_is_told_from_the_document() -> None:
    assert READER.looks_like(document("betterstack/trouble.json"))
    assert not READER.looks_like(document("datadog/trouble.json"))
