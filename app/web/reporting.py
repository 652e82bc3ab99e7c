"""Where visitors report a problem, from a form of ours or by a program, and are answered with what others see."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from app.domain.report import Symptom
from app.pipeline.desk import ReportDesk, TooManyError, Visitor
from app.store.engine import StoreError
from app.web.problems import FieldError, problem, problem_of
from app.web.site import Site
from app.web.snapshots import PRIVATE
from app.web.visitors import address_of

PATH = "/api/v1/services/{service_id}/reports"
MOST_BYTES = 4_096
LONGEST_REGION = 60
_OUR_OWN = ("same-origin", "none")


class Reporting:
    """Takes reports at `/api/v1/services/{id}/reports`, as JSON or as a form."""

    def __init__(self, site: Site, desk: ReportDesk, *, trusted_proxies: int) -> None:
        self._site = site
        self._desk = desk
        self._trusted_proxies = trusted_proxies

    @property
    def routes(self) -> list[Route]:
        """Where they are taken."""
        return [
            Route(PATH, self.report, methods=["POST"]),
            Route(PATH, self.refuse, methods=["GET", "PUT", "PATCH", "DELETE", "OPTIONS"]),
        ]

    async def refuse(self, request: Request) -> Response:
        """Reports are made, and nothing else."""
        headers = {"allow": "POST, OPTIONS"}
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        return problem(request, HTTPStatus.METHOD_NOT_ALLOWED, "Reports can be made here, not read.", headers)

    async def report(self, request: Request) -> Response:
        """Count a report, and tell what others report and what we see."""
        view = self._site.service(request.path_params["service_id"])
        is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        try:
            _refuse_strangers(request)
            told = _told(await _body(request), is_form=is_form)
            symptom, region = _read(told)
        except HTTPException as error:
            return problem_of(request, error)
        agent = request.headers.get("user-agent", "")
        visitor = Visitor(address=address_of(request, self._trusted_proxies), agent=agent)
        try:
            is_counted = await self._desk.take(view.service.id, symptom, region, visitor)
        except TooManyError as error:
            return _back(view.service.id, told, "often") if is_form else _too_many(request, error)
        except StoreError:
            return _back(view.service.id, told, "lost") if is_form else _lost(request)
        if is_form:
            return _back(view.service.id, told, "counted" if is_counted else "again")
        people = view.people
        answer: dict[str, Any] = {
            "service_id": view.service.id,
            "counted": is_counted,
            "status": view.status,
            "people": {
                "last_hour": people.last_hour + is_counted,
                "usual": round(people.usual, 2),
                "surge_since_at": people.since_at.isoformat() if people.since_at is not None else None,
            },
        }
        return JSONResponse(answer, HTTPStatus.CREATED if is_counted else HTTPStatus.OK, PRIVATE)


def _back(service_id: str, told: Mapping[str, Any], answer: str) -> Response:
    """To the page that the form stands on, which says what came of it."""
    if told.get("answer") == "report":
        return RedirectResponse(f"/report?service={service_id}&reported={answer}", HTTPStatus.SEE_OTHER)
    return RedirectResponse(f"/services/{service_id}?reported={answer}#people", HTTPStatus.SEE_OTHER)


def _too_many(request: Request, error: TooManyError) -> Response:
    seconds = max(1, round(error.again_after.total_seconds()))
    return problem(request, HTTPStatus.TOO_MANY_REQUESTS, str(error), {"retry-after": str(seconds)})


def _lost(request: Request) -> Response:
    detail = "Your report could not be kept; it was not counted. Try again in a minute."
    return problem(request, HTTPStatus.SERVICE_UNAVAILABLE, detail, {"retry-after": "60"})


def _refuse_strangers(request: Request) -> None:
    """No page of others may have its visitors report: browsers tell where a request comes from."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    host = request.headers.get("host", "")
    is_strange = (
        site not in _OUR_OWN if site is not None else origin is not None and origin.partition("//")[2] != host
    )
    if is_strange:
        raise HTTPException(HTTPStatus.FORBIDDEN, "A report is made on this site, not from another one.")


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A report has at most {MOST_BYTES} bytes.")
    return body


def _told(body: bytes, *, is_form: bool) -> Mapping[str, Any]:
    try:
        told = dict(parse_qsl(body.decode())) if is_form else json.loads(body or b"{}")
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {}


def _read(told: Mapping[str, Any]) -> tuple[Symptom, str]:
    try:
        symptom = Symptom(told["symptom"])
    except (ValueError, KeyError):
        detail = f"Say which symptom there is: one of {', '.join(Symptom)}."
        raise FieldError("symptom", detail) from None
    region = told.get("region")
    if not isinstance(region, str | None):
        raise FieldError("region", "Say where you are in words, or leave it out.")
    return symptom, (region or "")[:LONGEST_REGION]
