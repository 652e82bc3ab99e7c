"""A Flashduty page is read through the changes that are under way; its parts have no status of their own."""

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorIncident, VendorMaintenance, VendorUpdate
from app.vendors.flashduty import READER
from app.vendors.reader import ReadError, Source, Sources
from tests.vendors.documents import at, document, wrote

DURING = "2026-06-09 11:00"
MODELS = "大模型API服务(Model API Service)"


def test_a_quiet_page_is_up_and_keeps_both_languages() -> None:
    page = READER.parse(document("flashduty/active-quiet.json"))

    assert (page.status, page.name, page.url) == (Status.UP, "深湖(Deeplake)", "https://status.deeplake.example")
    assert [(part.name, part.status, part.words) for part in page.components] == [(MODELS, Status.UP, "")]


def test_a_part_is_what_the_changes_under_way_say_of_it() -> None:
    page = READER.parse(document("flashduty/active-trouble.json", read_at=DURING))

    assert [(part.id, part.status, part.words, part.group) for part in page.components] == [
        ("01C1", Status.DOWN, "full_outage", None),
        ("01C2", Status.DEGRADED, "degraded", "对话服务(Chat Service)"),
        ("01C3", Status.UP, "", "对话服务(Chat Service)"),
    ]


def test_maintenance_touches_its_parts_once_it_has_begun() -> None:
    page = READER.parse(document("flashduty/active-trouble.json", read_at="2026-06-10 14:00"))

    assert [(part.id, part.status) for part in page.components if part.id == "01C3"] == [
        ("01C3", Status.MAINTENANCE)
    ]
    assert page.maintenances == (
        VendorMaintenance(
            id="8000000000012",
            title="搜索升级(Search upgrade)",
            phase=Phase.SCHEDULED,
            words="scheduled",
            starts_at=at("2026-06-10 14:00"),
            ends_at=at("2026-06-10 16:00"),
            component_ids=("01C3",),
            component_names=("搜索服务(Search Service)",),
        ),
    )


def test_a_change_of_the_past_tells_its_whole_story() -> None:
    page = READER.parse(document("flashduty/change-list.json"))

    assert page.incidents == (
        VendorIncident(
            id="8000000000001",
            title="网页端搜索不可用(Web search unavailable)",
            phase=Phase.RESOLVED,
            words="resolved",
            impact=Status.DEGRADED,
            impact_words="partial_outage",
            started_at=at("2026-05-28 20:26:40"),
            published_at=at("2026-05-28 20:26:40"),
            resolved_at=at("2026-05-28 21:26:40"),
            updated_at=at("2026-05-28 21:26:40"),
            updates=(
                VendorUpdate(
                    id="v2",
                    at=at("2026-05-28 21:26:40"),
                    phase=Phase.RESOLVED,
                    words="resolved",
                    text="Search works again.",
                ),
                VendorUpdate(
                    id="v1",
                    at=at("2026-05-28 20:26:40"),
                    phase=Phase.INVESTIGATING,
                    words="investigating",
                    text="Search does not answer.",
                ),
            ),
            component_ids=("01C3",),
            component_names=("搜索服务(Search Service)",),
        ),
    )
    assert (page.status, page.has_all_components) == (Status.UNKNOWN, False)


def test_of_two_updates_in_one_second_the_latter_counts() -> None:
    update = '{{"at_seconds": 1780000000, "status": "{}"}}'
    change = (
        '{"change_id": 1, "title": "Blip", "status": "resolved", "start_at_seconds": 1780000000, "updates": ['
        + ", ".join(update.format(status) for status in ("investigating", "resolved"))
        + "]}"
    )

    [incident] = READER.parse(wrote(f'{{"data": {{"items": [{change}]}}}}')).incidents

    assert [update.words for update in incident.updates] == ["resolved", "investigating"]


def test_without_the_changes_nothing_is_known_of_the_parts() -> None:
    page = READER.parse(wrote('{"data": {"page": {"components": [{"component_id": "a", "name": "API"}]}}}'))

    assert (page.status, page.has_incidents) == (Status.UNKNOWN, False)
    assert [part.status for part in page.components] == [Status.UNKNOWN]
    assert page.drift == ("data.active_changes: missing",)


@pytest.mark.parametrize("body", ["{}", '{"data": {}}', '{"data": {"page": null}}'])
def test_no_page_is_no_document(body: str) -> None:
    with pytest.raises(ReadError) as raised:
        READER.parse(wrote(body))

    assert str(raised.value) == "data.page: missing (missing_field)"


def test_the_address_carries_the_number_of_the_page() -> None:
    base = "https://status.deeplake.example/api/status-page/7000000000001"

    assert READER.sources(f"{base}/summary/active") == Sources(
        now=(Source(url=f"{base}/summary/active"),),
        history=(Source(url=f"{base}/change/list?start_at_seconds=0&end_at_seconds=4102444800", optional=True),),
    )
    assert READER.sources("https://status.deeplake.example") == Sources(
        now=(Source(url="https://status.deeplake.example"),)
    )


def test_the_kind_is_told_from_the_document() -> None:
    assert READER.looks_like(document("flashduty/active-quiet.json"))
    assert READER.looks_like(document("flashduty/change-list.json"))
    assert not READER.looks_like(document("statusio/quiet.json"))
