"""Pages, JSON and badges through the whole application, without a browser."""

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.board.model import Board
from app.domain.status import Status
from app.store.engine import Database
from app.web.badges import badge
from tests.web.scenes import bad_day, first_start
from tests.web.serving import app_of

EVIL = '<script>alert("x")</script>&'


def client(board: Board, database: Any = None) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app_of(board, database))
    return httpx.AsyncClient(transport=transport, base_url="http://stillup.test")


@pytest.fixture(scope="module")
def board() -> Board:
    return bad_day()


@pytest.mark.parametrize("path", ["/", "/services/chatgpt", "/api/v1/services", "/badge/chatgpt.svg", "/docs"])
async def test_what_did_not_change_is_not_sent_again(board: Board, path: str) -> None:
    async with client(board) as web:
        first = await web.get(path)
        again = await web.get(path, headers={"if-none-match": first.headers["etag"]})
        other = await web.get(path, headers={"if-none-match": '"another"'})
    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert "max-age" in first.headers["cache-control"]


async def test_every_encoding_says_the_same(board: Board) -> None:
    async with client(board) as web:
        plain = await web.get("/", headers={"accept-encoding": "identity"})
        zipped = await web.get("/", headers={"accept-encoding": "gzip"})
        best = await web.get("/", headers={"accept-encoding": "gzip, br"})
        head = await web.head("/", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert (zipped.headers["content-encoding"], best.headers["content-encoding"]) == ("gzip", "br")
    assert zipped.content == best.content == plain.content
    assert (head.content, head.headers["content-length"]) == (b"", zipped.headers["content-length"])
    assert int(zipped.headers["content-length"]) < len(plain.content) / 5


async def test_page_json_and_badge_agree(board: Board) -> None:
    async with client(board) as web:
        for view in board.services:
            told = (await web.get(f"/api/v1/services/{view.service.id}")).json()
            drawn = (await web.get(f"/badge/{view.service.id}.svg")).text
            assert told["status"] == view.status
            assert f": {view.status}" in drawn


async def test_every_answer_keeps_its_promise(board: Board) -> None:
    async with client(board) as web:
        promised = (await web.get("/openapi.json")).json()
        listed = (await web.get("/api/v1/services")).json()
        one = (await web.get("/api/v1/services/chatgpt")).json()
    shapes = promised["components"]["schemas"]
    assert set(listed) == set(shapes["ServicesOut"]["properties"])
    assert set(listed["services"][0]) == set(shapes["ServiceLine"]["properties"])
    assert set(one) == set(shapes["ServiceOut"]["properties"])
    assert set(one["checks"][0]) == set(shapes["CheckOut"]["properties"])
    assert set(one["days"][0]) == set(shapes["DayOut"]["properties"])
    assert set(one["incidents"][0]) == set(shapes["IncidentOut"]["properties"])
    assert set(one["incidents"][0]["events"][0]) == set(shapes["EventOut"]["properties"])


async def test_nothing_that_is_shown_can_become_markup(board: Board) -> None:
    view = board.by_id["chatgpt"]
    evil = replace(view, service=replace(view.service, name=EVIL, about=EVIL), reason=EVIL)
    others = tuple(each for each in board.services if each.service.id != "chatgpt")
    async with client(replace(board, services=(evil, *others), sentence=EVIL)) as web:
        for path in ("/", "/services/chatgpt", f"/incidents/{view.incidents[0].id}", "/badge/chatgpt.svg"):
            shown = await web.get(path)
            assert shown.status_code == 200
            assert "alert(" in shown.text
            assert "<script>alert" not in shown.text
        told = await web.get("/api/v1/services/chatgpt")
    assert json.loads(told.text)["name"] == EVIL
    assert told.headers["x-content-type-options"] == "nosniff"


async def test_pages_run_under_a_strict_policy(board: Board) -> None:
    async with client(board) as web:
        for path in ("/", "/services/chatgpt", "/services/nothing", "/api/v1/services?x=1"):
            shown = await web.get(path, headers={"accept": "text/html"})
            assert shown.headers["content-security-policy"].startswith("default-src 'self'; ")
            assert " style=" not in shown.text
            assert " onclick=" not in shown.text


async def test_a_question_in_the_address_does_not_hide_the_answer(board: Board) -> None:
    async with client(board) as web:
        assert (await web.get("/?q=claude")).text == (await web.get("/")).text
        assert (await web.get("/api/v1/services?x=1")).json() == (await web.get("/api/v1/services")).json()


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/api/v1/services/nothing", 404, "There is nothing at /api/v1/services/nothing."),
        ("/api/v1/services/nothing/history", 404, "There is no service 'nothing'."),
        ("/api/v1/services/chatgpt/history?window=5y", 422, "window: Input should be '24h', '7d', '30d' or '90d'"),
        ("/api/v2/anything", 404, "There is nothing at /api/v2/anything."),
    ],
)
async def test_a_wrong_question_gets_a_problem(board: Board, path: str, status: int, detail: str) -> None:
    async with client(board) as web:
        answer = await web.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"], answer.json()["detail"]) == (status, status, detail)


async def test_history_is_read_when_it_is_asked_for(board: Board, database: Database) -> None:
    async with client(board, database) as web:
        answer = await web.get("/api/v1/services/chatgpt/history?window=7d")
    assert answer.json() == {"service": "chatgpt", "window": "7d", "step_ms": 3_600_000, "series": []}


async def test_it_is_not_ready_while_results_cannot_be_stored() -> None:
    board = first_start()
    troubled = replace(board, own=replace(board.own, storage_trouble="The disk is full."))
    async with client(troubled) as web:
        answer = await web.get("/readyz")
        page = await web.get("/")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "reasons": ["The disk is full."], "late_p99_ms": None, "missed": 0}
    assert "The disk is full." in page.text


def test_a_badge_of_nothing_says_so_and_fits_any_text() -> None:
    drawn = badge("日本語", Status.UP, "#1a7f4b").decode()
    assert "日本語: up" in drawn
