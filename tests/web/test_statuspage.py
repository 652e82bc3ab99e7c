"""The board in Statuspage's format, as it is, as our own reader takes it, and as clients of others do."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from app.domain.status import Status
from app.vendors.reader import Document
from app.vendors.statuspage import READER
from app.web.statuspage import DOCUMENTS
from tests.nodejs import NEEDS_NODE, asked
from tests.web.conftest import EVIL, INCIDENT, Site
from tests.web.scenes import NOW, SCENES, the_catalogue
from tests.web.serving import served

V2 = "/api/v2"
A_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
ASK_ONE = """
const {Statuspage} = require('statuspage.io');
const client = new Statuspage('page');
client.setApiUrl(process.argv[1]);
const {incidents, scheduledMaintenances} = client.api;
Promise.all([
  client.api.getSummary(), client.api.getStatus(), client.api.getComponents(), incidents.getAll(),
  incidents.getUnresolved(), scheduledMaintenances.getAll(), scheduledMaintenances.getUpcoming(),
]).then(told => console.log(JSON.stringify(told)));
"""
ASK_ANOTHER = """
const {Statuspage} = require('statuspage.js');
const client = new Statuspage('page');
client.axios.defaults.baseURL = process.argv[1] + '/api/v2';
Promise.all([
  client.summary(), client.status(), client.components(), client.allIncidents(),
  client.unresolvedIncidents(), client.allScheduledMaintenances(), client.upcomingScheduledMaintenances(),
]).then(told => console.log(JSON.stringify(told)));
"""


async def test_the_summary_tells_page_status_components_and_what_is_open(site: Site) -> None:
    told: Any = await site.json(f"{V2}/summary.json")
    assert told["page"] == {
        "id": "stillup",
        "name": "Stillup",
        "url": "http://stillup.test",
        "time_zone": "Etc/UTC",
        "updated_at": "2026-03-01T14:09:00Z",
    }
    assert told["status"] == {
        "indicator": "critical",
        "description": "Api is down since 14:00 UTC",
        "stillup_status": "down",
    }
    parts = [(each["id"], each["status"], each["group"], each["group_id"]) for each in told["components"]]
    assert parts == [
        ("group-apis", "major_outage", True, None),
        ("api", "major_outage", False, "group-apis"),
        ("chat", "operational", False, "group-apis"),
        ("hidden", "under_maintenance", False, "group-apis"),
    ]
    assert [each["position"] for each in told["components"]] == [1, 2, 3, 4]
    assert [each["id"] for each in told["incidents"]] == [INCIDENT.removeprefix("/incidents/")]
    assert [each["id"] for each in told["scheduled_maintenances"]] == ["api-inc-m1"]


async def test_what_is_unknown_says_so_in_words_and_beside_the_words_of_the_format(site: Site) -> None:
    told: Any = await site.json(f"{V2}/components.json")
    hidden = told["components"][-1]
    assert (hidden["name"], hidden["status"], hidden["stillup_status"]) == (EVIL, "under_maintenance", "unknown")
    assert hidden["description"].startswith("Unknown: ")


async def test_an_incident_is_told_with_its_updates_and_links_to_its_page(site: Site) -> None:
    told: Any = await site.json(f"{V2}/incidents.json")
    (incident,) = told["incidents"]
    assert (incident["name"], incident["status"], incident["impact"], incident["resolved_at"]) == (
        "Api down",
        "investigating",
        "critical",
        None,
    )
    assert incident["shortlink"] == f"http://stillup.test{INCIDENT}"
    first = incident["incident_updates"][-1]
    assert (first["id"], first["display_at"], first["affected_components"]) == (
        f"{incident['id']}-0",
        "2026-03-01T14:00:00Z",
        [{"code": "api", "name": "Api", "old_status": "operational", "new_status": "major_outage"}],
    )
    assert (
        first["body"] == "It began: 3 of 3 probes failed since 14:00 UTC: Answered 503 instead of 401. (Measured)"
    )
    assert (await site.client.get(incident["shortlink"])).status_code == 200


@pytest.mark.parametrize(
    ("name", "key", "ids"),
    [
        ("incidents/unresolved", "incidents", ["api-20260301T140000"]),
        ("scheduled-maintenances", "scheduled_maintenances", ["api-inc-m1"]),
        ("scheduled-maintenances/upcoming", "scheduled_maintenances", ["api-inc-m1"]),
        ("scheduled-maintenances/active", "scheduled_maintenances", []),
    ],
)
async def test_every_list_has_an_address_of_its_own(site: Site, name: str, key: str, ids: list[str]) -> None:
    told: Any = await site.json(f"{V2}/{name}.json")
    assert (list(told), [each["id"] for each in told[key]]) == (["page", key], ids)


async def test_a_vendor_has_a_page_of_its_own(site: Site) -> None:
    told: Any = await site.json(f"/vendors/chat-inc{V2}/summary.json")
    assert (told["page"]["id"], told["page"]["url"]) == (
        "stillup-chat-inc",
        "http://stillup.test/vendors/chat-inc",
    )
    assert (told["status"]["indicator"], told["status"]["description"]) == ("none", "Chat works")
    assert [each["id"] for each in told["components"]] == ["group-apis", "chat"]
    assert (told["incidents"], told["scheduled_maintenances"]) == ([], [])


async def test_a_vendor_that_nobody_knows_is_a_problem(site: Site) -> None:
    answer = await site.client.get(f"/vendors/nobody{V2}/status.json")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_it_is_read_from_any_origin_and_asked_again_for_nothing(site: Site) -> None:
    told = await site.client.get(f"{V2}/status.json")
    again = await site.client.get(f"{V2}/status.json", headers={"if-none-match": told.headers["etag"]})
    asked = {
        "origin": "https://elsewhere.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
    }
    preflight = await site.client.options(f"{V2}/status.json", headers=asked)
    allowed = await site.client.options(f"{V2}/status.json")
    assert (again.status_code, told.headers["access-control-allow-origin"]) == (304, "*")
    assert "etag" in told.headers["access-control-expose-headers"]
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (204, "*")
    assert (allowed.status_code, allowed.headers["allow"], allowed.content) == (204, "GET, HEAD, OPTIONS", b"")


async def test_every_answer_is_as_its_description_says(site: Site) -> None:
    spec: Any = await site.json(f"{V2}/openapi.json")
    validate(spec)
    registry = Registry().with_resource("urn:spec", DRAFT202012.create_resource(spec))
    faults, told = [], set()
    for path, methods in spec["paths"].items():
        schema = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        for vendor in ("api-inc", "chat-inc"):
            answer: Any = await site.json(path.replace("{vendor_id}", vendor))
            told |= {name for name, each in answer.items() if isinstance(each, list) and each}
            validator = OAS31Validator({"$ref": f"urn:spec{schema['$ref']}"}, registry=registry)
            faults += [f"{path}: {error.message}" for error in validator.iter_errors(answer)]
            fields = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]
            assert answer.keys() == fields.keys(), path
    assert (faults, told) == ([], {"components", "incidents", "scheduled_maintenances"})
    assert spec["paths"].keys() == {
        f"{above}{V2}/{name}.json" for above in ("", "/vendors/{vendor_id}") for name in DOCUMENTS
    }


async def test_links_begin_with_what_was_asked(site: Site) -> None:
    told = [
        (await site.client.get(f"http://{host}{V2}/status.json")).json()["page"]["url"]
        for host in ("a.test", "b.test")
    ]
    assert told == ["http://a.test", "http://b.test"]


def as_read(body: bytes, url: str) -> Any:
    return READER.parse(Document(url=url, body=body, content_type="application/json", read_at=NOW))


async def test_our_own_reader_is_told_the_same_story(site: Site) -> None:
    answer = await site.client.get(f"{V2}/summary.json")
    page = as_read(answer.content, "http://stillup.test/api/v2/summary.json")
    assert {part.id: part.status for part in page.components} == {
        "api": Status.DOWN,
        "chat": Status.UP,
        "hidden": Status.MAINTENANCE,
    }
    (incident,) = page.open_incidents
    board = site.keeper.board
    assert board is not None
    ours = board.incidents[0]
    assert (incident.id, incident.started_at, len(incident.updates)) == (ours.id, ours.opened_at, len(ours.events))
    assert (page.status, incident.oddities, page.drift) == (Status.DOWN, (), ())
    assert [(each.id, each.title) for each in page.maintenances] == [("api-inc-m1", "Database work")]


def in_one_notation(told: Any) -> Any:
    """What a client told, with times as moments: one of the two keeps our text, the other makes dates of it."""
    if isinstance(told, dict):
        return {key: in_one_notation(value) for key, value in told.items()}
    if isinstance(told, list):
        return [in_one_notation(each) for each in told]
    return datetime.fromisoformat(told) if isinstance(told, str) and A_TIME.fullmatch(told) else told


@NEEDS_NODE
def test_clients_on_npm_are_told_the_same_story(tmp_path: Path) -> None:
    with served(tmp_path, the_catalogue(), SCENES["bad"]) as url:
        one = json.loads(asked("node", "-e", ASK_ONE, url))
        another = json.loads(asked("node", "-e", ASK_ANOTHER, url))
    summary, status, components, incidents, unresolved, plans, upcoming = one
    assert summary["status"] == status["status"] | {"indicator": "major"}
    assert summary["components"] == components["components"]
    assert (
        summary["incidents"]
        == unresolved["incidents"]
        == [each for each in incidents["incidents"] if each["status"] != "resolved"]
    )
    assert len(unresolved["incidents"]) == 3
    assert [each["id"] for each in plans["scheduled_maintenances"]] == ["mistral-m1"]
    assert upcoming == plans
    assert in_one_notation(another) == in_one_notation(one)
