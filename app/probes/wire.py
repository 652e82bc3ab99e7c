"""A fresh connection of our own: name, address, TCP and TLS apart, bytes out and bytes in.

HTTP client libraries fold these steps into one and cost several times as much; a monitor lives off telling
them apart. TLS is driven by hand over memory buffers, because asyncio's own layer neither says which step
failed nor lets go of its memory without the garbage collector.
"""

import asyncio
import ssl
from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Self, cast

from app.clock import Clock
from app.domain.result import FailureKind
from app.domain.saying import say
from app.probes.failures import OUR_CONFIG, ProbeError, explain, failed
from app.probes.guard import refusal
from app.probes.resolve import Address, Family, literal
from app.probes.trip import Trip

_READ_AHEAD = 64 * 1024
"""So many bytes are taken in before they are asked for; the peer has to wait with more."""
_AT_ONCE = 16 * 1024
"""So much a new connection takes without the peer's doing, so there is nothing to wait for."""


class Line(asyncio.Protocol):
    """A connection to send and receive on. Raises the system's own errors; used as `with`, it ends at once.

    `connected_at` and `arrived_at` are the moments (of the clock's monotonic time) at which the connection
    stood and the bytes last received came in: when it happened, not when we got round to it.
    """

    __slots__ = (
        "_ahead",
        "_broken",
        "_chunks",
        "_clock",
        "_ended",
        "_full",
        "_loop",
        "_transport",
        "_waiter",
        "arrived_at",
        "connected_at",
    )

    def __init__(self, clock: Clock) -> None:
        self.connected_at = self.arrived_at = 0.0
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._chunks: list[bytes] = []
        self._ahead = 0
        self._waiter: asyncio.Future[None] | None = None
        self._ended = self._full = False
        self._broken: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.abort()
        self._broken = None  # it refers to the frames that raised it, and they to us

    async def receive(self) -> bytes:
        """What has arrived, as soon as there is something; empty once the peer has ended its side."""
        while not self._chunks:
            if self._ended:
                if self._broken is not None:
                    raise self._broken
                return b""
            await self._news()
        data = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        if self._ahead > _READ_AHEAD and not self._ended:
            self._transport.resume_reading()
        self._ahead = 0
        return data

    async def send(self, data: bytes) -> None:
        """Hand over to the system all of `data`, or as much as the peer takes before it answers or leaves."""
        if len(data) <= _AT_ONCE:
            self._transport.write(data)
            return
        self._transport.set_write_buffer_limits(0)
        self._transport.write(data)
        while self._full and not self._chunks:
            if self._ended:
                raise self._broken or ConnectionResetError
            await self._news()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The loop calls this once TCP stands."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance
        self.connected_at = self._clock.monotonic()

    def data_received(self, data: bytes) -> None:
        """The loop calls this with what arrives."""
        if not self._chunks:
            self.arrived_at = self._clock.monotonic()
        self._chunks.append(data)
        if self._ahead <= _READ_AHEAD < self._ahead + len(data):
            self._transport.pause_reading()
        self._ahead += len(data)
        self._wake()

    def eof_received(self) -> None:
        """The loop calls this when the peer has ended its side."""
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """The loop calls this when the connection is gone."""
        self._ended = True
        self._broken = exc
        self._wake()

    def pause_writing(self) -> None:
        """The loop calls this when the peer does not take what we send."""
        self._full = True

    def resume_writing(self) -> None:
        """The loop calls this when everything is sent."""
        self._full = False
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _news(self) -> asyncio.Future[None]:
        """What to await until something has happened."""
        self._waiter = self._loop.create_future()
        return self._waiter


class SecureLine:
    """A line with TLS over it. Raises `ssl.SSLError` beside the line's errors."""

    __slots__ = ("_incoming", "_line", "_outgoing", "tls")

    def __init__(self, line: Line, context: ssl.SSLContext, name: str) -> None:
        self._line = line
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)

    @property
    def arrived_at(self) -> float:
        """The moment at which the bytes last received came in."""
        return self._line.arrived_at

    async def shake_hands(self) -> None:
        """Agree on keys and see the certificate. Raises `ProbeError` if the peer leaves meanwhile."""
        while True:
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self._line.receive()
                if not data:
                    broken_off = say("closed the connection during the TLS handshake")
                    raise ProbeError(failed(FailureKind.TLS_FAILED, broken_off)) from None
                self._incoming.write(data)
            else:
                await self._flush()
                return

    async def send(self, data: bytes) -> None:
        """Send all of `data`."""
        rest = memoryview(data)
        while rest:
            rest = rest[self.tls.write(rest) :]
        await self._flush()

    async def receive(self) -> bytes:
        """The next bytes, as soon as there are any; empty at the end."""
        while True:
            try:
                return self.tls.read(_READ_AHEAD)
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self._line.receive()
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    async def _flush(self) -> None:
        if self._outgoing.pending:
            await self._line.send(self._outgoing.read())


async def dial(trip: Trip, host: str, port: int, family: Family = Family.ANY) -> Line:
    """Look `host` up, see that its addresses may be probed, and connect to the first that accepts."""
    spelt_out = literal(host)
    if spelt_out is None:
        trip.where = host
        trip.begin("dns")
        addresses: Sequence[Address] = await trip.context.resolver.lookup(host, family)
        trip.done()
    else:
        addresses = (spelt_out,)
    if not trip.context.allow_private:
        addresses = _permitted(addresses, host, trip)
    trip.begin("connect")
    line = await _connected(trip, _two_of(addresses), port)
    trip.done(at=line.connected_at)
    return line


async def secured(trip: Trip, line: Line, name: str, ca_file: str | None) -> SecureLine:
    """Shake hands for `name`, which the certificate must bear, trusting the system's roots and `ca_file`."""
    trip.begin("tls")
    secure = SecureLine(line, _trust(ca_file), name)
    await secure.shake_hands()
    trip.done()
    return secure


def _permitted(addresses: Sequence[Address], host: str, trip: Trip) -> Sequence[Address]:
    permitted = [address for address in addresses if refusal(address.ip) is None]
    if permitted:
        return permitted
    trip.address = addresses[0]
    ip = addresses[0].ip
    leads_to = ip if ip == host else say("{host} leads to {ip}", host=host, ip=ip)
    sentence = say("was not asked: {what}, {why}", what=leads_to, why=refusal(ip))
    raise ProbeError(failed(FailureKind.ADDRESS_FORBIDDEN, sentence))


def _two_of(addresses: Sequence[Address]) -> Sequence[Address]:
    """The best address and a second opinion, of the other version of IP where there is one."""
    if len(addresses) == 1:
        return addresses
    first = addresses[0]
    others = sorted(addresses[1:], key=lambda address: address.family == first.family)
    return (first, *others[:1])


async def _connected(trip: Trip, addresses: Sequence[Address], port: int) -> Line:
    """Connect to the first address within half the time, else to the second within the rest."""
    loop = asyncio.get_running_loop()
    failures = []
    for nth, address in enumerate(addresses, start=1):
        trip.address = address
        trip.where = f"{address.ip} port {port}"
        connecting = loop.create_connection(partial(Line, trip.context.clock), address.ip, port)
        try:
            if nth == len(addresses):
                _, line = await connecting
            else:
                async with asyncio.timeout(trip.timeouts.of("connect") / 2):
                    _, line = await connecting
        except OSError as error:
            failures.append(explain(error, "connect", trip.where))
        else:
            return line
    # What one address tells of the vendor outweighs that the other cannot be reached from here.
    raise ProbeError(next((failure for failure in failures if failure.blame.is_vendors), failures[0]))


def _trust(ca_file: str | None) -> ssl.SSLContext:
    """The context that trusts the system's roots and those in `ca_file` (PEM), made once. Raises `ProbeError`."""
    try:
        return _context(ca_file, Path(ca_file).stat().st_mtime_ns if ca_file else 0)
    except OSError as error:
        sentence = say(
            "could not be asked: the trusted roots in {file} cannot be read ({why})",
            file=ca_file,
            why=error.strerror or str(error),
        )
        raise ProbeError(failed(FailureKind.PROBER_BROKE, sentence, OUR_CONFIG)) from None


@lru_cache(maxsize=32)
def _context(ca_file: str | None, _changed_at: int) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    # What browsers accept is not for a monitor to call an outage; newer Pythons are stricter by default.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.set_alpn_protocols(["http/1.1"])
    return context
