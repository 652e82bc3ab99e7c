"""A name server with a name for every way in which name servers answer."""

import asyncio
import contextlib
import ipaddress
import struct
from collections.abc import AsyncIterator, Callable

ANSWERED, SERVFAIL, NXDOMAIN, REFUSED = 0x8180, 0x8182, 0x8183, 0x8185
TRUNCATED = ANSWERED | 0x0200
_TYPES = {"A": 1, "NS": 2, "CNAME": 5, "MX": 15, "TXT": 16, "AAAA": 28}
ASKED_NAME = b"\xc0\x0c"
"""The name in the question, as a pointer to it."""


def reply(question: bytes, flags: int, *records: tuple[str, bytes]) -> bytes:
    """A reply to a question with records (type, data) of the name that was asked for."""
    header = question[:2] + struct.pack("!5H", flags, 1, len(records), 0, 0)
    answers = (ASKED_NAME + struct.pack("!2HIH", _TYPES[kind], 1, 60, len(data)) + data for kind, data in records)
    return header + question[12:] + b"".join(answers)


def address(text: str) -> bytes:
    """The data of an A or AAAA record."""
    return ipaddress.ip_address(text).packed


def name(text: str) -> bytes:
    """A name as it stands in a record."""
    return b"".join(bytes((len(label),)) + label.encode() for label in text.split(".")) + b"\0"


Reply = Callable[[bytes], list[bytes]]

REPLIES: dict[str, Reply] = {
    "good": lambda asked: [reply(asked, ANSWERED, ("A", address("192.0.2.7")), ("A", address("192.0.2.8")))],
    "six": lambda asked: [reply(asked, ANSWERED, ("AAAA", address("2001:db8::7")))],
    "alias": lambda asked: [reply(asked, ANSWERED, ("CNAME", name("edge.example")), ("A", address("192.0.2.7")))],
    "mail": lambda asked: [reply(asked, ANSWERED, ("MX", b"\0\x0a" + name("mx.example")))],
    "text": lambda asked: [reply(asked, ANSWERED, ("TXT", b"\x03v=1\x04 all"))],
    "missing": lambda asked: [reply(asked, NXDOMAIN)],
    "failing": lambda asked: [reply(asked, SERVFAIL)],
    "refusing": lambda asked: [reply(asked, REFUSED)],
    "empty": lambda asked: [reply(asked, ANSWERED)],
    "silent": lambda _: [],
    "lost-once": lambda asked: [reply(asked, ANSWERED, ("A", address("192.0.2.7")))],
    "long": lambda asked: [reply(asked, TRUNCATED)],
    "broken": lambda asked: [reply(asked, ANSWERED, ("A", b"\1\2\3\4"))[:-3]],
    "circling": lambda asked: [
        asked[:2] + struct.pack("!5H", ANSWERED, 1, 1, 0, 0) + asked[12:] + struct.pack("!H", 0xC000 + len(asked))
    ],
    "forged-first": lambda asked: [
        b"\0\0" + reply(asked, ANSWERED, ("A", address("203.0.113.9")))[2:],
        reply(name("other")[:0] + asked[:12] + name("other.example") + asked[-4:], ANSWERED),
        reply(asked, ANSWERED, ("A", address("192.0.2.7"))),
    ],
}
"""Datagrams by the first label of the name that is asked for."""


@contextlib.asynccontextmanager
async def name_server() -> AsyncIterator[int]:
    """Answer over UDP, and over TCP what was too long for it, at the same port of 127.0.0.1."""
    loop = asyncio.get_running_loop()
    server = await asyncio.start_server(_talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport, _ = await loop.create_datagram_endpoint(_Mailbox, local_addr=("127.0.0.1", port))
    try:
        yield port
    finally:
        transport.close()
        server.close()


class _Mailbox(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.lost: set[bytes] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        first_label = data[13 : 13 + data[12]].decode()
        if first_label == "lost-once" and data not in self.lost:
            self.lost.add(data)
            return
        for letter in REPLIES[first_label](data):
            self.transport.sendto(letter, addr)  # type: ignore[attr-defined] # uvloop's has no type to check for


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    asked = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
    data = reply(asked, ANSWERED, *[("A", address(f"192.0.2.{last}")) for last in range(1, 101)])
    writer.write(len(data).to_bytes(2) + data)
    await writer.drain()
    writer.close()
