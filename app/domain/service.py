"""Services, their vendors, what they are for, and the catalogue that holds them all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from app.domain.check import Check
from app.domain.result import CheckId


class Capability(StrEnum):
    """What a service is for: who offers the same capability can stand in for it."""

    ASSISTANT = "assistant"
    CHAT_API = "chat-api"
    CODE = "code"
    IMAGE = "image"
    VIDEO = "video"
    SPEECH = "speech"
    MUSIC = "music"
    EMBEDDING = "embedding"
    SEARCH = "search"
    HOSTING = "hosting"
    ROUTER = "router"
    TRACING = "tracing"


class Group(StrEnum):
    """The headings under which people look for a service, in the order in which they are shown."""

    ASSISTANTS = "Assistants"
    APIS = "APIs"
    CODING = "Coding"
    IMAGE_AND_VIDEO = "Image & video"
    SPEECH_AND_SEARCH = "Speech & search"
    PLATFORMS = "Platforms"


GROUP_OF = {
    Capability.ASSISTANT: Group.ASSISTANTS,
    Capability.CHAT_API: Group.APIS,
    Capability.CODE: Group.CODING,
    Capability.IMAGE: Group.IMAGE_AND_VIDEO,
    Capability.VIDEO: Group.IMAGE_AND_VIDEO,
    Capability.SPEECH: Group.SPEECH_AND_SEARCH,
    Capability.MUSIC: Group.SPEECH_AND_SEARCH,
    Capability.EMBEDDING: Group.SPEECH_AND_SEARCH,
    Capability.SEARCH: Group.SPEECH_AND_SEARCH,
    Capability.HOSTING: Group.PLATFORMS,
    Capability.ROUTER: Group.PLATFORMS,
    Capability.TRACING: Group.PLATFORMS,
}
"""The heading a service stands under: that of its first capability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """Where a vendor speaks: `url` for people, `feed` for the reader of that `kind` (`auto` detects it)."""

    url: str
    kind: str = "auto"
    feed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """Who runs services and speaks for them on a status page."""

    id: str
    name: str
    home: str
    status_page: StatusPage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """Which parts of the vendor's status page speak of a service: by id, by name, or by pattern.

    Empty means the whole page. `pattern` is a regular expression searched in the component's name.
    """

    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    pattern: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What someone depends on and sees as one line.

    `depends_on` holds ids of services that it passes requests on to, or cannot work without.
    """

    id: str
    name: str
    vendor_id: str
    capabilities: tuple[Capability, ...]
    home: str
    checks: tuple[Check, ...]
    about: str | None = None
    status_page: StatusPage | None = None
    components: Components = field(default_factory=Components)
    depends_on: tuple[str, ...] = ()

    @property
    def group(self) -> Group:
        """The heading this service stands under."""
        return GROUP_OF[self.capabilities[0]]


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything Stillup knows how to watch; immutable, in the order in which it is shown.

    `controls` are checks of hosts that have nothing to do with any vendor: when they fail together, it is
    our own network that fails.
    """

    vendors: tuple[Vendor, ...]
    services: tuple[Service, ...]
    controls: tuple[Check, ...] = ()

    @cached_property
    def vendor_by_id(self) -> Mapping[str, Vendor]:
        """Vendors by their id."""
        return {vendor.id: vendor for vendor in self.vendors}

    @cached_property
    def service_by_id(self) -> Mapping[str, Service]:
        """Services by their id."""
        return {service.id: service for service in self.services}

    @cached_property
    def check_by_id(self) -> Mapping[CheckId, Check]:
        """Checks of services, by their id; the controls are not among them."""
        return {check.id: check for service in self.services for check in service.checks}

    def vendor_of(self, check: Check) -> str:
        """The id of the vendor that a check asks: whom its probes have to be polite to."""
        return self.service_by_id[check.service_id].vendor_id


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueChange:
    """What a new catalogue changes about the checks of the old one, by check id."""

    added: frozenset[CheckId]
    removed: frozenset[CheckId]
    changed: frozenset[CheckId]


def diff(old: Catalogue, new: Catalogue) -> CatalogueChange:
    """Compare two catalogues check by check; a check whose question changed is `changed`, not replaced."""
    before, after = old.check_by_id, new.check_by_id
    return CatalogueChange(
        added=frozenset(after.keys() - before.keys()),
        removed=frozenset(before.keys() - after.keys()),
        changed=frozenset(key for key in after.keys() & before.keys() if after[key] != before[key]),
    )
