"""The page that answers "is it me?": by what we know, by what the visitor's browser reaches, by an error message.

The judgement is made here for everything that a browser may find; its script looks for it and shows what stands
there. An error message that is asked for without a script comes in the address, and is neither kept nor logged.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.board.alternatives import Offer, Offers
from app.board.doors import Role, addresses, origins
from app.board.itsme import explained, headline_of, known_of
from app.board.model import Board, ServiceView
from app.catalogue.phrasebook import load_phrases
from app.domain.alternatives import audience_of
from app.domain.itsme import Reach, Step, Why, fits, judge, steps_for
from app.domain.phrases import LONGEST_MESSAGE, Phrase, Sign, Whose, recognise, signs_of
from app.domain.saying import Saying, say
from app.probes.signs import known_signs
from app.web.policy import may_ask
from app.web.sharing import share_page
from app.web.site import Site
from app.web.snapshots import CACHE, PRIVATE
from app.web.templating import render

MOST_OFFERED = 3

ROLE_WORDS = {
    Role.US: say("This site, to compare"),
    Role.HOME: say("The service"),
    Role.CHECK: say("What we measure, too"),
    Role.ICON: say("Its icon"),
    Role.VENDOR: say("Its vendor"),
    Role.STATUS: say("Its status page"),
    Role.OTHER: say("Another vendor, to compare"),
}
"""What each address is asked for."""

WHOSE_WORDS = {
    Whose.THEM: say("It is theirs to solve."),
    Whose.YOU: say("It is yours to solve."),
    Whose.BETWEEN: say("It is between you and them."),
    Whose.EITHER: say("It may be them, or you, or what lies between."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An answer: whose trouble it is, in a sentence and on what it rests, and what to try."""

    why: Why
    headline: Saying
    explained: tuple[Saying, ...]
    steps: tuple[Step, ...]
    is_before_asking: bool = False


class ItsMe:
    """Renders the answers, and the book of phrases that they are found in."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._phrases: asyncio.Task[tuple[Phrase, ...]] | None = None

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route("/me", self.answer), Route("/me/phrases", self.book)]

    async def answer(self, request: Request) -> Response:
        """Whose trouble it is with a service, as far as one can tell; which service, where none is named."""
        view = self._named(request)
        message = request.query_params.get("error", "").strip()[:LONGEST_MESSAGE]
        phrase = recognise(message, await self._signs(view)) if message else None
        offers = self._offers(view)
        given = self._judged(view, offers) if view is not None else {}
        told = {"message": message, "phrase": phrase, "longest": LONGEST_MESSAGE, **given}
        page = self._page("me", view, offers, shared=share_page(self._site, request, about=view), **told)
        policy = may_ask(origins(given.get("addresses", ())))
        return HTMLResponse(page, headers={**(PRIVATE if message else CACHE), **policy})

    async def book(self, request: Request) -> Response:
        """What messages mean, those that a service's vendor has: for people, and for the script of the answer."""
        view = self._named(request)
        signs = await self._signs(view)
        phrases = {sign.phrase.id: sign.phrase for sign in signs}
        patterns = [(sign.pattern, sign.phrase.id) for sign in signs]
        offers = self._offers(view)
        vendors = defaultdict(str, {each.vendor.id: each.vendor.name for each in self._site.board.services})
        told = {"phrases": list(phrases.values()), "patterns": patterns, "vendors": vendors}
        page = self._page("phrases", view, offers, shared=share_page(self._site, request), **told)
        return HTMLResponse(page, headers=CACHE)

    def _named(self, request: Request) -> ServiceView | None:
        service_id = request.query_params.get("service")
        return self._site.service(service_id) if service_id else None

    async def _signs(self, view: ServiceView | None) -> Sequence[Sign]:
        if self._phrases is None:
            self._phrases = asyncio.create_task(asyncio.to_thread(load_phrases))
        return signs_of(await asyncio.shield(self._phrases), known_signs(), view.vendor.id if view else None)

    def _judged(self, view: ServiceView, offers: Sequence[Offer]) -> Mapping[str, Any]:
        """The answer by what we know, and the answers to whatever a browser may find."""
        board = self._site.board
        known = known_of(board, view)
        reaches: dict[Why, list[Reach]] = {}
        for reach in Reach:
            reaches.setdefault(judge(known, reach), []).append(reach)
        judged = {why: self._in_words(why, board, view, offers) for why in reaches}
        return {
            "judged": replace(judged[judge(known, Reach.NOT_ASKED)], is_before_asking=True),
            "found": [(judged[why], found) for why, found in reaches.items()],
            "addresses": addresses(view, offers),
        }

    def _in_words(self, why: Why, board: Board, view: ServiceView, offers: Sequence[Offer]) -> Judged:
        return Judged(
            why=why,
            headline=headline_of(why, view),
            explained=explained(why, board, view),
            steps=self._possible(steps_for(why, audience_of(view.service.capabilities[0])), view, offers),
        )

    def _possible(
        self, steps: Iterable[Step], view: ServiceView | None, offers: Sequence[Offer]
    ) -> tuple[Step, ...]:
        """The steps for which there is what they need, and which whoever uses the service can take."""
        page = (view.service.status_page or view.vendor.status_page) if view is not None else None
        lacking = {
            *((Step.USE_INSTEAD,) if not offers else ()),
            *((Step.STATUS_PAGE,) if page is None else ()),
            *((Step.REPORT,) if not self._site.takes_reports else ()),
        }
        audience = audience_of(view.service.capabilities[0]) if view is not None else None
        return tuple(step for step in steps if step not in lacking and (audience is None or fits(step, audience)))

    def _offers(self, view: ServiceView | None) -> Sequence[Offer]:
        return Offers(self._site.board).instead_of(view.service.id) if view is not None else ()

    def _page(self, template: str, view: ServiceView | None, offers: Sequence[Offer], **given: Any) -> str:
        board = self._site.board
        return render(
            self._site.templates,
            template,
            status=view.status if view is not None else board.headline.status,
            board=board,
            now=board.made_at,
            view=view,
            offers=offers[:MOST_OFFERED],
            role_words=ROLE_WORDS,
            whose_words=WHOSE_WORDS,
            possible=lambda steps: self._possible(steps, view, offers),
            **given,
        )
