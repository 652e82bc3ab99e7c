"""Who has to know is told, once a change is committed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed: new results of these services, and whether a status changed with them."""

    service_ids: frozenset[str]
    is_transition: bool = False


Listener = Callable[[Change], None]


class Bus:
    """Calls every listener on every change, in order; a listener that breaks does not stop the others."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> None:
        """Have `listener` called after every change."""
        self._listeners.append(listener)

    def publish(self, change: Change) -> None:
        """Tell everyone."""
        for listener in self._listeners:
            try:
                listener(change)
            except Exception:
                log.exception("a listener failed on %s", change)
