"""Trouble below HTTP, on ports of their own: connections refused or unanswered, bad certificates, slow handshakes.

Certificates are made when the lab opens, by the optional package `trustme`.
"""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.lab.server import HttpServer

_NAMES = ("localhost", "127.0.0.1", "::1", "*.localhost", "*.lab.test")
_LONG = timedelta(days=3650)
_YEAR = timedelta(days=365)
_A_WHILE = timedelta(days=3)
_HANDSHAKE_DELAY = 1.0
_RST = struct.pack("ii", 1, 0)
_FILLERS = 4

_Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


Below = Callable[[str, str], str]
"""Which trouble of a layer strikes a vendor now; see `World.below`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """What a server may show, by the name of what is wrong with it, and the authority (PEM) behind the good ones.

    All is empty where `trustme` is not installed; then there are no ports with certificates.
    """

    contexts: Mapping[str, ssl.SSLContext]
    authority: bytes


def make_certificates() -> Certificates:
    """Fresh certificates: good, expired, not_yet_valid, wrong_name, untrusted."""
    try:
        import trustme  # noqa: PLC0415 - an optional package, wanted only where certificates are
    except ImportError:
        return Certificates(contexts={}, authority=b"")
    now = datetime.now(UTC)
    authority, stranger = trustme.CA(), trustme.CA()
    certificates = {
        "good": authority.issue_cert(*_NAMES, not_after=now + _YEAR),
        "expired": authority.issue_cert(*_NAMES, not_before=now - _LONG, not_after=now - _A_WHILE),
        "not_yet_valid": authority.issue_cert(*_NAMES, not_before=now + _A_WHILE),
        "wrong_name": authority.issue_cert("wrong-name.lab.test"),
        "untrusted": stranger.issue_cert(*_NAMES),
    }
    contexts = {}
    for name, certificate in certificates.items():
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(contexts[name])
    return Certificates(contexts=contexts, authority=authority.cert_pem.bytes())


@asynccontextmanager
async def open_trouble_ports(
    server: HttpServer, host: str, certificates: Certificates, vendors: Sequence[str], below: Below
) -> AsyncIterator[dict[str, int]]:
    """All trouble ports by name. Those with a certificate speak the same world as the plain port.

    tcp_refused, tcp_unanswered (SYNs are dropped); tls_good, tls_expired, tls_not_yet_valid, tls_wrong_name,
    tls_untrusted, tls_slow (a second late), tls_stalled (never answers), tls_reset (after the client's hello),
    tls_plain (speaks HTTP where TLS is expected); and for every vendor tls_<vendor>, whose certificate is good
    until trouble strikes it.
    """
    async with AsyncExitStack() as stack:
        ports = {
            f"tls_{name}": await server.listen(host, 0, tls=one) for name, one in certificates.contexts.items()
        }
        if certificates.contexts:
            for vendor in vendors:
                context = _changing(certificates, vendor, below)
                ports[f"tls_{vendor}"] = await server.listen(host, 0, tls=context)
            slow = _raw_port(host, _relay(host, ports["tls_good"]))
            ports["tls_slow"] = await stack.enter_async_context(slow)
        ports["tls_plain"] = await server.listen(host, 0)
        ports["tls_stalled"] = await stack.enter_async_context(_raw_port(host, _ignore))
        ports["tls_reset"] = await stack.enter_async_context(_raw_port(host, _reset))
        ports["tcp_refused"] = stack.enter_context(_refused_port(host))
        ports["tcp_unanswered"] = stack.enter_context(_unanswered_port(host))
        yield ports


def _changing(certificates: Certificates, vendor: str, below: Below) -> ssl.SSLContext:
    """A context that decides at every handshake which certificate to show."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def choose(handshake: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        handshake.context = certificates.contexts[below(vendor, "tls") or "good"]

    context.sni_callback = choose
    return context


@asynccontextmanager
async def _raw_port(host: str, serve: _Serve) -> AsyncIterator[int]:
    """A port whose connections are left to `serve`; those still open at the end are dropped."""
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            tasks.add(task)
        try:
            with suppress(OSError):
                await serve(reader, writer)
        finally:
            writer.transport.abort()
            if task:
                tasks.discard(task)

    listener = await asyncio.start_server(accept, host, 0)
    try:
        yield int(listener.sockets[0].getsockname()[1])
    finally:
        listener.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await listener.wait_closed()


async def _ignore(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    while await reader.read(65_536):
        pass


async def _reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)


def _relay(host: str, port: int) -> _Serve:
    """Pass everything on to another port, but begin late: to a client, a slow handshake."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(_HANDSHAKE_DELAY)
        inner_reader, inner_writer = await asyncio.open_connection(host, port)
        try:
            await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
        finally:
            inner_writer.transport.abort()

    return serve


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@contextmanager
def _refused_port(host: str) -> Iterator[int]:
    """A port that is taken, so that nobody else gets it, but on which nobody listens."""
    with socket.socket(_family(host)) as held:
        held.bind((host, 0))
        yield int(held.getsockname()[1])


@contextmanager
def _unanswered_port(host: str) -> Iterator[int]:
    """A port whose queue is full, so that the kernel drops further SYNs and a connection never comes about."""
    with ExitStack() as held:
        listener = held.enter_context(socket.socket(_family(host)))
        listener.bind((host, 0))
        listener.listen(0)
        for _ in range(_FILLERS):
            filler = held.enter_context(socket.socket(_family(host)))
            filler.setblocking(False)  # noqa: FBT003 - the standard library's signature
            filler.connect_ex(listener.getsockname())
        yield int(listener.getsockname()[1])


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
