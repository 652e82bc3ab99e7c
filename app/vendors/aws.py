"""Reads the public side of the AWS Health Dashboard: current events, all events, and the history of every service.

Three shapes tell of the same thing. `/public/currentevents` and the history speak of `date`, `arn` and
`impacted_services`, with numbers written as text; `/public/events` of `startTime` in milliseconds, with a log that
is JSON within JSON. They come as UTF-16 with a byte order mark. Most of what hits a service hides in an event of
"multiple services", so every service that an event names is a part of the page, under the id that AWS gives it,
region included: `bedrock-us-east-1`. Nothing is listed while all is well. A severity is a number (1 is a message
about a service that works); how far an event has come is never told, only that it is over.
"""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from app.domain.status import Status, severity, worst_of
from app.domain.vendor import Phase, VendorComponent, VendorIncident, VendorPage, VendorUpdate, derived_status
from app.vendors.reader import Document, Reader, ReadError, Source, Sources
from app.vendors.shape import Drift, Part, load_json, parse_json
from app.vendors.story import newest_first, span

_STATUSES: Mapping[str, Status] = {"0": Status.UP, "1": Status.UP, "2": Status.DEGRADED, "3": Status.DOWN}
_WORDS: Mapping[str, str] = {"0": "resolved", "1": "informational", "2": "degradation", "3": "disruption"}
_RESOLVED = "[RESOLVED]"
_HOST = "health.aws.amazon.com"
_HISTORY = "https://history-events-eu-west-1-prod.s3.amazonaws.com/historyevents.json"


def _looks_like(document: Document) -> bool:
    head = document.body[:4096].replace(b"\0", b"")
    return _HOST in document.url or b"arn:aws:health:" in head or b'"typeCode"' in head


def _parse(document: Document) -> VendorPage:
    root, drift = load_json(document), Drift()
    events: dict[str, tuple[Part, list[str]]] = {}
    for service, told in _events(root):
        events.setdefault(_id(told), (told, []))[1].append(service)
    components = _components((told for told, _ in events.values()), drift)
    incidents = [_incident(told, services, drift) for told, services in events.values()]
    return VendorPage(
        kind=READER.kind,
        status=worst_of([Status.UP, derived_status(components, incidents)]),
        words="",
        name="AWS",
        url=f"https://{_HOST}/health/status",
        components=components,
        incidents=tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True)),
        has_all_components=False,
        drift=drift.notes,
    )


def _events(root: Part) -> Iterator[tuple[str, Part]]:
    """Every event, and the service under which it stands; the history lists one under each service that it hit."""
    if not isinstance(root.value, list) and not root:
        raise root.wrong("a list of events")
    if isinstance(root.value, list):
        for told in root.parts():
            yield _service(told), told
    else:
        for service, listed in root.pairs():
            for told in listed.parts():
                yield service, told


def _service(told: Part) -> str:
    if not told.has("startTime"):
        return told.text_or("service")
    service, region = told.text("service").lower().replace("_", ""), _region(told)
    return service if region == "global" else f"{service}-{region}"


def _region(told: Part) -> str:
    return told.text_or("region") or next(iter(told.text_or("arn").split(":")[3:4]), "")


def _id(told: Part) -> str:
    """The ARN; `/public/events` has none, but an event is told apart by what it is, where and when it began."""
    return told.text_or("arn") or f"{told.text('typeCode')} {_region(told)} {told.text('startTime')}"


def _components(events: Iterable[Part], drift: Drift) -> tuple[VendorComponent, ...]:
    components: dict[str, VendorComponent] = {}
    for told in events:
        group = told.text_or("region_name") or _region(told) or None
        for service, impacted in told.pairs("impacted_services"):
            status = drift.word(_STATUSES, impacted, "current", Status.UNKNOWN)
            known = components.get(service)
            if known is None or severity(status) > severity(known.status):
                components[service] = VendorComponent(
                    id=service,
                    name=impacted.text_or("service_name") or service,
                    status=status,
                    words=_WORDS.get(impacted.text_or("current"), impacted.text_or("current")),
                    group=group,
                )
    return tuple(components.values())


def _incident(told: Part, services: list[str], drift: Drift) -> VendorIncident:
    log = _log(told, drift)
    # A log is written downwards: of two entries of one second the latter is the newer.
    updates = newest_first(_update(entry, drift) for entry in reversed(tuple(log.parts())))
    ended_at = told.moment_or_none("end_time") or told.moment_or_none("endTime")
    phase = _phase(told, updates, is_ended=ended_at is not None)
    when = span(
        told.where,
        started=[told.moment_or_none("date"), told.moment_or_none("startTime")],
        resolved=ended_at,
        phase=phase,
        updates=updates,
    )
    impact, impact_words = _impact(told, log, drift)
    impacted = {service: each.text_or("service_name") for service, each in told.pairs("impacted_services")}
    return VendorIncident(
        id=_id(told),
        title=_title(told, log),
        phase=phase,
        words=_WORDS.get(told.text_or("status"), told.text_or("status")),
        impact=impact,
        impact_words=impact_words,
        started_at=when.started_at,
        published_at=updates[-1].at if updates else None,
        resolved_at=when.resolved_at,
        updated_at=told.moment_or_none("lastUpdatedTime") or (updates[0].at if updates else None),
        updates=updates,
        component_ids=tuple(impacted or dict.fromkeys(service for service in services if service)),
        component_names=tuple(dict.fromkeys(name for name in impacted.values() if name)),
        oddities=when.oddities,
    )


def _log(told: Part, drift: Drift) -> Part:
    """The list of what was said, which `/public/events` keeps as JSON within the JSON."""
    if told.has("event_log"):
        return told.at("event_log")
    metadata = told.at("metadata")
    log = metadata.at("EVENT_LOG")
    if not isinstance(log.value, str):
        return log
    try:
        return Part(parse_json(log.value), metadata, "EVENT_LOG")
    except ReadError:
        drift.note("[].metadata.EVENT_LOG: not JSON")
        return Part(None, metadata, "EVENT_LOG")


def _phase(told: Part, updates: tuple[VendorUpdate, ...], *, is_ended: bool) -> Phase:
    if is_ended or told.text_or("status") == "0" or told.text_or("summary").startswith(_RESOLVED):
        return Phase.RESOLVED
    if told.text_or("status"):
        return Phase.INFORMATION if told.text_or("status") == "1" else Phase.UNKNOWN
    return updates[0].phase if updates else Phase.UNKNOWN


def _impact(told: Part, log: Part, drift: Drift) -> tuple[Status, str]:
    """The worst it ever was, of any service and in any entry of the log, and the name of that severity."""
    said = [
        (told, "status"),
        *((impacted, "max") for _, impacted in told.pairs("impacted_services")),
        *((entry, "status") for entry in log.parts()),
    ]
    codes = [part.text_or(key) for part, key in said if drift.word(_STATUSES, part, key, None) is not None]
    worst = max((code for code in codes if code != "0"), default="")
    return _STATUSES.get(worst, Status.UNKNOWN), _WORDS.get(worst, "")


def _title(told: Part, log: Part) -> str:
    """What the event is called; `/public/events` has only the log and the type to name it by."""
    told_last = log.at(-1).text_or("summary") if log else ""
    for title in (told.text_or("summary"), told_last, told.text_or("typeCode")):
        if named := title.removeprefix(_RESOLVED).strip():
            return named
    return told.text("summary")


def _update(entry: Part, drift: Drift) -> VendorUpdate:
    at, code = entry.moment("timestamp"), entry.text_or("status")
    drift.word(_STATUSES, entry, "status", Status.UNKNOWN)
    is_over = code == "0" or entry.text_or("summary").startswith(_RESOLVED)
    return VendorUpdate(
        id=f"{at.isoformat()} {code}",
        at=at,
        phase=Phase.RESOLVED if is_over else Phase.UNKNOWN,
        words=_WORDS.get(code, code),
        text=entry.prose("message") or entry.prose("summary"),
    )


def _sources(url: str) -> Sources:
    site = urlsplit(url)
    is_document = site.path.startswith("/public/") or site.path.endswith(".json")
    now = url if is_document else f"{site.scheme}://{site.netloc}/public/currentevents"
    past = (Source(url=_HISTORY, optional=True),) if site.netloc == _HOST else ()
    return Sources(now=(Source(url=now),), history=past)


READER = Reader(kind="aws-health", looks_like=_looks_like, parse=_parse, sources=_sources)
"""The public AWS Health Dashboard."""
