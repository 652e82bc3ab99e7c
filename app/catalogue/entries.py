"""What a catalogue file may say: its tables as dataclasses, for pydantic to check and for editors to complete.

The dataclasses of the kinds of checks are received, not known; `file_type` puts them into the type of a file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, make_dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Generic, Protocol, TypeVar

from pydantic import AfterValidator, ConfigDict, Field

from app.domain.service import Capability

SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
URL_PATTERN = r"^https?://[^\s/?#@]+(/[^\s]*)?$"
DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

FORBID = ConfigDict(extra="forbid")


class SpecKind(Protocol):
    """What the catalogue wants of a kind of check: the dataclass of its options."""

    @property
    def spec(self) -> type:
        """A frozen standard-library dataclass that pydantic can validate."""
        ...


SpecKinds = Mapping[str, SpecKind]
"""The kinds of checks by the names they have in a catalogue."""


class Impact(StrEnum):
    """The worst that a check may say of its service."""

    DOWN = "down"
    DEGRADED = "degraded"
    NONE = "none"


class PageKind(StrEnum):
    """How a status page is read."""

    AUTO = "auto"
    STATUSPAGE = "statuspage"
    INCIDENTIO = "incidentio"
    INSTATUS = "instatus"
    BETTERSTACK = "betterstack"
    ONLINEORNOT = "onlineornot"
    CHECKLY = "checkly"
    DATADOG = "datadog"
    STATUSIO = "statusio"
    GOOGLE_CLOUD = "google-cloud"
    GOOGLE_AISTUDIO = "google-aistudio"
    AWS_HEALTH = "aws-health"
    AZURE_RSS = "azure-rss"
    RSS = "rss"
    ATOM = "atom"
    FLASHDUTY = "flashduty"
    ROOTLY = "rootly"
    META = "meta"


def _real_date(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such day") from None
    return text


def _sound_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error.msg}") from None
    return text


Slug = Annotated[str, Field(pattern=SLUG_PATTERN, max_length=64)]
Text = Annotated[str, Field(min_length=1)]
Url = Annotated[str, Field(pattern=URL_PATTERN)]
Day = Annotated[str, Field(pattern=DATE_PATTERN), AfterValidator(_real_date)]
Pattern = Annotated[str, Field(min_length=1), AfterValidator(_sound_pattern)]
Interval = Annotated[timedelta, Field(ge=timedelta(seconds=1), le=timedelta(days=7))]
Span = Annotated[timedelta, Field(gt=timedelta())]
Rarely = Annotated[timedelta, Field(ge=timedelta(days=1), le=timedelta(days=3650))]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPageEntry:
    """Where a vendor speaks of its own troubles."""

    __pydantic_config__ = FORBID

    url: Url
    """The status page, for people."""
    kind: PageKind = PageKind.AUTO
    """Which product the page is made with; `auto` finds out by reading it."""
    feed: Url | None = None
    """What is read, where that is not found under `url`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorEntry:
    """Who runs services and speaks for them on a status page."""

    __pydantic_config__ = FORBID

    name: Text
    """The vendor's name, for people."""
    home: Url
    """The vendor's home page."""
    status_page: StatusPageEntry | None = None
    """Where the vendor speaks of its own troubles."""
    enabled: bool = True
    """`false` leaves all services of this vendor out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentsEntry:
    """Which parts of the vendor's status page speak of a service; without any, the whole page does."""

    __pydantic_config__ = FORBID

    ids: tuple[Text, ...] = ()
    """Components by the ids the page gives them."""
    names: tuple[Text, ...] = ()
    """Components by their exact names."""
    pattern: Pattern | None = None
    """A regular expression that is searched for in the names of components."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEntry:
    """When readings become a status: when there is evidence enough for the false alarms that are put up with."""

    __pydantic_config__ = FORBID

    false_alarm_every: Rarely = timedelta(days=365)
    """A check that is well may wrongly be called bad once in this time; the longer, the later we are sure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEntry:
    """A standing question. What is asked stands under the name of its kind, of which there is exactly one."""

    __pydantic_config__ = FORBID

    interval: Interval = timedelta(minutes=5)
    """How often it is asked."""
    slow_after: Span | None = None
    """A right answer that took longer than this is `degraded`."""
    impact: Impact = Impact.DOWN
    """The worst it may say of the service; `none` informs and never judges."""
    policy: PolicyEntry = field(default_factory=PolicyEntry)
    """When readings become a status."""
    allow_private: bool = False
    """Whether private, loopback and link-local addresses may be asked."""
    verified_on: Day | None = None
    """The day on which the healthy answer was last seen for true."""
    note: Text | None = None
    """What readers of this check should know."""
    enabled: bool = True
    """`false` leaves this check out."""


C = TypeVar("C", bound=CheckEntry)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntry(Generic[C]):
    """What someone depends on and sees as one line."""

    __pydantic_config__ = FORBID

    name: Text
    """The service's name, for people."""
    vendor: Text
    """The id of the vendor that runs it."""
    capabilities: Annotated[tuple[Capability, ...], Field(min_length=1)]
    """What it is for; the first decides the heading it stands under."""
    home: Url
    """Where people go to use it, or to read about it."""
    about: Text | None = None
    """What it is, in one plain sentence."""
    status_page: StatusPageEntry | None = None
    """Its own status page, where the vendor's is not the one."""
    components: ComponentsEntry = field(default_factory=ComponentsEntry)
    """Which parts of the status page speak of it."""
    depends_on: tuple[Text, ...] = ()
    """Ids of services that it passes requests on to, or cannot work without: it is offered late in their place."""
    checks: Annotated[dict[Slug, C], Field(min_length=1)]
    """What is asked of it, by name."""
    enabled: bool = True
    """`false` leaves this service out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry(Generic[C]):
    """A catalogue file of Stillup. A file of one's own is laid over the builtin catalogue, key by key."""

    __pydantic_config__ = FORBID

    builtin: bool = True
    """`false` leaves out every builtin service that this file does not name under `services`."""
    disable: tuple[Text, ...] = ()
    """Ids of services to leave out."""
    order: tuple[Text, ...] = ()
    """Ids of services in the order in which to show them; others follow."""
    vendors: dict[Slug, VendorEntry] = field(default_factory=dict)
    """Vendors, by id."""
    services: dict[Slug, ServiceEntry[C]] = field(default_factory=dict)
    """Services, by id."""
    controls: dict[Slug, C] = field(default_factory=dict)
    """Checks of hosts that have nothing to do with any vendor: when they fail together, it is our own network that
    fails. Those of one's own file replace the builtin ones; `{}` means none."""


def file_type(kinds: SpecKinds) -> Any:
    """The type of a catalogue file whose checks are of these kinds."""
    check = make_dataclass(
        "CheckEntry",
        [(name, kind.spec, field(default=None)) for name, kind in kinds.items()],
        bases=(CheckEntry,),
        namespace={"__doc__": CheckEntry.__doc__},
        frozen=True,
        slots=True,
        kw_only=True,
    )
    return FileEntry[check]  # type: ignore[valid-type]
