"""Which addresses may be probed: the public internet, unless the operator says otherwise.

Judged is the address that a connection is about to be made to, never the name, so that a name which changes
its answer between two lookups (DNS rebinding) gains nothing. The lists stand here in full because what
`ipaddress` calls global has changed between Python releases.
"""

import ipaddress
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from app.domain.saying import say

_V4_REFUSED = tuple(
    (IPv4Network(network), why)
    for network, why in (
        ("127.0.0.0/8", say("a loopback address")),
        ("10.0.0.0/8", say("a private address")),
        ("172.16.0.0/12", say("a private address")),
        ("192.168.0.0/16", say("a private address")),
        ("169.254.0.0/16", "a link-local address, where clouds keep their metadata"),
        ("100.64.0.0/10", "a carrier's shared address"),
        ("168.63.129.16/32", "a cloud's metadata address"),
        ("0.0.0.0/8", say("an unspecified address")),
        ("192.0.0.0/24", say("a reserved address")),
        ("192.0.2.0/24", say("a documentation address")),
        ("198.51.100.0/24", say("a documentation address")),
        ("203.0.113.0/24", say("a documentation address")),
        ("192.88.99.0/24", say("a reserved address")),
        ("198.18.0.0/15", say("a reserved address")),
        ("224.0.0.0/4", say("a multicast address")),
        ("240.0.0.0/4", say("a reserved address")),
    )
)
_V6_REFUSED = tuple(
    (IPv6Network(network), why)
    for network, why in (
        ("::1/128", say("a loopback address")),
        ("::/128", say("an unspecified address")),
        ("fc00::/7", say("a private address")),
        ("fe80::/10", say("a link-local address")),
        ("fec0::/10", say("a private address")),
        ("ff00::/8", say("a multicast address")),
        ("2001:db8::/32", say("a documentation address")),
        ("3fff::/20", say("a documentation address")),
        ("2001::/23", say("a reserved address")),
    )
)
_V6_PUBLIC = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


@lru_cache(maxsize=4096)
def refusal(address: str) -> str | None:
    """Why an IP address may not be probed ("a private address"), or `None` if it may.

    An IPv6 address that only carries an IPv4 one (mapped, NAT64, 6to4, Teredo) is judged by what it carries.
    """
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, IPv4Address):
        return next((why for network, why in _V4_REFUSED if parsed in network), None)
    carried = _carried(parsed)
    if carried:
        return next(filter(None, (refusal(str(inner)) for inner in carried)), None)
    refused = next((why for network, why in _V6_REFUSED if parsed in network), None)
    return refused or (None if parsed in _V6_PUBLIC else say("a reserved address"))


def _carried(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that packets to an IPv6 address end up at, none if it is one in its own right."""
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    return ()
