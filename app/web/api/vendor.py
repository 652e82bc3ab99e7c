"""The second witness in the API: what vendors say, as shapes and how they are filled."""

from datetime import date, datetime
from typing import Self

from app.board.model import ServiceView
from app.board.witness import vendor_sentence
from app.domain.accord import Accord
from app.domain.mapping import Basis
from app.domain.said import SeenIncident
from app.domain.status import Status
from app.domain.vendor import Phase, VendorIncident, VendorUpdate
from app.web.api.shape import Shape


class VendorOut(Shape):
    """Who runs a service."""

    id: str
    """Its name in addresses."""
    name: str
    """Its name for people."""


class UpdateOut(Shape):
    """One thing that a vendor said."""

    at: datetime
    """When, by its own word."""
    phase: Phase
    """How far it has come, in our words."""
    words: str
    """The same in the vendor's."""
    text: str
    """What it said, as plain text."""

    @classmethod
    def of(cls, update: VendorUpdate) -> Self:
        """The update as it is told."""
        return cls(at=update.at, phase=update.phase, words=update.words, text=update.text)


class VendorIncidentOut(Shape):
    """A trouble that a vendor tells of."""

    id: str
    """The vendor's id of it."""
    title: str
    """The vendor's title."""
    phase: Phase
    """How far it has come."""
    impact: Status
    """The worst that the vendor says of it; `unknown` where it says nothing."""
    impact_words: str
    """The same in the vendor's words."""
    started_at: datetime
    """When it began, by the vendor's word."""
    said_at: datetime | None
    """When the vendor first said so, as far as that can be believed; `null` where it cannot be told."""
    ended_at: datetime | None
    """When it was over, by the vendor's word; `null` while it is not."""
    basis: Basis
    """Why it is taken to concern this service: it names a `part` of it, the `whole_page` is its own, its `title`
    or `text` names it, or it has `nothing_named` and may concern it."""
    is_deleted: bool
    """Whether it was deleted from the page although older ones are still listed."""
    url: str | None
    """Where it stands on the page."""
    updates: tuple[UpdateOut, ...]
    """What was said of it, newest first."""


class MaintenanceOut(Shape):
    """Planned work that a vendor announces."""

    id: str
    """The vendor's id of it."""
    title: str
    """The vendor's title."""
    phase: Phase
    """How far it has come."""
    starts_at: datetime
    """When it begins."""
    ends_at: datetime | None
    """When it ends; `null` where the vendor gives no end."""
    url: str | None
    """Where it stands on the page."""


class PartOut(Shape):
    """A part of a status page that speaks of a service."""

    id: str
    """The vendor's id of it."""
    name: str
    """The vendor's name for it."""
    status: Status
    """Its status in our words."""
    words: str
    """The same in the vendor's."""


class VendorSays(Shape):
    """What a vendor says of a service on its status page."""

    status: Status
    """What it says, in our words; `unknown` while its word is."""
    words: str
    """The same in the vendor's."""
    accord: Accord
    """How it stands to what was measured."""
    sentence: str
    """All of it, in a sentence."""
    since_at: datetime | None
    """Since when it says so, where that is known."""
    read_at: datetime | None
    """When the page was last read; `null` before the first time."""
    unknown_since_at: datetime | None
    """Since when its word is unknown; `null` while it is known."""
    last_status: Status
    """What it said last; the same as `status` while its word is known."""
    url: str
    """The status page."""
    incidents: tuple[VendorIncidentOut, ...]
    """Those that are not over, newest first."""
    maintenances: tuple[MaintenanceOut, ...]
    """Those that are not over."""
    parts: tuple[PartOut, ...]
    """The parts that speak of the service."""


class ToldDay(Shape):
    """A day on which a vendor tells of trouble."""

    day: date
    """The day, in UTC."""
    status: Status
    """The worst that it tells of it."""


def vendor_says(view: ServiceView, now: datetime) -> VendorSays | None:
    """What the vendor says of a service at `now`; `None` where there is no page to read."""
    word, stand = view.word, view.accord
    if word is None or stand is None:
        return None
    seen = {each.seen.incident.id: each.seen for each in view.told}
    return VendorSays(
        status=word.status,
        words=word.words,
        accord=stand,
        sentence=vendor_sentence(view, now),
        since_at=word.since_at,
        read_at=word.read_at,
        unknown_since_at=word.unknown_since_at,
        last_status=word.last_status,
        url=word.url,
        incidents=tuple(
            vendor_incident(each.incident, each.basis, seen.get(each.incident.id)) for each in word.incidents
        ),
        maintenances=tuple(
            MaintenanceOut(
                id=each.id,
                title=each.title,
                phase=each.phase,
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                url=each.url,
            )
            for each in word.maintenances
        ),
        parts=tuple(
            PartOut(id=part.id, name=part.name, status=part.status, words=part.words) for part in word.parts
        ),
    )


def vendor_incident(incident: VendorIncident, basis: Basis, seen: SeenIncident | None) -> VendorIncidentOut:
    """An incident of the vendor, and what is known of it by having looked."""
    return VendorIncidentOut(
        id=incident.id,
        title=incident.title,
        phase=incident.phase,
        impact=incident.impact,
        impact_words=incident.impact_words,
        started_at=incident.started_at,
        said_at=seen.said_at if seen is not None else None,
        ended_at=seen.ended_at if seen is not None else incident.resolved_at,
        basis=basis,
        is_deleted=seen is not None and seen.is_deleted,
        url=incident.url,
        updates=tuple(map(UpdateOut.of, incident.updates)),
    )
