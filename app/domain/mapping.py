"""Which parts of a status page speak of which service, and which incidents concern it.

A part speaks of a service by its id, its name, or a pattern; a service without any takes the whole page. An
incident that names no part is given to a service by stated rules, and carries the rule it was given by (`Basis`).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from app.domain.service import Components, Service
from app.domain.vendor import VendorComponent, VendorIncident, VendorMaintenance
from app.domain.watched import WatchedPage

MOST_NAMES = 2_000
"""So many names are looked for in a title; the longest list of parts that is recorded has a fourth of that."""


class Basis(StrEnum):
    """Why an incident is taken to concern a service, from the strongest to the weakest."""

    PART = "part"
    """It names a part that speaks of the service."""
    WHOLE_PAGE = "whole_page"
    """The page speaks of nothing else."""
    TITLE = "title"
    """It names no part, but its title names the service or one of its parts."""
    TEXT = "text"
    """It names no part and its title nothing that is known, but its updates name the service."""
    NOTHING_NAMED = "nothing_named"
    """It names nothing that is known, on a page that lists parts: it may concern every service of the page."""


def is_selected(components: Components, part_id: str, name: str) -> bool:
    """Whether a part speaks of a service that these components are of; a name may follow that of its group."""
    if part_id in components.ids:
        return True
    folded = _folded(name)
    if any(folded == (wanted := _folded(own)) or folded.endswith(f" - {wanted}") for own in components.names):
        return True
    return components.pattern is not None and bool(name) and bool(_pattern(components.pattern).search(name))


def is_whole_page(service: Service) -> bool:
    """Whether the service takes the whole page for its own."""
    return service.components == Components()


class PageMap:
    """Who is spoken of on a page, given the parts that it lists."""

    def __init__(self, watched: WatchedPage, parts: Sequence[VendorComponent]) -> None:
        self.watched = watched
        self._services = watched.services
        self._names = {part.id: part.name for part in parts}
        self._parts = {
            service.id: tuple(
                part
                for part in parts
                if is_whole_page(service) or is_selected(service.components, part.id, part.name)
            )
            for service in watched.services
        }
        by_name = {_folded(service.name): {service.id} for service in watched.services}
        self._services_named = _Names(by_name)
        self._anything_named = _Names(self._with_parts(by_name, parts))

    def parts_of(self, service: Service) -> tuple[VendorComponent, ...]:
        """The parts of the page that speak of a service."""
        return self._parts[service.id]

    def basis(self, service: Service, incident: VendorIncident | VendorMaintenance) -> Basis | None:
        """Why an incident, or a maintenance, concerns a service; `None` where it does not."""
        if is_whole_page(service):
            return Basis.WHOLE_PAGE
        if incident.component_ids or incident.component_names:
            return Basis.PART if self.named(service, incident) else None
        in_title = self._meant_in_title(incident.title)
        if in_title is not None:
            return Basis.TITLE if service.id in in_title else None
        in_text = self._meant_in_text("\n".join(update.text for update in incident.updates))
        if in_text is not None:
            return Basis.TEXT if service.id in in_text else None
        # A page without a list of parts names what is hit in words alone: who is not named there is not hit.
        return Basis.NOTHING_NAMED if self._names else None

    def named(self, service: Service, incident: VendorIncident | VendorMaintenance) -> tuple[str, ...]:
        """The service's parts that an incident names: their ids, or where it gives none of them, their names."""
        components = service.components
        ids = (each for each in incident.component_ids if is_selected(components, each, self._names.get(each, "")))
        return tuple(ids) or tuple(name for name in incident.component_names if is_selected(components, "", name))

    def _meant_in_title(self, title: str) -> Collection[str] | None:
        meant = self._anything_named.owners(title)
        return self._by_pattern(title) if meant is None else meant

    def _meant_in_text(self, text: str) -> Collection[str] | None:
        """Of long texts, names of parts such as "Search" and patterns written for them would say too much."""
        meant = self._services_named.owners(text)
        return self._by_pattern(text) if meant is None and not self._names else meant

    def _by_pattern(self, words: str) -> Collection[str] | None:
        """The ids of the services whose pattern is found in words; `None` if none is."""
        patterns = ((service.id, service.components.pattern) for service in self._services)
        return {owner for owner, pattern in patterns if pattern and _pattern(pattern).search(words)} or None

    def _with_parts(
        self, by_name: Mapping[str, set[str]], parts: Sequence[VendorComponent]
    ) -> Mapping[str, set[str]]:
        """Every name that is known here with the services it stands for, none for a part that is no service's."""
        owners = {name: set(ids) for name, ids in by_name.items()}
        for part in parts:
            for form in _short_forms(part.name):
                owners.setdefault(form, set())
        for service in self._services:
            if not is_whole_page(service):
                own = [form for part in self._parts[service.id] for form in _short_forms(part.name)]
                for name in (*map(_folded, service.components.names), *own):
                    owners.setdefault(name, set()).add(service.id)
        return owners


class _Names:
    """Finds names in words, and answers whom they stand for."""

    def __init__(self, owners: Mapping[str, set[str]]) -> None:
        self._owners = owners
        # As whole words, and the longest that fits: "Claude Code" is not said of "Claude".
        longest_first = sorted(filter(None, owners), key=len, reverse=True)[:MOST_NAMES]
        any_of = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in longest_first)
        self._finder = re.compile(rf"(?<!\w)(?:{any_of})(?!\w)", re.IGNORECASE) if any_of else None

    def owners(self, words: str) -> set[str] | None:
        """The ids of the services that words name, none if they name only other parts; `None` if nothing."""
        if self._finder is None:
            return None
        found = {_folded(match[0]) for match in self._finder.finditer(words)}
        return {owner for name in found for owner in self._owners.get(name, ())} if found else None


def _short_forms(name: str) -> tuple[str, ...]:
    """A part's name, and what is left of it without a bracket at its end: `Claude API (api.anthropic.com)`."""
    short = name.partition(" (")[0]
    return (_folded(name),) if short == name else (_folded(name), _folded(short))


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
