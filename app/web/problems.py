"""Errors, said to people as a page and to programs as `application/problem+json` (RFC 9457)."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.domain.saying import say
from app.domain.status import Status
from app.web.snapshots import PRIVATE
from app.web.templating import Templates, render

BROKEN = say("Something of ours broke; the log says what.")


def problem(request: Request, status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """An error for programs."""
    title = HTTPStatus(status).phrase
    told = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": explained(request, title, detail),
        "instance": request.url.path,
    }
    return JSONResponse(told, status, {**PRIVATE, **(headers or {})}, "application/problem+json")


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
        headers = dict(error.headers or {})
        return self._answer(request, error.status_code, error.detail, headers)

    async def broken(self, request: Request, _error: Exception) -> Response:
        """A bug. The server logs the exception, which is raised again after this."""
        return self._answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, BROKEN, {})

    def _answer(self, request: Request, status: int, detail: str, headers: dict[str, str]) -> Response:
        title = HTTPStatus(status).phrase
        if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", "text/html"):
            return problem(request, status, detail, headers)
        told = explained(request, title, detail)
        named = TITLES.get(HTTPStatus(status), title)
        page = render(self._templates, "error", status=Status.UNKNOWN, title=named, detail=told)
        return HTMLResponse(page, status, {**PRIVATE, **headers})
