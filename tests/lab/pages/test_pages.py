"""Status pages: every product's documents, through an incident from its first word to its last."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest

from app.lab.answer import Answer, Request
from app.lab.clock import LabClock
from app.lab.pages.incidentio import ulid
from app.lab.scenario import parse_scenario
from app.lab.vendors import pretended_vendors
from app.lab.world import World

VENDORS = {"statuspage": "anthropic", "incidentio": "openai", "instatus": "mistral", "betterstack": "together"}
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_world(vendor: str) -> World:
    """An incident that is told at 10, 20, 30 and 40 minutes, planned work from 60 to 80, and one of last week."""
    text = f"""
title: T
summary: S
duration: 2h
incidents:
  - vendor: {vendor}
    name: Elevated errors
    impact: major
    updates:
      - {{at: 10m, status: investigating, text: "We look & see.", components: {{api: major_outage}}}}
      - {{at: 20m, status: identified, text: "It is <found>.", components: {{api: partial_outage}}}}
      - {{at: 30m, status: monitoring, text: A fix is in place., components: {{api: degraded_performance}}}}
      - {{at: 40m, status: resolved, text: It is over.}}
  - vendor: {vendor}
    name: Larger database
    impact: maintenance
    maintenance: {{from: 60m, until: 80m}}
    updates:
      - {{at: 50m, status: scheduled, text: We will work.}}
      - {{at: 60m, status: in_progress, text: We work., components: {{login: under_maintenance}}}}
      - {{at: 80m, status: completed, text: Done.}}
  - vendor: {vendor}
    name: Long ago
    updates:
      - {{at: -20d, status: investigating, text: Hm., components: {{web: partial_outage}}}}
      - {{at: -479h, status: resolved, text: Over.}}
"""
    scenario = parse_scenario(text, pretended_vendors())
    world = World(scenario=scenario, clock=LabClock.by_hand(NOON), seed=1)
    world.origin = "http://127.0.0.1:1"
    return world


class Reader:
    """Reads the documents of a vendor's page at the minutes it is told."""

    def __init__(self, product: str) -> None:
        self.vendor = VENDORS[product]
        self.world = a_world(self.vendor)

    def answer(self, minute: float, path: str, headers: dict[str, str] | None = None) -> Answer:
        clock = self.world.clock
        clock.advance(timedelta(minutes=minute) - clock.elapsed())
        request = Request(method="GET", target=f"/status.{self.vendor}{path}", headers=headers or {})
        return self.world.handle(request)

    def json(self, minute: float, path: str) -> Any:
        return json.loads(self.answer(minute, path).body)


MINUTES = (0, 15, 25, 35, 45, 55, 70, 90)


def test_statuspage_tells_it_in_its_words() -> None:
    reader = Reader("statuspage")

    def shown(minute: float) -> tuple[Any, ...]:
        page = reader.json(minute, "/api/v2/summary.json")
        api, _, login, _ = page["components"]
        incidents = [(one["status"], len(one["incident_updates"])) for one in page["incidents"]]
        planned = [one["status"] for one in page["scheduled_maintenances"]]
        return page["status"]["indicator"], api["status"], login["status"], incidents, planned

    assert [shown(minute) for minute in MINUTES] == [
        ("none", "operational", "operational", [], []),
        ("critical", "major_outage", "operational", [("investigating", 1)], []),
        ("minor", "partial_outage", "operational", [("identified", 2)], []),
        ("minor", "degraded_performance", "operational", [("monitoring", 3)], []),
        ("none", "operational", "operational", [], []),
        ("none", "operational", "operational", [], ["scheduled"]),
        ("maintenance", "operational", "under_maintenance", [], ["in_progress"]),
        ("none", "operational", "operational", [], []),
    ]


def test_statuspage_keeps_history_apart_and_newest_first() -> None:
    incidents = Reader("statuspage").json(45, "/api/v2/incidents.json")["incidents"]
    assert [(one["name"], one["status"]) for one in incidents] == [
        ("Elevated errors", "resolved"),
        ("Long ago", "resolved"),
    ]
    first = incidents[0]
    assert [one["status"] for one in first["incident_updates"]] == [
        "resolved",
        "monitoring",
        "identified",
        "investigating",
    ]
    assert (first["started_at"], first["resolved_at"]) == ("2026-11-23T12:10:00.000Z", "2026-11-23T12:40:00.000Z")
    changed = [one["affected_components"][0] for one in reversed(first["incident_updates"])]
    assert [(one["old_status"], one["new_status"]) for one in changed] == [
        ("operational", "major_outage"),
        ("major_outage", "partial_outage"),
        ("partial_outage", "degraded_performance"),
        ("degraded_performance", "operational"),
    ]


@pytest.mark.parametrize(
    ("path", "key", "minute", "names"),
    [
        ("/api/v2/incidents/unresolved.json", "incidents", 15, ["Elevated errors"]),
        ("/api/v2/incidents/unresolved.json", "incidents", 45, []),
        ("/api/v2/scheduled-maintenances.json", "scheduled_maintenances", 90, ["Larger database"]),
        ("/api/v2/scheduled-maintenances/upcoming.json", "scheduled_maintenances", 55, ["Larger database"]),
        ("/api/v2/scheduled-maintenances/active.json", "scheduled_maintenances", 55, []),
        ("/api/v2/scheduled-maintenances/active.json", "scheduled_maintenances", 70, ["Larger database"]),
    ],
)
def test_statuspages_other_documents(path: str, key: str, minute: float, names: list[str]) -> None:
    assert [one["name"] for one in Reader("statuspage").json(minute, path)[key]] == names


def test_statuspage_answers_304_until_something_changes() -> None:
    reader = Reader("statuspage")
    path = "/api/v2/summary.json"
    etag = dict(reader.answer(0, path).headers)["etag"]
    statuses = [reader.answer(minute, path, {"if-none-match": etag}).status for minute in (5, 11)]
    assert statuses == [304, 200]


def test_planned_work_carries_its_window() -> None:
    (planned,) = Reader("statuspage").json(55, "/api/v2/summary.json")["scheduled_maintenances"]
    window = (planned["scheduled_for"], planned["scheduled_until"])
    assert window == ("2026-11-23T13:00:00.000Z", "2026-11-23T13:20:00.000Z")


def test_incidentio_leaves_out_what_is_empty() -> None:
    reader = Reader("incidentio")
    healthy, sick = reader.json(0, "/api/v2/summary.json"), reader.json(15, "/api/v2/summary.json")
    assert (set(healthy), set(sick) - set(healthy)) == ({"page", "status", "components"}, {"incidents"})
    (incident,) = sick["incidents"]
    missing = {"components", "shortlink", "started_at", "resolved_at", "monitoring_at"} & set(incident)
    assert (missing, set(sick["components"][0]) & {"group", "group_id", "description"}) == (set(), set())
    assert (sick["status"]["indicator"], sick["page"]["url"][-1]) == ("critical", "/")


def test_incidentio_tells_the_time_in_its_ids() -> None:
    assert ulid(datetime.fromtimestamp(1469918176.385, UTC), 1)[:10] == "01ARYZ6S41"
    assert (len(ulid(NOON, 1)), ulid(NOON, 1) == ulid(NOON, 2)) == (26, False)


def test_incidentio_has_no_etag_and_no_json_where_there_is_nothing() -> None:
    reader = Reader("incidentio")
    lost = reader.answer(0, "/api/v2/incidents/unresolved.json")
    assert (lost.status, dict(lost.headers)["content-type"]) == (404, "text/html; charset=utf-8")
    assert "etag" not in dict(reader.answer(0, "/api/v2/summary.json").headers)


def test_incidentios_native_document_names_the_components() -> None:
    reader = Reader("incidentio")

    def shown(minute: float) -> tuple[Any, ...]:
        page = reader.json(minute, "/proxy/status.openai.com")["summary"]
        names = {one["id"]: one["name"] for one in page["components"]}
        affected = {names[one["component_id"]]: one["status"] for one in page["affected_components"]}
        ongoing, planned = page["ongoing_incidents"], page["scheduled_maintenances"]
        return affected, [one["status"] for one in ongoing], [one["status"] for one in planned]

    assert [shown(minute) for minute in MINUTES] == [
        ({}, [], []),
        ({"API": "full_outage"}, ["investigating"], []),
        ({"API": "partial_outage"}, ["identified"], []),
        ({"API": "degraded_performance"}, ["monitoring"], []),
        ({}, [], []),
        ({}, [], ["maintenance_scheduled"]),
        ({"Login": "under_maintenance"}, [], ["maintenance_in_progress"]),
        ({}, [], []),
    ]


def test_incidentios_native_history_has_impacts_with_an_end() -> None:
    incidents = Reader("incidentio").json(90, "/proxy/status.openai.com/incidents")["incidents"]
    assert [(one["name"], one["type"]) for one in incidents] == [
        ("Larger database", "maintenance"),
        ("Elevated errors", "incident"),
        ("Long ago", "incident"),
    ]
    (impact,) = incidents[1]["component_impacts"]
    assert (impact["status"], impact["start_at"], impact["end_at"]) == (
        "full_outage",
        "2026-11-23T12:10:00Z",
        "2026-11-23T12:40:00Z",
    )


def test_instatus_tells_it_in_its_words() -> None:
    reader = Reader("instatus")

    def shown(minute: float) -> tuple[Any, ...]:
        page = reader.json(minute, "/summary.json")
        incidents, planned = page.get("activeIncidents", "absent"), page.get("activeMaintenances", "absent")
        return page["page"]["status"], incidents, planned

    healthy, sick, over = shown(0), shown(15), shown(45)
    assert healthy == over == ("UP", "absent", "absent")
    assert (sick[0], sick[1][0]["status"], sick[1][0]["impact"]) == ("HASISSUES", "INVESTIGATING", "MAJOROUTAGE")
    assert sick[1][0]["started"] == "Mon Nov 23 2026 12:10:00 GMT+0000 (Coordinated Universal Time)"
    assert (shown(70)[0], shown(70)[2][0]["duration"]) == ("UNDERMAINTENANCE", "20")


def test_instatus_components() -> None:
    components = Reader("instatus").json(25, "/v2/components.json")["components"]
    assert {one["name"]: one["status"] for one in components} == {
        "API": "PARTIALOUTAGE",
        "Web app": "OPERATIONAL",
        "Login": "OPERATIONAL",
        "Image generation": "OPERATIONAL",
    }


def included(page: Any, kind: str) -> list[Any]:
    return [one for one in page["included"] if one["type"] == kind]


def test_betterstack_tells_it_in_its_words() -> None:
    reader = Reader("betterstack")

    def shown(minute: float) -> tuple[Any, ...]:
        page = reader.json(minute, "/index.json")
        reports = [
            (one["attributes"]["title"], one["attributes"]["aggregate_state"])
            for one in included(page, "status_report")
        ]
        return page["data"]["attributes"]["aggregate_state"], reports

    errors, database = "Elevated errors", "Larger database"
    assert [shown(minute) for minute in MINUTES] == [
        ("operational", []),
        ("downtime", [(errors, "downtime")]),
        ("degraded", [(errors, "degraded")]),
        ("degraded", [(errors, "degraded")]),
        ("operational", [(errors, "resolved")]),
        ("operational", [(database, "operational"), (errors, "resolved")]),
        ("maintenance", [(database, "maintenance"), (errors, "resolved")]),
        ("operational", [(database, "resolved"), (errors, "resolved")]),
    ]


def test_betterstack_counts_a_days_downtime_and_mixes_numbers_with_strings() -> None:
    page = Reader("betterstack").json(45, "/index.json")
    api = next(one for one in included(page, "status_page_resource") if one["attributes"]["public_name"] == "API")
    today = api["attributes"]["status_history"][-1]
    (section,) = included(page, "status_page_section")
    assert (today["day"], today["status"], today["downtime_duration"]) == ("2026-11-23", "downtime", 600)
    assert len(api["attributes"]["status_history"]) == 90
    assert str(api["attributes"]["status_page_section_id"]) == section["id"]
    web = next(
        one for one in included(page, "status_page_resource") if one["attributes"]["public_name"] == "Web app"
    )
    spoilt = [day["day"] for day in web["attributes"]["status_history"] if day["status"] != "operational"]
    assert spoilt == ["2026-11-03"]


FEEDS: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("statuspage", "/history.atom", lambda feed: (feed.version, len(feed.entries))),
    ("statuspage", "/history.rss", lambda feed: (feed.version, len(feed.entries))),
    ("incidentio", "/feed.atom", lambda feed: (feed.version, len(feed.entries))),
    ("incidentio", "/feed.rss", lambda feed: (feed.version, len(feed.entries))),
    ("betterstack", "/feed", lambda feed: (feed.version, len(feed.entries) > 3)),
]


@pytest.mark.parametrize(("product", "path", "read"), FEEDS)
def test_feeds_are_well_formed(product: str, path: str, read: Callable[[Any], Any]) -> None:
    answer = Reader(product).answer(25, path)
    feed = feedparser.parse(answer.body)
    version = "atom10" if path.endswith("atom") else "rss20"
    assert (answer.status, bool(feed.bozo), read(feed)) == (200, False, (version, 2 if path != "/feed" else True))


def test_statuspages_feed_escapes_what_was_said() -> None:
    feed = feedparser.parse(Reader("statuspage").answer(25, "/history.atom").body, sanitize_html=False)
    content = feed.entries[0].content[0].value
    assert re.findall(r"<strong>(\w+)</strong> - ([^<]*|It is .*?) </p>", content) == [
        ("Identified", "It is &lt;found&gt;."),
        ("Investigating", "We look &amp; see."),
    ]


def test_a_page_of_feeds_alone_refuses_everything_else() -> None:
    world = a_world("xai")
    world.clock.advance(timedelta(minutes=25))

    def ask(path: str) -> Answer:
        return world.handle(Request(method="GET", target=f"/status.xai{path}", headers={}))

    feed = feedparser.parse(ask("/feed.xml").body)
    assert (feed.entries[0].title, feed.entries[0].tags[0].term) == ("[API] Elevated errors", "disruption")
    assert [entry.tags[0].term for entry in feed.entries] == ["disruption", "resolved"]
    assert [ask(path).status for path in ("/", "/api/v2/summary.json")] == [200, 403]


def test_what_is_announced_by_hand_is_told_at_once_and_grows() -> None:
    world = World(scenario=None, clock=LabClock.by_hand(), seed=1)
    world.announce("anthropic", "Slow answers", "investigating", "Hm.", components={"api": "degraded_performance"})
    world.clock.advance(timedelta(minutes=5))
    world.announce("anthropic", "Slow answers", "resolved", "Over.")
    (incident,) = world.page("anthropic").incidents
    assert [update.status for update in incident.updates] == ["investigating", "resolved"]
    assert [one.status for one in world.page("anthropic").components] == ["operational"] * 4


@pytest.mark.parametrize(
    ("vendor", "components", "reason"),
    [
        ("anthropic", {"telephone": "major_outage"}, "lists no component 'telephone'"),
        ("anthropic", {"api": "broken"}, "a component cannot be 'broken'"),
        ("gemini", {}, "gemini has no status page"),
    ],
)
def test_what_cannot_be_announced_is_refused(vendor: str, components: dict[str, str], reason: str) -> None:
    world = World(scenario=None, clock=LabClock.by_hand(), seed=1)
    with pytest.raises(ValueError, match=reason):
        world.announce(vendor, "Odd", "identified", components=components)


@pytest.mark.parametrize(
    "kind", ["waf_405", "page_deactivated", "page_deleted", "server_error", "html_200", "hang"]
)
def test_a_page_fails_as_its_host_does(kind: str) -> None:
    world = a_world("anthropic")
    world.trouble("anthropic", kind, surface="status")
    request = Request(method="GET", target="/status.anthropic/api/v2/summary.json", headers={})
    statuses = {"waf_405": 405, "page_deactivated": 401, "page_deleted": 302, "server_error": 500, "html_200": 200}
    assert world.handle(request).status == statuses.get(kind)
