"""What a pretended vendor says about itself at a moment: a pure function of the script and the time.

Statuses are written in Statuspage's words (`operational`, `degraded_performance`, `partial_outage`,
`major_outage`, `under_maintenance`); products with other words translate them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

OPERATIONAL = "operational"
SEVERITY = (OPERATIONAL, "under_maintenance", "degraded_performance", "partial_outage", "major_outage")
"""From best to worst."""
ENDED = ("resolved", "postmortem", "completed")
_LONG_AGO = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Something the vendor said, and the statuses of components that changed with it."""

    at: datetime
    status: str
    text: str
    changes: Mapping[str, tuple[str, str]]
    """Component key → (old status, new status)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """When planned work is to be done."""

    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident or maintenance as far as it has been told; `updates` from first to last, never empty."""

    number: int
    """Its place in the script, which its ids are made from."""
    name: str
    impact: str
    updates: tuple[Update, ...]
    maintenance: Maintenance | None = None

    @property
    def status(self) -> str:
        """Where it stands."""
        return self.updates[-1].status

    @property
    def is_open(self) -> bool:
        """Whether it is still going on."""
        return self.status not in ENDED

    @property
    def components(self) -> dict[str, str]:
        """Every component it ever touched, with the status it left it in."""
        return {key: new for update in self.updates for key, (_, new) in update.changes.items()}

    def first(self, *statuses: str) -> Update | None:
        """The first update with one of these statuses."""
        return next((update for update in self.updates if update.status in statuses), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A line of the page."""

    key: str
    name: str
    position: int
    status: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """All that a page shows at `now`. `incidents` from newest to oldest."""

    vendor: str
    name: str
    url: str
    now: datetime
    born_at: datetime
    components: tuple[Component, ...]
    incidents: tuple[Incident, ...]

    @property
    def worst(self) -> str:
        """The worst status of a component."""
        return max((one.status for one in self.components), key=SEVERITY.index, default=OPERATIONAL)

    @property
    def changed_at(self) -> datetime:
        """When anything was last said."""
        return max((incident.updates[-1].at for incident in self.incidents), default=self.born_at)

    def open_incidents(self) -> tuple[Incident, ...]:
        """Incidents that go on; planned work not among them."""
        return tuple(one for one in self.incidents if one.is_open and not one.maintenance)

    def past_and_open(self) -> tuple[Incident, ...]:
        """All incidents; planned work not among them."""
        return tuple(one for one in self.incidents if not one.maintenance)

    def maintenances(self) -> tuple[Incident, ...]:
        """All planned work."""
        return tuple(one for one in self.incidents if one.maintenance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An incident as the script has it, the future included. `changes` of an update are the new statuses."""

    number: int
    name: str
    impact: str
    updates: tuple[tuple[datetime, str, str, Mapping[str, str]], ...]
    maintenance: Maintenance | None = None


def told(story: Story, now: datetime) -> Incident | None:
    """As much of a story as has been told at `now`; nothing before its first update."""
    statuses: dict[str, str] = {}
    updates: list[Update] = []
    for at, status, text, given in story.updates:
        if at > now:
            break
        new = {**statuses, **given}
        if status in ENDED:
            new = dict.fromkeys(new, OPERATIONAL) | dict(given)
        changes = {key: (statuses.get(key, OPERATIONAL), value) for key, value in new.items()}
        updates.append(Update(at=at, status=status, text=text, changes=changes))
        statuses = new
    if not updates:
        return None
    return Incident(
        number=story.number,
        name=story.name,
        impact=story.impact,
        updates=tuple(updates),
        maintenance=story.maintenance,
    )


def page_state(
    *,
    vendor: str,
    name: str,
    url: str,
    parts: Mapping[str, str],
    stories: Iterable[Story],
    start: datetime,
    now: datetime,
) -> PageState:
    """What the page of `vendor` shows at `now`."""
    incidents = [incident for story in stories if (incident := told(story, now))]
    incidents.sort(key=lambda incident: incident.updates[0].at, reverse=True)
    born_at = start - _LONG_AGO
    components = tuple(
        _component(key, label, position, incidents, born_at)
        for position, (key, label) in enumerate(parts.items(), 1)
    )
    return PageState(
        vendor=vendor,
        name=name,
        url=url,
        now=now,
        born_at=born_at,
        components=components,
        incidents=tuple(incidents),
    )


def _component(key: str, name: str, position: int, incidents: Sequence[Incident], born_at: datetime) -> Component:
    """A component is as bad as the worst of the open incidents has it."""
    current = [one.components[key] for one in incidents if one.is_open and key in one.components]
    touched = [update.at for one in incidents for update in one.updates if key in update.changes]
    return Component(
        key=key,
        name=name,
        position=position,
        status=max(current, key=SEVERITY.index, default=OPERATIONAL),
        changed_at=max(touched, default=born_at),
    )
