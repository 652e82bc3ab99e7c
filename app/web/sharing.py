"""What a page tells whoever shows a link to it: its one address, its card, and its answer in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from app.board.model import ServiceView, Story
from app.board.words import clock
from app.domain.saying import say, together
from app.web.answers import WITH_ITS_DAY, Answer, answer_of_all, answer_of_incident, answer_of_service
from app.web.cards.model import HEIGHT, WIDTH
from app.web.cards.routes import ALL
from app.web.languages import SOURCE, spoken
from app.web.site import Site
from app.web.staticcopy.copied import Copied


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """`url` is the one address of the page, `card` that of its picture, which shows `claim`; `about` says more."""

    url: str
    card: str
    claim: str
    about: str
    printed: str
    """Of when it is, for paper, which lies around."""
    width: int = WIDTH
    height: int = HEIGHT


def share_service(site: Site, request: Request, view: ServiceView) -> Shared:
    """Of the page of a service."""
    path = f"/services/{view.service.id}"
    return _shared(site, request, answer_of_service(site.board, view), path, f"{path}{ALL}")


def share_incident(site: Site, request: Request, story: Story) -> Shared:
    """Of the page of an incident; a copy that has no card of it may have one of its service."""
    path, service = f"/incidents/{story.incident.id}", f"/services/{story.incident.service_id}"
    return _shared(site, request, answer_of_incident(site.board, story), path, f"{path}{ALL}", f"{service}{ALL}")


def share_page(
    site: Site, request: Request, path: str | None = None, *, about: ServiceView | None = None
) -> Shared:
    """Of any other page, which is where it was asked for, or at `path`; one `about` a service shows its card."""
    page = path or request.url.path
    if about is None:
        return _shared(site, request, answer_of_all(site.board), page)
    card = f"/services/{about.service.id}{ALL}"
    return _shared(site, request, answer_of_service(site.board, about), f"{page}?service={about.service.id}", card)


def _shared(site: Site, request: Request, answer: Answer, page: str, *cards: str) -> Shared:
    base, copied = site.address(request), site.templates.copied
    wanted = [card if spoken() == SOURCE else f"{card}?lang={spoken()}" for card in (*cards, ALL)]
    url, card = (page, wanted[0]) if copied is None else (_led(copied, page, [page]), _led(copied, page, wanted))
    return Shared(
        url=base + url,
        card=base + _dated(card, answer.as_of),
        claim=answer.claim,
        about=together(*answer.lines),
        printed=say("As of {at}", at=clock(site.board.made_at, WITH_ITS_DAY)),
    )


def _led(copied: Copied, page: str, addresses: Sequence[str]) -> str:
    """Where the first of the addresses stands that a copy has."""
    there = next((each for each in addresses if each in copied.places), addresses[-1])
    return copied.lead(page, there) or there


def _dated(card: str, as_of: datetime | None) -> str:
    """The address of a card with the moment that it is of: many a network keeps a picture by its address."""
    return card if as_of is None else f"{card}{'&' if '?' in card else '?'}at={as_of:%Y%m%dT%H%M}"
