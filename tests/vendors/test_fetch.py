"""Fetching from a real server on loopback that does what strangers' servers do."""

import asyncio
import gzip
import ssl
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import trustme

from app.vendors.fetch import Fetcher, FetchError, FetchErrorKind, Guard, Validators
from app.vendors.reader import Source
from tests.build import minute

NOW = minute(0)
Answer = Callable[[str, dict[str, str]], bytes]


def answer(status: str = "200 OK", body: bytes = b"{}", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Server:
    """Answers each request with what `answer` makes of its path and headers, and keeps what was asked."""

    def __init__(self, answer_with: Answer) -> None:
        self._answer = answer_with
        self.asked: list[tuple[str, dict[str, str]]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        if length := int(headers.get("content-length", "0")):
            headers["body"] = (await reader.readexactly(length)).decode()
        method, path, _ = first.split(" ")
        self.asked.append((f"{method} {path}", headers))
        writer.write(self._answer(path, headers))
        await writer.drain()
        writer.close()


@asynccontextmanager
async def serving(answer_with: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[Server, int]]:
    server = Server(answer_with)
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls) as listening:
        yield server, listening.sockets[0].getsockname()[1]


def no_loopback(address: str) -> str | None:
    return "a loopback address" if address in ("127.0.0.1", "::1") else None


def anywhere(_address: str) -> None:
    """Lets redirects lead to loopback as if it were the internet."""


def fetcher(guard: Guard = no_loopback, *, tls: ssl.SSLContext | None = None) -> Fetcher:
    return Fetcher(user_agent="stillup/test (+https://x.example)", guard=guard, largest=100_000, tls=tls)


async def fails(
    port: int, path: str = "/", *, source: Source | None = None, guard: Guard = no_loopback
) -> FetchError:
    async with fetcher(guard) as fetching:
        with pytest.raises(FetchError) as raised:
            await fetching.fetch(source or Source(url=f"http://127.0.0.1:{port}{path}"), NOW)
    return raised.value


async def test_a_document_comes_with_its_validators_and_our_name_is_given() -> None:
    made = answer(body=b'{"a": 1}', content_type="application/json", etag='"1"', last_modified="then")
    async with serving(lambda _path, _headers: made) as (server, port), fetcher() as fetching:
        got = await fetching.fetch(Source(url=f"http://127.0.0.1:{port}/summary.json?x=1"), NOW)
    assert got.document is not None
    assert (got.document.body, got.document.content_type, got.document.read_at) == (
        b'{"a": 1}',
        "application/json",
        NOW,
    )
    assert got.validators == Validators(etag='"1"', last_modified="then")
    (path, headers) = server.asked[0]
    assert path == "GET /summary.json?x=1"
    assert headers["user-agent"] == "stillup/test (+https://x.example)"
    assert headers["host"] == f"127.0.0.1:{port}"


async def test_what_has_not_changed_is_not_sent_again() -> None:
    def unless_known(_path: str, headers: dict[str, str]) -> bytes:
        return answer("304 Not Modified", b"") if headers.get("if-none-match") == '"1"' else answer(etag='"1"')

    async with serving(unless_known) as (server, port), fetcher() as fetching:
        source = Source(url=f"http://127.0.0.1:{port}/")
        first = await fetching.fetch(source, NOW)
        again = await fetching.fetch(source, NOW, first.validators)
    assert (again.document, again.validators) == (None, first.validators)
    assert "if-none-match" not in server.asked[0][1]


async def test_a_call_is_made_as_the_source_says() -> None:
    async with serving(lambda _path, _headers: answer()) as (server, port), fetcher() as fetching:
        await fetching.fetch(
            Source(url=f"http://127.0.0.1:{port}/rpc", method="POST", body=b"[]", headers={"x-key": "k"}), NOW
        )
    assert (server.asked[0][0], server.asked[0][1]["body"], server.asked[0][1]["x-key"]) == (
        "POST /rpc",
        "[]",
        "k",
    )


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(b"x" * 9000), gzip.compress(b"x" * 4500) * 2, zlib.compress(b"x" * 9000)],
    ids=["gzip", "gzip in two members", "deflate"],
)
async def test_what_is_compressed_is_unfolded(packed: bytes) -> None:
    encoding = "gzip" if packed[:2] == b"\x1f\x8b" else "deflate"
    made = answer(body=packed, content_encoding=encoding)
    async with serving(lambda _path, _headers: made) as (_, port), fetcher() as fetching:
        got = await fetching.fetch(Source(url=f"http://127.0.0.1:{port}/"), NOW)
    assert got.document is not None
    assert got.document.body == b"x" * 9000


NO_DOCUMENTS = {
    "The page answered 503.": answer("503 Service Unavailable"),
    "The page answered 204.": answer("204 No Content", b""),
    "The page has more than 100,000 bytes.": answer(body=b"x" * 100_001),
    "The page is encoded as 'br', unasked.": answer(body=b"x", content_encoding="br"),
    "The page cannot be decompressed.": answer(body=b"no gzip", content_encoding="gzip"),
    "The page's compression ended early.": answer(body=gzip.compress(b"x" * 9)[:-9], content_encoding="gzip"),
    "The page's server broke off.": b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nshort",
    "The page redirected to no address at all.": answer("302 Found", location="http://a:b/"),
    "The page redirected to an address that is not https.": answer("302 Found", location="ftp://x.example/"),
    "localhost leads to a loopback address.": answer("302 Found", location="http://localhost:1/"),
    "127.0.0.1 leads to a loopback address.": answer("302 Found", location="http://127.0.0.1:1/"),
}


@pytest.mark.parametrize("sentence", NO_DOCUMENTS)
async def test_what_is_no_document_is_told_in_a_sentence(sentence: str) -> None:
    async with serving(lambda _path, _headers: NO_DOCUMENTS[sentence]) as (_, port):
        assert str(await fails(port)) == sentence


@pytest.mark.parametrize("made", [b"", b"SSH-2.0-OpenSSH_9.6\r\n"])
async def test_what_is_no_http_is_a_server_that_broke_off(made: bytes) -> None:
    async with serving(lambda _path, _headers: made) as (_, port):
        assert (await fails(port)).kind is FetchErrorKind.CLOSED_EARLY


async def test_a_bomb_is_not_unfolded_beyond_the_limit() -> None:
    bomb = answer(body=gzip.compress(b"0" * 200_000_000, 9), content_encoding="gzip")
    async with serving(lambda _path, _headers: bomb) as (_, port):
        tracemalloc.start()
        error = await fails(port)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert error.kind is FetchErrorKind.TOO_LARGE
    assert peak < 10_000_000


async def test_a_server_that_asks_us_to_wait_is_heard() -> None:
    async with serving(lambda _path, _headers: answer("429 Too Many Requests", retry_after="90")) as (_, port):
        assert (await fails(port)).retry_after == timedelta(seconds=90)
    date = "Sun, 01 Mar 2026 14:10:00 GMT"
    async with serving(lambda _path, _headers: answer("429 Too Many Requests", retry_after=date)) as (_, port):
        assert (await fails(port)).retry_after == timedelta(minutes=10)
    async with serving(lambda _path, _headers: answer("429 Too Many Requests", retry_after="soon")) as (_, port):
        assert (await fails(port)).retry_after is None


async def test_redirects_are_followed_a_few_times() -> None:
    def down_to_zero(path: str, _headers: dict[str, str]) -> bytes:
        left = int(path[1:])
        return answer("302 Found", b"", location=f"/{left - 1}") if left else answer(body=b"there")

    async with serving(down_to_zero) as (_, port), fetcher(anywhere) as fetching:
        got = await fetching.fetch(Source(url=f"http://127.0.0.1:{port}/5"), NOW)
        assert got.document is not None
        assert (got.document.body, got.document.url) == (b"there", f"http://127.0.0.1:{port}/0")
        error = await fails(port, "/6", guard=anywhere)
    assert (error.kind, str(error)) == (FetchErrorKind.REDIRECTED, "The page redirected more than 5 times.")


async def test_a_key_for_one_host_is_not_given_to_another() -> None:
    async with serving(lambda _path, _headers: answer()) as (other, there):
        onward = answer("307 Temporary Redirect", location=f"http://localhost:{there}/")
        async with serving(lambda _path, _headers: onward) as (own, port), fetcher(anywhere) as fetching:
            await fetching.fetch(Source(url=f"http://127.0.0.1:{port}/", headers={"x-key": "k"}), NOW)
    assert ("x-key" in own.asked[0][1], "x-key" in other.asked[0][1]) == (True, False)
    assert other.asked[0][1]["host"] == f"localhost:{there}"


async def test_an_address_that_the_catalogue_spells_out_is_its_writers_choice() -> None:
    async with serving(lambda _path, _headers: answer()) as (server, port), fetcher() as fetching:
        for host in ("localhost", "127.0.0.1"):
            assert (await fetching.fetch(Source(url=f"http://{host}:{port}/"), NOW)).document is not None
    assert len(server.asked) == 2


async def test_another_spelling_of_a_private_address_is_refused() -> None:
    for host in ("127.1", "0x7f000001", "2130706433"):
        error = await fails(0, source=Source(url=f"http://{host}:1/"))
        assert str(error) == f"{host} leads to a loopback address."


async def test_nobody_there_is_told() -> None:
    async with serving(lambda _path, _headers: answer()) as (_, port):
        pass
    assert (await fails(port)).kind is FetchErrorKind.NO_CONNECTION
    assert (await fails(0, source=Source(url="gopher://x.example/"))).kind is FetchErrorKind.BAD_ADDRESS


async def test_certificates_are_checked_against_the_name_not_the_address() -> None:
    authority = trustme.CA()
    serving_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(serving_tls)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with serving(lambda _path, _headers: answer(), serving_tls) as (_, port):
        async with fetcher(tls=trusting) as fetching:
            got = await fetching.fetch(Source(url=f"https://localhost:{port}/"), NOW)
            assert got.document is not None
            with pytest.raises(FetchError) as raised:
                await fetching.fetch(Source(url=f"https://127.0.0.1:{port}/"), NOW)
        assert raised.value.kind is FetchErrorKind.TLS_FAILED
        assert (await fails(0, source=Source(url=f"https://localhost:{port}/"))).kind is FetchErrorKind.TLS_FAILED
