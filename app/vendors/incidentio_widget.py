"""The language of incident.io's widget: `/api/v1/summary`, what is going on now and nothing else."""

from collections.abc import Iterator
from itertools import chain

from app.domain.status import Status, worst_of
from app.domain.vendor import (
    Phase,
    VendorComponent,
    VendorIncident,
    VendorMaintenance,
    VendorPage,
    VendorUpdate,
    derived_status,
)
from app.vendors.shape import Drift, Part
from app.vendors.story import span
from app.vendors.words import COMPONENT, PHASE

WIDGET_LISTS = ("ongoing_incidents", "in_progress_maintenances", "scheduled_maintenances")


def read_widget(root: Part, kind: str, drift: Drift) -> VendorPage:
    """The page as far as the widget tells it: a part that is well is not in it."""
    drift.missing(root, "page_title", "page_url", *WIDGET_LISTS)
    incidents = tuple(_widget_incident(row, drift) for row in root.parts("ongoing_incidents"))
    planned = tuple(chain(root.parts("in_progress_maintenances"), root.parts("scheduled_maintenances")))
    components = tuple(_widget_components(root, drift))
    status = worst_of((derived_status(components, incidents), Status.UP))
    return VendorPage(
        kind=kind,
        status=status,
        words="",
        name=root.text_or("page_title") or None,
        url=root.link("page_url"),
        components=components,
        incidents=tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True)),
        maintenances=tuple(_widget_maintenance(row, drift) for row in planned),
        has_all_components=False,
        drift=drift.notes,
    )


def _widget_components(root: Part, drift: Drift) -> Iterator[VendorComponent]:
    """The parts that what is going on now names, each once."""
    seen = set()
    for row in chain(root.parts("ongoing_incidents"), root.parts("in_progress_maintenances")):
        for part in row.parts("affected_components"):
            if part.text("id") not in seen:
                seen.add(part.text("id"))
                yield VendorComponent(
                    id=part.text("id"),
                    name=part.text("name"),
                    status=drift.word(COMPONENT, part, "current_status", Status.UNKNOWN),
                    words=part.text_or("current_status"),
                    group=part.text_or("group_name") or None,
                )


def _widget_incident(row: Part, drift: Drift) -> VendorIncident:
    updates = _last_update(row, drift)
    phase = drift.word(PHASE, row, "status", Phase.UNKNOWN)
    created_at = row.moment_or_none("created_at")
    when = span(row.where, started=(created_at,), resolved=None, phase=phase, updates=updates)
    parts = tuple(row.parts("affected_components"))
    return VendorIncident(
        id=row.text("id"),
        title=row.text("name"),
        phase=phase,
        words=row.text_or("status"),
        impact=drift.word(COMPONENT, row, "current_worst_impact", Status.UNKNOWN),
        impact_words=row.text_or("current_worst_impact"),
        started_at=when.started_at,
        published_at=created_at,
        resolved_at=when.resolved_at,
        updated_at=row.moment_or_none("last_update_at"),
        updates=updates,
        component_ids=tuple(part.text("id") for part in parts),
        component_names=tuple(part.text("name") for part in parts),
        url=row.link("url"),
        oddities=() if created_at else ("the beginning is that of its last update",),
    )


def _widget_maintenance(row: Part, drift: Drift) -> VendorMaintenance:
    parts = tuple(row.parts("affected_components"))
    return VendorMaintenance(
        id=row.text("id"),
        title=row.text("name"),
        phase=drift.word(PHASE, row, "status", Phase.UNKNOWN),
        words=row.text_or("status"),
        starts_at=row.moment_or_none("starts_at")
        or row.moment_or_none("started_at")
        or row.moment("last_update_at"),
        ends_at=row.moment_or_none("ends_at") or row.moment_or_none("scheduled_end_at"),
        updates=_last_update(row, drift),
        component_ids=tuple(part.text("id") for part in parts),
        component_names=tuple(part.text("name") for part in parts),
        url=row.link("url"),
    )


def _last_update(row: Part, drift: Drift) -> tuple[VendorUpdate, ...]:
    """The widget tells the last thing that was said, and gives it no id."""
    at = row.moment_or_none("last_update_at")
    if at is None:
        return ()
    told = VendorUpdate(
        id=f"{row.text('id')}:{at.isoformat()}",
        at=at,
        phase=drift.word(PHASE, row, "status", Phase.UNKNOWN),
        words=row.text_or("status"),
        text=row.prose("last_update_message"),
    )
    return (told,)
