"""Errors, said to people as a page and to programs as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.domain.saying import say
from app.domain.status import Status
from app.web.snapshots import PRIVATE
from app.web.templating import Templates, render

MISSING = "/404.html"
"""Servers of files show what stands there wherever there is nothing."""

BROKEN = say("Something of ours broke; the log says what.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem: the end of the address where it is described, and what it means."""

    slug: str
    about: str

    @property
    def type(self) -> str:
        """The address where it is described."""
        return f"/docs#problem-{self.slug}"


KINDS: Mapping[int, Kind] = {
    400: Kind(slug="malformed", about="The request is not one: what was sent cannot be read."),
    403: Kind(slug="forbidden", about="A page of another site asked for what only this site may."),
    404: Kind(slug="not-found", about="There is no such address, or nothing by that name."),
    405: Kind(slug="method-not-allowed", about="The address is right, the method is not; `Allow` says which are."),
    413: Kind(slug="too-large", about="More was sent than is read."),
    422: Kind(
        slug="not-understood", about="The question cannot be understood; `errors` names what is wrong with it."
    ),
    429: Kind(slug="too-many", about="Too much was asked; `Retry-After` says after how many seconds to go on."),
    500: Kind(slug="broken", about="Something of ours broke; it is in our log."),
    503: Kind(slug="not-ready", about="It cannot be told right now; `Retry-After` says when to try again."),
}
"""Every kind there is, by its status."""


class FieldError(HTTPException):
    """A question that cannot be understood: `field` names the parameter, or the field of what was sent."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(HTTPStatus.UNPROCESSABLE_ENTITY, sentence)
        self.field = field


def problem(
    request: Request,
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """An error for programs; `more` are members that its kind has beside the usual ones."""
    title = HTTPStatus(status).phrase
    told = {
        "type": KINDS[status].type if status in KINDS else "about:blank",
        "title": title,
        "status": status,
        "detail": explained(request, title, detail),
        "instance": quote(request.url.path, safe=_SAFE_IN_PATHS),
        **(more or {}),
    }
    return JSONResponse(told, status, {**PRIVATE, **(headers or {})}, "application/problem+json")


_SAFE_IN_PATHS = "/:@!$&'()*+,;="


def problem_of(request: Request, error: HTTPException) -> Response:
    """The error that an exception tells of."""
    more = {"errors": [{"field": error.field, "detail": error.detail}]} if isinstance(error, FieldError) else {}
    return problem(request, error.status_code, error.detail, error.headers, more)


def explained(request: Request, title: str, detail: str) -> str:
    """The detail, or what a router means when it only repeats the name of the status."""
    if detail != title:
        return detail
    if title == HTTPStatus.METHOD_NOT_ALLOWED.phrase:
        return say("{path} can be read, and nothing else.", path=request.url.path)
    return say("There is nothing at {path}.", path=request.url.path)


TITLES = {
    HTTPStatus.NOT_FOUND: say("Not Found"),
    HTTPStatus.METHOD_NOT_ALLOWED: say("Method Not Allowed"),
    HTTPStatus.INTERNAL_SERVER_ERROR: say("Internal Server Error"),
    HTTPStatus.SERVICE_UNAVAILABLE: say("Service Unavailable"),
}
"""What pages call the errors that visitors meet."""


class Errors:
    """Answers with a page, or with a problem to whoever asks below `/api` or does not read HTML."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    async def refused(self, request: Request, error: Exception) -> Response:
        """What was asked for is not there, or not allowed."""
        if not isinstance(error, HTTPException):
            raise error
        if _is_for_programs(request):
            return _readable(request, problem_of(request, error))
        return self._page(request, error.status_code, error.detail, dict(error.headers or {}))

    async def missing(self, request: Request) -> Response:
        """What stands where nothing is, for servers of files: they show it at any address."""
        return self._page(request, HTTPStatus.NOT_FOUND, say("There is nothing at this address."), {})

    async def broken(self, request: Request, _error: Exception) -> Response:
        """A bug. The server logs the exception, which is raised again after this."""
        if _is_for_programs(request):
            return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, BROKEN)
        return self._page(request, HTTPStatus.INTERNAL_SERVER_ERROR, BROKEN, {})

    def _page(self, request: Request, status: int, detail: str, headers: dict[str, str]) -> Response:
        title = HTTPStatus(status).phrase
        told = explained(request, title, detail)
        named = TITLES.get(HTTPStatus(status), title)
        page = render(self._templates, "error", status=Status.UNKNOWN, title=named, detail=told)
        return HTMLResponse(page, status, {**PRIVATE, **headers})


def _readable(request: Request, answer: Response) -> Response:
    """The answer, for scripts of other pages, too, if they may read whatever is there."""
    if request.url.path.startswith("/api/") and request.method in ("GET", "HEAD"):
        answer.headers["access-control-allow-origin"] = "*"
    return answer


def _is_for_programs(request: Request) -> bool:
    return request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", "text/html")
