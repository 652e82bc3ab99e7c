"""Instatus: the summary that leaves things out, and its components."""

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, merge_pages
from app.vendors.instatus import READER
from app.vendors.reader import ReadError, ReadErrorKind
from tests.vendors.documents import at, page, wrote

KESTREL = "https://status.kestrel.example"


def test_a_quiet_page_leaves_its_lists_out_and_is_up() -> None:
    told = page("instatus", "instatus/summary-quiet.json")

    assert (told.status, told.words, told.name, told.url, told.incidents, told.drift) == (
        Status.UP,
        "UP",
        "Kestrel",
        KESTREL,
        (),
        (),
    )


def test_incidents_are_told_whether_they_have_an_id_or_not() -> None:
    told = page("instatus", "instatus/summary-trouble.json")

    assert (told.status, told.words) == (Status.DOWN, "HASISSUES")
    assert [(one.id, one.phase, one.impact, one.started_at) for one in told.incidents] == [
        ("cmk3imag30s0002", Phase.INVESTIGATING, Status.DOWN, at("2026-05-07 19:00")),
        ("cmk3v1d30s0001", Phase.MONITORING, Status.DEGRADED, at("2026-05-07 18:20:05")),
        (
            "A note without anything 2026-05-07T10:00:00+00:00",
            Phase.IDENTIFIED,
            Status.UNKNOWN,
            at("2026-05-07 10:00"),
        ),
    ]


def test_maintenance_ends_after_its_minutes_if_it_tells_any() -> None:
    told = page("instatus", "instatus/summary-trouble.json")

    assert [(one.title, one.phase, one.starts_at, one.ends_at) for one in told.maintenances] == [
        ("Database work", Phase.SCHEDULED, at("2026-05-08 02:00"), at("2026-05-08 03:30")),
        ("Open-ended work", Phase.IN_PROGRESS, at("2026-05-08 04:00"), None),
    ]
    assert told.drift == ("activeMaintenances[].duration: no length in minutes",)


@pytest.mark.parametrize("duration", ["-5", "1e300", "NaN", "Infinity", "[]", "9" * 300, "true"])
def test_what_is_no_length_leaves_the_end_open(duration: str) -> None:
    body = (
        f'{{"page": {{}}, "activeMaintenances": [{{"name": "A", "start": 1770000000, "duration": {duration}}}]}}'
    )

    assert [one.ends_at for one in READER.parse(wrote(body)).maintenances] == [None]


def test_parts_know_their_group_and_a_group_is_no_part() -> None:
    told = page("instatus", "instatus/components.json")

    assert [(part.name, part.status, part.words, part.group) for part in told.components] == [
        ("Video", Status.DEGRADED, "PARTIALOUTAGE", "Everything"),
        ("Images", Status.UP, "OPERATIONAL", None),
        ("Speech", Status.MAINTENANCE, "UNDERMAINTENANCE", "Everything"),
    ]
    assert (told.status, told.has_incidents) == (Status.DEGRADED, False)


def test_both_documents_make_up_the_page() -> None:
    told = merge_pages(
        (page("instatus", "instatus/summary-quiet.json"), page("instatus", "instatus/components.json"))
    )

    assert (told.name, told.status, len(told.components), told.has_incidents) == (
        "Kestrel",
        Status.DEGRADED,
        3,
        True,
    )


def test_issues_without_an_incident_are_issues() -> None:
    assert READER.parse(wrote('{"page": {"status": "HASISSUES"}}')).status is Status.DEGRADED


def test_a_new_word_is_unknown_and_noted() -> None:
    told = READER.parse(wrote('{"page": {"name": "K", "url": "u", "status": "ONFIRE"}}'))

    assert (told.status, told.words, told.drift) == (
        Status.UNKNOWN,
        "ONFIRE",
        ("page.status: unknown word 'ONFIRE'",),
    )


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        pytest.param("{}", ReadErrorKind.NOT_THIS_FORMAT, "neither a page nor components", id="nothing"),
        pytest.param('{"page": []}', ReadErrorKind.WRONG_TYPE, "page: wanted an object", id="no page"),
        pytest.param(
            '{"page": {}, "activeIncidents": [{"name": "A"}]}',
            ReadErrorKind.MISSING_FIELD,
            r"activeIncidents\[0\]: nothing tells when it began",
            id="an incident without a time",
        ),
        pytest.param(
            '{"page": {}, "activeMaintenances": [{"name": "A", "start": "later"}]}',
            ReadErrorKind.BAD_TIMESTAMP,
            r"activeMaintenances\[0\].start: 'later' is no moment",
            id="a time that is none",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: str, kind: ReadErrorKind, message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        READER.parse(wrote(body))
    assert caught.value.kind is kind


def test_the_documents_of_a_page() -> None:
    assert [(one.url, one.optional) for one in READER.sources(f"{KESTREL}/").now] == [
        (f"{KESTREL}/summary.json", False),
        (f"{KESTREL}/v2/components.json", True),
    ]
