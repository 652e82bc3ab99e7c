"""What vendors say on the days to look at: a page for each of them, the same at every run."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from app.domain.said import PageState, Said, SaidKind, SeenIncident
from app.domain.service import Catalogue, Service
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

DAY = timedelta(days=1)
TITLES = (
    "Elevated error rates",
    "Increased latency",
    "Some requests fail",
    "Login problems",
    "Degraded performance",
)
TEXTS = {
    Phase.INVESTIGATING: "We are looking into reports of errors. Details will follow at https://status.example/.",
    Phase.IDENTIFIED: "The cause was found: a change of configuration. We are taking it back.",
    Phase.MONITORING: "A fix is in place. We are watching it.",
    Phase.RESOLVED: "This incident has been resolved.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorDay:
    """What vendors say: troubles by service id and when they were said, pages that cannot be read, plans."""

    troubles: dict[str, datetime] = field(default_factory=dict)
    unread_since: dict[str, datetime] = field(default_factory=dict)
    planned: tuple[str, ...] = ()
    first_read_at: datetime | None = None


def states_of(catalogue: Catalogue, said: VendorDay, now: datetime) -> Iterable[PageState]:
    """Every page as it stands."""
    for watched in watched_pages(catalogue):
        page = _page(watched, said, now)
        since_at = said.unread_since.get(watched.vendor_id, said.unread_since.get("*"))
        state = PageState(
            key=watched.key,
            page=page,
            first_read_at=said.first_read_at or now - 60 * DAY,
            read_at=now - timedelta(minutes=2),
            changed_at=now - 3 * DAY,
            part_since={part.id: now - 3 * DAY for part in page.components},
            history_read_at=now - timedelta(hours=1),
        )
        if since_at is not None:
            trouble = "The page's server accepts no connection."
            state = replace(state, read_at=since_at, failing_since_at=since_at, failures=9, trouble=trouble)
            state = replace(state, unknown_since_at=since_at)
        yield state


def incidents_of(catalogue: Catalogue, said: VendorDay, now: datetime) -> Iterable[SeenIncident]:
    """All that vendors told of in 90 days: what is open, and now and then one that is over."""
    for watched in watched_pages(catalogue):
        for incident in (*_open(watched, said), *_over(watched, now)):
            at = said.first_read_at or incident.started_at + timedelta(minutes=1)
            yield SeenIncident(
                page_key=watched.key,
                incident=incident,
                first_seen_at=at,
                not_yet_at=None if said.first_read_at else at - timedelta(minutes=2),
            )


def statements_of(watched: WatchedPage, seen: Iterable[SeenIncident]) -> list[Said]:
    """What was said of these incidents, as if every update had been seen as it came."""
    told = [
        Said(
            kind=SaidKind.UPDATE_ADDED,
            seen_at=update.at + timedelta(minutes=1),
            at=update.at,
            subject_id=each.incident.id,
            subject=each.incident.title,
            after=update.text,
        )
        for each in seen
        if each.page_key == watched.key
        for update in each.incident.updates
    ]
    return sorted(told, key=lambda said: said.seen_at)


def _page(watched: WatchedPage, said: VendorDay, now: datetime) -> VendorPage:
    incidents = _open(watched, said)
    hurt = {part for incident in incidents for part in incident.component_ids}
    parts = tuple(
        VendorComponent(
            id=_part_id(service),
            name=(*service.components.names, service.name)[0],
            status=Status.DEGRADED if _part_id(service) in hurt else Status.UP,
            words="partial_outage" if _part_id(service) in hurt else "operational",
        )
        for service in watched.services
    )
    starts_at = now.replace(minute=0, second=0) + timedelta(hours=4)
    plans = [
        VendorMaintenance(
            id="m1",
            title="Moving a database",
            phase=Phase.SCHEDULED,
            words="scheduled",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            component_ids=tuple(part.id for part in parts),
        )
        for _ in said.planned
        if watched.vendor_id in said.planned
    ]
    return VendorPage(
        kind=watched.page.kind,
        status=derived_status(parts, incidents),
        words="Some systems have trouble" if incidents else "All systems operational",
        url=watched.page.url,
        components=parts,
        incidents=incidents,
        maintenances=tuple(plans),
    )


def _part_id(service: Service) -> str:
    components = service.components
    return (*components.ids, service.id)[0]


def _open(watched: WatchedPage, said: VendorDay) -> tuple[VendorIncident, ...]:
    return tuple(
        _incident(service, f"open-{service.id}", "Elevated error rates", said.troubles[service.id], None)
        for service in watched.services
        if service.id in said.troubles
    )


def _over(watched: WatchedPage, now: datetime) -> Iterable[VendorIncident]:
    draw = random.Random(watched.key)  # noqa: S311 - pretended evidence, not a secret
    for number in range(draw.randint(2, 9)):
        service = draw.choice(watched.services)
        at = (now - draw.uniform(3, 89) * DAY).replace(microsecond=0)
        length = timedelta(minutes=draw.choice((22, 47, 95, 180, 310)))
        yield _incident(service, f"past-{number}", draw.choice(TITLES), at.astimezone(UTC), at + length)


def _incident(
    service: Service, incident_id: str, title: str, at: datetime, end_at: datetime | None
) -> VendorIncident:
    known = end_at or at + timedelta(hours=1)
    moments = {Phase.INVESTIGATING: at, Phase.IDENTIFIED: at + (known - at) / 3}
    if end_at is not None:
        moments |= {Phase.MONITORING: at + (end_at - at) / 2, Phase.RESOLVED: end_at}
    else:
        del moments[Phase.IDENTIFIED]
    updates = [
        VendorUpdate(id=f"{incident_id}-{phase}", at=moment, phase=phase, words=phase, text=TEXTS[phase])
        for phase, moment in moments.items()
    ]
    return VendorIncident(
        id=incident_id,
        title=f"{title} in {service.name}",
        phase=updates[-1].phase,
        words=updates[-1].words,
        impact=Status.DEGRADED,
        impact_words="minor",
        started_at=at,
        resolved_at=end_at,
        updates=tuple(reversed(updates)),
        component_ids=(_part_id(service),),
        component_names=(service.name,),
        url="https://status.example/",
    )
