"""Everything that can be asked, in the order in which it is described."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Depends, FastAPI

from app.web.api.description import MISSING, Tag
from app.web.api.operations.alternatives import alternatives, capabilities, estimates
from app.web.api.operations.checks import check, checks
from app.web.api.operations.given import kept, passing
from app.web.api.operations.incidents import incident, incidents
from app.web.api.operations.own import health
from app.web.api.operations.services import charts, history, latency, service, services
from app.web.api.operations.vendors import lag, vendor, vendors
from app.web.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What can be asked with a GET at a path: its `id` for programs, and its `title` for people.

    `is_named` where it names what may not be there; `is_kept` where the answer holds until the next board.
    """

    path: str
    answer: Callable[..., Any]
    id: str
    title: str
    tag: Tag
    is_named: bool = True
    is_kept: bool = True


_SERVICE = "/services/{service_id}"
_QUESTIONS: Final = (
    Question(
        path="/services",
        answer=services,
        id="listServices",
        title="Every service in short",
        tag=Tag.SERVICES,
        is_named=False,
    ),
    Question(path=_SERVICE, answer=service, id="getService", title="One service", tag=Tag.SERVICES),
    Question(
        path=f"{_SERVICE}/history",
        answer=history,
        id="getServiceHistory",
        title="A service over time",
        tag=Tag.SERVICES,
    ),
    Question(
        path=f"{_SERVICE}/latency",
        answer=latency,
        id="getServiceLatency",
        title="Latency quantiles",
        tag=Tag.SERVICES,
    ),
    Question(
        path=f"{_SERVICE}/charts",
        answer=charts,
        id="getServiceCharts",
        title="What the charts are drawn of",
        tag=Tag.SERVICES,
    ),
    Question(
        path="/alternatives",
        answer=alternatives,
        id="listAlternatives",
        title="What works now",
        tag=Tag.ALTERNATIVES,
    ),
    Question(
        path="/capabilities",
        answer=capabilities,
        id="listCapabilities",
        title="What services are for",
        tag=Tag.ALTERNATIVES,
        is_named=False,
    ),
    Question(
        path="/incidents", answer=incidents, id="listIncidents", title="Incidents, page by page", tag=Tag.INCIDENTS
    ),
    Question(
        path="/incidents/{incident_id}", answer=incident, id="getIncident", title="One incident", tag=Tag.INCIDENTS
    ),
    Question(
        path="/estimates",
        answer=estimates,
        id="listEstimates",
        title="How long every trouble will last",
        tag=Tag.INCIDENTS,
        is_named=False,
    ),
    Question(
        path="/vendors",
        answer=vendors,
        id="listVendors",
        title="Every vendor in short",
        tag=Tag.VENDORS,
        is_named=False,
    ),
    Question(path="/vendors/{vendor_id}", answer=vendor, id="getVendor", title="One vendor", tag=Tag.VENDORS),
    Question(path="/lag", answer=lag, id="listLags", title="The lag ledger, page by page", tag=Tag.VENDORS),
    Question(path="/checks", answer=checks, id="listChecks", title="Every check", tag=Tag.CHECKS),
    # An id has a slash in it; a client that encodes it is understood as well.
    Question(path="/checks/{check_id:path}", answer=check, id="getCheck", title="One check", tag=Tag.CHECKS),
    Question(
        path="/health",
        answer=health,
        id="getHealth",
        title="Our own health",
        tag=Tag.OWN,
        is_named=False,
        is_kept=False,
    ),
)


def add_operations(api: FastAPI, site: Site) -> None:
    """Have all of it answered from this site."""
    api.state.site = site
    for each in _QUESTIONS:
        api.add_api_route(
            each.path,
            each.answer,
            methods=["GET"],
            operation_id=each.id,
            summary=each.title,
            tags=[each.tag],
            responses=MISSING if each.is_named else None,
            dependencies=[Depends(kept if each.is_kept else passing)],
        )
