"""What a static copy is: the terms it is made on, the files it has, and what they are called; pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from app.web.languages import SOURCE

STALE_AFTER_MISSING: Final = 3
"""A copy that was not made anew so many times in a row is stale."""

STALE_BY_HAND: Final = timedelta(hours=1)
"""A copy that nobody promised to make anew is stale after that."""

FOR_EVER: Final = "immutable"
PASSING: Final = "public, max-age=30, stale-while-revalidate=60, stale-if-error=86400"
"""For whatever changes with the copy: a cache may go on answering for a day where the copy cannot be reached."""


class CopyError(Exception):
    """No copy can be made, or put where it belongs; what was there before still is."""


class Naming(StrEnum):
    """What addresses are called."""

    FILES = "files"
    """As files: a page is `path/index.html`, an answer of the API `path.json`."""

    ADDRESSES = "addresses"
    """As they are, as most buckets allow: `api/v1/services` and `api/v1/services/chatgpt` may both be objects."""

    def name_of(self, address: str) -> str:
        """What is called so at an address, without a slash before it."""
        return file_name(address) if self is Naming.FILES else object_key(address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`url` is where people reach the copy, `live` where they reach the server: empty where they should not.

    `every` is how often it is made anew even if nothing changes; `None` where nobody promises that.
    """

    url: str
    live: str = ""
    every: timedelta | None = None
    naming: Naming = Naming.FILES

    @property
    def stale_after(self) -> timedelta:
        """From which age on the copy is not to be relied on."""
        return STALE_BY_HAND if self.every is None else STALE_AFTER_MISSING * self.every


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedFile:
    """One answer of the server; `address` is where it stands in the copy, `policy` its content security policy."""

    address: str
    body: bytes
    content_type: str
    cache_control: str = PASSING
    policy: str = ""

    @property
    def name(self) -> str:
        """Its name in a folder."""
        return file_name(self.address)

    @property
    def digest(self) -> str:
        """Tells it from any other, its headers included."""
        told = f"{self.content_type}\n{self.cache_control}\n".encode()
        return sha256(told + self.body).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticCopy:
    """All files of a copy, by their addresses."""

    made_at: datetime
    terms: Terms
    files: tuple[CopiedFile, ...] = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(len(each.body) for each in self.files)


def place_of(address: str) -> str:
    """Where an address stands in a copy, which knows no `?`: `/a?b=c` at `/a/b/c`, `/a.x?b=c` at `/a/b/c.x`."""
    path, _, query = address.partition("?")
    if not query:
        return path
    above, _, last = path.rpartition("/")
    stem, dot, ending = last.partition(".")
    asked = query.replace("=", "/").replace("&", "/")
    return f"{above}/{stem}/{asked}{dot}{ending}" if stem else f"{path}{asked}"


def in_language(place: str, language: str) -> str:
    """Where a page of that language stands: `/de/services/chatgpt`."""
    if language == SOURCE:
        return place
    return f"/{language}" if place == "/" else f"/{language}{place}"


def file_name(address: str) -> str:
    """What the file of an address is called: what has no ending is JSON below `/api`, and else a page."""
    name = address.strip("/")
    if "." in name.rpartition("/")[2] or (name.startswith("_") and "/" not in name):
        return name
    if address.startswith("/api/"):
        return f"{name}.json"
    return f"{name}/index.html" if name else "index.html"


def object_key(address: str) -> str:
    """What the object of an address is called where it may be called as it is."""
    return address.strip("/") or "index.html"
