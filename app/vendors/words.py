"""What the words that several products share mean in ours; a word of one product alone stands in its reader.

Keys are in `word_form`. A partial outage is `degraded`, for some people are served; `down` is out for everyone.
"""

from collections.abc import Mapping

from app.domain.status import Status
from app.domain.vendor import Phase

COMPONENT: Mapping[str, Status] = {
    "operational": Status.UP,
    "degraded": Status.DEGRADED,
    "degraded_performance": Status.DEGRADED,
    "partial_outage": Status.DEGRADED,
    "minor_outage": Status.DEGRADED,
    "major_outage": Status.DOWN,
    "full_outage": Status.DOWN,
    "under_maintenance": Status.MAINTENANCE,
    "maintenance": Status.MAINTENANCE,
}
"""The status of a part of a page."""

IMPACT: Mapping[str, Status] = {
    "none": Status.UP,
    "minor": Status.DEGRADED,
    "major": Status.DEGRADED,
    "critical": Status.DOWN,
    "maintenance": Status.MAINTENANCE,
}
"""The impact of an incident: Statuspage calls partial outages major, and full ones critical."""

PHASE: Mapping[str, Phase] = {
    "investigating": Phase.INVESTIGATING,
    "identified": Phase.IDENTIFIED,
    "monitoring": Phase.MONITORING,
    "resolved": Phase.RESOLVED,
    "postmortem": Phase.RESOLVED,
    "scheduled": Phase.SCHEDULED,
    "in_progress": Phase.IN_PROGRESS,
    "verifying": Phase.IN_PROGRESS,
    "completed": Phase.COMPLETED,
    "maintenance_scheduled": Phase.SCHEDULED,
    "maintenance_in_progress": Phase.IN_PROGRESS,
    "maintenance_complete": Phase.COMPLETED,
    "information": Phase.INFORMATION,
}
"""How far an incident or a maintenance has come. What is verified is still being worked on."""
