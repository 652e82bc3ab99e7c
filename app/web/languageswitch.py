"""Where a reader chooses a language: the choice is kept in a cookie, and the page is shown again in it."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.domain.saying import say
from app.web.languages import COOKIE, LANGUAGES
from app.web.snapshots import PRIVATE

A_YEAR = 365 * 86_400


class LanguageSwitch:
    """Takes the choice from the buttons at the foot of every page."""

    @property
    def routes(self) -> list[Route]:
        """Where it is taken."""
        return [Route("/language/{code}", self.choose, methods=["POST"])]

    async def choose(self, request: Request) -> Response:
        """Keep the choice, and go back to where it was made."""
        code = request.path_params["code"]
        if code not in LANGUAGES:
            raise HTTPException(HTTPStatus.NOT_FOUND, say("There is no language “{code}”.", code=code))
        answer = RedirectResponse(_page(request), HTTPStatus.SEE_OTHER, PRIVATE)
        is_https = request.url.scheme == "https"
        answer.set_cookie(COOKIE, code, max_age=A_YEAR, samesite="lax", httponly=True, secure=is_https)
        return answer


def _page(request: Request) -> str:
    """The page that the choice was made on: of any address only its path, which cannot lead away from here."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path
