"""The server: HTTP/1.1 as clients expect it, and the loop's time as the only clock."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

import pytest

from app.lab.answer import Answer, Piece, Request, Role, whole
from app.lab.server import Exchange, HttpServer
from app.lab.world import World, lab_world

Talk = Callable[[bytes], Awaitable[bytes]]


def echo(request: Request) -> Answer:
    return whole(200, request.target.encode() + request.body, "text/plain")


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    """Send bytes to an echoing server and read until it hangs up."""
    server = HttpServer(echo, deque())
    port = await server.listen("127.0.0.1", 0)

    async def once(data: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        try:
            return await reader.read()
        finally:
            writer.close()
            await writer.wait_closed()

    yield once
    await server.close()


def bodies(answers: bytes) -> list[bytes]:
    return [part.rpartition(b"\r\n\r\n")[2] for part in answers.split(b"HTTP/1.1 200 OK")[1:]]


async def test_a_connection_is_kept_and_requests_on_it_are_answered_in_order(talk: Talk) -> None:
    asked = b"GET /one HTTP/1.1\r\nhost: x\r\n\r\nPOST /two HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n2"
    answers = await talk(asked + b"GET /last HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    assert bodies(answers) == [b"/one", b"/two2", b"/last"]


async def test_http_1_0_closes_after_its_answer(talk: Talk) -> None:
    assert bodies(await talk(b"GET /old HTTP/1.0\r\n\r\n")) == [b"/old"]


async def test_a_stream_to_http_1_0_goes_without_chunks_and_ends_with_the_connection() -> None:
    pieces = tuple(Piece(at=0, data=data, role=Role.TEXT) for data in (b"one ", b"two"))
    server = HttpServer(lambda _: Answer(status=200, pieces=pieces, streamed=True), deque())
    port = await server.listen("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n")
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    assert (body, b"chunked" in head, b"content-length" in head) == (b"one two", False, False)
    writer.close()
    await writer.wait_closed()
    await server.close()


async def test_a_head_request_gets_headers_alone(talk: Talk) -> None:
    answer = await talk(b"HEAD /much HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    assert (b"content-length: 5" in answer, answer.endswith(b"\r\n\r\n")) == (True, True)


async def test_a_client_that_asks_whether_to_go_on_is_told(talk: Talk) -> None:
    head = b"POST /x HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\nconnection: close\r\n\r\n"
    answer = await talk(head + b"ok")
    assert (answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"), bodies(answer)) == (
        True,
        [b"/xok"],
    )


async def test_a_chunked_request_is_read(talk: Talk) -> None:
    head = b"POST /x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    assert bodies(await talk(head + b"3\r\nabc\r\n0\r\n\r\n")) == [b"/xabc"]


async def test_what_is_not_http_is_refused(talk: Talk) -> None:
    assert (await talk(b"\x16\x03\x01 hello\r\n\r\n")).startswith(b"HTTP/1.1 400 Bad Request")


async def test_statuses_without_a_body_have_none() -> None:
    server = HttpServer(lambda _: Answer(status=204), deque())
    port = await server.listen("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    lines = (await reader.read()).split(b"\r\n")
    assert (lines[0], lines[1][:6], lines[2:]) == (
        b"HTTP/1.1 204 No Content",
        b"date: ",
        [b"connection: close", b"", b""],
    )
    writer.close()
    await writer.wait_closed()
    await server.close()


async def test_everything_is_remembered_with_the_time_it_was_sent() -> None:
    log: deque[Exchange] = deque()
    pieces = tuple(Piece(at=0.01 * number, data=b"x", role=Role.TEXT) for number in range(4))
    server = HttpServer(lambda _: Answer(status=200, pieces=pieces, streamed=True), log)
    port = await server.listen("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    await reader.read()
    (exchange,) = log
    assert [sent >= piece.at for sent, piece in zip(exchange.sent, pieces, strict=True)] == [True] * 4
    writer.close()
    await writer.wait_closed()
    await server.close()


async def test_a_world_closes_though_clients_hang_on() -> None:
    async with lab_world() as world:
        world.trouble("openai", "headers_then_silence")
        split = urlsplit(world.origin)
        reader, writer = await asyncio.open_connection(split.hostname, split.port)
        writer.write(b"GET /openai/v1/models HTTP/1.1\r\nhost: x\r\n\r\n")
        assert await reader.readline() == b"HTTP/1.1 401 Unauthorized\r\n"
    assert (await reader.read()).endswith(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()


async def test_the_port_one_wants_may_be_taken(world: World) -> None:
    with pytest.raises(OSError, match="address already in use"):
        async with lab_world(port=urlsplit(world.origin).port or 0):
            pass


async def test_nobody_is_addressed(world: World) -> None:
    listing = world.handle(Request(method="GET", target="/", headers={}))
    lost = world.handle(Request(method="GET", target="/openai.eu/v1/models", headers={}))
    assert (listing.status, lost.status, b"/openai\n" in listing.body) == (200, 404, True)
