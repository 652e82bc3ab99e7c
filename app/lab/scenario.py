"""Scenarios: scripts in YAML of what goes wrong when, for whom, and what the vendors say about it.

A scenario is a pure function of time: which troubles reign at a moment and what has been announced by then are
computed, never scheduled, so a clock may run, jump or stand still.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.lab.pages.state import Maintenance, Story
from app.lab.places import Where, located
from app.lab.troubles import Scope, Surface, Trouble, UnknownTroubleError, check_kind
from app.lab.vendors import Vendor

FOLDER = Path(__file__).parent / "scenarios"
EVERYBODY = "*"
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}


class ScenarioError(Exception):
    """A scenario that cannot be played: one line a mistake, with file, line and place."""


def parse_span(text: object) -> timedelta:
    """`90s`, `1h30m`, `-2d` or 0 as a span. Raises `ValueError` for anything else."""
    if isinstance(text, timedelta):
        return text
    written = str(text).strip()
    parts = _SPAN.findall(written)
    if written == "0":
        return timedelta(0)
    if not parts or "".join(number + unit for number, unit in parts) != written.removeprefix("-"):
        raise ValueError(f"{written!r} is no span of time; write it like 90s, 25m or 1h30m")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    return timedelta(seconds=-seconds if written.startswith("-") else seconds)


Span = Annotated[timedelta, BeforeValidator(parse_span)]
ComponentStatus = Literal[
    "operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage"
]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Curve = float | dict[Span, float]
"""A number, or keyframes between which it moves in a straight line."""

_Chance = Annotated[float, Field(ge=0, le=1)]
ChanceCurve = _Chance | dict[Span, _Chance]
"""The same between 0 and 1."""


def value_at(curve: Curve, elapsed: timedelta) -> float:
    """A curve's value at a moment; before the first and after the last keyframe it keeps that one's."""
    if not isinstance(curve, dict):
        return curve
    frames = sorted(curve.items())
    before = [frame for frame in frames if frame[0] <= elapsed]
    after = [frame for frame in frames if frame[0] > elapsed]
    if not before or not after:
        return (before[-1] if before else after[0])[1]
    (since, low), (until, high) = before[-1], after[0]
    return low + (high - low) * ((elapsed - since) / (until - since))


class Repeat(_Entry):
    """A trouble that comes and goes: from its beginning on, `lasting` out of `every`."""

    every: Span
    lasting: Span


class TroubleEntry(_Entry):
    """A trouble and when it reigns; the fields are those of `Trouble`, the figures may move."""

    vendor: str
    kind: str
    surface: Surface = Surface.API
    scope: Scope = Scope.EVERYTHING
    since: Span = Field(default=timedelta(0), alias="from")
    until: Span | None = None
    repeat: Repeat | None = None
    probability: ChanceCurve = 1.0
    share: ChanceCurve = 1.0
    seconds: Curve = 1.0
    factor: Curve = 10.0
    regions: frozenset[str] = frozenset()
    model: str = ""
    after: int = Field(default=1, ge=0)
    error: str = "overloaded"
    headers: dict[str, str] = Field(default_factory=dict)

    def reigns(self, elapsed: timedelta) -> bool:
        """Whether the trouble is there at this moment."""
        if elapsed < self.since or (self.until is not None and elapsed >= self.until):
            return False
        return not self.repeat or (elapsed - self.since) % self.repeat.every < self.repeat.lasting

    def at(self, elapsed: timedelta) -> Trouble:
        """The trouble with its figures of this moment."""
        return Trouble(
            kind=self.kind,
            surface=self.surface,
            scope=self.scope,
            probability=value_at(self.probability, elapsed),
            share=value_at(self.share, elapsed),
            seconds=value_at(self.seconds, elapsed),
            factor=value_at(self.factor, elapsed),
            regions=self.regions,
            model=self.model,
            after=self.after,
            error=self.error,
            headers=self.headers,
        )


IncidentStatus = Literal[
    "investigating", "identified", "monitoring", "resolved", "scheduled", "in_progress", "verifying", "completed"
]
Impact = Literal["none", "minor", "major", "critical", "maintenance"]


class UpdateEntry(_Entry):
    """Something a vendor says at a moment, and the statuses it gives its components then."""

    at: Span
    status: IncidentStatus
    text: str
    components: dict[str, ComponentStatus] = Field(default_factory=dict)


class MaintenanceEntry(_Entry):
    """When planned work is to be done."""

    begins: Span = Field(alias="from")
    until: Span


class IncidentEntry(_Entry):
    """An incident or planned work on a vendor's status page."""

    vendor: str
    name: str
    impact: Impact = "minor"
    maintenance: MaintenanceEntry | None = None
    updates: list[UpdateEntry] = Field(min_length=1)

    def story(self, number: int, start: datetime) -> Story:
        """The incident with its times of day."""
        planned = self.maintenance
        window = Maintenance(begins_at=start + planned.begins, ends_at=start + planned.until) if planned else None
        return Story(
            number=number,
            name=self.name,
            impact=self.impact,
            updates=tuple((start + one.at, one.status, one.text, one.components) for one in self.updates),
            maintenance=window,
        )


class Scenario(_Entry):
    """A script. Times count from the moment the lab's clock started; what is negative has happened before."""

    title: str
    summary: str
    duration: Span
    troubles: list[TroubleEntry] = Field(default_factory=list)
    incidents: list[IncidentEntry] = Field(default_factory=list)

    def troubles_at(self, elapsed: timedelta, vendor: str, surface: Surface) -> Iterator[tuple[str, Trouble]]:
        """The troubles that reign there at this moment, each with a name that stays the same."""
        for number, entry in enumerate(self.troubles):
            if entry.vendor in (vendor, EVERYBODY) and entry.surface is surface and entry.reigns(elapsed):
                yield f"script-{number}", entry.at(elapsed)

    def stories(self, vendor: str, start: datetime) -> list[Story]:
        """What the vendor will have said by the end."""
        return [
            entry.story(number, start) for number, entry in enumerate(self.incidents) if entry.vendor == vendor
        ]

    def hastened(self, speed: float) -> "Scenario":
        """The same story in a fraction of its time, with times of day that are true for who lives through it.

        A clock that runs faster moves what vendors write on their pages into the future of everybody else.
        """
        return Scenario.model_validate(_divided(self.model_dump(by_alias=True), speed))

    def after(self, told: "list[IncidentEntry]") -> "Scenario":
        """The same story after these incidents, which have happened before."""
        return self.model_copy(update={"incidents": [*told, *self.incidents]})


def _divided(content: Any, speed: float) -> Any:
    """Every span in it divided by `speed`, wherever it stands."""
    if isinstance(content, timedelta):
        return content / speed
    if isinstance(content, dict):
        return {_divided(key, speed): _divided(value, speed) for key, value in content.items()}
    if isinstance(content, list):
        return [_divided(value, speed) for value in content]
    return content


def nothing_happens() -> Scenario:
    """The script without a script."""
    return Scenario.model_validate({"title": "Nothing happens", "summary": "No script.", "duration": 0})


def scenario_names() -> list[str]:
    """The scenarios that come with the lab."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_scenario(name: str | Path, vendors: Mapping[str, Vendor]) -> Scenario:
    """A scenario that comes with the lab, by name, or one's own, by path. Raises `ScenarioError`."""
    path = FOLDER / f"{name}.yaml" if str(name) in scenario_names() else Path(name)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        known = ", ".join(scenario_names())
        raise ScenarioError(f"{name}: no such scenario ({error.strerror}); there are {known}") from error
    return parse_scenario(text, vendors, source=path.name)


def parse_scenario(text: str, vendors: Mapping[str, Vendor], *, source: str = "scenario") -> Scenario:
    """A scenario from its YAML. Raises `ScenarioError` with every mistake found."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{source}:{mark.line + 1}" if mark else source
        raise ScenarioError(f"{where}: not YAML: {getattr(error, 'problem', error)}") from error
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        wrong = [(one["loc"], one["msg"].removeprefix("Value error, ")) for one in error.errors()]
        raise ScenarioError(located(wrong, root, source)) from error
    if wrong := list(_misfits(scenario, vendors)):
        raise ScenarioError(located(wrong, root, source))
    return scenario


def _misfits(scenario: Scenario, vendors: Mapping[str, Vendor]) -> Iterator[tuple[Where, str]]:
    """What is well-formed but cannot be played: unknown vendors, troubles they cannot have, unknown components."""
    for number, entry in enumerate(scenario.troubles):
        where: Where = ("troubles", number)
        if entry.vendor not in (*vendors, EVERYBODY):
            yield (*where, "vendor"), _unknown_vendor(entry.vendor, vendors)
            continue
        wrong = _kind_misfits(entry, vendors)
        if wrong and (entry.vendor != EVERYBODY or len(wrong) == len(vendors)):
            yield (*where, "kind"), wrong[0]
    for number, incident in enumerate(scenario.incidents):
        yield from _incident_misfits(incident, ("incidents", number), vendors)


def _kind_misfits(entry: TroubleEntry, vendors: Mapping[str, Vendor]) -> list[str]:
    """Who of those that are meant cannot show this trouble; `*` means everybody who can."""
    wrong = []
    for vendor in vendors.values() if entry.vendor == EVERYBODY else [vendors[entry.vendor]]:
        try:
            check_kind(entry.at(timedelta(0)), vendor.face_of(entry.surface))
        except UnknownTroubleError as error:
            wrong.append(f"{vendor.id}: {error}")
    return wrong


def _incident_misfits(
    incident: IncidentEntry, where: Where, vendors: Mapping[str, Vendor]
) -> Iterator[tuple[Where, str]]:
    vendor = vendors.get(incident.vendor)
    if vendor is None or vendor.page is None:
        yield (*where, "vendor"), _unknown_vendor(incident.vendor, {k: v for k, v in vendors.items() if v.page})
        return
    moments = [update.at for update in incident.updates]
    if moments != sorted(moments):
        yield (*where, "updates"), "updates stand in the order in which they are said"
    for number, update in enumerate(incident.updates):
        for key in update.components:
            if key not in vendor.components:
                known = ", ".join(vendor.components)
                yield (*where, "updates", number, "components", key), f"no component {key!r}; there are {known}"


def _unknown_vendor(name: str, vendors: Mapping[str, Vendor]) -> str:
    return f"no vendor {name!r} for this; there are {', '.join(vendors)}"
