"""Reads Meta's status page: its list of organisations, and the outages of one of them.

`/data/orgs.json` lists organisations with their services, each with a status in words and without any incident;
`/data/outages/<organisation>.json` lists what is open, `….history.json` what was. "Resolved" stays the status of a
service for hours after: it works. The page is about business products; Meta AI is not listed apart.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from app.domain.status import Status, severity
from app.domain.vendor import Phase, VendorComponent, VendorIncident, VendorPage, VendorUpdate, derived_status
from app.vendors.reader import Document, Reader, ReadError, ReadErrorKind, Source, Sources
from app.vendors.shape import Drift, Part, load_json, word_form
from app.vendors.story import newest_first, span
from app.vendors.text import one_line

_STATUSES: Mapping[str, Status] = {
    "no_known_issues": Status.UP,
    "resolved": Status.UP,
    "low_disruptions": Status.DEGRADED,
    "medium_disruptions": Status.DEGRADED,
    "disruptions": Status.DEGRADED,
    "degraded": Status.DEGRADED,
    "high_disruptions": Status.DOWN,
    "major_disruptions": Status.DOWN,
}
_OUTAGES = "/data/outages/"


def _looks_like(document: Document) -> bool:
    return document.body[:64].lstrip().startswith(b"[") and (
        b'"services"' in document.body[:4096] or _OUTAGES in document.url
    )


def _parse(document: Document) -> VendorPage:
    root, drift = load_json(document), Drift()
    if not isinstance(root.value, list):
        raise root.wrong("a list of organisations")
    organisation = _organisation(document.url)
    is_outages = bool(organisation)
    components = () if is_outages else tuple(_components(root, drift))
    incidents = [_incident(told, organisation, drift) for told in root.parts()] if is_outages else []
    if not is_outages and not components:
        raise ReadError(ReadErrorKind.MISSING_FIELD, "[0].services", "no organisation has a service")
    return VendorPage(
        kind=READER.kind,
        status=derived_status(components, incidents),
        words="",
        name="Meta",
        url="https://metastatus.com/",
        components=components,
        incidents=tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True)),
        has_all_components=not is_outages,
        has_incidents=is_outages,
        drift=drift.notes,
    )


def _organisation(url: str) -> str:
    """Which organisation a document of outages is about; `""` for the list of all."""
    _, found, file = urlsplit(url).path.partition(_OUTAGES)
    return file.removesuffix(".json").removesuffix(".history") if found else ""


def _components(root: Part, drift: Drift) -> Iterator[VendorComponent]:
    for organisation in root.parts():
        for told in organisation.parts("services"):
            yield VendorComponent(
                id=f"{organisation.text('id')}/{told.text('id')}",
                name=told.text("name"),
                status=drift.word(_STATUSES, told, "status", Status.UNKNOWN),
                words=told.text_or("status"),
                group=organisation.text_or("name") or None,
            )


def _incident(told: Part, organisation: str, drift: Drift) -> VendorIncident:
    posts = tuple(told.parts("posts"))
    updates = newest_first(_update(post, drift) for post in posts)
    phase = _phase(told)
    when = span(told.where, started=[told.moment_or_none("time")], resolved=None, phase=phase, updates=updates)
    said = [
        (drift.word(_STATUSES, each, "status", Status.UNKNOWN), each.text_or("status")) for each in (told, *posts)
    ]
    bad = [pair for pair in said if pair[0] is not Status.UP]
    impact, impact_words = max(bad, key=lambda pair: severity(pair[0]), default=(Status.UNKNOWN, ""))
    service = told.text_or("service_id")
    return VendorIncident(
        id=told.text("id"),
        title=told.text_or("title") or (one_line(updates[-1].text) if updates else "") or told.text("status"),
        phase=phase,
        words=told.text_or("status"),
        impact=impact,
        impact_words=impact_words,
        started_at=when.started_at,
        published_at=updates[-1].at if updates else None,
        resolved_at=when.resolved_at,
        updated_at=updates[0].at if updates else None,
        updates=updates,
        component_ids=(f"{organisation}/{service}",) if service else (),
        oddities=when.oddities,
    )


def _update(post: Part, drift: Drift) -> VendorUpdate:
    at, words = post.moment("time"), post.text_or("status")
    drift.word(_STATUSES, post, "status", Status.UNKNOWN)
    return VendorUpdate(
        id=post.text_or("id") or f"{at.isoformat()} {words}",
        at=at,
        phase=_phase(post),
        words=words,
        text=post.prose("description"),
    )


def _phase(told: Part) -> Phase:
    """A status is a severity or the end; what lies between is not told."""
    return Phase.RESOLVED if word_form(told.text_or("status")) == "resolved" else Phase.UNKNOWN


def _sources(url: str) -> Sources:
    site = urlsplit(url)
    home, name = f"{site.scheme}://{site.netloc}", site.path.strip("/").rpartition("/")[2]
    everything = Source(url=f"{home}/data/orgs.json")
    if not name or "." in name:
        return Sources(now=(everything,))
    return Sources(
        now=(everything, Source(url=f"{home}{_OUTAGES}{name}.json", optional=True)),
        history=(Source(url=f"{home}{_OUTAGES}{name}.history.json", optional=True),),
    )


READER = Reader(kind="meta", looks_like=_looks_like, parse=_parse, sources=_sources)
"""metastatus.com."""
