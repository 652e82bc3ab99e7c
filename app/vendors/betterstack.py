"""Reads status pages that Better Stack hosts: the page's `index.json`, a JSON:API document.

Everything hangs in `included` and is found by type and id. Ids are text, but a resource names its section by
number, and a report may name resources that are gone. A report says how bad it is (`aggregate_state`) and whether
it is over, never how far it has come: the phase of an open one is unknown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from app.domain.status import Status, severity
from app.domain.vendor import (
    Phase,
    VendorComponent,
    VendorDay,
    VendorIncident,
    VendorMaintenance,
    VendorPage,
    VendorUpdate,
    derived_status,
)
from app.vendors.reader import Document, Reader, ReadError, ReadErrorKind, Source, Sources
from app.vendors.shape import Drift, Part, load_json
from app.vendors.story import newest_first, span

_STATUSES: Mapping[str, Status] = {
    "operational": Status.UP,
    "recovered": Status.UP,
    "resolved": Status.UP,
    "degraded": Status.DEGRADED,
    "downtime": Status.DOWN,
    "maintenance": Status.MAINTENANCE,
    "not_monitored": Status.UNKNOWN,
}
_MOST_DAYS = 4_000
_DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """An update, and the worst it says of any resource."""

    update: VendorUpdate
    worst: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What every entry is read in the light of."""

    resources: Mapping[str, Part]
    sections: Mapping[str, Part]
    said: Mapping[str, _Said]
    read_at: datetime
    drift: Drift


def _looks_like(document: Document) -> bool:
    head = document.body[:2048]
    return b'"status_page"' in head and b'"aggregate_state"' in head


def _parse(document: Document) -> VendorPage:
    root, drift = load_json(document), Drift()
    root.at("data").text("id")  # without it this is no page of theirs
    page = root.at("data").at("attributes")
    drift.missing(root, "included")
    drift.missing(page, "aggregate_state")
    entries = tuple(root.parts("included"))
    context = _Context(
        resources=_by_id(entries, "status_page_resource"),
        sections=_by_id(entries, "status_page_section"),
        said={key: _said(entry, drift) for key, entry in _by_id(entries, "status_update").items()},
        read_at=document.read_at,
        drift=drift,
    )
    components = tuple(_component(resource, context) for resource in context.resources.values())
    reports = _by_id(entries, "status_report").values()
    incidents = [_incident(report, context) for report in reports if not _is_planned(report)]
    maintenances = [_maintenance(report, context) for report in reports if _is_planned(report)]
    return VendorPage(
        kind=READER.kind,
        status=derived_status(components, incidents),
        words=page.text_or("aggregate_state"),
        name=page.text_or("company_name") or None,
        url=_url(page),
        updated_at=page.moment_or_none("updated_at"),
        components=components,
        incidents=tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True)),
        maintenances=tuple(sorted(maintenances, key=lambda planned: planned.starts_at, reverse=True)),
        days=tuple(islice(_bad_days(context), _MOST_DAYS)),
        drift=drift.notes,
    )


def _by_id(entries: Iterable[Part], wanted: str) -> dict[str, Part]:
    return {entry.text("id"): entry for entry in entries if entry.text("type") == wanted}


def _url(page: Part) -> str | None:
    domain, subdomain = page.text_or("custom_domain"), page.text_or("subdomain")
    if not domain and subdomain:
        domain = f"{subdomain}.betteruptime.com"
    return f"https://{domain}" if domain else None


def _component(resource: Part, context: _Context) -> VendorComponent:
    told = resource.at("attributes")
    section = context.sections.get(told.text_or("status_page_section_id"))
    return VendorComponent(
        id=resource.text("id"),
        name=told.text("public_name"),
        status=context.drift.word(_STATUSES, told, "status", Status.UNKNOWN),
        words=told.text_or("status"),
        group=None if section is None else section.at("attributes").text_or("name") or None,
    )


def _bad_days(context: _Context) -> Iterator[VendorDay]:
    for resource_id, resource in context.resources.items():
        for told in _noteworthy(resource.at("attributes").at("status_history")):
            status = context.drift.word(_STATUSES, told, "status", Status.UNKNOWN)
            down_s = told.at("downtime_duration").value
            down_s = min(max(down_s, 0), _DAY_S) if type(down_s) is int else 0
            if status in (Status.UP, Status.UNKNOWN) and not down_s:
                continue
            yield VendorDay(
                component_id=resource_id,
                day=_day(told),
                status=status,
                words=told.text_or("status"),
                down_for=timedelta(seconds=down_s),
            )


def _noteworthy(history: Part) -> Iterator[Part]:
    """The days that are not simply good. Nearly all are, and every part has ninety: those pass by fast."""
    if not isinstance(history.value, list):
        yield from history.parts()  # which tells what is wrong
        return
    for position, row in enumerate(history.value):
        is_good = isinstance(row, dict) and row.get("status") == "operational" and not row.get("downtime_duration")
        if not is_good:
            yield history.at(position)


def _day(told: Part) -> date:
    try:
        return date.fromisoformat(told.text("day"))
    except ValueError:
        raise ReadError(ReadErrorKind.BAD_TIMESTAMP, told.where_of("day"), "no day") from None


def _is_planned(report: Part) -> bool:
    return report.at("attributes").text_or("report_type") == "maintenance"


def _incident(report: Part, context: _Context) -> VendorIncident:
    told = report.at("attributes")
    said = _said_of(report, context)
    updates = newest_first(one.update for one in said)
    phase = Phase.RESOLVED if _is_over(told, context) else Phase.UNKNOWN
    when = span(
        report.where,
        started=[told.moment_or_none("starts_at")],
        resolved=told.moment_or_none("ends_at"),
        phase=phase,
        updates=updates,
    )
    stated = context.drift.word(_STATUSES, told, "aggregate_state", Status.UNKNOWN)
    impact, impact_words = _worst_pair(
        [
            _worst(told, context.drift),
            *((one.worst, one.update.words) for one in said),
            (stated, told.text_or("aggregate_state")),
        ]
    )
    affected = _affected(told, context)
    gone = () if all(affected.values()) else ("names parts that the page no longer has",)
    return VendorIncident(
        id=report.text("id"),
        title=told.text("title"),
        phase=phase,
        words=told.text_or("aggregate_state"),
        impact=impact,
        impact_words=impact_words,
        started_at=when.started_at,
        published_at=min((update.at for update in updates), default=None),
        resolved_at=when.resolved_at,
        updated_at=max((update.at for update in updates), default=None),
        updates=updates,
        component_ids=tuple(affected),
        component_names=tuple(name for name in affected.values() if name),
        oddities=(*when.oddities, *gone),
    )


def _maintenance(report: Part, context: _Context) -> VendorMaintenance:
    told = report.at("attributes")
    starts_at = told.moment("starts_at")
    if _is_over(told, context):
        phase = Phase.COMPLETED
    else:
        phase = Phase.SCHEDULED if starts_at > context.read_at else Phase.IN_PROGRESS
    affected = _affected(told, context)
    return VendorMaintenance(
        id=report.text("id"),
        title=told.text("title"),
        phase=phase,
        words=told.text_or("aggregate_state"),
        starts_at=starts_at,
        ends_at=told.moment_or_none("ends_at"),
        updates=newest_first(one.update for one in _said_of(report, context)),
        component_ids=tuple(affected),
        component_names=tuple(name for name in affected.values() if name),
    )


def _is_over(told: Part, context: _Context) -> bool:
    ends_at = told.moment_or_none("ends_at")
    return told.text_or("aggregate_state") == "resolved" or (ends_at is not None and ends_at <= context.read_at)


def _said_of(report: Part, context: _Context) -> list[_Said]:
    references = report.at("relationships").at("status_updates").parts("data")
    ids = dict.fromkeys(reference.text_or("id") for reference in references)
    return [context.said[update_id] for update_id in ids if update_id in context.said]


def _said(entry: Part, drift: Drift) -> _Said:
    told = entry.at("attributes")
    worst, words = _worst(told, drift)
    update = VendorUpdate(
        id=entry.text("id"),
        at=told.moment("published_at"),
        phase=Phase.UNKNOWN,
        words=words,
        text=told.prose("message"),
    )
    return _Said(update=update, worst=worst)


def _worst(told: Part, drift: Drift) -> tuple[Status, str]:
    """The worst that is told of any resource, and the vendor's word for it; unknown where nothing bad is told."""
    said = [
        (drift.word(_STATUSES, affected, "status", Status.UNKNOWN), affected.text_or("status"))
        for affected in told.parts("affected_resources")
    ]
    return _worst_pair(said)


def _worst_pair(said: Iterable[tuple[Status, str]]) -> tuple[Status, str]:
    bad = (pair for pair in said if pair[0] is not Status.UP)
    return max(bad, key=lambda pair: severity(pair[0]), default=(Status.UNKNOWN, ""))


def _affected(told: Part, context: _Context) -> dict[str, str]:
    """The names of the resources that a report names, by id; `""` for those that are gone."""
    names: dict[str, str] = {}
    for affected in told.parts("affected_resources"):
        resource_id = affected.text("status_page_resource_id")
        resource = context.resources.get(resource_id)
        names[resource_id] = "" if resource is None else resource.at("attributes").text_or("public_name")
    return names


def _sources(url: str) -> Sources:
    return Sources(now=(Source(url=url if url.endswith(".json") else f"{url.rstrip('/')}/index.json"),))


READER = Reader(kind="betterstack", looks_like=_looks_like, parse=_parse, sources=_sources)
"""Better Stack."""
