"""Pages that vendors really served are read into the stories they told; skipped where there are no recordings."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.status import Status
from app.domain.vendor import VendorPage
from app.vendors import aws, betterstack, checkly, datadog, flashduty
from app.vendors.reader import Document, Reader

RECORDINGS = Path(os.environ.get("STILLUP_RECORDINGS", "no recordings"))
pytestmark = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="STILLUP_RECORDINGS names no folder of recorded documents"
)


def read(reader: Reader, path: str, day: int) -> VendorPage:
    document = Document(
        body=(RECORDINGS / path).read_bytes(),
        url="https://status.example/",
        read_at=datetime(2026, 9, day, 12, tzinfo=UTC),
    )
    assert reader.looks_like(document)
    return reader.parse(document)


def story(page: VendorPage) -> list[tuple[str, Status, str, str | None]]:
    """Every incident: its title, our impact, and both ends."""
    return [
        (
            incident.title,
            incident.impact,
            f"{incident.started_at:%Y-%m-%d %H:%M}",
            f"{incident.resolved_at:%Y-%m-%d %H:%M}" if incident.resolved_at else None,
        )
        for incident in page.incidents
    ]


def test_together_was_well_after_maintenance_of_models_that_are_gone() -> None:
    page = read(betterstack.READER, "betterstack/together-index-2026-09-04.json", 4)

    assert (page.status, page.name, page.url) == (Status.UP, "Together AI", "https://status.together.ai")
    assert (len(page.components), {part.status for part in page.components}) == (22, {Status.UP})
    assert (page.incidents, page.drift) == ((), ())
    [planned] = page.maintenances
    assert planned.phase.is_over
    assert (len(planned.component_ids), planned.component_names) == (8, ("MiniMax M3", "GLM 5.2"))
    assert {day.day.isoformat() for day in page.days} == {"2026-09-03"}


def test_mistral_flapped_for_two_days_and_was_well() -> None:
    page = read(checkly.READER, "checkly/mistral-uptime-2026-09-04.json", 4)

    assert (page.status, len(page.components), page.drift) == (Status.UP, 17, ())
    assert page.open_incidents == ()
    spans = [incident.resolved_at - incident.started_at for incident in page.incidents if incident.resolved_at]
    assert len(spans) == len(page.incidents) == len({incident.id for incident in page.incidents})
    assert min(spans).total_seconds() == 38


def test_openrouter_filed_its_past_a_week_late() -> None:
    page = read(datadog.READER, "datadog/openrouter-statuspage-2026-09-12.json", 12)

    assert (page.status, page.name, len(page.components), page.drift) == (Status.UP, "OpenRouter", 7, ())
    assert story(page) == [
        ("Degraded video generation API", Status.DEGRADED, "2026-09-04 18:27", "2026-09-04 21:12"),
        ("Web application degraded", Status.DEGRADED, "2026-08-28 07:05", "2026-08-28 22:33"),
        ("Elevated 429s on Anthropic and OpenAI", Status.DEGRADED, "2026-08-28 02:15", "2026-08-28 02:19"),
        ("Backfill", Status.DEGRADED, "2026-05-31 13:00", "2026-06-01 13:00"),
    ]
    assert {f"{incident.published_at:%Y-%m-%d}" for incident in page.incidents} == {"2026-09-11"}


def test_deepseek_was_well_in_two_languages() -> None:
    page = read(flashduty.READER, "flashduty/deepseek-summary-active-2026-09-04.json", 4)

    assert (page.status, page.name, page.url) == (Status.UP, "DeepSeek", "https://status.deepseek.com")
    assert (len(page.components), page.incidents, page.drift) == (8, (), ())
    assert {part.group for part in page.components} == {None, "对话服务(Chat Service)"}


@pytest.mark.parametrize(
    "file",
    ["currentevents-2026-09-04-bedrock-down-me-regions.json", "DERIVED-currentevents-2026-09-04.utf16be-bom.json"],
)
def test_bedrock_was_down_in_two_regions_for_months(file: str) -> None:
    page = read(aws.READER, f"aws-health/{file}", 4)

    assert {part.id: part.status for part in page.components if part.id.startswith("bedrock-")} == {
        "bedrock-me-central-1": Status.DOWN,
        "bedrock-me-south-1": Status.DOWN,
    }
    assert story(page) == [
        ("Increased API Error Rates", Status.UP, "2026-09-03 21:49", "2026-09-04 00:07"),
        ("Increased Error Rates", Status.DOWN, "2026-03-02 05:56", None),
        ("Increased Error Rates", Status.DOWN, "2026-03-01 12:51", None),
    ]
    assert page.drift == ()
