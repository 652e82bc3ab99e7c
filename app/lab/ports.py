"""Trouble below HTTP, on ports of their own: connections refused or unanswered, bad certificates, slow handshakes.

Certificates are made when the lab opens, which needs the optional package `trustme`.
"""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.lab.server import HttpServer

_NAMES = ("localhost", "127.0.0.1", "::1", "*.localhost", "*.lab.test")
_LONG = timedelta(days=3650)
_A_WHILE = timedelta(days=3)
_HANDSHAKE_DELAY = 1.0
_RST = struct.pack("ii", 1, 0)
_FILLERS = 4

_Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TroublePorts:
    """Where to find which trouble, by name, and the authority (PEM) that vouches for the good certificates."""

    ports: Mapping[str, int]
    authority: bytes


@asynccontextmanager
async def open_trouble_ports(server: HttpServer, host: str) -> AsyncIterator[TroublePorts]:
    """All trouble ports. Those with a certificate speak the same world as the plain port, once one is through.

    tcp_refused, tcp_unanswered (SYNs are dropped); tls_good, tls_expired, tls_not_yet_valid, tls_wrong_name,
    tls_untrusted, tls_slow (a second late), tls_stalled (never answers), tls_reset (after the client's hello),
    tls_plain (speaks HTTP where TLS is expected). Raises `ImportError` without `trustme`.
    """
    contexts, authority = _certificates()
    async with AsyncExitStack() as stack:
        ports = {name: await server.listen(host, 0, tls=context) for name, context in contexts.items()}
        ports["tls_plain"] = await server.listen(host, 0)
        raw = {"tls_slow": _relay(host, ports["tls_good"]), "tls_stalled": _ignore, "tls_reset": _reset}
        for name, serve in raw.items():
            ports[name] = await stack.enter_async_context(_raw_port(host, serve))
        ports["tcp_refused"] = stack.enter_context(_refused_port(host))
        ports["tcp_unanswered"] = stack.enter_context(_unanswered_port(host))
        yield TroublePorts(ports=ports, authority=authority)


def _certificates() -> tuple[dict[str, ssl.SSLContext], bytes]:
    import trustme  # noqa: PLC0415 - an optional package, wanted only where certificates are

    now = datetime.now(UTC)
    authority, stranger = trustme.CA(), trustme.CA()
    certificates = {
        "tls_good": authority.issue_cert(*_NAMES),
        "tls_expired": authority.issue_cert(*_NAMES, not_before=now - _LONG, not_after=now - _A_WHILE),
        "tls_not_yet_valid": authority.issue_cert(*_NAMES, not_before=now + _A_WHILE),
        "tls_wrong_name": authority.issue_cert("wrong-name.lab.test"),
        "tls_untrusted": stranger.issue_cert(*_NAMES),
    }
    contexts = {}
    for name, certificate in certificates.items():
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(contexts[name])
    return contexts, authority.cert_pem.bytes()


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
