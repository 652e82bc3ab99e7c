"""`stillup mcp`, as an assistant starts it."""

import sys
from pathlib import Path

from mcp import Client
from mcp.client.stdio import StdioServerParameters

from tests.cli.test_cli import ROOT, stillup
from tests.web.scenes import SCENES, an_empty_database, furnished, the_catalogue
from tests.web.serving import served


def program(home: Path, *arguments: str) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "app", "mcp", *arguments],
        env={"HOME": str(home), "STILLUP_DATA": str(home)},
        cwd=ROOT,
    )


async def test_it_asks_a_running_server(tmp_path: Path) -> None:
    with served(tmp_path, the_catalogue(), SCENES["bad"]) as url:
        async with Client(program(tmp_path, "--url", url)) as client, Client(f"{url}/mcp") as running:
            assert (await client.list_tools()).tools == (await running.list_tools()).tools
            assert client.instructions == running.instructions
            asked = {"service": "chatgpt"}
            answers = [await each.call_tool("service_status", asked) for each in (client, running)]
            assert answers[0].structured_content == answers[1].structured_content
            assert answers[0].content == answers[1].content
            pages = [await each.read_resource("stillup://services/chatgpt") for each in (client, running)]
            assert pages[0].contents == pages[1].contents


async def test_without_a_server_it_reads_the_database_and_does_not_pretend_to_know_the_present(
    tmp_path: Path,
) -> None:
    database = await furnished(an_empty_database(tmp_path), the_catalogue(), SCENES["bad"])
    await database.close()
    async with Client(program(tmp_path)) as client:
        answer = await client.call_tool("service_status", {"service": "chatgpt"})
        assert answer.structured_content is not None
        assert answer.structured_content["service"]["status"] == "unknown"
        assert answer.structured_content["url"] == "http://127.0.0.1:8000/services/chatgpt"
        refused = await client.call_tool("service_status", {"service": "nothing at all"})
        assert refused.is_error


def test_where_there_is_nothing_to_ask_it_says_so(tmp_path: Path) -> None:
    unreachable = stillup("mcp", "--url", "http://127.0.0.1:9")
    empty = stillup("mcp", STILLUP_DATA=str(tmp_path))
    wrong = stillup("mcp", "--url", "status.example")
    assert [each.returncode for each in (unreachable, empty, wrong)] == [3, 2, 2]
    assert [each.stdout for each in (unreachable, empty, wrong)] == ["", "", ""]
    assert unreachable.stderr.startswith("There is no Stillup to be asked at http://127.0.0.1:9: ")
    assert "There is no database of this version" in empty.stderr
