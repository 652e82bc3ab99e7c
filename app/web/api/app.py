"""The JSON API, with its OpenAPI description."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.cors import CORSMiddleware

from app import __version__
from app.board.alternatives import Offers
from app.board.history import Window
from app.board.load import load_history, load_story
from app.board.stretches import alone
from app.board.vendors import load_vendor
from app.domain.check import Check
from app.domain.service import Capability, Service
from app.web.api.alternatives import (
    AlternativesOut,
    CapabilitiesOut,
    capabilities_out,
    instead_out,
    working_out,
)
from app.web.api.estimates import EstimatesOut, estimate_out, estimates_out
from app.web.api.ledger import VendorRecordOut, VendorsOut, vendor_record_out, vendors_out
from app.web.api.schemas import HistoryOut, Problem, ServiceOut, ServicesOut
from app.web.api.stories import IncidentOut, incident_out
from app.web.api.tell import history_out, service_out, services_out
from app.web.problems import BROKEN, problem
from app.web.site import Site
from app.web.snapshots import SHARED


def _problem_of(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
    }


PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: _problem_of("There is no such thing."),
    422: _problem_of("The question cannot be understood."),
}

ServiceId = Annotated[str, Path(description="The id of a service, such as `chatgpt`.")]


def create_api(site: Site) -> FastAPI:
    """The API below `/api/v1`."""
    api = FastAPI(
        title="Stillup",
        version=__version__,
        summary="What is up among the services that are watched, as measured from here.",
        docs_url=None,
        redoc_url=None,
        exception_handlers={
            StarletteHTTPException: _refused,
            RequestValidationError: _invalid,
            Exception: _broken,
        },
    )
    # For the preflight that a browser sends before a conditional request; the answers themselves carry the header.
    api.add_middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "HEAD"], allow_headers=["if-none-match"]
    )
    _add_services(api, site)
    _add_alternatives(api, site)
    _add_estimates(api, site)
    _add_incidents(api, site)
    _add_vendors(api, site)
    return api


def _add_services(api: FastAPI, site: Site) -> None:
    # Not a coroutine: with many services it is long, and then belongs in a thread.
    @api.get("/services")
    def services(response: Response) -> ServicesOut:
        """All services: status, since when, why, latency, uptime; and the sentence that sums them up."""
        response.headers.update(SHARED)
        return services_out(site.board, is_simulated=site.is_simulated)

    @api.get("/services/{service_id}", responses=PROBLEMS)
    def service(service_id: ServiceId, response: Response) -> ServiceOut:
        """One service: its checks with their last probe, its 90 days, and its incidents."""
        view = site.service(service_id)
        response.headers.update(SHARED)
        board = site.board
        offers = Offers(board).instead_of(view.service.id)
        likely = estimate_out(board, view)
        return service_out(view, offers, likely, board.made_at, is_simulated=site.is_simulated)

    @api.get("/services/{service_id}/history", responses=PROBLEMS)
    async def history(
        service_id: ServiceId,
        response: Response,
        window: Annotated[
            Window, Query(description="How far back: 24 hours, 7 days in buckets of 6 hours, 30 or 90 UTC days.")
        ] = Window.DAY,
        check: Annotated[str | None, Query(description="The name of one check, such as `models`.")] = None,
    ) -> HistoryOut:
        """A service, or one check of it, over time: status, uptime, coverage, counts and latencies in buckets."""
        watched = site.service(service_id).service
        chosen = _check(watched, check) if check is not None else None
        asked = alone(watched, chosen) if chosen is not None else watched
        told = await load_history(site.database, asked, window, site.board.made_at)
        response.headers.update(SHARED)
        return history_out(service_id, chosen, told, is_simulated=site.is_simulated)


def _add_estimates(api: FastAPI, site: Site) -> None:
    @api.get("/estimates")
    def estimates(response: Response) -> EstimatesOut:
        """How long every trouble will probably last, and how good such estimates have been."""
        response.headers.update(SHARED)
        return estimates_out(site.board, is_simulated=site.is_simulated)


def _add_alternatives(api: FastAPI, site: Site) -> None:
    @api.get("/alternatives", responses=PROBLEMS)
    def alternatives(
        response: Response,
        capability: Annotated[
            Capability | None, Query(description="What is wanted. Either this or `service` is needed.")
        ] = None,
        service: Annotated[
            str | None,
            Query(
                description="The id of a service to be replaced, in all that it is for or only in `capability`."
            ),
        ] = None,
        avoided: Annotated[
            tuple[str, ...],
            Query(
                alias="not", max_length=100, description="The id of a service not to be offered; may be repeated."
            ),
        ] = (),
    ) -> AlternativesOut:
        """What works now, the best first, with the reasons: up by its own evidence, and never an unknown."""
        replaced = (*((service,) if service is not None else ()), *avoided)
        for each in replaced:
            site.service(each)
        response.headers.update(SHARED)
        if capability is not None:
            return working_out(site.board, capability, replaced, is_simulated=site.is_simulated)
        if service is None:
            raise HTTPException(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "Say which `capability` is wanted, or which `service` is to be replaced.",
            )
        return instead_out(site.board, service, avoided, is_simulated=site.is_simulated)

    @api.get("/capabilities")
    def capabilities(response: Response) -> CapabilitiesOut:
        """Everything that services are for, who has it, and who of them works now."""
        response.headers.update(SHARED)
        return capabilities_out(site.board, is_simulated=site.is_simulated)


def _add_incidents(api: FastAPI, site: Site) -> None:
    @api.get("/incidents/{incident_id}", responses=PROBLEMS)
    async def incident(
        incident_id: Annotated[str, Path(description="The id of an incident.")], response: Response
    ) -> IncidentOut:
        """One incident with its whole story."""
        story = await load_story(site.database, incident_id)
        if story is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no incident “{incident_id}”.")
        response.headers.update(SHARED)
        related = site.board.related_to(story.incident)
        return incident_out(story, related, is_simulated=site.is_simulated)


def _add_vendors(api: FastAPI, site: Site) -> None:
    @api.get("/vendors")
    def vendors(response: Response) -> VendorsOut:
        """Every vendor, and the worst that it says of its services."""
        response.headers.update(SHARED)
        return vendors_out(site.board.services)

    @api.get("/vendors/{vendor_id}", responses=PROBLEMS)
    async def vendor(
        vendor_id: Annotated[str, Path(description="The id of a vendor, such as `openai`.")], response: Response
    ) -> VendorRecordOut:
        """One vendor: what it says now, what it told of, every change of its pages, and how late it is."""
        views = site.vendor(vendor_id)
        told = await load_vendor(site.database, views[0].vendor, views, site.board.made_at)
        response.headers.update(SHARED)
        return vendor_record_out(told)


def _check(service: Service, name: str) -> Check:
    for check in service.checks:
        if name in (check.name, check.id):
            return check
    raise HTTPException(HTTPStatus.NOT_FOUND, f"“{service.id}” has no check “{name}”.")


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, StarletteHTTPException):
        raise error
    return problem(request, error.status_code, str(error.detail), dict(error.headers or {}))


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    told = "; ".join(f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}" for each in error.errors())
    return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, told)


async def _broken(request: Request, _error: Exception) -> Response:
    return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, BROKEN)
