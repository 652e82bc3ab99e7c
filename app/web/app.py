"""The application: the hot paths from memory in front, everything else as ordinary FastAPI behind."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from app import __version__
from app.board.keeper import BoardKeeper
from app.web.api import iso
from app.web.history import Histories
from app.web.render import Renderer
from app.web.schemas import Health, HistoryOut, IncidentOut, Problem, ServiceOut, ServicesOut, Window
from app.web.snapshots import SECURITY_HEADERS, Front, Rendered

FRESH = timedelta(minutes=5)
"""An older board is not what is true now."""

MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "There is no such thing."}}


def create_app(
    *,
    keeper: BoardKeeper,
    histories: Histories,
    now: Callable[[], datetime],
    templates: Path,
    static: Path,
) -> Front:
    """The ASGI application that shows the keeper's board."""
    renderer = Renderer(keeper, templates, static)
    front = Front(renderer, _behind(keeper, renderer, histories, now))

    def renewed(_board: object) -> None:
        front.forget()
        front.warm("/")

    keeper.subscribe(renewed)
    return front


def _behind(keeper: BoardKeeper, renderer: Renderer, histories: Histories, now: Callable[[], datetime]) -> FastAPI:
    app = FastAPI(
        title="Stillup",
        version=__version__,
        summary="Is it still up? The status of AI services, as measured from here.",
        docs_url=None,
        redoc_url=None,
    )
    _add_api(app, renderer, histories)
    _add_health(app, keeper, now)
    _add_errors(app, renderer)

    @app.middleware("http")
    async def secured(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await proceed(request)
        for name, value in SECURITY_HEADERS:
            response.headers[name.decode()] = value.decode()
        if request.url.path.startswith("/api/"):
            response.headers["access-control-allow-origin"] = "*"
        return response

    @app.get("/{path:path}", include_in_schema=False)
    async def rendered(path: str) -> Response:
        return _response(_found(renderer, f"/{path}"))

    return app


def _add_api(app: FastAPI, renderer: Renderer, histories: Histories) -> None:
    @app.get("/api/v1/services", response_model=ServicesOut, tags=["services"])
    async def services() -> Response:
        """All services: status, since when, why, latency, uptime."""
        return _response(_found(renderer, "/api/v1/services"))

    @app.get("/api/v1/services/{service_id}", response_model=ServiceOut, responses=MISSING, tags=["services"])
    async def service(service_id: str) -> Response:
        """One service: its checks, its last 90 days, its incidents."""
        return _response(_found(renderer, f"/api/v1/services/{service_id}"))

    @app.get("/api/v1/services/{service_id}/history", responses=MISSING, tags=["services"])
    async def history(
        service_id: str,
        window: Annotated[Window, Query(description="How far back: hours up to a week, else days.")] = Window.DAY,
    ) -> HistoryOut:
        """What every check of a service measured, in hours (24h, 7d) or UTC days (30d, 90d)."""
        found = await histories.load(service_id, window)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no service {service_id!r}.")
        return HistoryOut.model_validate(found)

    @app.get("/api/v1/incidents/{incident_id}", response_model=IncidentOut, responses=MISSING, tags=["incidents"])
    async def incident(incident_id: str) -> Response:
        """One incident of the last 90 days with its whole story."""
        return _response(_found(renderer, f"/api/v1/incidents/{incident_id}"))


def _add_health(app: FastAPI, keeper: BoardKeeper, now: Callable[[], datetime]) -> None:
    @app.get("/healthz", response_class=PlainTextResponse, tags=["own health"])
    async def healthz() -> str:
        """Whether the process lives."""
        return "ok\n"

    @app.get("/readyz", responses={503: {"model": Health}}, tags=["own health"])
    async def readyz(response: Response) -> Health:
        """Whether results can be stored and shown; 503 with the reasons where not."""
        reasons = _unready(keeper, now())
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
        own = keeper.board.own if keeper.board is not None else None
        return Health(
            ready=not reasons,
            reasons=reasons,
            late_p99_ms=own.late_p99_ms if own is not None else None,
            missed=own.missed if own is not None else 0,
        )


def _unready(keeper: BoardKeeper, now: datetime) -> list[str]:
    board = keeper.board
    if board is None:
        return [keeper.trouble or "Nothing can be shown yet."]
    reasons = [keeper.trouble, board.own.storage_trouble]
    if now - board.made_at > FRESH:
        reasons.append(f"What is shown is from {iso(board.made_at)}.")
    return [reason for reason in reasons if reason]


def _add_errors(app: FastAPI, renderer: Renderer) -> None:
    def answer(request: Request, status: int, detail: str) -> Response:
        title = HTTPStatus(status).phrase
        wants_page = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")
        if wants_page:
            return _response(renderer.page("error", status=status, title=title, detail=detail))
        problem = Problem(title=title, status=status, detail=detail)
        return JSONResponse(problem.model_dump(), status, media_type="application/problem+json")

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> Response:
        return answer(request, error.status_code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        told = "; ".join(f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}" for each in error.errors())
        return answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, told)

    @app.exception_handler(Exception)
    async def broken(request: Request, _error: Exception) -> Response:
        return answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "Something of ours broke; the log has it.")


def _found(renderer: Renderer, path: str) -> Rendered:
    rendered = renderer(path)
    if rendered is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"There is nothing at {path}.")
    return rendered


def _response(rendered: Rendered) -> Response:
    headers = {"cache-control": f"public, max-age={rendered.max_age_s}"}
    return Response(rendered.body, rendered.status, headers, rendered.content_type)
