"""Reads the status of Google AI Studio and the Gemini API: the answer of the call that its own page makes.

Everything stands by position, nothing by name: `[id, title, severity, updates, part, parts]`, and an update as
`[type, "local time", ["epoch seconds"], text]`. The local time is Pacific and does not say so: only the epoch is
heeded. There is no word on how a part fares: it is up unless an open incident names it.

The call is a POST that wants the web client key which the page ships. Where the address in the catalogue carries
one (`?key=…`) it is used; without, Google refuses, and the vendor's word is unknown. None of it is documented.
"""

import re
from collections.abc import Mapping

from app.domain.status import Status, severity
from app.domain.vendor import Phase, VendorComponent, VendorIncident, VendorPage, VendorUpdate, derived_status
from app.vendors.reader import Document, Reader, ReadError, ReadErrorKind, Source, Sources
from app.vendors.shape import Drift, Part, load_json
from app.vendors.story import newest_first, span

_PARTS: Mapping[str, str] = {"1": "Gemini API", "2": "Gemini Live API", "3": "Google AI Studio"}
_SEVERITIES: Mapping[str, Status] = {"0": Status.UP, "1": Status.DEGRADED, "2": Status.DOWN}
_SEVERITY_WORDS: Mapping[str, str] = {"0": "information", "1": "minor", "2": "major"}
_PHASES: Mapping[str, Phase] = {
    "1": Phase.INVESTIGATING,
    "2": Phase.IDENTIFIED,
    "3": Phase.MONITORING,
    "4": Phase.RESOLVED,
    "5": Phase.MONITORING,
}
_PHASE_WORDS: Mapping[str, str] = {
    "1": "detected",
    "2": "identified",
    "3": "fix",
    "4": "resolved",
    "5": "mitigation",
}
_ID, _TITLE, _SEVERITY, _UPDATES, _AFFECTED = 0, 1, 2, 3, 5
_TYPE, _MOMENT, _TEXT = 0, 2, 3
_DEEPEST = 4
_WRAPPED = re.compile(rb"\s*\[\s*\[\s*\[\s*(?:\[\s*\"|\])")
_CALL = (
    "https://alkalimakersuite-pa.clients6.google.com/$rpc/google.internal.alkali.applications.makersuite.v1"
    ".MakerSuiteService/ListIncidentsHistory"
)
_HOME = "https://aistudio.google.com"


def _looks_like(document: Document) -> bool:
    return _WRAPPED.match(document.body[:64]) is not None


def _parse(document: Document) -> VendorPage:
    drift = Drift()
    incidents = [_incident(told, drift) for told in _incidents(load_json(document)).parts()]
    components = tuple(_component(key, name, incidents) for key, name in _PARTS.items())
    return VendorPage(
        kind=READER.kind,
        status=derived_status(components, incidents),
        words="",
        name="Google AI Studio",
        url=f"{_HOME}/status",
        components=components,
        incidents=tuple(sorted(incidents, key=lambda incident: incident.started_at, reverse=True)),
        drift=drift.notes,
    )


def _incidents(root: Part) -> Part:
    """The list of incidents, which is wrapped in lists of one; an empty list at any depth is a quiet page."""
    part = root
    for _ in range(_DEEPEST):
        if not isinstance(part.value, list):
            raise part.wrong("a list")
        if not part or (part.at(0).value and isinstance(part.at(0).at(_ID).value, str)):
            return part
        part = part.at(0)
    raise ReadError(ReadErrorKind.NOT_THIS_FORMAT, root.where, "no list of incidents")


def _component(key: str, name: str, incidents: list[VendorIncident]) -> VendorComponent:
    hit = [incident for incident in incidents if incident.is_open and key in incident.component_ids]
    worst = max(hit, key=lambda incident: severity(incident.impact), default=None)
    return VendorComponent(
        id=key,
        name=name,
        status=Status.UP if worst is None else worst.impact,
        words="" if worst is None else worst.impact_words,
    )


def _incident(told: Part, drift: Drift) -> VendorIncident:
    # They stand oldest first, to the minute: of two in one minute the latter is the newer.
    updates = newest_first(_update(entry, drift) for entry in reversed(tuple(told.parts(_UPDATES))))
    phase = updates[0].phase if updates else Phase.UNKNOWN
    when = span(told.where, started=(), resolved=None, phase=phase, updates=updates)
    severity_code = told.text_or(_SEVERITY)
    affected = {part.text(): drift.word(_PARTS, part, None, part.text()) for part in told.parts(_AFFECTED)}
    return VendorIncident(
        id=told.text(_ID),
        title=told.text(_TITLE),
        phase=phase,
        words=updates[0].words if updates else "",
        impact=drift.word(_SEVERITIES, told, _SEVERITY, Status.UNKNOWN),
        impact_words=_SEVERITY_WORDS.get(severity_code, severity_code),
        started_at=when.started_at,
        published_at=updates[-1].at if updates else None,
        resolved_at=when.resolved_at,
        updated_at=updates[0].at if updates else None,
        updates=updates,
        component_ids=tuple(affected),
        component_names=tuple(affected.values()),
        oddities=when.oddities,
    )


def _update(entry: Part, drift: Drift) -> VendorUpdate:
    at, code = entry.at(_MOMENT).moment(0), entry.text_or(_TYPE)
    return VendorUpdate(
        id=f"{at.isoformat()} {code}",
        at=at,
        phase=drift.word(_PHASES, entry, _TYPE, Phase.UNKNOWN),
        words=_PHASE_WORDS.get(code, code),
        text=entry.prose(_TEXT),
    )


def _sources(url: str) -> Sources:
    if not url.startswith(_HOME) and "$rpc" not in url:
        return Sources(now=(Source(url=url),))
    call = Source(
        url=url if "$rpc" in url else _CALL,
        method="POST",
        body=b"[]",
        headers={"Content-Type": "application/json+protobuf", "Origin": _HOME, "Referer": f"{_HOME}/"},
    )
    return Sources(now=(call,))


READER = Reader(kind="google-aistudio", looks_like=_looks_like, parse=_parse, sources=_sources)
"""Google AI Studio and the Gemini API."""
