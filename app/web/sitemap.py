"""Which pages there are, for search engines, and when each of them last told something new."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.board.model import Board, ServiceView
from app.web.moments import iso
from app.web.site import Site
from app.web.snapshots import CACHE

ADDRESS: Final = "/sitemap.xml"
STANDING: Final = ("/methodology", "/compare", "/badges", "/docs", "/me", "/report")
"""Pages that do not change with what is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A page; `changed_at` is `None` where nobody knows."""

    path: str
    changed_at: datetime | None = None


class Sitemap:
    """Answers with the sitemap (https://www.sitemaps.org/protocol.html)."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route(ADDRESS, self.sitemap)]

    def sitemap(self, request: Request) -> Response:
        """Every page that has an address of its own; in a copy those that it has."""
        copied = self._site.templates.copied
        told = entries_of(self._site.board)
        there = [each for each in told if copied is None or each.path in copied.places]
        template = self._site.templates.english.get_template("feeds/sitemap.xml")
        text = template.render(entries=there, address=self._site.address(request), iso=iso)
        return Response(text, headers=CACHE, media_type="application/xml; charset=utf-8")


def entries_of(board: Board) -> Iterable[Entry]:
    """The pages of a board: those of services, of vendors and of the troubles of 90 days, and those that stand."""
    latest = max((each.events[-1].known_at for each in board.incidents), default=None)
    yield Entry(path="/", changed_at=latest)
    yield Entry(path="/incidents", changed_at=latest)
    for view in board.services:
        yield Entry(path=f"/services/{view.service.id}", changed_at=_changed_at(view))
    for vendor_id in dict.fromkeys(view.vendor.id for view in board.services):
        yield Entry(path=f"/vendors/{vendor_id}")
    for incident in board.incidents:
        yield Entry(path=f"/incidents/{incident.id}", changed_at=incident.events[-1].known_at)
    for path in STANDING:
        yield Entry(path=path)


def _changed_at(view: ServiceView) -> datetime | None:
    """When its status last changed, or a step of a trouble became known."""
    steps = [each.events[-1].known_at for each in view.incidents]
    return max([*steps, *([view.since_at] if view.since_at is not None else [])], default=None)
