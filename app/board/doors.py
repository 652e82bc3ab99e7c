"""Which public addresses a visitor's browser may ask, to see whether it reaches a service; pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from urllib.parse import urlsplit

from app.board.alternatives import Offer
from app.board.model import ServiceView
from app.domain.service import Service

MOST_OF_AN_ORIGIN = 2
"""Of a service's home and checks; its icon is one more."""

MOST_CHECKS = 4
CONTROL = "/healthz"
"""Of our own: small, and never from a cache."""

_ORIGIN = re.compile(r"https?://([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])(:[0-9]{1,5})?", re.IGNORECASE)


class Role(StrEnum):
    """What an address is asked for."""

    US = "us"
    HOME = "home"
    CHECK = "check"
    ICON = "icon"
    VENDOR = "vendor"
    STATUS = "status"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address to ask. The doors of a service are its `home`, what our checks of it ask, and the `icon` of both.

    Icons are for hosts that let no page of others ask for anything else, which a browser reports as no answer.
    """

    role: Role
    url: str


def addresses(view: ServiceView, offers: Iterable[Offer] = ()) -> tuple[Address, ...]:
    """What a browser asks about a service, ourselves first: each once, none with a query, for keys stand there.

    Of the `offers`, which work now, the first that is of another vendor is asked to compare with.
    """
    told: dict[str, Address] = {CONTROL: Address(role=Role.US, url=CONTROL)}
    counts: Counter[str] = Counter()
    for role, url in _wanted(view, offers):
        origin = origin_of(url)
        address = url.partition("?")[0]
        counts[origin] += role in (Role.HOME, Role.CHECK) and address not in told
        is_one_too_many = role is Role.CHECK and counts[origin] > MOST_OF_AN_ORIGIN
        if origin and not is_one_too_many:
            told.setdefault(address, Address(role=role, url=address))
    return tuple(told.values())


def origins(asked: Iterable[Address]) -> tuple[str, ...]:
    """Where the addresses lead that are not ours, each once."""
    return tuple(dict.fromkeys(origin for each in asked if (origin := origin_of(each.url))))


def origin_of(url: str) -> str:
    """Scheme, host and port of a web address; empty where it has not the plain form that a policy may name."""
    split = urlsplit(url)
    origin = f"{split.scheme}://{split.netloc}".lower()
    return origin if _ORIGIN.fullmatch(origin) else ""


def _wanted(view: ServiceView, offers: Iterable[Offer]) -> Iterator[tuple[Role, str]]:
    service = view.service
    asked = _asked_by_checks(service)[:MOST_CHECKS]
    yield Role.HOME, service.home
    yield from ((Role.CHECK, url) for url in asked)
    yield from ((Role.ICON, _icon(url)) for url in (service.home, *asked))
    yield Role.VENDOR, _icon(view.vendor.home)
    page = service.status_page or view.vendor.status_page
    if page is not None:
        yield Role.STATUS, page.url
    others = (each.view.service.home for each in offers if each.view.vendor.id != view.vendor.id)
    yield from ((Role.OTHER, url) for url in islice(others, 1))


def _icon(url: str) -> str:
    return f"{origin_of(url)}/favicon.ico"


def _asked_by_checks(service: Service) -> list[str]:
    """The web addresses that our own checks ask; before one that is not to be read stands its method."""
    targets = (check.spec.target.rpartition(" ")[2] for check in service.checks if check.kind == "http")
    return list(dict.fromkeys(targets))
