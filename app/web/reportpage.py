"""The page on which a problem is reported in three taps: which service, what is wrong, done.

What is known already stands above the question, before and after: nobody has to report to be answered.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.board.alternatives import Offers
from app.domain.saying import Saying, say
from app.web.sharing import share_page
from app.web.site import Site
from app.web.snapshots import CACHE
from app.web.templating import render

MOST_OFFERED = 3

TOLD: Mapping[str, Saying] = {
    "counted": say("Thank you, that is counted."),
    "again": say("You were counted already; once in half an hour is enough."),
    "often": say("That is more than we can count from one place; it was not counted. Try again later."),
    "lost": say("Your report could not be kept; it was not counted. Try again in a minute."),
}
"""What is answered to a report, by the word that its redirection carries."""


class ReportPage:
    """Renders the question, and the answer."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route("/report", self.page)]

    async def page(self, request: Request) -> Response:
        """What is known, and what to report; of which service, where none is named."""
        board, asked = self._site.board, request.query_params
        view = self._site.service(asked["service"]) if asked.get("service") else None
        page = render(
            self._site.templates,
            "report",
            status=view.status if view is not None else board.headline.status,
            shared=share_page(self._site, request, about=view),
            board=board,
            now=board.made_at,
            view=view,
            offers=Offers(board).instead_of(view.service.id, most=MOST_OFFERED) if view is not None else (),
            told=TOLD.get(asked.get("reported", "")),
            is_counted=asked.get("reported") == "counted",
            takes_reports=self._site.takes_reports,
        )
        return HTMLResponse(page, headers=CACHE)
