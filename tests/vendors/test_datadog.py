"""A Datadog status page tells its parts through groups, and of past troubles only in their timelines."""

import json

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorMaintenance, VendorUpdate
from app.vendors.datadog import READER
from app.vendors.reader import ReadError, Source, Sources
from tests.vendors.documents import at, document, wrote


def test_parts_are_found_within_groups_and_groups_are_no_parts() -> None:
    page = READER.parse(document("datadog/trouble.json"))

    assert [(part.id, part.status, part.words, part.group) for part in page.components] == [
        ("cmp-chat", Status.DEGRADED, "partial_outage", "API - Gateway"),
        ("cmp-video", Status.UP, "operational", "API - Gateway"),
        ("cmp-jobs", Status.MAINTENANCE, "maintenance", "Batch"),
        ("cmp-web", Status.UP, "operational", None),
    ]
    assert (page.status, page.name, page.url) == (
        Status.DEGRADED,
        "Sluice",
        "https://sluice.statuspage.datadoghq.example",
    )


def test_an_open_incident_was_as_bad_as_its_worst_moment() -> None:
    [incident] = READER.parse(document("datadog/trouble.json")).incidents

    assert (incident.impact, incident.impact_words) == (Status.DOWN, "major_outage")
    assert (incident.phase, incident.words) == (Phase.MONITORING, "monitoring")
    assert (incident.started_at, incident.published_at) == (at("2026-06-02 09:00"), at("2026-06-02 09:03"))
    assert (incident.component_ids, incident.component_names) == (("cmp-chat",), ("Chat (/v1/chat)",))
    assert incident.updates == (
        VendorUpdate(
            id="upd-2",
            at=at("2026-06-02 09:40"),
            phase=Phase.MONITORING,
            words="monitoring",
            text="A fix is being rolled out.",
        ),
        VendorUpdate(
            id="upd-1",
            at=at("2026-06-02 09:00"),
            phase=Phase.INVESTIGATING,
            words="investigating",
            text="Most chat requests time out.",
        ),
    )


def test_what_the_vendor_has_taken_back_is_not_told() -> None:
    page = READER.parse(document("datadog/trouble.json"))

    assert "inc-gone" not in [incident.id for incident in page.incidents]


def test_an_incident_filed_a_week_late_was_published_a_week_late() -> None:
    [incident] = READER.parse(document("datadog/backfilled.json")).incidents

    assert (incident.started_at, incident.resolved_at) == (at("2026-05-20 07:05"), at("2026-05-20 22:33"))
    assert incident.published_at == at("2026-05-27 02:35:54.915283")
    assert (incident.impact, incident.impact_words) == (Status.DEGRADED, "degraded")


def test_maintenance_under_way_has_no_end_yet() -> None:
    assert READER.parse(document("datadog/trouble.json")).maintenances == (
        VendorMaintenance(
            id="mnt-1",
            title="Batch queue move",
            phase=Phase.IN_PROGRESS,
            words="in_progress",
            starts_at=at("2026-06-02 08:00"),
            updates=(
                VendorUpdate(
                    id="mup-1",
                    at=at("2026-06-02 08:00"),
                    phase=Phase.IN_PROGRESS,
                    words="in_progress",
                    text="Jobs are paused.",
                ),
            ),
            component_ids=("cmp-jobs",),
            component_names=("Jobs",),
        ),
    )


def test_maintenances_may_be_null_but_not_gone() -> None:
    assert READER.parse(document("datadog/backfilled.json")).maintenances == ()
    assert READER.parse(document("datadog/backfilled.json")).drift == ()
    assert READER.parse(wrote('{"id": "p", "components": [], "incidents": []}')).drift == (
        "maintenances: missing",
    )


def test_a_page_that_tells_nothing_is_unknown() -> None:
    page = READER.parse(wrote('{"id": "p"}'))

    assert (page.status, page.has_incidents) == (Status.UNKNOWN, False)
    assert page.drift == ("components: missing", "incidents: missing", "maintenances: missing")


def test_groups_within_groups_without_end_are_refused() -> None:
    nested: dict[str, object] = {"id": "p", "components": []}
    for _ in range(40):
        nested = {"id": "p", "name": "group", "type": "ComponentGroup", "components": [nested]}

    with pytest.raises(ReadError, match="groups within groups, 17 deep") as raised:
        READER.parse(wrote(json.dumps(nested)))

    assert raised.value.kind == "too_deep"


def test_the_page_is_one_document() -> None:
    assert READER.sources("https://status.sluice.example") == Sources(
        now=(Source(url="https://status.sluice.example/config.json"),)
    )


def test_the_kind_is_told_from_the_document() -> None:
    assert READER.looks_like(document("datadog/trouble.json"))
    assert not READER.looks_like(document("betterstack/trouble.json"))
