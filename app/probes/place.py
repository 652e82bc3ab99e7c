"""What a URL names, and the bytes of a request to it: pure, and strict about what may be sent."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from app.probes.resolve import ascii_host

_OURS_ALONE = {"connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect"}
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_LEFT_AS_IS = "/?#[]@!$&'()*+,;=:%~-._"


def check_header(name: str, value: str) -> None:
    """Raise `ValueError` for a header that cannot be sent, or that is not for a check to set."""
    if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
        raise ValueError(f"the header {name!r} has characters that cannot be sent")
    if name.lower() in _OURS_ALONE:
        raise ValueError(f"the header {name!r} is set by the probe itself")


class Place(NamedTuple):
    """What a URL names: whom to connect to (`host` without brackets, as ASCII) and what to ask for there."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The host as HTTP writes it, with the port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


@lru_cache(maxsize=4096)
def parse_url(url: str) -> Place:
    """Take a URL apart. Raises `ValueError` with the reason if nobody can be asked by it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"{url!r} does not begin with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a URL must not carry a user or a password: use an Authorization header")
    host = ascii_host(parts.hostname or "")
    secure = parts.scheme == "https"
    port = parts.port if parts.port is not None else 443 if secure else 80
    query = f"?{parts.query}" if parts.query else ""
    return Place(secure, host, port, quote((parts.path or "/") + query, safe=_LEFT_AS_IS))


def request_bytes(
    place: Place,
    method: str,
    usual: Mapping[str, str],
    headers: Iterable[tuple[str, str]],
    body: bytes | None,
) -> bytes:
    """A whole request: `headers` go before the `usual` ones; with a `body` its length is told, be it 0."""
    named = dict(headers)
    lower = {name.lower() for name in named}
    lines = [f"{method} {place.path} HTTP/1.1"]
    usual = {"Host": place.host_header, **usual}
    lines += [f"{name}: {value}" for name, value in usual.items() if name.lower() not in lower]
    lines += [f"{name}: {value}" for name, value in named.items()]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: close\r\n\r\n")
    return "\r\n".join(lines).encode("latin-1") + (body or b"")
