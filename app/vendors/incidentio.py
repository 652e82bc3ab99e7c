"""Reads status pages that incident.io hosts, in each of the three languages it speaks.

- `/api/v2/*.json` imitates Statuspage: empty lists are left out, `summary.json` lists at most 25 components and
  others each time, incidents name no parts, and a reopened one keeps its first end.
- `/proxy/<host>` is what the page itself reads, and has everything (`incidentio_native`).
- `/api/v1/summary` is the widget's, where the page offers it (`incidentio_widget`).
"""

import re
from urllib.parse import urlsplit

from app.domain.status import Status, worst_of
from app.domain.vendor import VendorPage, derived_status
from app.vendors.incidentio_native import read_native, read_native_history
from app.vendors.incidentio_widget import WIDGET_LISTS, read_widget
from app.vendors.reader import Document, Reader, ReadError, ReadErrorKind, Source, Sources
from app.vendors.shape import Drift, Part, load_json
from app.vendors.v2 import read_components, read_events
from app.vendors.words import IMPACT

# Ids are ULIDs: 26 signs of which the first ten are the milliseconds, and those begin with 01 from 2005 to 2039.
_ULID = re.compile(rb'"(?:id|component_id)"\s*:\s*"01[0-9A-HJKMNP-TV-Z]{24}"')


def _looks_like(document: Document) -> bool:
    return _ULID.search(document.body) is not None or b'"ongoing_incidents"' in document.body


def _parse(document: Document) -> VendorPage:
    root, drift = load_json(document), Drift()
    if root.has("summary"):
        return read_native(root.at("summary"), READER.kind, drift)
    if not root.has("page"):
        if _first(root, "components").has("status_page_id"):
            return read_native(root, READER.kind, drift)
        incident = root.at("incident") if root.has("incident") else _first(root, "incidents")
        if incident.has("published_at"):
            return read_native_history(root, READER.kind, drift)
        if any(root.has(key) for key in WIDGET_LISTS):
            return read_widget(root, READER.kind, drift)
    if any(root.has(key) for key in ("components", "incidents", "status")):
        return _compatible(root, drift)
    raise ReadError(ReadErrorKind.NOT_THIS_FORMAT, "", "neither a summary, nor components, nor incidents")


def _first(root: Part, key: str) -> Part:
    return next(root.parts(key), root.at("none"))


def _compatible(root: Part, drift: Drift) -> VendorPage:
    page, told = root.at("page"), root.at("status")
    drift.missing(page, "id", "name", "url")
    is_summary = bool(told)
    components = read_components(root.parts("components"), drift)
    if is_summary and not components:
        drift.note("components: none listed")
    events = read_events(root.parts("incidents"), page.link("url"), drift)
    # Where nothing is wrong the list is left out, so that a summary without it does speak of incidents.
    has_incidents = is_summary or root.has("incidents")
    # What a summary does not list may be what is broken: only its indicator knows.
    quiet = Status.UP if has_incidents and not is_summary else Status.UNKNOWN
    indicated = drift.word(IMPACT, told, "indicator", quiet)
    return VendorPage(
        kind=READER.kind,
        status=worst_of((derived_status(components, events.incidents), indicated)),
        words=told.text_or("description") or told.text_or("indicator"),
        name=page.text_or("name") or None,
        url=page.link("url"),
        updated_at=page.moment_or_none("updated_at"),
        components=components,
        incidents=events.incidents,
        maintenances=events.maintenances,
        has_all_components=not is_summary,
        has_incidents=has_incidents,
        drift=drift.notes,
    )


def _sources(url: str) -> Sources:
    base = url.partition("/api/")[0].partition("/proxy/")[0].rstrip("/")
    native = f"{base}/proxy/{urlsplit(base).netloc}"
    incidents = Source(url=f"{base}/api/v2/incidents.json")
    return Sources(
        now=(
            Source(url=f"{base}/api/v2/summary.json"),
            Source(url=native, optional=True),
            Source(url=f"{base}/api/v2/components.json", optional=True),
            Source(url=incidents.url, optional=True),
        ),
        history=(incidents, Source(url=f"{native}/incidents", optional=True)),
    )


READER = Reader(kind="incidentio", looks_like=_looks_like, parse=_parse, sources=_sources)
"""incident.io."""
