"""Recorded pages of Statuspage, incident.io, Instatus, Google and of feeds tell the story that they told then.

The recordings belong to those who made them and are no part of the project: nothing is held here unless
`STILLUP_RECORDINGS` names the folder that they lie in.
"""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorPage, merge_pages
from app.vendors.reader import Document
from app.vendors.registry import READERS, detect
from tests.vendors.documents import at

RECORDINGS = Path(os.environ.get("STILLUP_RECORDINGS", "no recordings"))
pytestmark = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="STILLUP_RECORDINGS names no folder of recorded documents"
)


def recorded(path: str, *, kind: str | None = None, read_at: str = "2026-10-01") -> VendorPage:
    document = Document(
        body=(RECORDINGS / path).read_bytes(), url="https://status.example/incidents.json", read_at=at(read_at)
    )
    return READERS[kind or detect(document) or "nobody's"].parse(document)


def timeline(folder: str, suffix: str) -> Iterator[tuple[str, VendorPage]]:
    for path in sorted((RECORDINGS / "timelines" / folder).glob(f"*.{suffix}")):
        day = path.name[:10]
        yield path.stem, recorded(f"timelines/{folder}/{path.name}", read_at=day)


@pytest.mark.parametrize(
    ("path", "kind", "status", "open_incidents", "components"),
    [
        ("statuspage/anthropic/components-2026-08-22-operational.json", "statuspage", Status.UP, 0, 6),
        ("statuspage/github/incidents-2026-07-30-copilot.json", "statuspage", Status.UP, 0, 0),
        ("incidentio-compat/openai/summary-2025-11-14-minor-ongoing.json", "incidentio", Status.DEGRADED, 1, 25),
        ("incidentio-compat/openai/incidents-2025-11-15.json", "incidentio", Status.DEGRADED, 1, 0),
        ("incidentio-native/TRIMMED-pleo-proxy-incidents-2026-01.json", "incidentio", Status.UP, 0, 0),
        ("incidentio-native/perplexity-page-2026-09-12-components.json", "incidentio", Status.UNKNOWN, 0, 3),
        ("instatus/DOCS-EXAMPLE-summary-HASISSUES.json", "instatus", Status.DOWN, 1, 0),
        ("instatus/perplexity-summary-2026-09-04-UP.json", "instatus", Status.UP, 0, 0),
        ("instatus/perplexity-components-2026-09-04.json", "instatus", Status.UP, 0, 3),
        ("google-cloud/incidents-2026-07-31-two.json", "google-cloud", Status.UP, 0, 3),
        ("azure-rss/feed-2026-07-31-empty.xml", "azure-rss", Status.UP, 0, 0),
        ("volcengine-rss/modelark-cn-beijing-2025-09-18.rss", "rss", Status.UP, 0, 0),
        ("xai-rss/feed-2026-09-03-resolved.xml", "rss", Status.UP, 0, 1),
        ("statuspage/github/history-2026-08-22.atom", "atom", Status.UP, 0, 0),
    ],
)
def test_a_recorded_document_is_known_and_read(
    path: str, kind: str, status: Status, open_incidents: int, components: int
) -> None:
    told = recorded(path)

    assert (told.kind, told.status, len(told.open_incidents), len(told.components)) == (
        kind,
        status,
        open_incidents,
        components,
    )


def test_two_years_of_incidents_of_anthropic_make_sense() -> None:
    lines = (RECORDINGS / "statuspage/anthropic/incidents-2023-03_2025-12.jsonl").read_text().splitlines()
    body = json.dumps({"incidents": [json.loads(line) for line in lines]}).encode()
    told = READERS["statuspage"].parse(
        Document(body=body, url="https://status.example/", read_at=at("2026-01-01"))
    )
    lengths = sorted(one.resolved_at - one.started_at for one in told.incidents if one.resolved_at)

    assert (len(told.incidents), len(told.maintenances), told.open_incidents) == (552, 4, ())
    assert (len(lengths), lengths[0], timedelta(minutes=45) < lengths[276] < timedelta(minutes=75)) == (
        552,
        timedelta(0),
        True,
    )
    assert all(one.published_at for one in told.incidents)


def test_an_outage_of_anthropic_played_back_opens_moves_and_closes() -> None:
    title = "Elevated errors across many models"
    pages = [page for moment, page in timeline("anthropic-2026-06-17", "json") if moment < "2026-06-16T194"]

    assert [(page.status, [one.phase for one in page.open_incidents if one.title == title]) for page in pages] == [
        (Status.DEGRADED, [Phase.INVESTIGATING]),
        (Status.UP, [Phase.MONITORING]),
        (Status.DEGRADED, [Phase.IDENTIFIED]),
        (Status.DEGRADED, [Phase.IDENTIFIED]),
        (Status.DEGRADED, [Phase.IDENTIFIED]),
        (Status.UP, [Phase.MONITORING]),
        (Status.UP, []),
    ]


def test_an_announcement_of_anthropic_never_degrades_a_page_whose_parts_are_well() -> None:
    last = [page for moment, page in timeline("anthropic-2026-06-17", "json") if moment < "2026-06-16T194"][-1]

    assert [(one.impact, one.phase) for one in last.open_incidents] == [(Status.DOWN, Phase.MONITORING)]
    assert last.status is Status.UP


def test_every_version_of_anthropics_components_is_read_without_drift() -> None:
    pages = [page for _, page in timeline("anthropic-components", "json")]

    assert {len(page.components) for page in pages} == {6}
    assert {note for page in pages for note in page.drift} == set()
    assert {page.status for page in pages} == {Status.UP, Status.DEGRADED}


def test_the_days_of_githubs_feed_are_one_story() -> None:
    pages = [page for _, page in timeline("github-atom", "atom")]
    merged = merge_pages(pages[::-1])

    assert {note for page in pages for note in page.drift} == set()
    assert [len(page.incidents) + len(page.maintenances) for page in pages] == [25] * len(pages)
    assert merged.open_incidents == ()


def test_githubs_feed_and_what_others_parsed_of_it_agree() -> None:
    theirs = {}
    for line in (RECORDINGS / "statuspage/github/parsed-incidents-2022-03_2025-12.jsonl").read_text().splitlines():
        one = json.loads(line)
        theirs[one["url"].rpartition("/")[2]] = (one["started_at"], one["resolved_at"])
    ours = {
        one.id: (
            one.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            (one.resolved_at or at("1990-01-01")).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        for one in recorded(
            "timelines/github-atom/2026-02-08T053525Z_3da55ea0.atom", read_at="2026-02-08"
        ).incidents
    }
    shared = ours.keys() & theirs.keys()

    assert {key: ours[key] for key in shared} == {key: theirs[key] for key in shared}


def test_openais_summary_and_list_are_one_page() -> None:
    summary = recorded("incidentio-compat/openai/summary-2025-11-14-minor-ongoing.json")
    told = merge_pages((summary, recorded("incidentio-compat/openai/incidents-2025-11-15.json")))

    assert (told.status, told.words, told.name, len(told.components), len(told.incidents)) == (
        Status.DEGRADED,
        "Partial System Degradation",
        "OpenAI",
        25,
        25,
    )
    assert [one.title for one in told.open_incidents] == ["Subset of Batch API jobs stuck in finalizing state"]
    assert told.drift == ()


def test_xais_incident_lasted_from_its_date_to_its_last_update() -> None:
    [one] = recorded("xai-rss/feed-2026-09-03-resolved.xml").incidents

    assert (one.title, one.component_ids, one.component_names, one.started_at, one.resolved_at) == (
        "Console not loading",
        ("api-console",),
        ("API Console",),
        at("2026-05-18 01:58"),
        at("2026-05-18 12:00"),
    )


def test_volcengines_two_items_are_one_incident_of_ten_minutes() -> None:
    [one] = recorded("volcengine-rss/modelark-cn-beijing-2025-09-18.rss").incidents

    assert (one.phase, one.started_at, one.resolved_at, len(one.updates), one.component_names) == (
        Phase.RESOLVED,
        at("2025-09-18 14:10"),
        at("2025-09-18 14:20"),
        2,
        ("华北2（北京）",),  # noqa: RUF001  # full-width brackets are theirs
    )


def test_googles_incidents_end_when_they_ended_and_not_when_they_were_explained() -> None:
    told = recorded("google-cloud/incidents-2026-07-31-two.json")

    assert [(one.started_at, one.resolved_at, one.impact_words) for one in told.incidents] == [
        (at("2026-07-15 23:57"), at("2026-07-16 12:25"), "SERVICE_DISRUPTION"),
        (at("2026-07-14 17:00"), at("2026-07-15 03:40"), "SERVICE_DISRUPTION"),
    ]
    assert told.incidents[0].component_names[0] == "Bare Metal Solution"
    assert told.drift == ()
