"""What can be asked of incidents."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, HTTPException, Path, Query

from app.board.load import load_story
from app.domain.status import Status
from app.store.incidents import IncidentFilter, load_incident_page
from app.web.api.operations.given import TheSite
from app.web.api.operations.paging import Paging
from app.web.api.shape import Moment, Truth
from app.web.api.stories import IncidentOut, IncidentsOut, incident_out, incidents_out


def wanted(
    *,
    site: TheSite,
    service: Annotated[str | None, Query(description="The id of a service: only its incidents.")] = None,
    vendor: Annotated[str | None, Query(description="The id of a vendor: only those of its services.")] = None,
    status: Annotated[Status | None, Query(description="The status now, or at the end.")] = None,
    worst: Annotated[Status | None, Query(description="The worst it came to.")] = None,
    is_open: Annotated[
        Truth | None,
        Query(alias="open", description="`true` for those that are not over, `false` for others."),
    ] = None,
    since_at: Annotated[
        Moment | None, Query(alias="since", description="Only those that were not over before this moment.")
    ] = None,
    until_at: Annotated[
        Moment | None, Query(alias="until", description="Only those that began before this moment.")
    ] = None,
) -> IncidentFilter:
    """Which incidents are asked for."""
    return IncidentFilter(
        service_ids=site.wanted_services(service, vendor),
        status=status,
        worst=worst,
        is_open=is_open,
        since_at=since_at,
        until_at=until_at,
    )


async def incidents(
    site: TheSite,
    asked: Annotated[IncidentFilter, Depends(wanted)],
    paging: Annotated[Paging, Depends()],
) -> IncidentsOut:
    """Incidents, newest first, page by page: what comes meanwhile moves none from one page to another."""
    async with site.database.read() as tx:
        found = await load_incident_page(tx, asked, limit=paging.wanted, after=paging.after)
    page, following = paging.cut(site, found, lambda each: (each.opened_at, each.id))
    return incidents_out(page, following, site.board.made_at, is_simulated=site.is_simulated)


async def incident(
    incident_id: Annotated[str, Path(description="The id of an incident.")], site: TheSite
) -> IncidentOut:
    """One incident: every step of it with the probe that told it, what the vendor said, and how late."""
    story = await load_story(site.database, incident_id)
    if story is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no incident “{incident_id}”.")
    related = site.board.related_to(story.incident)
    return incident_out(story, related, is_simulated=site.is_simulated)
