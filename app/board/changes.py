"""What changed from one board to the next that somebody who looks at it should see at once; pure.

Figures that creep with every answer (latency, uptime) are no change: whoever shows them asks now and then anyway.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.board.model import Board, ServiceView


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The ids of what changed; services that came or went are among them. `is_ours` where our own health did."""

    services: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    is_ours: bool = False

    def __bool__(self) -> bool:
        """Whether anything did."""
        return bool(self.services or self.vendors or self.incidents or self.is_ours)


def changes(before: Board, after: Board) -> Changes:
    """From one board to the next."""
    services = _differing(
        {key: _of_service(view) for key, view in before.by_id.items()},
        {key: _of_service(view) for key, view in after.by_id.items()},
    )
    incidents = _differing(
        {each.id: (len(each.events), each.status, each.closed_at) for each in before.incidents},
        {each.id: (len(each.events), each.status, each.closed_at) for each in after.incidents},
    )
    views = [board.by_id[key] for board in (before, after) for key in services if key in board.by_id]
    return Changes(
        services=services,
        vendors=tuple(dict.fromkeys(view.vendor.id for view in views)),
        incidents=incidents,
        is_ours=_of_us(before) != _of_us(after),
    )


def _of_service(view: ServiceView) -> object:
    """What is told of it in words."""
    word = view.word
    return (
        view.status,
        view.since_at,
        view.discords,
        view.people.last_hour > 0,
        None if word is None else (word.status, word.is_stale, word.incidents, word.maintenances),
        None if view.open_incident is None else view.open_incident.id,
    )


def _of_us(board: Board) -> object:
    own = board.own
    return (board.trouble, own.network_fails, own.storage_trouble, own.catalogue_trouble, own.probing)


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """The keys that came, went, or stand for something else, in their order."""
    keys = dict.fromkeys((*after, *before))
    return tuple(key for key in keys if before.get(key) != after.get(key))
