"""Trouble below HTTP, as a client's own sockets report it."""

import asyncio
import socket
import ssl
import struct
import sys
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest

from app.lab.dns import QuestionError, parse_question, trouble_of
from app.lab.ports import Certificates, make_certificates
from app.lab.world import World, lab_world


@pytest.fixture
async def open_world() -> AsyncIterator[World]:
    async with lab_world(trouble_ports=True) as world:
        yield world


def trusting(world: World) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=world.authority.decode())


async def get(world: World, port: str) -> httpx.Response:
    async with httpx.AsyncClient(verify=trusting(world), timeout=5) as client:
        return await client.get(world.url("ollama", by=port) + "/")


@pytest.mark.parametrize("port", ["tls_good", "tls_slow"])
async def test_a_good_certificate_leads_into_the_same_world(open_world: World, port: str) -> None:
    assert (await get(open_world, port)).text == "Ollama is running"


@pytest.mark.parametrize(
    ("port", "reason"),
    [
        ("tls_expired", "certificate has expired"),
        ("tls_not_yet_valid", "certificate is not yet valid"),
        ("tls_wrong_name", "IP address mismatch"),
        ("tls_untrusted", "unable to get local issuer certificate"),
    ],
)
async def test_a_bad_certificate_is_bad_for_its_reason(open_world: World, port: str, reason: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError) as refused:
        await handshake(open_world, port)
    assert reason in refused.value.verify_message


@pytest.mark.parametrize(
    ("port", "error"),
    [("tls_reset", ConnectionResetError), ("tls_plain", ssl.SSLError), ("tls_stalled", TimeoutError)],
)
async def test_a_handshake_fails(open_world: World, port: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        await handshake(open_world, port)


async def handshake(world: World, port: str) -> None:
    async with asyncio.timeout(0.5 if port == "tls_stalled" else 5):
        _, writer = await asyncio.open_connection("127.0.0.1", world.ports[port], ssl=trusting(world))
    writer.close()
    await writer.wait_closed()


async def test_a_vendors_certificate_expires_and_is_renewed(open_world: World) -> None:
    assert (await get(open_world, "tls_ollama")).text == "Ollama is running"
    expired = open_world.trouble("ollama", "tls_expired")
    with pytest.raises(ssl.SSLCertVerificationError, match="certificate has expired"):
        await handshake(open_world, "tls_ollama")
    await handshake(open_world, "tls_openai")
    open_world.clear(expired)
    await handshake(open_world, "tls_ollama")


async def test_a_vendors_name_is_lost_and_found(open_world: World) -> None:
    codes = []
    for kind in ("", "dns_nxdomain", "dns_servfail", ""):
        name = open_world.trouble("openai", kind) if kind else ""
        codes += [
            (await resolve(open_world, host))[3] & 0x0F for host in ("eu.openai.lab.test", "cohere.lab.test")
        ]
        open_world.clear(name)
    assert codes == [0, 0, 3, 0, 2, 0, 0, 0]


def test_without_certificates_there_are_no_ports_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)  # as if the optional package were not installed
    assert make_certificates() == Certificates(contexts={}, authority=b"")


async def test_a_connection_is_refused(open_world: World) -> None:
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", open_world.ports["tcp_refused"])


async def test_a_connection_is_never_answered(open_world: World) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await asyncio.open_connection("127.0.0.1", open_world.ports["tcp_unanswered"])


def question(name: str, kind: int = 1, identity: int = 7) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!6H", identity, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", kind, 1)


async def resolve(world: World, name: str, kind: int = 1, *, tcp: bool = False) -> bytes:
    """Ask the lab's name server, by UDP or TCP."""
    asked, port = question(name, kind), world.ports["dns"]
    if tcp:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(len(asked).to_bytes(2, "big") + asked)
        reply = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        writer.close()
        await writer.wait_closed()
        return reply
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.setblocking(False)  # noqa: FBT003 - the standard library's signature
        await loop.sock_connect(asker, ("127.0.0.1", port))
        await loop.sock_sendall(asker, asked)
        async with asyncio.timeout(0.3 if name.startswith("timeout") else 5):
            return await loop.sock_recv(asker, 1024)


@pytest.mark.parametrize(
    ("name", "kind", "code", "address"),
    [
        ("openai.lab.test", 1, 0, "127.0.0.1"),
        ("eu.web.OpenAI.lab.test", 1, 0, "127.0.0.1"),
        ("lab.test", 1, 0, "127.0.0.1"),
        ("slow.lab.test", 1, 0, "127.0.0.1"),
        ("elsewhere.lab.test", 1, 0, "192.0.2.1"),
        ("empty.lab.test", 1, 0, ""),
        ("openai.lab.test", 15, 0, ""),
        ("openai.servfail.lab.test", 1, 2, ""),
        ("nxdomain.lab.test", 1, 3, ""),
        ("openai.example", 1, 3, ""),
        ("refused.lab.test", 1, 5, ""),
    ],
)
async def test_a_name_resolves_as_it_is_called(
    open_world: World, name: str, kind: int, code: int, address: str
) -> None:
    reply = await resolve(open_world, name, kind)
    identity, flags, _, answers, *_ = struct.unpack_from("!6H", reply)
    found = socket.inet_ntoa(reply[-4:]) if answers else ""
    assert (identity, flags & 0x8000, flags & 0x0F, found) == (7, 0x8000, code, address)


async def test_other_types_are_answered_too(open_world: World) -> None:
    v6 = await resolve(open_world, "openai.lab.test", 28)
    text = await resolve(open_world, "openai.lab.test", 16)
    assert socket.inet_ntop(socket.AF_INET6, v6[-16:]) == "::1"
    assert text.endswith(b"pretended host openai.lab.test")


async def test_a_truncated_reply_sends_the_asker_to_tcp(open_world: World) -> None:
    udp = await resolve(open_world, "truncated.lab.test")
    tcp = await resolve(open_world, "truncated.lab.test", tcp=True)
    assert [struct.unpack_from("!H", reply, 2)[0] & 0x0200 for reply in (udp, tcp)] == [0x0200, 0]
    assert socket.inet_ntoa(tcp[-4:]) == "127.0.0.1"


async def test_a_name_server_may_never_answer(open_world: World) -> None:
    with pytest.raises(TimeoutError):
        await resolve(open_world, "timeout.lab.test")


@pytest.mark.parametrize("message", [b"", b"\0" * 12, b"\0" * 12 + b"\x3fabc", b"\0" * 12 + b"\x01\xff\0\0\1\0\1"])
def test_what_is_no_question_is_not_answered(message: bytes) -> None:
    with pytest.raises(QuestionError):
        parse_question(message)


def test_the_zone_ends_at_a_dot() -> None:
    assert [trouble_of(name) for name in ("a.lab.test", "notlab.test")] == ["", "nxdomain"]


async def test_the_trouble_ports_are_told_of(open_world: World) -> None:
    async with httpx.AsyncClient() as client:
        overview = (await client.get(f"{open_world.origin}/lab")).json()
    assert overview["ports"] == open_world.ports
    assert len(set(open_world.ports.values()) | {urlsplit(open_world.origin).port}) == 13 + len(open_world.vendors)
