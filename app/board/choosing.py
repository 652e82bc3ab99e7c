"""Which services somebody wants to see: by name, kind, vendor and trouble, and their own first; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.board.model import Board, ServiceView
from app.domain.saying import say
from app.domain.service import Capability, Group
from app.domain.status import Status

MOST_MINE = 100
"""As many of an address are looked at; no catalogue that people read is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What to show: services whose name has `sought` in it, of a `kind` and a `vendor`, each empty for all.

    A kind is a heading (`kind_of`) or a capability. `mine` are ids in the order of their owner, once each.
    """

    sought: str = ""
    only_problems: bool = False
    kind: str = ""
    vendor: str = ""
    mine: tuple[str, ...] = ()

    @property
    def is_narrow(self) -> bool:
        """Whether anything may be left out."""
        return bool(self.sought or self.only_problems or self.kind or self.vendor)

    def takes(self, view: ServiceView) -> bool:
        """Whether this service is to be shown."""
        return (
            self.sought.casefold() in view.service.name.casefold()
            and not (self.only_problems and view.status is Status.UP)
            and self.kind in ("", kind_of(view.service.group), *view.service.capabilities)
            and self.vendor in ("", view.vendor.id)
        )

    def of(self, views: Iterable[ServiceView]) -> tuple[ServiceView, ...]:
        """Those of these services that are to be shown."""
        return tuple(filter(self.takes, views))


def kind_of(group: Group) -> str:
    """How a heading is named in addresses."""
    return group.name.lower().replace("_", "-")


def ids_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The ids in texts such as `a,b`, each once, in their order."""
    ids = (each.strip() for text in texts for each in text.split(","))
    return tuple(dict.fromkeys(filter(None, ids)))[:MOST_MINE]


def unknown_of(choice: Choice, board: Board) -> tuple[str, ...]:
    """What is asked for and does not exist, each in a sentence."""
    kinds = {*map(kind_of, Group), *Capability}
    vendors = {view.vendor.id for view in board.services}
    told = [say("There is no service “{id}”.", id=each) for each in choice.mine if each not in board.by_id]
    if choice.kind not in ("", *kinds):
        choices = ", ".join(sorted(kinds))
        told.append(say("There is no kind “{text}”; there are {choices}.", text=choice.kind, choices=choices))
    if choice.vendor not in ("", *vendors):
        told.append(say("There is no vendor “{id}”.", id=choice.vendor))
    return tuple(told)
