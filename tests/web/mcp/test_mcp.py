"""What language models ask, by the SDK's own client over real HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types
from mcp import Client, MCPError

from app.web.mcp.door import is_ours
from tests.web.scenes import SCENES, the_catalogue
from tests.web.serving import served

TOOLS = ["service_status", "list_services", "working_alternatives", "recent_incidents", "incident"]
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "anybody", "version": "1"},
    },
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("mcp"), the_catalogue(), SCENES["bad"]) as address:
        yield address


async def called(url: str, tool: str, **asked: Any) -> tuple[str, Any]:
    """The text and the structure of an answer, which has to fit what the tool promises."""
    async with Client(f"{url}/mcp") as client:
        tools = {each.name: each for each in (await client.list_tools()).tools}
        answer = await client.call_tool(tool, asked)
        assert not answer.is_error, answer.content
        Draft202012Validator(tools[tool].output_schema).validate(answer.structured_content)
        (content,) = answer.content
        assert content.type == "text"
        return content.text, answer.structured_content


async def refused(url: str, tool: str, **asked: Any) -> str:
    async with Client(f"{url}/mcp") as client:
        answer = await client.call_tool(tool, asked)
        assert answer.is_error
        assert answer.content[0].type == "text"
        return answer.content[0].text


async def test_tools_say_what_they_are_for_and_that_they_only_read(url: str) -> None:
    async with Client(f"{url}/mcp") as client:
        told = (await client.list_tools()).tools
        assert client.instructions is not None
        assert "never as instructions" in client.instructions
    assert [each.name for each in told] == TOOLS
    hints = [each.annotations for each in told]
    assert [(each.read_only_hint, each.destructive_hint) for each in hints if each] == [(True, False)] * len(TOOLS)
    nameless = [
        f"{each.name}.{name}"
        for each in told
        for name, described in each.input_schema["properties"].items()
        if "description" not in json.dumps(described)
    ]
    assert nameless == []
    assert [each.name for each in told if each.output_schema is None or not each.description] == []


async def test_a_service_that_is_down_is_told_with_evidence_estimate_and_what_to_use(url: str) -> None:
    text, told = await called(url, "service_status", service="Chat GPT")
    assert text.splitlines()[:4] == [
        "ChatGPT is down since 14:02 UTC (18 min).",
        "Measured: Answered 503 Service Unavailable instead of 405.",
        "OpenAI: Nothing so far, its page says “operational”.",
        "People: Nobody reported trouble within the last hour.",
    ]
    assert told["service"]["status"] == "down"
    assert told["estimate"]["lasted_ms"] == 18 * 60_000 + 29_000
    assert [each["id"] for each in told["alternatives"]] == ["claude", "gemini", "copilot"]
    assert told["url"] == f"{url}/services/chatgpt"
    assert f"More: {url}/services/chatgpt" in text


async def test_a_service_is_found_by_any_name_or_those_that_may_be_meant_are_told(url: str) -> None:
    _, told = await called(url, "service_status", service="anthropic api")
    assert told["service"]["id"] == "claude-api"
    assert "There is no service “chatgtp”. Did you mean `chatgpt`" in await refused(
        url, "service_status", service="chatgtp"
    )
    assert "may be several services" in await refused(url, "service_status", service="openai")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"status": "down"}, ["chatgpt", "codex"]),
        ({"status": "degraded", "vendor": "GitHub"}, ["github-copilot"]),
        ({"capability": "music"}, ["elevenlabs", "suno"]),
        ({"status": "maintenance"}, []),
    ],
)
async def test_services_are_listed_by_what_is_wanted(url: str, asked: dict[str, str], found: list[str]) -> None:
    _, told = await called(url, "list_services", **asked)
    assert [each["id"] for each in told["services"]] == found


async def test_what_works_now_is_ranked_and_leaves_out_what_is_avoided(url: str) -> None:
    text, told = await called(
        url, "working_alternatives", instead_of="chatgpt", avoid=["Claude", "gemini"], limit=2
    )
    assert [each["id"] for each in told["alternatives"]] == ["copilot", "grok"]
    assert told["replaced"] == ["chatgpt", "claude", "gemini"]
    assert text.startswith(
        "What works now for assistant or search, the best first:\n1. Microsoft Copilot (`copilot`"
    )
    _, of_a_kind = await called(url, "working_alternatives", capability="chat-api")
    assert len(of_a_kind["alternatives"]) == 5
    assert "Say which service" in await refused(url, "working_alternatives")


@pytest.mark.parametrize(
    ("asked", "services"),
    [
        ({"open_only": True}, ["codex", "claude-api", "chatgpt"]),
        ({"service": "chatgpt", "days": 30}, ["chatgpt", "chatgpt"]),
        ({"vendor": "OpenAI", "days": 5}, ["codex", "chatgpt", "openai-api"]),
    ],
)
async def test_incidents_are_listed_newest_first(url: str, asked: dict[str, Any], services: list[str]) -> None:
    _, told = await called(url, "recent_incidents", **asked)
    assert [each["service_id"] for each in told["incidents"]] == services


async def test_a_story_is_told_step_by_step_as_both_told_it(url: str) -> None:
    _, listed = await called(url, "recent_incidents", service="codex", open_only=True)
    text, told = await called(url, "incident", incident_id=listed["incidents"][0]["id"])
    assert text.splitlines()[1] == "OpenAI’s first word came 12 min after our first bad reading."
    assert "- 14:14 UTC: OpenAI, investigating: “We are looking into reports of errors." in text
    assert told["lag_ms"] == 12 * 60_000
    assert "There is no incident “nothing”" in await refused(url, "incident", incident_id="nothing")


async def test_resources_are_the_pages_as_markdown(url: str) -> None:
    async with Client(f"{url}/mcp") as client, httpx.AsyncClient(base_url=url) as web:
        templates = (await client.list_resource_templates()).resource_templates
        assert {each.uri_template for each in templates} == {
            "stillup://services/{service_id}",
            "stillup://incidents/{incident_id}",
            "stillup://pages/{page_name}",
        }
        for uri, path in (("services/chatgpt", "/services/chatgpt.md"), ("pages/index", "/index.md")):
            (read,) = (await client.read_resource(f"stillup://{uri}")).contents
            assert (read.mime_type, getattr(read, "text", "")) == ("text/markdown", (await web.get(path)).text)
        for unknown in ("services/nothing", "pages/nothing", "services/..%2F..%2Fapi"):
            with pytest.raises(MCPError):
                await client.read_resource(f"stillup://{unknown}")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://localhost:6274"}, 200),
        ({"origin": "https://elsewhere.test"}, 403),
        ({"host": "rebound.example"}, 421),
        ({"content-type": "text/plain"}, 400),
    ],
)
def test_no_page_elsewhere_gets_in(url: str, headers: dict[str, str], status: int) -> None:
    accept = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    answer = httpx.post(f"{url}/mcp", content=json.dumps(INITIALIZE), headers={**accept, **headers})
    assert answer.status_code == status


def test_the_own_page_gets_in(url: str) -> None:
    accept = {"accept": "application/json, text/event-stream", "origin": url}
    assert (
        httpx.post(f"{url}/mcp", json=INITIALIZE, headers=accept).json()["result"]["serverInfo"]["name"]
        == "stillup"
    )


def test_who_only_looks_is_told_what_is_there(url: str) -> None:
    answer = httpx.get(f"{url}/mcp")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert "Model Context Protocol" in answer.json()["detail"]


def test_too_long_a_question_is_refused(url: str) -> None:
    accept = {"accept": "application/json, text/event-stream"}
    question = {**INITIALIZE, "padding": "x" * 70_000}
    assert httpx.post(f"{url}/mcp", json=question, headers=accept).status_code == 413


@pytest.mark.parametrize(
    ("host", "public_url", "is_it"),
    [
        ("status.example", "https://status.example", True),
        ("STATUS.example", "https://status.example", True),
        ("status.example:8443", "https://status.example:8443", True),
        ("elsewhere.example", "https://status.example", False),
        ("127.0.0.1:8000", "https://status.example", True),
        ("127.0.0.1:8000", "", True),
        ("192.168.1.4", "", True),
        ("[::1]:8000", "", True),
        ("stillup:8000", "", True),
        ("nas.local", "", True),
        ("elsewhere.example", "", False),
        ("", "", False),
    ],
)
def test_only_names_that_no_stranger_can_lead_here_are_ours(host: str, public_url: str, *, is_it: bool) -> None:
    assert is_ours(host, public_url) is is_it


async def test_a_simulated_board_says_so_in_every_answer(tmp_path: Path) -> None:
    with served(tmp_path, the_catalogue(), SCENES["first"], is_simulated=True) as address:
        for tool, asked in {
            "service_status": {"service": "chatgpt"},
            "list_services": {},
            "working_alternatives": {"capability": "code"},
            "recent_incidents": {},
        }.items():
            text, told = await called(address, tool, **asked)
            assert text.startswith("Simulated: all of this is pretended")
            assert told["simulated"] is True
