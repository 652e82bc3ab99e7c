"""Cards: the picture that a chat or a social network shows beside a link to one of our pages."""

from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.board.load import load_story
from app.domain.saying import say
from app.web.cards.gallery import Gallery
from app.web.cards.model import Card
from app.web.cards.telling import Voice, card_of_all, card_of_incident, card_of_service, voice_of
from app.web.languages import LANGUAGES, SOURCE
from app.web.site import Site
from app.web.snapshots import SHARED

ALL: Final = "/card.png"


class Cards:
    """Answers with cards, in the language that the address asks for."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._gallery = Gallery()

    @property
    def routes(self) -> list[Route]:
        """Where they are: below the page that each is of."""
        return [
            Route(ALL, self.overview),
            Route(f"/services/{{service_id}}{ALL}", self.service),
            Route(f"/incidents/{{incident_id}}{ALL}", self.incident),
        ]

    async def overview(self, request: Request) -> Response:
        """The card of all services."""
        voice, board = await self._voice(request), self._site.board
        return await self._picture(card_of_all(board, voice))

    async def service(self, request: Request) -> Response:
        """The card of one."""
        voice, board = await self._voice(request), self._site.board
        view = self._site.service(request.path_params["service_id"])
        return await self._picture(card_of_service(board, view, voice))

    async def incident(self, request: Request) -> Response:
        """The card of a trouble."""
        voice, board = await self._voice(request), self._site.board
        incident_id = request.path_params["incident_id"]
        story = await load_story(self._site.database, incident_id)
        if story is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, say("There is no incident “{id}”.", id=incident_id))
        return await self._picture(card_of_incident(board, story, voice))

    async def _voice(self, request: Request) -> Voice:
        wanted = request.query_params.get("lang", SOURCE)
        tongue = await self._site.templates.tongue(wanted if wanted in LANGUAGES else SOURCE)
        tell = tongue.recalled if tongue is not None else str
        return voice_of(self._site.board, tell, is_simulated=self._site.is_simulated)

    async def _picture(self, card: Card) -> Response:
        return Response(await self._gallery.png(card), headers=SHARED, media_type="image/png")
