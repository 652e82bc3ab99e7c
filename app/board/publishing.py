"""How publishing the static copy goes, as it is told."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """When a copy was last published, what that changed, and how often it failed since the start.

    `trouble` is why it fails at the moment, and `None` while it does not.
    """

    published_at: datetime | None = None
    failures: int = 0
    changed: int = 0
    files: int = 0
    trouble: str | None = None


class PublishingLog:
    """Holds how publishing goes: one writes it, others tell of it."""

    def __init__(self) -> None:
        self.view = Publishing()
