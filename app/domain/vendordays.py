"""A vendor's bad days: what its page tells of days long before we began to look."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from app.domain.mapping import PageMap
from app.domain.said import SeenIncident
from app.domain.service import Service
from app.domain.status import Status, worst_of
from app.domain.vendor import Phase, VendorDay, VendorIncident

_FOUGHT = (Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.UNKNOWN)
_DAY = timedelta(days=1)


def bad_days(
    service: Service, page_map: PageMap, days: Iterable[VendorDay], told: Iterable[SeenIncident], now: datetime
) -> Mapping[date, Status]:
    """The days (UTC) that a page calls bad for a service, by its own summing up and by its incidents.

    `told` are the incidents that concern the service. A day that is not in the answer is one on which the vendor
    told of nothing, as far back as it tells.
    """
    own = {part.id for part in page_map.parts_of(service)}
    bad: dict[date, list[Status]] = {}
    for day in days:
        if day.component_id in own and day.status.is_bad:
            bad.setdefault(day.day, []).append(day.status)
    for seen in told:
        impact = Status.DEGRADED if seen.incident.impact is Status.UNKNOWN else seen.incident.impact
        end_at = hurt_until(seen, now)
        if impact.is_bad and end_at is not None:
            for day_of in _days(seen.incident.started_at, end_at):
                bad.setdefault(day_of, []).append(impact)
    return {day_of: worst_of(statuses) for day_of, statuses in bad.items()}


def hurt_until(seen: SeenIncident, now: datetime) -> datetime | None:
    """Until when an incident hurt, by its vendor's word: until a fix was claimed that held, else until its end.

    `None` for one that nobody ever fought: an announcement that is only "monitored", for weeks perhaps, or news.
    """
    told = sorted(seen.incident.updates, key=lambda update: update.at)
    fought = [place for place, update in enumerate(told) if update.phase in _FOUGHT]
    if not fought and _is_announcement(seen.incident):
        return None
    fixed_at = told[fought[-1] + 1].at if fought and fought[-1] + 1 < len(told) else None
    end_at = fixed_at or seen.ended_at or now
    return max(end_at, seen.incident.started_at)


def _is_announcement(incident: VendorIncident) -> bool:
    phases = {update.phase for update in incident.updates} or {incident.phase}
    return bool(phases & {Phase.MONITORING, Phase.INFORMATION})


def _days(start_at: datetime, end_at: datetime) -> Iterable[date]:
    day = start_at.astimezone(UTC).date()
    while day <= end_at.astimezone(UTC).date():
        yield day
        day += _DAY
