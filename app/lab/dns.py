"""A small name server for `lab.test`: every name resolves to loopback, except those named after a trouble.

`nxdomain.lab.test`, `servfail.…`, `refused.…`, `empty.…` (exists, without records), `timeout.…` (never answered),
`slow.…` (a second late), `elsewhere.…` (an address in the documentation's range), `truncated.…` (sends the asker
to TCP) behave as they are called, and so does any name below them. UDP and TCP. Format: RFC 1035.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from ipaddress import ip_address
from typing import cast

ZONE = "lab.test"
TroubleOf = Callable[[str], str]
"""Which trouble strikes a question for this name; empty for none. The names are those of `trouble_of`."""
_TYPES = {1: "A", 16: "TXT", 28: "AAAA"}
_CODES = {"servfail": 2, "nxdomain": 3, "refused": 5}
_HERE = {"A": "127.0.0.1", "AAAA": "::1"}
_ELSEWHERE = {"A": "192.0.2.1", "AAAA": "2001:db8::1"}
_TTL = 30
_SLOW = 1.0
_HEADER = struct.Struct("!6H")
_RESPONSE, _AUTHORITATIVE, _TRUNCATED, _DESIRED = 0x8000, 0x0400, 0x0200, 0x0100


class QuestionError(ValueError):
    """A datagram that is no question one could answer."""


def parse_question(message: bytes) -> tuple[str, int, int]:
    """The name asked for (lower case), the number of its type, and where it ends. Raises `QuestionError`."""
    labels, at = [], _HEADER.size
    try:
        while length := message[at]:
            labels.append(message[at + 1 : at + 1 + length].decode("ascii").lower())
            at += 1 + length
        (kind,) = struct.unpack_from("!H", message, at + 1)
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise QuestionError("no question in this message") from error
    return ".".join(labels), int(kind), at + 5


def answer(message: bytes, trouble: str, *, over_tcp: bool = False) -> bytes | None:
    """The reply to a question that this trouble strikes; none where it is never answered."""
    name, kind, end = parse_question(message)
    identity, flags = struct.unpack_from("!HH", message)
    if trouble == "timeout":
        return None
    code = _CODES.get(trouble, 0)
    records = [] if code or trouble == "empty" else _records(name, kind, trouble)
    flags = _RESPONSE | _AUTHORITATIVE | (flags & _DESIRED) | code
    if trouble == "truncated" and not over_tcp:
        flags, records = flags | _TRUNCATED, []
    head = _HEADER.pack(identity, flags, 1, len(records), 0, 0)
    return head + message[_HEADER.size : end] + b"".join(records)


def trouble_of(name: str) -> str:
    """The trouble that a name stands for; `nxdomain` outside the zone, empty where all is well."""
    if name != ZONE and not name.endswith(f".{ZONE}"):
        return "nxdomain"
    last = name.removesuffix(ZONE).rstrip(".").rpartition(".")[2]
    return last if last in {*_CODES, "empty", "timeout", "slow", "elsewhere", "truncated"} else ""


def _records(name: str, kind: int, trouble: str) -> list[bytes]:
    addresses = _ELSEWHERE if trouble == "elsewhere" else _HERE
    wanted = _TYPES.get(kind)
    if wanted is None:
        return []
    text = f"pretended host {name}"[:255].encode()
    data = bytes([len(text)]) + text if wanted == "TXT" else ip_address(addresses[wanted]).packed
    pointer_to_question = 0xC000 | _HEADER.size
    return [struct.pack("!HHHIH", pointer_to_question, kind, 1, _TTL, len(data)) + data]


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, trouble: TroubleOf) -> None:
        self._trouble = trouble

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        try:
            trouble = self._trouble(parse_question(data)[0])
        except QuestionError:
            return
        if reply := answer(data, trouble):
            delay = _SLOW if trouble == "slow" else 0
            asyncio.get_running_loop().call_later(delay, self._send, reply, addr)

    def _send(self, reply: bytes, addr: tuple[str, int]) -> None:
        if not self._transport.is_closing():
            self._transport.sendto(reply, addr)


async def _serve_tcp(trouble: TroubleOf, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while length := int.from_bytes(await reader.readexactly(2), "big"):
            message = await reader.readexactly(length)
            if reply := answer(message, trouble(parse_question(message)[0]), over_tcp=True):
                writer.write(len(reply).to_bytes(2, "big") + reply)
    except (asyncio.IncompleteReadError, QuestionError, OSError):
        pass
    finally:
        writer.transport.abort()


@asynccontextmanager
async def open_name_server(host: str, trouble: TroubleOf) -> AsyncIterator[int]:
    """The name server; tells its port, which is the same for UDP and TCP."""
    listener = await asyncio.start_server(partial(_serve_tcp, trouble), host, 0)
    port = int(listener.sockets[0].getsockname()[1])
    try:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(trouble), local_addr=(host, port))
        try:
            yield port
        finally:
            transport.close()
    finally:
        listener.close()
        await listener.wait_closed()
