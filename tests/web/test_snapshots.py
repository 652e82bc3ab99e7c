"""What may be shared is made once per board; everything else passes through."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app.web.snapshots import CACHE, Kept, Snapshots

LONG = "still up? " * 100


class Behind:
    """An application that counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.begun = asyncio.Event()
        self.gate: asyncio.Event | None = None
        routes: list[tuple[str, Callable[..., object]]] = [
            ("/public", self.public),
            ("/private", self.private),
            ("/missing", self.missing),
            ("/broken", self.broken),
            ("/stream", self.stream),
        ]
        self.app = Starlette(routes=[Route(path, handler, methods=["GET", "POST"]) for path, handler in routes])

    async def public(self, request: Request) -> Response:
        self.asked.append(f"{request.method} {request.url.path}?{request.url.query}")
        self.begun.set()
        if self.gate is not None:
            await self.gate.wait()
        return PlainTextResponse(f"{LONG}{len(self.asked)}", headers=CACHE)

    async def private(self, request: Request) -> Response:
        self.asked.append(request.method)
        return PlainTextResponse("for you", headers={"cache-control": "no-store"})

    async def missing(self, request: Request) -> Response:
        self.asked.append(request.method)
        return PlainTextResponse("nothing", 404, CACHE)

    async def broken(self, _request: Request) -> Response:
        raise RuntimeError("a bug")

    async def stream(self, _request: Request) -> Response:
        async def parts() -> object:
            yield b"one "
            yield b"two"

        return StreamingResponse(parts())  # type: ignore[arg-type] # an async generator, whatever it is declared as


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
def front(behind: Behind) -> Snapshots:
    fixed = {
        "/static/site.css": Kept(b"body{}", [(b"content-type", b"text/css"), (b"cache-control", b"immutable")])
    }
    return Snapshots(behind.app, fixed)


def client(front: Snapshots) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=front, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://stillup.test")


async def test_a_public_answer_is_made_once_until_there_is_a_new_board(behind: Behind, front: Snapshots) -> None:
    async with client(front) as web:
        first, second = await web.get("/public"), await web.get("/public")
        front.forget()
        third = await web.get("/public")
    assert (first.text, third.text) == (f"{LONG}1", f"{LONG}2")
    assert second.text == first.text
    assert first.headers["etag"] != third.headers["etag"]


async def test_every_query_is_an_answer_of_its_own(behind: Behind, front: Snapshots) -> None:
    async with client(front) as web:
        for path in ("/public", "/public?a=1", "/public?a=1", "/public"):
            await web.get(path)
    assert behind.asked == ["GET /public?", "GET /public?a=1"]


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("br", "br"), ("gzip", "gzip"), ("identity", None), ("deflate", None)]
)
async def test_an_answer_comes_in_the_encoding_that_the_client_reads(
    behind: Behind, front: Snapshots, accepted: str, encoding: str | None
) -> None:
    async with client(front) as web:
        told = await web.get("/public", headers={"accept-encoding": accepted})
        again = await web.get(
            "/public", headers={"accept-encoding": accepted, "if-none-match": told.headers["etag"]}
        )
        plain = await web.get("/public", headers={"accept-encoding": "identity"})
    assert (told.text, told.headers.get("content-encoding"), told.headers["vary"]) == (
        f"{LONG}1",
        encoding,
        "accept-encoding",
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == told.headers["etag"]
    assert (plain.headers["etag"] == told.headers["etag"]) is (encoding is None)
    assert behind.asked == ["GET /public?"]


async def test_a_short_answer_is_not_packed(front: Snapshots) -> None:
    async with client(front) as web:
        told = await web.get("/static/site.css")
    assert (told.text, "content-encoding" in told.headers) == ("body{}", False)


async def test_a_head_is_told_everything_but_the_body(behind: Behind, front: Snapshots) -> None:
    async with client(front) as web:
        for path in ("/public", "/private"):
            head, whole = await web.head(path), await web.get(path)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-length"] == whole.headers["content-length"]
    assert behind.asked == ["GET /public?", "GET", "GET"]


async def test_what_is_not_public_or_not_well_is_asked_for_every_time(behind: Behind, front: Snapshots) -> None:
    async with client(front) as web:
        told = [await web.get(path) for path in ("/private", "/private", "/missing", "/missing")]
        posted = await web.post("/private")
    assert [each.status_code for each in told] == [200, 200, 404, 404]
    assert behind.asked == ["GET"] * 4 + ["POST"]
    assert posted.text == "for you"


@pytest.mark.parametrize("path", ["/public", "/private", "/missing", "/broken", "/nowhere", "/static/site.css"])
async def test_nothing_leaves_without_the_headers_that_keep_it_safe(front: Snapshots, path: str) -> None:
    async with client(front) as web:
        told = await web.get(path)
    assert told.headers["content-security-policy"].startswith("default-src 'self';")
    assert told.headers["x-content-type-options"] == "nosniff"


async def test_a_bug_is_answered_and_does_not_stay(front: Snapshots) -> None:
    async with client(front) as web:
        told = [(await web.get("/broken")).status_code for _ in range(2)]
    assert told == [500, 500]


async def test_a_stream_passes_as_it_comes(front: Snapshots) -> None:
    async with client(front) as web:
        assert (await web.get("/stream")).text == "one two"


async def test_who_asks_while_it_is_being_made_waits_for_it(behind: Behind, front: Snapshots) -> None:
    behind.gate = asyncio.Event()
    async with client(front) as web:
        asking = [asyncio.create_task(web.get("/public")) for _ in range(5)]
        await behind.begun.wait()
        behind.gate.set()
        told = await asyncio.gather(*asking)
    assert {each.text for each in told} == {f"{LONG}1"}


async def test_what_was_begun_before_a_new_board_is_not_kept_after_it(behind: Behind, front: Snapshots) -> None:
    behind.gate = asyncio.Event()
    async with client(front) as web:
        late = asyncio.create_task(web.get("/public"))
        await behind.begun.wait()
        front.forget()
        behind.gate.set()
        assert (await late).text == f"{LONG}1"
        assert (await web.get("/public")).text == f"{LONG}2"
