"""The JSON API, as it is described and as it answers."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.settings import resource
from tests.web.conftest import EVIL, INCIDENT, Site

API = "/api/v1"
HISTORY = f"{API}/services/api/history"


async def test_all_services_are_told_with_the_sentence(site: Site) -> None:
    told: Any = await site.json(f"{API}/services")
    assert told["sentence"] == "Api is down since 14:00 UTC (10 min)."
    assert told["counts"] == {"up": 1, "degraded": 0, "down": 1, "unknown": 1, "maintenance": 0}
    assert told["made_at"] == "2026-03-01T14:10:00Z"
    assert [(line["id"], line["status"]) for line in told["services"]] == [
        ("api", "down"),
        ("chat", "up"),
        ("hidden", "unknown"),
    ]
    api = told["services"][0]
    assert (api["since_at"], api["reason"], api["evidence"]) == (
        "2026-03-01T14:00:00Z",
        "Answered 503 instead of 401.",
        "reachable",
    )
    assert (api["uptime_24h"], api["uptime_90d"]) == (0.0, 0.0)
    assert api["coverage_24h"] == api["coverage_90d"]  # it has been watched for an hour
    assert api["incident"] == INCIDENT.removeprefix("/incidents/")
    assert told["services"][2]["name"] == EVIL


async def test_a_service_is_told_with_its_checks_days_and_incidents(site: Site) -> None:
    told: Any = await site.json(f"{API}/services/api")
    models, edge, certificate = told["checks"]
    assert (models["status"], models["last"]["failure"]["kind"], models["last"]["failure"]["blame"]) == (
        "down",
        "server_error",
        "vendor",
    )
    assert (models["interval_ms"], models["impact"], models["is_ours"]) == (300_000, "down", False)
    assert (edge["last"]["total_ms"], edge["last"]["first_byte_ms"], certificate["impact"]) == (120, 70, "up")
    assert len(told["days"]) == 90
    assert (told["days"][-1]["down"], told["days"][-1]["uptime"]) == (3, 0.0)
    assert told["days"][0]["coverage"] is None
    assert [each["status"] for each in told["incidents"]] == ["down"]


async def test_what_the_vendor_says_is_told_with_the_service(site: Site) -> None:
    told: Any = await site.json(f"{API}/services/api")
    says = told["vendor_says"]
    assert (told["vendor_status"], says["status"], says["words"], says["accord"]) == (
        "degraded",
        "degraded",
        "All Systems Operational",
        "both_troubled",
    )
    incident = says["incidents"][0]
    assert (incident["id"], incident["basis"], incident["said_at"]) == ("i1", "whole_page", "2026-03-01T14:04:00Z")
    assert [update["phase"] for update in incident["updates"]] == ["identified", "investigating"]
    assert (says["maintenances"][0]["starts_at"], says["parts"][0]["name"]) == ("2026-03-01T15:00:00Z", EVIL)
    assert told["vendor_incidents"] == [incident]
    assert told["vendor_days"] == [{"day": "2026-03-01", "status": "degraded"}]
    chat: Any = await site.json(f"{API}/services/chat")
    assert (chat["vendor_status"], chat["vendor_says"], chat["vendor_incidents"]) == (None, None, [])


async def test_a_vendor_is_told_with_its_record_and_its_lag(site: Site) -> None:
    listed: Any = await site.json(f"{API}/vendors")
    assert [(each["id"], each["status"]) for each in listed["vendors"]] == [
        ("api-inc", "degraded"),
        ("chat-inc", "unknown"),
        ("hidden-inc", "unknown"),
    ]
    told: Any = await site.json(f"{API}/vendors/api-inc")
    assert (told["lag"]["told_of"], told["lag"]["median_ms"], told["lag"]["counts"]["we_first"]) == (1, 240_000, 1)
    assert told["services"] == [
        {"id": "api", "status": "down", "vendor_status": "degraded", "accord": "both_troubled"}
    ]
    assert [(each["id"], len(each["updates"])) for each in told["incidents"]] == [("i1", 2)]
    assert [(each["kind"], each["is_quiet_edit"]) for each in told["statements"]] == [("update_edited", True)]


async def test_an_incident_is_told_with_its_story(site: Site) -> None:
    told: Any = await site.json(f"{API}{INCIDENT}")
    assert (told["vendor_incident_id"], told["lag_ms"]) == ("i1", 240_000)
    assert (told["service_id"], told["closed_at"], told["events"][0]["check_id"]) == ("api", None, "api/models")
    assert told["events"][0]["probe"]["evidence"] == {"body": EVIL, "retry-after": "30"}
    assert (told["vendor_incident"]["title"], len(told["vendor_incident"]["updates"])) == (f"Errors {EVIL}", 2)


@pytest.mark.parametrize(
    ("query", "count", "bucket_ms", "status"),
    [
        ("", 24, 3_600_000, "down"),
        ("?window=24h", 24, 3_600_000, "down"),
        ("?window=7d", 28, 21_600_000, "down"),
        ("?window=30d", 30, 86_400_000, "down"),
        ("?window=90d", 90, 86_400_000, "down"),
        ("?window=90d&check=edge", 90, 86_400_000, "up"),
        ("?window=90d&check=api/certificate", 90, 86_400_000, "up"),
    ],
)
async def test_a_history_is_told_in_buckets(
    site: Site, query: str, count: int, bucket_ms: int, status: str
) -> None:
    told: Any = await site.json(HISTORY + query)
    assert (len(told["buckets"]), told["bucket_ms"]) == (count, bucket_ms)
    assert (told["buckets"][-1]["status"], told["buckets"][-1]["missed"]) == (status, 0)


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        (f"{API}/services/nobody", 404, "There is no service “nobody”."),
        (f"{API}/services/nobody/history", 404, "There is no service “nobody”."),
        (f"{HISTORY}?check=nothing", 404, "“api” has no check “nothing”."),
        (f"{API}/checks/api/nothing", 404, "There is no check “api/nothing”."),
        (f"{API}/checks/api/models?region=moon", 404, "There is no check “api/models” from “moon”."),
        (f"{API}/incidents/none", 404, "There is no incident “none”."),
        (f"{API}/incidents?vendor=nobody", 404, "There is no vendor “nobody”."),
        (f"{API}/nowhere", 404, "There is nothing at /api/v1/nowhere."),
        (f"{API}/services/", 404, "There is nothing at /api/v1/services/."),
        (API, 404, "There is nothing at /api/v1."),
        (f"{API}/services/a%20b", 404, "There is no service “a b”."),
        ("/api/v2/services", 404, "There is nothing at /api/v2/services."),
    ],
)
async def test_what_is_not_there_is_a_problem_with_its_reason(
    site: Site, path: str, status: int, detail: str
) -> None:
    answer = await site.client.get(path, headers={"accept": "text/html"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/docs#problem-not-found",
        "title": "Not Found",
        "status": status,
        "detail": detail,
        "instance": path.partition("?")[0],
    }


@pytest.mark.parametrize(
    ("path", "field", "detail"),
    [
        (f"{HISTORY}?window=1y", "window", "Input should be '24h', '7d', '30d' or '90d'"),
        (f"{HISTORY}?step=7h", "step", "Input should be '1m', '5m', "),
        (f"{HISTORY}?window=7d&from=2026-02-01T00:00:00Z", "window", "Give either `window` or `from`, not both."),
        (f"{HISTORY}?from=2026-02-30T00:00:00Z", "from", "day is out of range for month"),
        (f"{HISTORY}?from=2026-02-01", "from", "a moment such as 2026-11-20T14:00:00Z is wanted"),
        (f"{HISTORY}?from=2026-03-02T00:00:00Z", "from", "`from` must be before `to`"),
        (f"{HISTORY}?from=2020-01-01T00:00:00Z&step=1d", "step", "That would be 2252 buckets; at most 1500"),
        (f"{HISTORY}?window=7d&step=30m", "step", "Buckets so short reach over at most 2 days"),
        (f"{API}/services/api/latency?quantiles=2", "quantiles", "String should match pattern"),
        (f"{API}/incidents?limit=0", "limit", "Input should be greater than or equal to 1"),
        (f"{API}/incidents?limit=1.0", "limit", "a whole number is wanted"),
        (f"{API}/incidents?open=yes", "open", "`true` or `false` is wanted"),
        (f"{API}/incidents?cursor=MTIz", "cursor", "No page begins there; take the cursor from `next`"),
        (f"{API}/alternatives", "capability", "Say which `capability` is wanted, or which `service`"),
    ],
)
async def test_a_question_that_cannot_be_understood_is_told_which_part_of_it(
    site: Site, path: str, field: str, detail: str
) -> None:
    answer = await site.client.get(path)
    told = answer.json()
    (fault,) = told["errors"]
    assert (answer.status_code, told["type"]) == (422, "/docs#problem-not-understood")
    assert (fault["field"], fault["detail"][: len(detail)]) == (field, detail)


@pytest.mark.parametrize("path", [f"{API}/services", f"{API}/incidents", "/api/v2/summary.json"])
async def test_before_the_first_board_a_problem_says_when_to_ask_again(site: Site, path: str) -> None:
    site.keeper.board = None
    answer = await site.client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert (answer.json()["type"], answer.headers["retry-after"]) == ("/docs#problem-not-ready", "5")
    assert answer.headers["cache-control"] == "no-store"


async def test_other_methods_are_refused_with_those_that_are_allowed(site: Site) -> None:
    refused = await site.client.post(f"{API}/services")
    asked = await site.client.options(f"{API}/services")
    assert (refused.status_code, refused.json()["type"]) == (405, "/docs#problem-method-not-allowed")
    assert refused.headers["allow"] == asked.headers["allow"] == "GET, HEAD, OPTIONS"
    assert (asked.status_code, asked.content) == (204, b"")


async def test_the_head_of_an_answer_can_be_had_alone(site: Site) -> None:
    whole, head = await site.client.get(f"{API}/lag"), await site.client.head(f"{API}/lag")
    assert (head.status_code, head.content) == (200, b"")
    assert {name: head.headers[name] for name in ("etag", "content-length")} == {
        name: whole.headers[name] for name in ("etag", "content-length")
    }


async def test_other_origins_may_read_and_ask_conditionally(site: Site) -> None:
    elsewhere = {"origin": "https://elsewhere.example"}
    told = await site.client.get(f"{API}/services", headers=elsewhere)
    unknown = await site.client.get(f"{API}/services/nobody", headers=elsewhere)
    nowhere = await site.client.get("/api/v2/nothing.json", headers=elsewhere)
    asked = await site.client.options(
        f"{API}/services",
        headers={
            **elsewhere,
            "access-control-request-method": "GET",
            "access-control-request-headers": "if-none-match",
        },
    )
    answers = told, unknown, nowhere, asked
    assert [each.headers.get_list("access-control-allow-origin") for each in answers] == [["*"]] * 4
    assert {"etag", "link", "ratelimit", "retry-after"} <= set(
        told.headers["access-control-expose-headers"].split(", ")
    )
    assert (asked.status_code, asked.headers["access-control-allow-headers"]) == (204, "if-none-match")


async def test_an_unchanged_answer_is_not_sent_again(site: Site) -> None:
    paths = (
        "/services",
        "/services/api",
        "/services/api/history?window=7d",
        INCIDENT,
        "/incidents",
        "/lag",
        "/checks",
    )
    for path in (f"{API}{path}" for path in paths):
        first = await site.client.get(path)
        again = await site.client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (first.status_code, again.status_code) == (200, 304)


async def test_the_description_names_every_field_and_the_documentation_every_address(site: Site) -> None:
    spec: Any = await site.json(f"{API}/openapi.json")
    nameless = [
        f"{name}.{field}"
        for name, schema in spec["components"]["schemas"].items()
        for field, described in schema.get("properties", {}).items()
        if not {"description", "$ref"} & described.keys()
    ]
    documented = (Path(resource("templates")).parent / "docs" / "api.md").read_text()
    addresses = [
        f"{method.upper()} {API}{re.sub(r'{[a-z]+_id}', '{id}', path)}"
        for path, methods in spec["paths"].items()
        for method in methods
    ]
    assert nameless == []
    assert spec["servers"] == [{"url": API}]
    assert [address for address in addresses if f"`{address}" not in documented] == []


async def test_estimates_are_told_with_why_there_is_none(site: Site) -> None:
    told = await site.json("/api/v1/estimates")
    assert told["hit_rate"] is None
    assert told["estimates"] == [
        {"service_id": "api", "estimate": None, "why_not": "No estimate: too few past incidents are known."}
    ]


async def test_a_check_is_told_with_what_it_asks_and_what_came_back(site: Site) -> None:
    listed: Any = await site.json(f"{API}/checks?service=api&status=down")
    assert [each["id"] for each in listed["checks"]] == ["api/models"]
    told: Any = await site.json(f"{API}/checks/api/models")
    encoded: Any = await site.json(f"{API}/checks/api%2Fmodels")
    assert (told["service_id"], told["interval_ms"], told["regions"]) == ("api", 300_000, ["local"])
    assert (told["last"]["status_code"], told["last"]["evidence"]["retry-after"]) == (503, "30")
    assert encoded == told


async def test_the_lag_ledger_is_told_page_by_page(site: Site) -> None:
    told: Any = await site.json(f"{API}/lag?vendor=api-inc")
    (entry,) = told["entries"]
    assert (entry["first"], entry["lag_ms"], entry["incident_id"], told["next"]) == (
        "we_first",
        240_000,
        INCIDENT.removeprefix("/incidents/"),
        None,
    )
    assert (await site.json(f"{API}/lag?service=chat"))["entries"] == []


async def test_our_own_health_is_told(site: Site) -> None:
    told: Any = await site.json(f"{API}/health")
    assert (told["ready"], told["reasons"], told["late_p99_ms"], told["spending"]) == (True, [], 2.4, None)
    assert told["network"]["sentence"] == "2 of 2 control targets answer from here."
    site.clock.move(timedelta(minutes=4))
    assert (await site.json(f"{API}/health"))["reasons"] == ["The board is from 2026-03-01T14:10:00Z."]
