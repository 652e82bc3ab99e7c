"""The page on which a badge is built: what it shows, how it looks, and what to paste where it shall stand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.board.model import Board
from app.board.uptime import UptimeWindow
from app.domain.saying import Saying, say
from app.web.badgedrawing import Style
from app.web.badgewish import (
    ALL,
    LONGEST_LABEL,
    OF_ALL,
    Query,
    Shown,
    Wish,
    WrongWishError,
    address_of,
    query_of,
    wish_of,
    with_query,
)
from app.web.compare import alike
from app.web.embeds import AUTO, THEMES
from app.web.sharing import share_page
from app.web.site import Site
from app.web.snapshots import CACHE
from app.web.snippets import FRAME, of_a_badge, of_a_frame, of_a_script
from app.web.templating import render
from app.web.words import WINDOW_WORDS

ADDRESS: Final = "/badges"

SHOWN_WORDS: Final[Mapping[Shown, Saying]] = {
    Shown.STATUS: say("How it is now"),
    Shown.UPTIME: say("Uptime in percent"),
    Shown.LATENCY: say("Latency of the last answer"),
    Shown.FIRST_TOKEN: say("Time to the first token"),
    Shown.INCIDENT: say("How long in trouble, or free of it"),
    Shown.DOT: say("Only a dot in its colour"),
}
STYLE_WORDS: Final[Mapping[Style, Saying]] = {
    Style.FLAT: say("flat"),
    Style.FLAT_SQUARE: say("flat, with corners"),
    Style.PLASTIC: say("plastic"),
    Style.FOR_THE_BADGE: say("large, in capitals"),
}
SPAN_WORDS: Final[Mapping[str, Saying]] = {
    **{window.value: words for window, words in WINDOW_WORDS.items()},
    UptimeWindow.YEAR: say("365 days"),
}
THEME_WORDS: Final[Mapping[str, Saying]] = {
    AUTO: say("as the reader’s system"),
    **dict(zip(THEMES, (say("light"), say("dark")), strict=True)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is chosen: of which service, or of all; which badge; and how a frame shall look."""

    service_id: str
    wish: Wish
    theme: str = AUTO

    @property
    def address(self) -> str:
        """Where the page has this chosen."""
        told = {"service": self.service_id, **query_of(self.wish)}
        return with_query(ADDRESS, told if self.theme == AUTO else told | {"theme": self.theme})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What cannot be followed, and why not; where there is a service like the one meant, `instead` chooses it."""

    text: str
    why: Saying
    like: str | None = None
    instead: str | None = None


class BadgePage:
    """Shows a badge as it is being built."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route(ADDRESS, self.built)]

    async def built(self, request: Request) -> Response:
        """The badge that is asked for; what cannot be followed is said, and the rest is kept."""
        board = self._site.board
        choice, refused = choice_in(request.query_params, board)
        page = render(
            self._site.templates,
            "badges",
            status=board.headline.status,
            shared=share_page(self._site, request),
            board=board,
            choice=choice,
            wish=choice.wish,
            refused=refused,
            **await self._made(choice, self._site.address(request)),
            **CHOICES,
        )
        return HTMLResponse(page, headers=CACHE)

    async def _made(self, choice: Choice, base: str) -> Mapping[str, Any]:
        """What there is to see and to copy. Texts for documents are in the language of the badge."""
        view = self._site.board.by_id.get(choice.service_id)
        alt = alt_of(view.service.name if view else None, choice.wish)
        title = alt_of(view.service.name if view else None, Wish())
        tongue = await self._site.templates.tongue(choice.wish.language)
        told_alt, told_title = (str(each) if tongue is None else tongue.shown(each) for each in (alt, title))
        picture = address_of(choice.service_id, choice.wish)
        leads_to = f"/services/{choice.service_id}" if view else "/"
        frame = f"/embed/{choice.service_id}{'' if choice.theme == AUTO else f'?theme={choice.theme}'}"
        return {
            "picture": picture,
            "alt": told_alt,
            "frame": frame,
            "title": title,
            "snippets": of_a_badge(f"{base}{picture}", f"{base}{leads_to}", told_alt),
            "frame_snippet": of_a_frame(f"{base}{frame}", told_title),
            "script_snippet": of_a_script(f"{base}/embed.js", choice.service_id),
        }


CHOICES: Final[Mapping[str, Any]] = {
    "ALL": ALL,
    "shown_words": SHOWN_WORDS,
    "span_words": SPAN_WORDS,
    "style_words": STYLE_WORDS,
    "theme_words": THEME_WORDS,
    "longest_label": LONGEST_LABEL,
    "frame_size": FRAME,
}


def choice_in(query: Query, board: Board) -> tuple[Choice, list[Refused]]:
    """The choice in a query, whose empty fields choose nothing, and what of it cannot be followed."""
    given = {name: text for name, text in query.items() if text}
    wrong = {name: why for name in given if (why := _why_not(name, given[name])) is not None}
    wish = wish_of({name: text for name, text in given.items() if name not in wrong})
    refused = [Refused(text=given[name], why=why) for name, why in wrong.items()]
    theme = AUTO if "theme" in wrong else given.get("theme", AUTO)
    choice = Choice(service_id=given.get("service", first_of(board)), wish=wish, theme=theme)
    if choice.service_id == ALL and wish.show not in OF_ALL:
        refused.append(Refused(text=wish.show, why=say("no {show} of all services", show=wish.show)))
        choice = replace(choice, wish=replace(wish, show=Shown.STATUS))
    elif choice.service_id != ALL and choice.service_id not in board.by_id:
        refused.append(_missing(choice, board))
        choice = replace(choice, service_id=first_of(board))
    return choice, refused


def _why_not(name: str, text: str) -> Saying | None:
    """Why a field cannot be followed, for itself."""
    if name == "theme" and text not in THEME_WORDS:
        return say("{name} is one of {choices}", name=name, choices=", ".join(THEME_WORDS))
    try:
        wish_of({name: text})
    except WrongWishError as error:
        return error.why
    return None


def _missing(choice: Choice, board: Board) -> Refused:
    like = alike(choice.service_id, board)
    return Refused(
        text=choice.service_id,
        why=say("there is no such service"),
        like=like,
        instead=replace(choice, service_id=like).address if like is not None else None,
    )


def first_of(board: Board) -> str:
    """The service that a badge is shown of where none is asked for."""
    return next((view.service.id for view in chain(*board.groups.values())), ALL)


def alt_of(name: str | None, wish: Wish) -> Saying:
    """What a badge is of, for those who cannot see it; what it says changes, and stands in the picture itself."""
    if name is None:
        return say("Status of all services")
    if wish.show is Shown.UPTIME:
        return say("Uptime of {name} over {window}", name=name, window=SPAN_WORDS[wish.window])
    if wish.show is Shown.LATENCY:
        return say("Latency of {name}", name=name)
    if wish.show is Shown.FIRST_TOKEN:
        return say("Time to the first token of {name}", name=name)
    if wish.show is Shown.INCIDENT:
        return say("Trouble of {name}", name=name)
    return say("Status of {name}", name=name)
