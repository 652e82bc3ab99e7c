"""Questions to a name server and its replies, as bytes: just what a monitor needs of RFC 1035."""

import ipaddress
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

_HEADER = struct.Struct("!6H")
_RECORD = struct.Struct("!2HIH")
_RECURSION_DESIRED = 0x0100
_IS_REPLY = 0x8000
_IS_TRUNCATED = 0x0200
_RCODE = 0x000F
_INTERNET = 1
_LONGEST_NAME = 255
_POINTER = 0xC0
_LONGEST_LABEL = 63


class RecordType(IntEnum):
    """The numbers of the kinds of records that can be asked for."""

    A = 1
    NS = 2
    CNAME = 5
    MX = 15
    TXT = 16
    AAAA = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a name server said: its `rcode` (0 is well, 2 SERVFAIL, 3 NXDOMAIN) and the values of the records."""

    rcode: int
    is_truncated: bool
    values: tuple[str, ...]


def render_question(number: int, name: str, kind: RecordType) -> bytes:
    """A question for one kind of record of an ASCII name, with recursion; `number` is what the reply bears."""
    header = _HEADER.pack(number, _RECURSION_DESIRED, 1, 0, 0, 0)
    return header + _question(name, kind)


def parse_reply(data: bytes, number: int, name: str, kind: RecordType) -> Reply | None:
    """The reply in a message, `None` if it answers another question. Raises `ValueError` if it is broken."""
    try:
        got, flags, questions, answers, _, _ = _HEADER.unpack_from(data)
        asked = _question(name, kind)
        at = _HEADER.size + len(asked)
        is_ours = got == number and flags & _IS_REPLY and questions == 1
        if not is_ours or data[_HEADER.size : at].lower() != asked.lower():
            return None
        values = []
        for _ in range(answers):
            _, at = _name(data, at)
            record_kind, _, _, length = _RECORD.unpack_from(data, at)
            at += _RECORD.size
            if record_kind == kind:
                values.append(_VALUES[kind](data, at, at + length))
            at += length
    except (struct.error, IndexError) as error:
        raise ValueError("it ends in the middle") from error
    return Reply(rcode=flags & _RCODE, is_truncated=bool(flags & _IS_TRUNCATED), values=tuple(values))


def _question(name: str, kind: RecordType) -> bytes:
    labels = (label.encode("ascii") for label in name.split("."))
    return b"".join(bytes((len(label),)) + label for label in labels) + struct.pack("!B2H", 0, kind, _INTERNET)


def _name(data: bytes, at: int) -> tuple[str, int]:
    """The name at an offset, and where it ends. Raises `ValueError` for one that goes in circles."""
    labels: list[str] = []
    end: int | None = None
    lowest = at
    while length := data[at]:
        if length >= _POINTER:
            end = end or at + 2
            at = (length - _POINTER) << 8 | data[at + 1]
            if at >= lowest:
                raise ValueError("a name in it leads in circles")
            lowest = at
        elif length > _LONGEST_LABEL or sum(map(len, labels)) > _LONGEST_NAME:
            raise ValueError("a name in it is too long")
        else:
            labels.append(data[at + 1 : at + 1 + length].decode("ascii", "backslashreplace").lower())
            at += 1 + length
    return ".".join(labels), end or at + 1


def _address(data: bytes, start: int, end: int) -> str:
    return str(ipaddress.ip_address(data[start:end]))


def _host(data: bytes, start: int, _end: int) -> str:
    return _name(data, start)[0]


def _mail(data: bytes, start: int, _end: int) -> str:
    (preference,) = struct.unpack_from("!H", data, start)
    return f"{preference} {_name(data, start + 2)[0]}"


def _text(data: bytes, start: int, end: int) -> str:
    pieces = []
    while start < end:
        pieces.append(data[start + 1 : min(start + 1 + data[start], end)])
        start += 1 + data[start]
    return b"".join(pieces).decode("utf-8", "replace")


_VALUES: Mapping[RecordType, Callable[[bytes, int, int], str]] = {
    RecordType.A: _address,
    RecordType.AAAA: _address,
    RecordType.NS: _host,
    RecordType.CNAME: _host,
    RecordType.MX: _mail,
    RecordType.TXT: _text,
}
