"""The JSON API, with its OpenAPI description."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from app import __version__
from app.store.engine import StoreError
from app.web.api.description import finished
from app.web.api.operations.table import add_operations
from app.web.manners import READ_ONLY
from app.web.problems import BROKEN, problem, problem_of
from app.web.site import Site
from app.web.snapshots import SHARED

EXAMPLES = Path(__file__).with_name("examples.json")
SUMMARY = "What is up among the services that are watched, as measured from here."


class Api(FastAPI):
    """FastAPI, with a description that tells of errors, headers and examples as well."""

    takes_reports: bool = False

    def openapi(self) -> dict[str, Any]:
        """The description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = finished(super().openapi(), _examples(), takes_reports=self.takes_reports)
        return self.openapi_schema


def create_api(site: Site) -> Api:
    """The API below `/api/v1`."""
    api = Api(
        title="Stillup",
        version=__version__,
        summary=SUMMARY,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        exception_handlers={
            HTTPException: _refused,
            RequestValidationError: _invalid,
            StoreError: _unreadable,
            Exception: _broken,
        },
    )
    api.takes_reports = site.takes_reports
    add_operations(api, site)
    api.add_route("/openapi.json", _describe, include_in_schema=False)
    return api


def _examples() -> Mapping[str, Any]:
    told: Mapping[str, Any] = json.loads(EXAMPLES.read_text()) if EXAMPLES.is_file() else {}
    return told


async def _describe(request: Request) -> Response:
    return JSONResponse(request.app.openapi(), headers=SHARED)


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
        return problem_of(request, error)
    headers = {"allow": READ_ONLY}
    if request.method == "OPTIONS":
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    return problem(request, error.status_code, str(error.detail), headers)


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [
        {"field": ".".join(map(str, each["loc"][1:])), "detail": each["msg"].removeprefix("Value error, ")}
        for each in error.errors()
    ]
    told = "; ".join(f"{fault['field']}: {fault['detail']}" for fault in faults)
    return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, told, more={"errors": faults})


async def _unreadable(request: Request, error: Exception) -> Response:
    return problem(request, HTTPStatus.SERVICE_UNAVAILABLE, str(error), {"retry-after": "5"})


async def _broken(request: Request, _error: Exception) -> Response:
    return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, BROKEN)
