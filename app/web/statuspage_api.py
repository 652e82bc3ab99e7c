"""Answers below `/api/v2` in the Statuspage format, for the whole board and for each vendor."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.board.headline import headline
from app.web.manners import READ_ONLY, Manners
from app.web.site import Site
from app.web.snapshots import SHARED
from app.web.statuspage import DOCUMENTS, Json, Page


class StatuspageApi:
    """Answers below `/api/v2`, for the whole board and for each vendor."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        mannered = [Middleware(Manners, clock=self._site.clock)]
        return [
            Route(
                f"{above}/api/v2/{name}.json",
                self._answerer(tell),
                methods=["GET", "OPTIONS"],
                middleware=mannered,
            )
            for above in ("", "/vendors/{vendor_id}")
            for name, tell in DOCUMENTS.items()
        ] + [Route("/api/v2/openapi.json", _describe)]

    def _answerer(self, tell: Callable[[Page], Json]) -> Callable[[Request], Response]:
        # Not a coroutine: with many services it is long, and then belongs in a thread.
        def answer(request: Request) -> Response:
            if request.method == "OPTIONS":
                return Response(status_code=HTTPStatus.NO_CONTENT, headers={"allow": READ_ONLY})
            page = self._page(request)
            return JSONResponse({"page": page.head(), **tell(page)}, headers=SHARED)

        return answer

    def _page(self, request: Request) -> Page:
        address, board = self._site.address(request), self._site.board
        vendor_id = request.path_params.get("vendor_id")
        if vendor_id is None:
            return Page(
                id="stillup",
                name="Stillup (simulated)" if self._site.is_simulated else "Stillup",
                url=address,
                address=address,
                board=board,
                views=board.services,
                incidents=board.incidents,
                headline=board.headline,
            )
        views = tuple(self._site.vendor(vendor_id))
        ids = {view.service.id for view in views}
        name = f"{views[0].vendor.name} by Stillup"
        return Page(
            id=f"stillup-{vendor_id}",
            name=f"{name} (simulated)" if self._site.is_simulated else name,
            url=f"{address}/vendors/{vendor_id}",
            address=address,
            board=board,
            views=views,
            incidents=tuple(each for each in board.incidents if each.service_id in ids),
            headline=headline(views, board.own),
        )


def _describe(_request: Request) -> Response:
    """The description. Not a coroutine: what makes it takes long to import, and then belongs in a thread."""
    from app.web.api.statuspage import described  # noqa: PLC0415 - see above

    return JSONResponse(described(), headers=SHARED)
