"""A service's status in pages of others: as a frame, and as what a script reads that draws it there."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from app.board.headline import claim_of
from app.board.model import Board
from app.domain.saying import say
from app.domain.status import Status
from app.web.moments import iso
from app.web.policy import FRAMED
from app.web.site import Site
from app.web.snapshots import PRIVATE, SHARED
from app.web.templating import render

ALL: Final = "_all"
"""Stands for all services; no service can be called that."""

THEMES: Final = ("light", "dark")
AUTO: Final = "auto"
FOR_ANY_ORIGIN: Final = {"access-control-allow-origin": "*"}
FOR_ANY_PAGE: Final = {**SHARED, **FRAMED}


class Embeds:
    """Shows status where it is embedded."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where they are; the script stands beside them, at `/embed.js`."""
        return [Route("/embed/{service_id}.json", self.told), Route("/embed/{service_id}", self.frame)]

    def told(self, request: Request) -> Response:
        """What the script shows: little enough to be asked for every minute by every page that has it."""
        board, service_id = self._site.board, request.path_params["service_id"]
        try:
            name, status, claim, since_at = _shown(board, service_id, self._site)
        except HTTPException as missing:  # which the script of any page may read, too
            raise HTTPException(missing.status_code, missing.detail, FOR_ANY_ORIGIN) from None
        told = {
            "name": name,
            "status": status,
            "sentence": f"{claim}.",
            "since_at": iso(since_at) if since_at is not None else None,
            "url": f"{self._site.address(request)}{_path(service_id)}",
            "simulated": self._site.is_simulated,
        }
        return JSONResponse(told, headers=SHARED)

    def frame(self, request: Request) -> Response:
        """A page for a frame; where there is no such service it says so in the same form."""
        board, service_id = self._site.board, request.path_params["service_id"]
        asked = request.query_params.get("theme")
        given = {"theme": asked if asked in THEMES else AUTO, "now": board.made_at}
        if service_id != ALL and service_id not in board.by_id:
            missing = say("There is no service “{id}”.", id=service_id)
            page = self._page(
                name=missing, status=Status.UNKNOWN, since_at=None, path="/", is_known=False, **given
            )
            return HTMLResponse(page, HTTPStatus.NOT_FOUND, {**FOR_ANY_PAGE, **PRIVATE})
        name, status, _, since_at = _shown(board, service_id, self._site)
        page = self._page(
            name=name, status=status, since_at=since_at, path=_path(service_id), is_known=True, **given
        )
        return HTMLResponse(page, headers=FOR_ANY_PAGE)

    def _page(self, **given: object) -> str:
        return render(self._site.templates, "embed", **given)


def _shown(board: Board, service_id: str, site: Site) -> tuple[str, Status, str, datetime | None]:
    """The name, the status, the claim, and since when a trouble lasts. Raises an `HTTPException` (404)."""
    if service_id == ALL:
        headline = board.headline
        return say("All services"), headline.status, headline.claim, headline.since_at
    view = site.service(service_id)
    since_at = view.since_at if view.status is not Status.UP else None
    return view.service.name, view.status, claim_of(view), since_at


def _path(service_id: str) -> str:
    return "/" if service_id == ALL else f"/services/{service_id}"
