"""Asking for the addresses of a name, or for other records of it: from the system, or from one name server."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

from app.domain.result import Failure, FailureKind, ProbeResult
from app.domain.saying import say
from app.probes.dnsmessage import RecordType, Reply, parse_reply, render_question
from app.probes.failures import OUR_CONFIG, THEIRS, ProbeError, failed
from app.probes.guard import refusal
from app.probes.prober import SCHEMA, ProbeContext
from app.probes.resolve import Family, ascii_host, literal
from app.probes.trip import Span, Timeouts, Trip

_TRIES = 3
"""Datagrams get lost; a question is put so often within its time."""


class Record(StrEnum):
    """Kinds of records; all but A and AAAA need a `server` to ask."""

    A = "A"
    AAAA = "AAAA"
    CNAME = "CNAME"
    MX = "MX"
    NS = "NS"
    TXT = "TXT"


_FAMILIES = {Record.A: Family.IPV4, Record.AAAA: Family.IPV6}


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsSpec:
    """Look a name up and see that it leads somewhere. Raises `ValueError` for what cannot be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = SCHEMA

    name: str
    """The name to look up."""
    type: Record = Record.A
    """What to ask for."""
    server: str | None = None
    """The IP address of the name server to ask; the system's way of looking up names if there is none."""
    port: Annotated[int, Ge(1), Le(65535)] = 53
    """The port of `server`."""
    expect: tuple[str, ...] = ()
    """Values of which one at least must be among the answers: addresses, names, `10 mail.example.com`, a text."""
    timeout: Span = timedelta(seconds=5)
    """How long it may take."""

    def __post_init__(self) -> None:
        ascii_host(self.name)
        if self.server is None and self.type not in _FAMILIES:
            raise ValueError(f"records of type {self.type} can only be asked of a `server`")
        if self.server is not None and literal(self.server) is None:
            raise ValueError("`server` must be an IP address")

    @property
    def target(self) -> str:
        """What is looked up, and where."""
        return f"{self.type} {self.name}{f' @{self.server}' if self.server else ''}"


async def probe(spec: DnsSpec, context: ProbeContext) -> ProbeResult:
    """Look up once; see `Probe` for what is promised."""
    trip = Trip(context, Timeouts(dns=spec.timeout, total=2 * spec.timeout))
    reply: Reply | None = None
    with trip:
        trip.begin("dns")
        reply = await (_system(spec, trip) if spec.server is None else _server(spec, spec.server, trip))
        trip.done()
        trip.evidence["records"] = ", ".join(reply.values)[:300]
    return trip.result(lambda fault: judge(spec, reply) if reply else fault)


def judge(spec: DnsSpec, reply: Reply) -> Failure | None:
    """Why a reply is not the healthy one, or `None` if it is; pure."""
    if reply.rcode in _RCODES:
        return failed(*_RCODES[reply.rcode])
    if reply.rcode != 0:
        return failed(
            FailureKind.DNS_FAILED, say("has a name that could not be looked up (error {code})", code=reply.rcode)
        )
    if not reply.values:
        return failed(FailureKind.WRONG_RECORD, say("has no record of type {type}", type=spec.type))
    wanted = {value.lower().rstrip(".") for value in spec.expect}
    if not wanted or wanted & {value.lower() for value in reply.values}:
        return None
    sentence = say(
        "leads to {found} instead of {wanted}",
        found=", ".join(reply.values[:3]),
        wanted=", ".join(spec.expect[:3]),
    )
    return failed(FailureKind.WRONG_RECORD, sentence)


_RCODES = {
    2: (FailureKind.DNS_FAILED, say("has a name that could not be looked up (SERVFAIL)"), THEIRS),
    3: (FailureKind.NAME_NOT_FOUND, say("has a name that does not exist (NXDOMAIN)"), THEIRS),
    5: (FailureKind.DNS_FAILED, say("has a name that its name server does not tell us (REFUSED)"), OUR_CONFIG),
}


async def _system(spec: DnsSpec, trip: Trip) -> Reply:
    found = await trip.context.resolver.lookup(ascii_host(spec.name), _FAMILIES[spec.type])
    return Reply(rcode=0, is_truncated=False, values=tuple(address.ip for address in found))


async def _server(spec: DnsSpec, server: str, trip: Trip) -> Reply:
    trip.address = literal(server)
    reason = None if trip.context.allow_private else refusal(server)
    if reason is not None:
        raise ProbeError(
            failed(FailureKind.ADDRESS_FORBIDDEN, say("was not asked: {what}, {why}", what=server, why=reason))
        )
    try:
        reply = await _over_udp(spec, server)
        return await _over_tcp(spec, server) if reply.is_truncated else reply
    except ValueError as error:
        raise ProbeError(
            failed(FailureKind.DNS_FAILED, say("was looked up, but the reply is broken: {why}", why=str(error)))
        ) from None


class _Mailbox(asyncio.DatagramProtocol):
    """Keeps the datagrams that come in, for whoever waits for the next one."""

    def __init__(self) -> None:
        self.letters: asyncio.Queue[bytes | Exception] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - asyncio's signature
        self.letters.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        self.letters.put_nowait(exc)


async def _over_udp(spec: DnsSpec, server: str) -> Reply:
    loop = asyncio.get_running_loop()
    transport, mailbox = await loop.create_datagram_endpoint(_Mailbox, remote_addr=(server, spec.port))
    name, kind, number = ascii_host(spec.name), RecordType[spec.type], secrets.randbits(16)
    try:
        while True:
            transport.sendto(render_question(number, name, kind))
            try:
                async with asyncio.timeout(spec.timeout.total_seconds() / _TRIES):
                    return await _letter(mailbox, number, name, kind)
            except TimeoutError:
                continue
    finally:
        transport.abort()


async def _letter(mailbox: _Mailbox, number: int, name: str, kind: RecordType) -> Reply:
    """The first letter that answers our question; others are forged, or answer another."""
    while True:
        letter = await mailbox.letters.get()
        if isinstance(letter, Exception):
            raise letter
        reply = parse_reply(letter, number, name, kind)
        if reply is not None:
            return reply


async def _over_tcp(spec: DnsSpec, server: str) -> Reply:
    """Ask again where a reply did not fit into a datagram."""
    reader, writer = await asyncio.open_connection(server, spec.port)
    name, kind, number = ascii_host(spec.name), RecordType[spec.type], secrets.randbits(16)
    try:
        question = render_question(number, name, kind)
        writer.write(len(question).to_bytes(2) + question)
        data = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
    except asyncio.IncompleteReadError:
        raise ValueError("it ends in the middle") from None
    finally:
        writer.transport.abort()
    reply = parse_reply(data, number, name, kind)
    if reply is None:
        raise ValueError("it answers another question")
    return reply
