"""Planned work that vendors announce, each once with the services it concerns, however far ahead it is; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.board.model import ServiceView
from app.domain.vendor import VendorMaintenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A maintenance that is not over yet. `id` is the same as long as its vendor keeps its own for it.

    `url` is where people read of it, on the vendor's page.
    """

    id: str
    maintenance: VendorMaintenance
    views: tuple[ServiceView, ...]
    url: str


def announced(views: Iterable[ServiceView]) -> tuple[Announced, ...]:
    """What the vendors of these services announce, the first first."""
    found: dict[str, Announced] = {}
    spoken = ((view, view.word) for view in views if view.word is not None)
    for view, word in spoken:
        for maintenance in word.maintenances:
            key = f"{word.page_key}-{maintenance.id}"
            known = found[key].views if key in found else ()
            found[key] = Announced(
                id=key, maintenance=maintenance, views=(*known, view), url=maintenance.url or word.url
            )
    return tuple(sorted(found.values(), key=lambda each: (each.maintenance.starts_at, each.id)))
