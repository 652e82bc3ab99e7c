"""The answers below `/api/v2` as shapes and as OpenAPI; what they tell is made in `app.web.statuspage`."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import FastAPI, Path

from app import __version__
from app.domain.status import Status
from app.web.api.description import MISSING, read_only
from app.web.api.shape import Shape
from app.web.statuspage import DOCUMENTS

SUMMARY: Final = "What is up among the services that are watched, in the format of Statuspage’s public API."

ComponentStatus = Literal["operational", "degraded_performance", "major_outage", "under_maintenance"]


class PageOut(Shape):
    """The page: the board, or a vendor’s part of it."""

    id: str
    """Its name for programs."""
    name: str
    """Its name for people."""
    url: str
    """Where people read it."""
    time_zone: str
    """Always `Etc/UTC`."""
    updated_at: datetime
    """The last change that it shows."""


class PageStatusOut(Shape):
    """How all of it stands."""

    indicator: Literal["none", "minor", "major", "critical", "maintenance"]
    """How bad it is."""
    description: str
    """The sentence that sums it up."""
    stillup_status: Status
    """The true word, where the format has none."""


class ComponentOut(Shape):
    """A service, or a group of them."""

    id: str
    """The service’s id as in `/api/v1`."""
    name: str
    """Its name."""
    status: ComponentStatus
    """How it stands; `unknown` is `under_maintenance` in this format."""
    stillup_status: Status
    """The true word."""
    created_at: datetime
    """Since when this server watches."""
    updated_at: datetime
    """Since when it stands so."""
    description: str | None
    """What it is, or why it is unknown; `null` for a group."""
    group_id: str | None
    """The group that it is in."""
    group: bool
    """Whether this is a group."""
    page_id: str
    """The page."""
    showcase: bool
    """Always `true`."""
    start_date: None
    """Always `null`."""
    only_show_if_degraded: bool
    """Always `false`."""
    position: int = 0
    """Its place in the list; only where all are listed."""
    components: tuple[str, ...] = ()
    """The members of a group; only groups have it."""


class ChangeOut(Shape):
    """What became of a service in a step of an incident."""

    code: str
    """The service’s id."""
    name: str
    """Its name."""
    old_status: ComponentStatus
    """How it stood before."""
    new_status: ComponentStatus
    """How it stands since."""


class UpdateOut(Shape):
    """A step of an incident, or what a vendor said of its planned work."""

    id: str
    """The incident’s id and a number, or the vendor’s own."""
    incident_id: str
    """The incident, or the planned work."""
    status: str
    """`investigating` or `resolved`; of planned work `scheduled`, `in_progress`, `verifying` or `completed`."""
    body: str
    """What happened, in a sentence."""
    created_at: datetime
    """When it was known here."""
    updated_at: datetime
    """The same."""
    display_at: datetime
    """When it was true."""
    affected_components: tuple[ChangeOut, ...] | None
    """What became of the service."""


class MatterOut(Shape):
    """What incidents and planned work have in common."""

    id: str
    """The incident’s id as in `/api/v1`; of planned work the vendor’s own behind the name of its page."""
    name: str
    """What it is."""
    page_id: str
    """The page."""
    impact: Literal["minor", "critical", "maintenance"]
    """The worst that it came to."""
    shortlink: str
    """Where people read it."""
    created_at: datetime
    """When it was known here, or announced."""
    updated_at: datetime
    """When something was last known of it."""
    started_at: datetime
    """When it began, or will."""
    monitoring_at: None
    """Always `null`."""
    resolved_at: datetime | None
    """When it was over."""
    reminder_intervals: None
    """Always `null`."""
    components: tuple[ComponentOut, ...]
    """The services that it hits, as they stand now."""
    incident_updates: tuple[UpdateOut, ...]
    """Its steps, the newest first."""


class IncidentOut(MatterOut):
    """A trouble of a service, as measured."""

    status: Literal["investigating", "resolved"]
    """Whether it is over."""


class MaintenanceOut(MatterOut):
    """Work that a vendor announces."""

    status: Literal["scheduled", "in_progress", "verifying", "completed"]
    """How far it is."""
    scheduled_for: datetime
    """When it begins."""
    scheduled_until: datetime | None
    """When it ends, if that was said."""


class PageAnswer(Shape):
    """The page alone."""

    page: PageOut
    """Whose answer this is."""


class StatusAnswer(PageAnswer):
    """The indicator and the sentence."""

    status: PageStatusOut
    """How all of it stands."""


class ComponentsAnswer(PageAnswer):
    """Every service, in groups."""

    components: tuple[ComponentOut, ...]
    """Groups, each before its members."""


class IncidentsAnswer(PageAnswer):
    """Incidents."""

    incidents: tuple[IncidentOut, ...]
    """The newest first."""


class MaintenancesAnswer(PageAnswer):
    """Planned work."""

    scheduled_maintenances: tuple[MaintenanceOut, ...]
    """The soonest first."""


class SummaryAnswer(StatusAnswer, ComponentsAnswer, IncidentsAnswer, MaintenancesAnswer):
    """All of it: status, components, incidents that are not over, and planned work."""


ANSWERS: Final[Mapping[str, tuple[str, type[PageAnswer]]]] = {
    "summary": ("All of it at once", SummaryAnswer),
    "status": ("The indicator and the sentence", StatusAnswer),
    "components": ("Every service, in groups", ComponentsAnswer),
    "incidents": ("The latest 50 incidents of the last 90 days", IncidentsAnswer),
    "incidents/unresolved": ("Incidents that are not over", IncidentsAnswer),
    "scheduled-maintenances": ("Work that vendors announce and have not finished", MaintenancesAnswer),
    "scheduled-maintenances/active": ("Planned work that is under way", MaintenancesAnswer),
    "scheduled-maintenances/upcoming": ("Planned work to come", MaintenancesAnswer),
}


def described() -> dict[str, Any]:
    """The OpenAPI description of every document, for the whole board and for a vendor."""
    api = FastAPI(title="Stillup, as a status page", version=__version__, summary=SUMMARY)
    places: Mapping[str, tuple[str, Callable[..., None]]] = {
        "": ("", _of_the_board),
        "/vendors/{vendor_id}": ("OfVendor", _of_a_vendor),
    }
    for above, (ending, asked) in places.items():
        for name in DOCUMENTS:
            title, answer = ANSWERS[name]
            api.add_api_route(
                f"{above}/api/v2/{name}.json",
                asked,
                response_model=answer,
                operation_id=f"{_camel(name)}{ending}",
                summary=title,
                description=answer.__doc__ or title,
                tags=["Of one vendor" if above else "Of all services"],
                responses=MISSING if above else None,
            )
    return read_only(api.openapi())


def _of_the_board() -> None:
    """Answered elsewhere."""


def _of_a_vendor(vendor_id: Annotated[str, Path(description="The id of a vendor, such as `openai`.")]) -> None:
    """Answered elsewhere."""


def _camel(name: str) -> str:
    first, *others = name.replace("/", "-").split("-")
    return first + "".join(map(str.capitalize, others))
