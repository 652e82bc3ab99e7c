"""Server and database, asked at the same instant, and what is said where neither answers."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from rich.console import Console

from app.board.model import OwnHealth
from app.cli import alternatives, history, incidents, status
from app.cli.alternatives import alternatives_sheet
from app.cli.history import history_sheet
from app.cli.incidents import incidents_sheet
from app.cli.source import Source, open_source
from app.cli.statussheet import status_sheet
from app.cli.terminal import Terminal
from app.settings import Settings
from tests.cli.test_cli import stillup
from tests.clocks import HandClock
from tests.web.scenes import NOW, SCENES, Scene, the_catalogue
from tests.web.serving import served

CATALOGUE = the_catalogue()
HERE = "http://127.0.0.1:8000"
STRANGER = "is no Stillup of this version:"
NOT_READY = json.dumps(
    {"type": "", "title": "", "status": 503, "detail": "The first board is not made yet.", "instance": ""}
).encode()


class OnlyStored(Scene):
    """A scene that is shown by a server which does not probe itself, as one over the database alone."""

    @property
    def own(self) -> OwnHealth:
        return OwnHealth(started_at=NOW, probing=False)


@asynccontextmanager
async def asked(folder: Path, url: str | None) -> AsyncIterator[Source]:
    async with open_source(Settings(data=folder, url=url), lambda: CATALOGUE, HandClock(NOW)) as source:
        yield source


async def whole_output(source: Source) -> list[str]:
    """All that every command tells, to programs and to people, on a wide screen and on a narrow one."""
    everything = await status._ask(source, (), is_for_people=True)
    two = await status._ask(source, ("claude-api", "grok"), is_for_people=True)
    working = await alternatives._ask(source, "chat-api", ["openai-api", "groq"])
    troubles = await incidents._ask(source, {"limit": 3}, None)
    past = await history._ask(source, {"window": "7d", "step": "1d"}, "chatgpt")
    sheets = (
        status_sheet(everything.told, everything.likely, ()),
        status_sheet(two.told, two.likely, ("claude-api", "grok")),
        alternatives_sheet(working.answer),
        incidents_sheet(troubles.answer),
        history_sheet(past.answer),
    )
    screens = (
        Terminal(console=Console(width=200), is_screen=True),
        Terminal(console=Console(width=60), is_screen=True),
        Terminal(console=Console(), is_screen=False),
    )
    lines = [line.markup for screen in screens for sheet in sheets for line in screen.lines(sheet)]
    answers = (everything, two, working, troubles, past)
    return [*(json.dumps(each.plain) for each in answers), *lines]


@pytest.mark.parametrize("name", ["bad", "unknown"])
async def test_server_and_database_tell_the_same_to_the_letter(name: str, tmp_path: Path) -> None:
    scene = OnlyStored(**{each.name: getattr(SCENES[name], each.name) for each in fields(Scene)})
    with served(tmp_path, CATALOGUE, scene) as url:
        async with asked(tmp_path, url) as server, asked(tmp_path, None) as database:
            # The address of the next page is where people reach it, which each says as it was told.
            told = [each.replace(url, HERE) for each in await whole_output(server)]
            assert told == await whole_output(database)
            await database.renew()
            assert told == await whole_output(database)


class Stranger(BaseHTTPRequestHandler):
    """Something else that answers over HTTP."""

    def __init__(self, *given: object, code: int, kind: str, body: bytes) -> None:
        self._answer = code, kind, body
        super().__init__(*given)  # type: ignore[arg-type]  # as they come from the server

    def do_GET(self) -> None:
        code, kind, body = self._answer
        self.send_response(code)
        self.send_header("content-type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: object) -> None:
        return


@pytest.mark.parametrize(
    ("code", "kind", "body", "complaint"),
    [
        (200, "text/html; charset=utf-8", b"<h1>It works!</h1>", f"{STRANGER} it sent 200 OK (text/html)"),
        (200, "application/json", b'{"services": []}', f"{STRANGER} it sent 200 OK (application/json)"),
        (200, "application/json", b"[]", STRANGER),
        (404, "application/json", b'{"detail": "Not Found"}', f"{STRANGER} it sent 404 Not Found"),
        (503, "application/problem+json", NOT_READY, "cannot tell: The first board is not made yet."),
    ],
)
def test_what_is_no_answer_is_said_to_be_none(code: int, kind: str, body: bytes, complaint: str) -> None:
    server = HTTPServer(("127.0.0.1", 0), partial(Stranger, code=code, kind=kind, body=body))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        told = stillup("status", "--url", f"http://anybody:secret@127.0.0.1:{server.server_port}/")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert told.returncode == 7
    assert told.stdout == ""
    assert f"http://127.0.0.1:{server.server_port} {complaint}" in told.stderr
    assert "secret" not in told.stderr


@pytest.mark.parametrize(
    ("url", "code", "complaint"),
    [
        ("http://127.0.0.1:9", 7, "connection attempts failed. Is `stillup serve` running there? --url or "),
        (
            "status.example",
            2,
            "STILLUP_URL: 'status.example' cannot be used; give an address that starts with http",
        ),
        ("http://[::1", 2, "--url http://[::1 is no address"),
        ("", 7, "There is no database of this version at "),
    ],
)
def test_where_nobody_answers_the_remedy_is_said(tmp_path: Path, url: str, code: int, complaint: str) -> None:
    told = stillup("incidents", STILLUP_URL=url, STILLUP_DATA=str(tmp_path))
    assert (told.returncode, told.stdout) == (code, "")
    assert complaint in told.stderr
    assert "Traceback" not in told.stderr
