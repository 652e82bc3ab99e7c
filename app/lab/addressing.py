"""Who is addressed by a request: by the first segment of its path, or by the first labels of its host name.

One grammar for both: `openai`, `web.openai`, `status.openai`, and with a region before it `eu.openai`,
`eu.web.openai`. Host names end with `.localhost` or `.lab.test`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.lab.answer import Request
from app.lab.dns import ZONE
from app.lab.troubles import Surface
from app.lab.vendors import Vendor

_ENDINGS = (".localhost", f".{ZONE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A vendor, which of its faces, and the region it is asked in; without one the region is empty."""

    vendor: str
    surface: Surface = Surface.API
    region: str = ""

    def __str__(self) -> str:
        words = (self.region, "" if self.surface is Surface.API else self.surface.value, self.vendor)
        return ".".join(word for word in words if word)


def parse_address(text: str, vendors: Mapping[str, Vendor]) -> Address | None:
    """`[region.][surface.]vendor` as an address; none where there is no such vendor or face."""
    *words, vendor = text.lower().split(".")
    known = vendors.get(vendor)
    surface = Surface.API
    if words and words[-1] in set(Surface):
        surface = Surface(words.pop())
    if known is None or surface not in known.surfaces() or len(words) > 1:
        return None
    return Address(vendor=vendor, surface=surface, region=words[0] if words else "")


def address_of(request: Request, vendors: Mapping[str, Vendor]) -> tuple[Address, Request] | None:
    """Who is addressed, and the request as they see it; none where it is nobody."""
    host = request.headers.get("host", "").rsplit(":", 1)[0].lower()
    for ending in _ENDINGS:
        if host.endswith(ending) and (address := parse_address(host.removesuffix(ending), vendors)):
            return address, request
    segment, slash, rest = request.target.removeprefix("/").partition("/")
    segment, mark, query = segment.partition("?")
    address = parse_address(segment, vendors)
    return (address, replace(request, target=f"/{rest}" if slash else f"/{mark}{query}")) if address else None
