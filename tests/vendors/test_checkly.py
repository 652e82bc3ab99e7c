"""Checkly tells of services through the events of their days; JSON and page say the same."""

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorPage, merge_pages
from app.vendors.checkly import READER
from app.vendors.reader import ReadError, Source, Sources
from tests.vendors.documents import at, document, wrote


def uptime() -> VendorPage:
    return READER.parse(document("checkly/uptime.json"))


def test_a_service_is_up_unless_an_event_of_it_is_open() -> None:
    assert [(part.id, part.name, part.status, part.words, part.group) for part in uptime().components] == [
        ("s-chat", "Chat Completions API", Status.UP, "", "API"),
        ("s-ocr", "OCR API", Status.DEGRADED, "MEDIUM", "API"),
        ("s-console", "Console", Status.UP, "", "Services"),
    ]
    assert (uptime().status, uptime().has_all_components, uptime().drift) == (Status.DEGRADED, True, ())


def test_an_event_of_several_services_and_days_is_one_incident() -> None:
    assert [
        (incident.id, incident.component_ids, incident.started_at, incident.resolved_at)
        for incident in uptime().incidents
    ] == [
        ("e-open", ("s-ocr",), at("2026-05-04 10:50"), None),
        ("e-night", ("s-chat", "s-ocr"), at("2026-05-03 23:00"), at("2026-05-04 01:00")),
        ("e-flap", ("s-chat",), at("2026-05-03 03:19:55.270"), at("2026-05-03 03:20:33.270")),
    ]


def test_a_flap_of_38_seconds_is_told_as_it_was() -> None:
    flap = uptime().incidents[-1]

    assert (flap.title, flap.phase, flap.words) == ("Completion API degraded", Phase.RESOLVED, "RESOLVED")
    assert (flap.impact, flap.impact_words) == (Status.DEGRADED, "MEDIUM")


def test_what_is_unresolved_is_told_with_what_was_said() -> None:
    told = READER.parse(document("checkly/unresolved-incidents.json"))
    [incident] = told.incidents

    assert (incident.phase, incident.updated_at) == (Phase.IDENTIFIED, at("2026-05-04 10:58"))
    assert (incident.component_ids, incident.component_names) == (("s-ocr",), ("OCR API",))
    assert [(update.id, update.phase, update.text) for update in incident.updates] == [
        ("u-2", Phase.IDENTIFIED, "A worker pool ran out of memory."),
        ("u-1", Phase.INVESTIGATING, "We are looking into failing OCR requests."),
    ]
    assert not told.has_all_components


def test_windows_are_maintenance_and_tell_nothing_else() -> None:
    told = READER.parse(document("checkly/maintenance-windows.json"))

    assert [(window.id, window.phase, window.starts_at, window.ends_at) for window in told.maintenances] == [
        ("w-1", Phase.IN_PROGRESS, at("2026-05-04 10:00"), at("2026-05-04 12:00")),
        ("12", Phase.SCHEDULED, at("2026-05-09 10:00"), None),
    ]
    assert (told.status, told.has_incidents) == (Status.UNKNOWN, False)


def test_the_page_carries_all_that_the_json_tells() -> None:
    names = ("uptime", "unresolved-incidents", "maintenance-windows")
    told = READER.parse(document("checkly/page.html"))
    merged = merge_pages([READER.parse(document(f"checkly/{name}.json")) for name in names])

    assert told.components == merged.components
    assert told.maintenances == merged.maintenances[::-1]
    assert [incident.updates for incident in told.incidents] == [incident.updates for incident in merged.incidents]


def test_a_page_that_failed_to_read_itself_does_not_tell_of_all_parts() -> None:
    whole = document("checkly/uptime.json").body.decode()

    told = READER.parse(wrote(whole.replace('"partialError": false', '"partialError": true')))

    assert (told.has_all_components, told.components) == (False, uptime().components)


@pytest.mark.parametrize("duration", ["1e400", "-5", "null", '"long"', "99999999999999999999", "NaN", "true"])
def test_a_duration_that_is_none_leaves_the_end_untold(duration: str) -> None:
    event = f'{{"id": "e", "name": "Odd", "created_at": "2026-05-04T10:50:00Z", "duration": {duration}'

    [incident] = READER.parse(wrote(f'{{"incidents": [{event}, "lastUpdateStatus": "RESOLVED"}}]}}')).incidents

    assert (incident.is_open, incident.resolved_at) == (False, None)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{}", "tells of no services, incidents or windows (not_this_format)"),
        ("<html></html>", "a web page without the data of a status page (html_instead)"),
        (
            '<script id="__NUXT_DATA__">[1]</script>',
            "tells of no services, incidents or windows (not_this_format)",
        ),
        ('{"incidents": [{"id": "e", "name": "Odd"}]}', "incidents[0].created_at: missing (missing_field)"),
        (
            '{"uptime": [{"services": [{"id": {}}]}]}',
            "uptime[0].services[0].id: wanted text, got an object (wrong_type)",
        ),
    ],
)
def test_what_is_no_such_document_is_refused(body: str, problem: str) -> None:
    with pytest.raises(ReadError) as raised:
        READER.parse(wrote(body))

    assert str(raised.value) == problem


def test_the_address_carries_the_name_of_the_page() -> None:
    base = "https://status.example/api/status-page/acornia"

    assert READER.sources(f"{base}/uptime") == Sources(
        now=(
            Source(url=f"{base}/uptime"),
            Source(url=f"{base}/unresolved-incidents", optional=True),
            Source(url=f"{base}/maintenance-windows", optional=True),
        )
    )
    assert READER.sources("https://status.example") == Sources(now=(Source(url="https://status.example"),))


def test_the_kind_is_told_from_either_document() -> None:
    assert READER.looks_like(document("checkly/uptime.json"))
    assert READER.looks_like(document("checkly/page.html"))
    assert not READER.looks_like(document("onlineornot/page.html"))
