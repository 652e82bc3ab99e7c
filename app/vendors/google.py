"""Reads Google's `incidents.json`, of Google Cloud and of Workspace alike: a bare list of incidents.

Products have no status: one is up unless an open incident names it, and nothing is filtered here, for a product's
id is what the catalogue selects by (titles get renamed). An incident is open as long as it has no `end`; that its
last update says AVAILABLE only means that the fix is watched. `modified` moves for weeks while reports are edited.
"""

from collections.abc import Mapping
from itertools import chain
from urllib.parse import urljoin

from app.domain.status import Status, worst_of
from app.domain.vendor import Phase, VendorComponent, VendorIncident, VendorPage, VendorUpdate, derived_status
from app.vendors.reader import Document, Reader, ReadError, ReadErrorKind, Source, Sources
from app.vendors.shape import Drift, Part, load_json
from app.vendors.story import newest_first, span
from app.vendors.text import web_address

_IMPACT: Mapping[str, Status] = {
    "service_information": Status.UP,
    "service_disruption": Status.DEGRADED,
    "service_outage": Status.DOWN,
    "available": Status.UP,
}
_SEVERITY: Mapping[str, Status] = {"low": Status.DEGRADED, "medium": Status.DEGRADED, "high": Status.DOWN}
_PHASE: Mapping[str, Phase] = {
    "service_information": Phase.INFORMATION,
    "service_disruption": Phase.INVESTIGATING,
    "service_outage": Phase.INVESTIGATING,
    "available": Phase.MONITORING,
}
# What it takes to make an address whole, in units of the document's meter.
_JOINING = 15
_FILE = "incidents.json"
_UNITS_A_PRODUCT = 4
"""What a product costs beside the reading of its fields, in the units of `Meter`."""


def _looks_like(document: Document) -> bool:
    return document.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") and (
        b'"external_desc"' in document.body or b'"status_impact"' in document.body
    )


def _parse(document: Document) -> VendorPage:
    root, drift = load_json(document), Drift()
    if not isinstance(root.value, list):
        raise ReadError(ReadErrorKind.NOT_THIS_FORMAT, "", "not a list of incidents")
    incidents = tuple(_incident(row, document, drift) for row in root.parts())
    ordered = tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True))
    return VendorPage(
        kind=READER.kind,
        status=worst_of((derived_status((), ordered), Status.UP)),
        words="",
        url=document.url.removesuffix(_FILE),
        updated_at=max((incident.updated_at for incident in incidents if incident.updated_at), default=None),
        components=_products(root, ordered),
        incidents=ordered,
        has_all_components=False,
        drift=drift.notes,
    )


def _incident(row: Part, document: Document, drift: Drift) -> VendorIncident:
    drift.missing(row, "begin", "created", "modified", "updates", "status_impact", "affected_products")
    ended_at, created_at = row.moment_or_none("end"), row.moment_or_none("created")
    updates = _updates(row, is_over=ended_at is not None, drift=drift)
    latest = updates[0].phase if updates else Phase.INVESTIGATING
    phase = latest if ended_at is None else Phase.RESOLVED
    claims = chain((row.moment_or_none("begin"), created_at), (update.at for update in updates))
    # The end is the true one and earlier than the update that tells it, so updates have no say in it.
    when = span(row.where, started=claims, resolved=ended_at, phase=phase, updates=())
    unsaid = ended_at is not None and bool(updates) and not updates[0].phase.is_over
    products = {part.text("id"): _title(part) for part in row.parts("affected_products")}
    impact, impact_words = _impact(row, drift)
    return VendorIncident(
        id=row.text("id"),
        title=row.headline("external_desc") or "(no description)",
        phase=phase,
        words=updates[0].words if updates else "",
        impact=impact,
        impact_words=impact_words,
        started_at=when.started_at,
        published_at=created_at,
        resolved_at=when.resolved_at,
        updated_at=row.moment_or_none("modified"),
        updates=updates,
        component_ids=tuple(products),
        component_names=tuple(products.values()),
        url=_link(row, document),
        oddities=(*when.oddities, *(("ended, though no update says so",) if unsaid else ())),
    )


def _link(row: Part, document: Document) -> str | None:
    """Where people read it; addresses are relative to the page."""
    address = row.text_or("uri")
    row.pay(_JOINING if address else 0)
    try:
        return web_address(urljoin(document.url, address)) if address else None
    except ValueError:  # `//[`, the beginning of a host that never ends
        return None


def _updates(row: Part, *, is_over: bool, drift: Drift) -> tuple[VendorUpdate, ...]:
    """What was said, newest first. An update has no id but the moment it was made."""
    told = tuple(row.parts("updates")) or (
        (row.at("most_recent_update"),) if row.has("most_recent_update") else ()
    )
    updates = []
    for part in told:
        at = part.moment_or_none("when") or part.moment("created")
        made_at = part.moment_or_none("created") or at
        phase = drift.word(_PHASE, part, "status", Phase.UNKNOWN)
        updates.append(
            VendorUpdate(
                id=f"{row.text('id')}:{made_at.isoformat()}",
                at=at,
                phase=Phase.RESOLVED if is_over and phase is Phase.MONITORING else phase,
                words=part.text_or("status"),
                text=part.prose("text"),
            )
        )
    return newest_first(updates)


def _impact(row: Part, drift: Drift) -> tuple[Status, str]:
    """What it did to the service, else how severe it is."""
    if row.text_or("status_impact"):
        return drift.word(_IMPACT, row, "status_impact", Status.UNKNOWN), row.text_or("status_impact")
    return drift.word(_SEVERITY, row, "severity", Status.UNKNOWN), row.text_or("severity")


def _title(product: Part) -> str:
    """What a product is called now; `title` is what it was called when the incident was written."""
    return product.text_or("current_title") or product.text_or("title") or product.text("id")


def _products(root: Part, incidents: tuple[VendorIncident, ...]) -> tuple[VendorComponent, ...]:
    """Every product that any incident names: as bad as the open ones say, else up."""
    names: dict[str, str] = {}
    told: dict[str, list[VendorIncident]] = {}
    for incident in incidents:
        for key, name in zip(incident.component_ids, incident.component_names, strict=True):
            names.setdefault(key, name)
            told.setdefault(key, []).extend([incident] if incident.is_open else [])
    root.pay(_UNITS_A_PRODUCT * len(names))
    return tuple(_product(key, name, told[key]) for key, name in sorted(names.items()))


def _product(key: str, name: str, troubles: list[VendorIncident]) -> VendorComponent:
    hit = [incident for incident in troubles if incident.phase is not Phase.MONITORING]
    status = worst_of([Status.UP, *(incident.impact for incident in hit)])
    words = next((incident.impact_words for incident in hit if incident.impact is status), "AVAILABLE")
    return VendorComponent(id=key, name=name, status=status, words=words)


def _sources(url: str) -> Sources:
    return Sources(now=(Source(url=url if url.endswith(_FILE) else f"{url.rstrip('/')}/{_FILE}"),))


READER = Reader(kind="google-cloud", looks_like=_looks_like, parse=_parse, sources=_sources)
"""Google Cloud and Google Workspace."""
