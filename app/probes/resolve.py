"""From a name to the addresses to try."""

import asyncio
import ipaddress
import re
import socket
from enum import StrEnum
from functools import lru_cache
from typing import Literal, NamedTuple

from app.domain.result import FailureKind
from app.probes.failures import ProbeError, failed


class Family(StrEnum):
    """Which version of the internet protocol to use."""

    ANY = "any"
    IPV4 = "ipv4"
    IPV6 = "ipv6"


_FAMILIES = {
    Family.ANY: socket.AF_UNSPEC,
    Family.IPV4: socket.AF_INET,
    Family.IPV6: socket.AF_INET6,
}


class Address(NamedTuple):
    """Where to connect to: an IP address as text, and which version of IP it is of."""

    ip: str
    family: Literal["ipv4", "ipv6"]


_HOST = re.compile(r"[a-z0-9_.:%-]+", re.IGNORECASE)


@lru_cache(maxsize=4096)
def ascii_host(host: str) -> str:
    """A host as it goes over the wire: international names in ASCII. Raises `ValueError` if it is none."""
    try:
        name = host.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        name = ""
    if not _HOST.fullmatch(name) or name.startswith("."):
        raise ValueError(f"{host!r} is not the name or address of a host")
    return name


@lru_cache(maxsize=4096)
def literal(host: str) -> Address | None:
    """The address that `host` spells out itself (IPv6 without brackets), or `None` for a name."""
    try:
        is_v6 = isinstance(ipaddress.ip_address(host), ipaddress.IPv6Address)
    except ValueError:
        return None
    return Address(host, "ipv6" if is_v6 else "ipv4")


class Resolver:
    """Looks names up with the system's resolver, every name once at a time.

    The system's resolver blocks a thread for as long as a name server hangs, and there are few threads. So
    whoever asks for a name that is being looked up joins that lookup, and one vendor's broken name server
    cannot make the others' names time out.
    """

    def __init__(self) -> None:
        self._under_way: dict[tuple[str, Family], asyncio.Future[list[Address]]] = {}

    async def lookup(self, host: str, family: Family) -> list[Address]:
        """The addresses of `host`, best first. Raises `socket.gaierror` or `ProbeError`."""
        if host.endswith((".invalid", ".invalid.")):
            # RFC 6761 asks resolvers to know without asking that this name does not exist.
            raise ProbeError(failed(FailureKind.NAME_NOT_FOUND, f"has a name that does not exist: {host}"))
        key = (host, family)
        lookup = self._under_way.get(key)
        if lookup is None:
            lookup = self._under_way[key] = asyncio.ensure_future(_addresses(host, family))
            lookup.add_done_callback(lambda done: self._landed(key, done))
        return await asyncio.shield(lookup)

    def _landed(self, key: tuple[str, Family], lookup: asyncio.Future[list[Address]]) -> None:
        del self._under_way[key]
        if not lookup.cancelled():
            lookup.exception()  # nobody may be left to take it, and asyncio complains of errors never taken


async def _addresses(host: str, family: Family) -> list[Address]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, None, family=_FAMILIES[family], type=socket.SOCK_STREAM)
    return [Address(str(entry[4][0]), "ipv6" if entry[0] == socket.AF_INET6 else "ipv4") for entry in found]
