"""Short ways to build what a vendor says."""

from datetime import datetime

from app.domain.service import Capability, Catalogue, Components, Service, StatusPage, Vendor
from app.domain.status import Status
from app.domain.vendor import (
    Phase,
    VendorComponent,
    VendorIncident,
    VendorMaintenance,
    VendorPage,
    VendorUpdate,
    derived_status,
)
from app.domain.watched import WatchedPage, watched_pages
from tests.build import minute

THE_API = Components(names=("API",))
PAGE = StatusPage(url="https://status.acme.example/", kind="statuspage")


def a_part(name: str = "API", status: Status = Status.UP, *, part_id: str | None = None) -> VendorComponent:
    words = {Status.UP: "operational", Status.DEGRADED: "partial_outage", Status.DOWN: "major_outage"}
    return VendorComponent(id=part_id or name.lower(), name=name, status=status, words=words[status])


def an_update(
    at: float, phase: Phase = Phase.INVESTIGATING, text: str = "We are looking.", *, update_id: str | None = None
) -> VendorUpdate:
    return VendorUpdate(id=update_id or f"u{at:g}", at=minute(at), phase=phase, words=phase, text=text)


def an_incident(
    incident_id: str = "i1",
    *updates: VendorUpdate,
    title: str = "Elevated errors",
    impact: Status = Status.DEGRADED,
    started_at: float | None = None,
    resolved_at: float | None = None,
    parts: tuple[str, ...] = (),
    phase: Phase | None = None,
    published_at: datetime | None = None,
) -> VendorIncident:
    """An incident of these updates, given from first to last; its phase is the last one's."""
    told = updates or (an_update(0),)
    phase = phase or told[-1].phase
    return VendorIncident(
        id=incident_id,
        title=title,
        phase=phase,
        words=phase,
        impact=impact,
        impact_words={Status.DEGRADED: "minor", Status.DOWN: "critical", Status.UP: "none"}.get(impact, ""),
        started_at=told[0].at if started_at is None else minute(started_at),
        published_at=published_at,
        resolved_at=(told[-1].at if resolved_at is None else minute(resolved_at)) if phase.is_over else None,
        updates=tuple(reversed(told)),
        component_ids=tuple(part.lower() for part in parts),
        component_names=parts,
    )


def a_maintenance(
    starts_at: float, ends_at: float, *, phase: Phase = Phase.SCHEDULED, parts: tuple[str, ...] = ()
) -> VendorMaintenance:
    return VendorMaintenance(
        id="m1",
        title="Database work",
        phase=phase,
        words=phase,
        starts_at=minute(starts_at),
        ends_at=minute(ends_at),
        component_ids=tuple(part.lower() for part in parts),
        component_names=parts,
    )


def a_page(
    *incidents: VendorIncident,
    parts: tuple[VendorComponent, ...] = (a_part("API"), a_part("Web")),
    maintenances: tuple[VendorMaintenance, ...] = (),
    words: str = "All Systems Operational",
    kind: str = "statuspage",
    has_all_components: bool = True,
    has_incidents: bool = True,
    updated_at: datetime | None = None,
    url: str | None = None,
) -> VendorPage:
    return VendorPage(
        kind=kind,
        status=derived_status(parts, incidents) if parts else Status.UP,
        words=words,
        url=url,
        components=parts,
        incidents=incidents,
        maintenances=maintenances,
        has_all_components=has_all_components,
        has_incidents=has_incidents,
        updated_at=updated_at,
    )


def a_service(
    service_id: str = "acme-api",
    *,
    name: str = "Acme API",
    components: Components = THE_API,
    status_page: StatusPage | None = None,
) -> Service:
    return Service(
        id=service_id,
        name=name,
        vendor_id="acme",
        capabilities=(Capability.CHAT_API,),
        home="https://acme.example/",
        checks=(),
        components=components,
        status_page=status_page,
    )


def acme(*services: Service, page: StatusPage | None = PAGE) -> Catalogue:
    """The catalogue of one vendor, called Acme."""
    vendor = Vendor(id="acme", name="Acme", home="https://acme.example/", status_page=page)
    return Catalogue(vendors=(vendor,), services=services or (a_service(),))


def acmes_page(*services: Service) -> WatchedPage:
    (watched,) = watched_pages(acme(*services))
    return watched
