"""A client of Statuspage's format that others wrote, given the same documents, agrees with our reader."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.nodejs import NEEDS_NODE, asked
from tests.vendors.documents import SAMPLES, page

ASK = """
const {Statuspage} = require('statuspage.io');
const client = new Statuspage('page');
client.setApiUrl(process.argv[1]);
client.api.getSummary().then(told => console.log(JSON.stringify(told)));
"""
SUMMARIES = sorted(path for path in (SAMPLES / "statuspage").glob("summary*.json"))


@contextmanager
def serving(body: bytes) -> Iterator[str]:
    """A server on loopback that answers everything with one document."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@NEEDS_NODE
@pytest.mark.parametrize("path", SUMMARIES, ids=lambda path: path.stem)
def test_the_npm_client_agrees_on_status_and_open_incidents(path: Path) -> None:
    with serving(path.read_bytes()) as url:
        theirs: dict[str, Any] = json.loads(asked("node", "-e", ASK, url))
    ours = page("statuspage", f"statuspage/{path.name}")
    open_ones = {each["id"]: each["status"] for each in theirs["incidents"]}
    assert ours.words == theirs["status"]["description"]
    assert {each.id: each.words for each in ours.open_incidents} == {
        key: status for key, status in open_ones.items() if status not in ("resolved", "postmortem", "completed")
    }
    assert {part.id for part in ours.components} == {
        each["id"] for each in theirs["components"] if not each.get("group")
    }
