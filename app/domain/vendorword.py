"""What a vendor says of one of its services, as far as its status page was read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.mapping import Basis, PageMap, is_whole_page
from app.domain.said import PageState, told_time
from app.domain.saying import say
from app.domain.service import Service
from app.domain.status import Status, severity, worst_of
from app.domain.vendor import (
    Phase,
    VendorComponent,
    VendorIncident,
    VendorMaintenance,
    VendorPage,
    derived_status,
)

STALE_AFTER = timedelta(minutes=30)
"""A reading this old, six of the longest pauses between two, no longer tells what the vendor says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """An incident that concerns a service, and why."""

    incident: VendorIncident
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorWord:
    """What a vendor says of a service. `status` is `unknown` while its word is, and `last_status` what it was.

    `words` are the vendor's own for the status; `since_at` is since when it says so, where that is known;
    `why_unknown` a sentence. `incidents` are open, newest first. `is_mapped` is false where the catalogue names
    parts and the page, though it lists them all, has none of them.
    """

    service_id: str
    page_key: str
    url: str
    status: Status
    last_status: Status
    words: str = ""
    since_at: datetime | None = None
    read_at: datetime | None = None
    unknown_since_at: datetime | None = None
    why_unknown: str = ""
    incidents: tuple[Concern, ...] = ()
    maintenances: tuple[VendorMaintenance, ...] = ()
    parts: tuple[VendorComponent, ...] = ()
    is_mapped: bool = True

    @property
    def leading(self) -> VendorIncident | None:
        """The open incident that says most: one that is fought before one only watched, the worst, the newest."""
        told = [each.incident for each in self.incidents if each.incident.phase is not Phase.INFORMATION]
        return max(
            told,
            key=lambda each: (each.phase is not Phase.MONITORING, severity(each.impact), each.started_at),
            default=None,
        )

    @property
    def under_way(self) -> tuple[VendorMaintenance, ...]:
        """The planned work that the vendor is at."""
        return tuple(each for each in self.maintenances if each.phase is Phase.IN_PROGRESS)

    @property
    def is_stale(self) -> bool:
        """Whether what is shown is only what the vendor said last."""
        return self.unknown_since_at is not None


def vendor_word(service: Service, state: PageState, page_map: PageMap, now: datetime) -> VendorWord:
    """What the page says of a service, as far as it was read by `now`; `page_map` is of the parts in `state`."""
    unknown_since_at, why = _staleness(state, now)
    word = VendorWord(
        service_id=service.id,
        page_key=page_map.watched.key,
        url=page_map.watched.page.url,
        status=Status.UNKNOWN,
        last_status=Status.UNKNOWN,
        read_at=state.read_at,
        unknown_since_at=unknown_since_at,
        why_unknown=why,
    )
    if state.page is None:
        return word
    parts = page_map.parts_of(service)
    told = _told(service, state.page, page_map, parts)
    known = replace(
        word,
        status=Status.UNKNOWN if why else told.status,
        last_status=told.status,
        words=_words(told.status, service, state.page, parts),
        since_at=_since(told, parts, state.part_since),
        incidents=told.concerns,
        maintenances=told.maintenances,
        parts=parts,
        is_mapped=bool(parts) or is_whole_page(service) or not _lists_all(state.page),
    )
    if not known.is_mapped and known.status is Status.UNKNOWN and not why:
        return replace(
            known, why_unknown=say("None of the parts that the page lists speaks of {name}.", name=service.name)
        )
    return known


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    status: Status
    counted: tuple[VendorIncident, ...]
    concerns: tuple[Concern, ...]
    maintenances: tuple[VendorMaintenance, ...]


def _told(service: Service, page: VendorPage, page_map: PageMap, parts: Sequence[VendorComponent]) -> _Told:
    concerns = tuple(
        Concern(incident=incident, basis=basis)
        for incident in page.open_incidents
        if (basis := page_map.basis(service, incident)) is not None
    )
    maintenances = tuple(
        each for each in page.maintenances if not each.phase.is_over and page_map.basis(service, each) is not None
    )
    # Where the page lists the service's parts, these speak; what names nothing must not contradict them.
    counted = tuple(
        concern.incident for concern in concerns if not (parts and concern.basis is Basis.NOTHING_NAMED)
    )
    status = page.status
    if not is_whole_page(service):
        own = [_only_own(incident, page_map.named(service, incident)) for incident in counted]
        status = worst_of((derived_status(parts, own), _without_parts(page, parts, maintenances)))
    return _Told(status=status, counted=counted, concerns=concerns, maintenances=maintenances)


def _only_own(incident: VendorIncident, named: tuple[str, ...]) -> VendorIncident:
    """The incident as if it hit this service alone: what else it hits says nothing of how this one fares."""
    return replace(incident, component_ids=named, component_names=())


def _without_parts(
    page: VendorPage, parts: Sequence[VendorComponent], maintenances: Iterable[VendorMaintenance]
) -> Status:
    """What silence means: up on a page that tells troubles and lists no parts, or not all; else nothing."""
    if parts or _lists_all(page) or not page.has_incidents:
        return Status.UNKNOWN
    is_worked_on = any(each.phase is Phase.IN_PROGRESS for each in maintenances)
    return Status.MAINTENANCE if is_worked_on else Status.UP


def _lists_all(page: VendorPage) -> bool:
    return bool(page.components) and page.has_all_components


def _words(status: Status, service: Service, page: VendorPage, parts: Sequence[VendorComponent]) -> str:
    """The vendor's words for the status: those of a part that has it, else the headline of a page of its own."""
    of_part = next((part.words for part in parts if part.status is status and part.words), "")
    return (page.words or of_part) if is_whole_page(service) else of_part


def _since(told: _Told, parts: Sequence[VendorComponent], part_since: Mapping[str, datetime]) -> datetime | None:
    if not told.status.is_bad:
        return max((part_since[part.id] for part in parts if part.id in part_since), default=None)
    bad = [part_since[part.id] for part in parts if part.status.is_bad and part.id in part_since]
    begun = [incident.started_at for incident in told.counted if _is_fought(incident)]
    return min(begun or bad, default=None)


def _is_fought(incident: VendorIncident) -> bool:
    """Whether it is a trouble that nobody claims to have mended."""
    return incident.phase not in (Phase.MONITORING, Phase.INFORMATION) and (
        incident.impact.is_bad or incident.impact is Status.UNKNOWN
    )


def _staleness(state: PageState, now: datetime) -> tuple[datetime | None, str]:
    if state.unknown_since_at is not None:
        return state.unknown_since_at, say(
            "{trouble}, since {since}.", trouble=state.trouble.rstrip("."), since=told_time(state.unknown_since_at)
        )
    if state.read_at is None:
        return state.failing_since_at, state.trouble or say("The page has not been read yet.")
    if now - state.read_at > STALE_AFTER:
        return state.read_at, say("The page was last read at {at}.", at=told_time(state.read_at))
    return None, ""
