"""Which service somebody means who does not know its id: by name, vendor or host, as people write them; pure."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from app.board.model import ServiceView

MOST_SUGGESTED = 5
LEAST_LIKE = 0.5
_WORD = re.compile(r"[^\W_]+")


def find_services(views: Sequence[ServiceView], asked: str) -> tuple[ServiceView, ...]:
    """The services that `asked` may mean: one if it is clear, several if it is not, none if nothing fits.

    An id, a name or a host decides; else all words have to stand in the id, the names of the service and its
    vendor, or the host.
    """
    for key in (_id, _name, _host):
        if exact := tuple(view for view in views if key(view) == _joined(asked)):
            return exact
    wanted = set(_words(asked))
    fitting = tuple(view for view in views if wanted and wanted <= _known(view))
    named = tuple(view for view in fitting if wanted <= set(_words(view.service.name)))
    return named if len(named) == 1 else fitting


def suggested_services(views: Sequence[ServiceView], asked: str) -> tuple[ServiceView, ...]:
    """What may have been meant where it is not clear, the likeliest first."""
    fitting = find_services(views, asked)
    likely = sorted(views, key=lambda view: _likeness(view, asked), reverse=True)
    close = (view for view in likely if _likeness(view, asked) >= LEAST_LIKE)
    return tuple({view.service.id: view for view in (*fitting, *close)}.values())[:MOST_SUGGESTED]


def find_vendor(views: Iterable[ServiceView], asked: str) -> str | None:
    """The id of the vendor of that id or name."""
    wanted = _joined(asked)
    return next(
        (each.vendor.id for each in views if wanted in (_joined(each.vendor.id), _joined(each.vendor.name))), None
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _joined(text: str) -> str:
    return "".join(_words(text))


def _id(view: ServiceView) -> str:
    return _joined(view.service.id)


def _name(view: ServiceView) -> str:
    return _joined(view.service.name)


def _host(view: ServiceView) -> str:
    home = urlsplit(view.service.home)
    return _joined(f"{home.hostname or ''}{home.path}")


def _known(view: ServiceView) -> set[str]:
    service, vendor = view.service, view.vendor
    return set(_words(" ".join((service.id, service.name, vendor.id, vendor.name, _host(view)))))


def _likeness(view: ServiceView, asked: str) -> float:
    wanted = _joined(asked)
    return max(SequenceMatcher(None, wanted, known).ratio() for known in (_id(view), _name(view)))
