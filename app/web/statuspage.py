"""The board in the format of Atlassian Statuspage's public API, which many programs read already.

What was measured takes the place of what a vendor would say of itself. The format has no word for `unknown`:
`under_maintenance` (indicator `maintenance`) stands for it, the only one that claims neither that something works
nor that it is broken; `stillup_status` beside it is the true word.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.board.announced import Announced, announced
from app.board.model import Board, Headline, ServiceView
from app.board.words import as_sentence, clock
from app.domain.incident import Incident, IncidentEvent
from app.domain.service import Group
from app.domain.status import Status, worst_of
from app.domain.vendor import Phase
from app.web.moments import iso
from app.web.stories import title_of, told

MOST_INCIDENTS = 50
"""As many as the original lists."""
RESOLVED = "resolved"
INVESTIGATING = "investigating"
"""We measure, and never claim to know a cause or to have mended it: what is not over is looked into."""

COMPONENT_STATUS = {
    Status.UP: "operational",
    Status.DEGRADED: "degraded_performance",
    Status.DOWN: "major_outage",
    Status.MAINTENANCE: "under_maintenance",
    Status.UNKNOWN: "under_maintenance",
}
IMPACT = {Status.DEGRADED: "minor", Status.DOWN: "critical"}
"""As Statuspage derives it from the parts: one with performance trouble is minor, one that is out critical."""
PLAN_STATUS = {
    Phase.IN_PROGRESS: "in_progress",
    Phase.MONITORING: "verifying",
    Phase.COMPLETED: "completed",
    Phase.RESOLVED: "completed",
}

Json = dict[str, Any]


def indicator(status: Status, views: Sequence[ServiceView]) -> str:
    """The page's indicator for its headline's status; it is critical once half of what can be seen is down."""
    if status is Status.DOWN:
        seen = [view for view in views if view.status is not Status.UNKNOWN]
        down = sum(view.status is Status.DOWN for view in seen)
        return "critical" if 2 * down >= len(seen) else "major"
    if status is Status.DEGRADED:
        return "minor"
    is_worked_on = any(view.status is Status.MAINTENANCE for view in views)
    return "maintenance" if status is not Status.UP or is_worked_on else "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one of these status pages tells: of the whole board, or of one vendor's services."""

    id: str
    name: str
    url: str
    """Of the page for people."""
    address: str
    """Of this server."""
    board: Board
    views: tuple[ServiceView, ...]
    incidents: tuple[Incident, ...]
    headline: Headline

    def head(self) -> Json:
        """The page itself; it is as new as the last change that it shows."""
        moments = [self.board.own.started_at, *(view.since_at for view in self.views if view.since_at is not None)]
        moments += [incident.events[-1].known_at for incident in self.incidents]
        return {
            "id": self.id,
            "name": self.name,
            "url": self.url,
            "time_zone": "Etc/UTC",
            "updated_at": iso(max(moments)),
        }

    def status(self) -> Json:
        """The indicator and the sentence."""
        since_at, trouble = self.headline.since_at, self.board.trouble
        since = f" since {clock(since_at, self.board.made_at)}" if since_at is not None else ""
        old = f"; last known, no newer since {clock(trouble.since_at, self.board.made_at)}" if trouble else ""
        return {
            "indicator": indicator(self.headline.status, self.views),
            "description": f"{self.headline.claim}{since}{old}",
            "stillup_status": self.headline.status,
        }

    def components(self) -> list[Json]:
        """Every service in its group; groups stand before their members, with the worst that these have."""
        listed: list[Json] = []
        for group in Group:
            members = [view for view in self.views if view.service.group is group]
            if members:
                listed.append(self._group(group, members, len(listed) + 1))
            for view in members:
                listed.append(self.component(view) | {"position": len(listed) + 1})
        return listed

    def component(self, view: ServiceView) -> Json:
        """One service, as it stands."""
        reason = as_sentence(view.reason)
        about = f"Unknown: {reason}" if view.status is Status.UNKNOWN else view.service.about or reason
        return self._part(view.service.id, view.service.name, view.status, view.since_at) | {
            "description": about,
            "group_id": _group_id(view.service.group),
            "group": False,
        }

    def _group(self, group: Group, members: Sequence[ServiceView], position: int) -> Json:
        since_at = max((view.since_at for view in members if view.since_at is not None), default=None)
        part = self._part(_group_id(group), group, worst_of(view.status for view in members), since_at)
        return part | {
            "description": None,
            "position": position,
            "group_id": None,
            "group": True,
            "components": [view.service.id for view in members],
        }

    def _part(self, part_id: str, name: str, status: Status, since_at: datetime | None) -> Json:
        started_at = self.board.own.started_at
        return {
            "id": part_id,
            "name": name,
            "status": COMPONENT_STATUS[status],
            "stillup_status": status,
            "created_at": iso(started_at),
            "updated_at": iso(since_at or started_at),
            "showcase": True,
            "start_date": None,
            "page_id": self.id,
            "only_show_if_degraded": False,
        }

    def unresolved(self) -> list[Json]:
        """The incidents that are not over."""
        return [self.incident(each) for each in self.incidents if each.is_open]

    def incident(self, incident: Incident) -> Json:
        """One incident with all its steps, the newest first."""
        view = self.board.by_id.get(incident.service_id)
        updates = [self._update(incident, number, view) for number in range(len(incident.events))]
        return self._matter(incident.id, title_of(incident, view), [view] if view is not None else []) | {
            "status": INVESTIGATING if incident.is_open else RESOLVED,
            "created_at": iso(incident.events[0].known_at),
            "updated_at": iso(incident.events[-1].known_at),
            "monitoring_at": None,
            "resolved_at": iso(incident.closed_at) if incident.closed_at is not None else None,
            "impact": IMPACT[incident.worst],
            "shortlink": f"{self.address}/incidents/{incident.id}",
            "started_at": iso(incident.opened_at),
            "incident_updates": updates[::-1],
        }

    def _update(self, incident: Incident, number: int, view: ServiceView | None) -> Json:
        event = incident.events[number]
        is_end = not incident.is_open and number == len(incident.events) - 1
        before = incident.events[number - 1].status if number else Status.UP
        return {
            "id": f"{incident.id}-{number}",
            "status": RESOLVED if is_end else INVESTIGATING,
            "body": told(event, view),
            "incident_id": incident.id,
            "created_at": iso(event.known_at),
            "updated_at": iso(event.known_at),
            "display_at": iso(event.at),
            "affected_components": [_change(view, before, event)] if view is not None else None,
            "deliver_notifications": True,
            "custom_tweet": None,
            "tweet_id": None,
        }

    def plans(self, *, is_active: bool | None = None) -> list[Json]:
        """The planned work that vendors announce; with `is_active` only what is, or is not, under way."""
        return [
            self._plan(each)
            for each in announced(self.views)
            if is_active is None or (each.maintenance.phase is Phase.IN_PROGRESS) is is_active
        ]

    def _plan(self, plan: Announced) -> Json:
        work = plan.maintenance
        said = [update.at for update in work.updates]
        known_at = min(said, default=min(work.starts_at, self.board.own.started_at))
        updates = [
            {
                "id": f"{plan.id}-{update.id}",
                "status": PLAN_STATUS.get(update.phase, "scheduled"),
                "body": update.text,
                "incident_id": plan.id,
                "created_at": iso(update.at),
                "updated_at": iso(update.at),
                "display_at": iso(update.at),
                "affected_components": None,
            }
            for update in work.updates
        ]
        return self._matter(plan.id, work.title, plan.views) | {
            "status": PLAN_STATUS.get(work.phase, "scheduled"),
            "created_at": iso(known_at),
            "updated_at": iso(max(said, default=known_at)),
            "monitoring_at": None,
            "resolved_at": None,
            "impact": "maintenance",
            "shortlink": plan.url,
            "started_at": iso(work.starts_at),
            "scheduled_for": iso(work.starts_at),
            "scheduled_until": iso(work.ends_at) if work.ends_at is not None else None,
            "incident_updates": updates,
        }

    def _matter(self, matter_id: str, name: str, views: Iterable[ServiceView]) -> Json:
        """What incidents and planned work have in common."""
        hit = [self.component(view) for view in views]
        return {"id": matter_id, "name": name, "page_id": self.id, "reminder_intervals": None, "components": hit}


DOCUMENTS: Mapping[str, Callable[[Page], Json]] = {
    "summary": lambda page: {
        "status": page.status(),
        "components": page.components(),
        "incidents": page.unresolved(),
        "scheduled_maintenances": page.plans(),
    },
    "status": lambda page: {"status": page.status()},
    "components": lambda page: {"components": page.components()},
    "incidents": lambda page: {"incidents": [page.incident(each) for each in page.incidents[:MOST_INCIDENTS]]},
    "incidents/unresolved": lambda page: {"incidents": page.unresolved()},
    "scheduled-maintenances": lambda page: {"scheduled_maintenances": page.plans()},
    "scheduled-maintenances/active": lambda page: {"scheduled_maintenances": page.plans(is_active=True)},
    "scheduled-maintenances/upcoming": lambda page: {"scheduled_maintenances": page.plans(is_active=False)},
}
"""What each address tells, besides the page itself."""


def _group_id(group: Group) -> str:
    return f"group-{group.name.lower().replace('_', '-')}"


def _change(view: ServiceView, before: Status, event: IncidentEvent) -> Json:
    return {
        "code": view.service.id,
        "name": view.service.name,
        "old_status": COMPONENT_STATUS[before],
        "new_status": COMPONENT_STATUS[event.status],
    }
