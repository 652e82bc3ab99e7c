"""Incidents as feeds (Atom, RSS, JSON Feed), one entry each that grows with its story; and as a calendar.

There are those of all services, of one service and of one vendor's, each below the address of its page.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.board.announced import announced
from app.board.model import ServiceView
from app.domain.incident import Incident
from app.web.agenda import calendar, of_incident, of_plan
from app.web.moments import iso, slot
from app.web.site import Site
from app.web.snapshots import SHARED
from app.web.stories import headline_of, told

MOST_ENTRIES = 50

ABOUT = "Troubles as measured from here, with every step of each."

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One incident. Its id stays while its story goes on; `html` and `text` tell the whole of it, newest first."""

    id: str
    title: str
    url: str
    incident: Incident
    view: ServiceView | None
    html: str
    text: str

    @property
    def published_at(self) -> datetime:
        """When it was first known."""
        return self.incident.events[0].known_at

    @property
    def updated_at(self) -> datetime:
        """When its last step was known."""
        return self.incident.events[-1].known_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The latest incidents of some services; `address` is without the ending that names the format."""

    id: str
    title: str
    about: str
    home: str
    address: str
    entries: tuple[Entry, ...]
    started_at: datetime

    @property
    def updated_at(self) -> datetime:
        """When its newest entry last changed."""
        return max((entry.updated_at for entry in self.entries), default=self.started_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """Whose troubles are asked for."""

    name: str
    path: str
    views: tuple[ServiceView, ...]
    incidents: tuple[Incident, ...]


class Feeds:
    """Answers with feeds and calendars."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route(f"{above}/{name}", answer)
            for above in ("", "/services/{service_id}", "/vendors/{vendor_id}")
            for name, answer in {
                "feed.atom": self._answerer(_atom),
                "feed.rss": self._answerer(_rss),
                "feed.json": self._answerer(_json),
                "calendar.ics": self.calendar,
            }.items()
        ]

    def calendar(self, request: Request) -> Response:
        """Incidents and planned work."""
        scope, address, board = self._scope(request), self._site.address(request), self._site.board
        incidents = (
            of_incident(each, board.by_id.get(each.service_id), f"{address}/incidents/{each.id}", board.made_at)
            for each in scope.incidents
        )
        plans = (of_plan(each, board.own.started_at) for each in announced(scope.views))
        return _answer(calendar(scope.name, [*plans, *incidents]), "text/calendar")

    def _answerer(self, render: Callable[[Environment, Feed], Response]) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            return render(self._site.templates.english, self._feed(request))

        return answer

    def _scope(self, request: Request) -> _Scope:
        board, params = self._site.board, request.path_params
        mark = " (simulated)" if self._site.is_simulated else ""
        views: tuple[ServiceView, ...]
        if "service_id" in params:
            view = self._site.service(params["service_id"])
            name, path, views = view.service.name, f"/services/{view.service.id}", (view,)
        elif "vendor_id" in params:
            of_vendor = tuple(self._site.vendor(params["vendor_id"]))
            vendor = of_vendor[0].vendor
            name, path, views = vendor.name, f"/vendors/{vendor.id}", of_vendor
        else:
            return _Scope(name=f"Stillup{mark}", path="", views=board.services, incidents=board.incidents)
        ids = {view.service.id for view in views}
        incidents = tuple(each for each in board.incidents if each.service_id in ids)
        return _Scope(name=f"{name} – Stillup{mark}", path=path, views=views, incidents=incidents)

    def _feed(self, request: Request) -> Feed:
        scope, address = self._scope(request), self._site.address(request)
        newest = sorted(scope.incidents, key=lambda each: each.events[-1].known_at, reverse=True)
        return Feed(
            id=_id(f"feed{scope.path}"),
            title=scope.name,
            about=ABOUT,
            home=f"{address}{scope.path or '/'}",
            address=f"{address}{scope.path}/feed",
            entries=tuple(self._entry(each, address) for each in newest[:MOST_ENTRIES]),
            started_at=self._site.board.own.started_at,
        )

    def _entry(self, incident: Incident, address: str) -> Entry:
        view = self._site.board.by_id.get(incident.service_id)
        lines = [f"{slot(event.at)} UTC: {told(event, view)}" for event in reversed(incident.events)]
        story = self._site.templates.english.get_template("feeds/story.html")
        return Entry(
            id=_id(f"incident/{incident.id}"),
            title=headline_of(incident, view),
            url=f"{address}/incidents/{incident.id}",
            incident=incident,
            view=view,
            html=story.render(lines=lines).strip(),
            text="\n".join(lines),
        )


def _atom(templates: Environment, feed: Feed) -> Response:
    return _answer(_rendered(templates, "atom", feed), "application/atom+xml")


def _rss(templates: Environment, feed: Feed) -> Response:
    return _answer(_rendered(templates, "rss", feed), "application/rss+xml")


def _json(_templates: Environment, feed: Feed) -> Response:
    content: Mapping[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.about,
        "home_page_url": feed.home,
        "feed_url": f"{feed.address}.json",
        "language": "en",
        "authors": [{"name": "Stillup"}],
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "content_html": entry.html,
                "content_text": entry.text,
                "date_published": iso(entry.published_at),
                "date_modified": iso(entry.updated_at),
                "tags": [entry.incident.service_id, entry.incident.worst],
            }
            for entry in feed.entries
        ],
    }
    return JSONResponse(content, headers=SHARED, media_type="application/feed+json")


def _rendered(templates: Environment, name: str, feed: Feed) -> str:
    template = templates.get_template(f"feeds/{name}.xml")
    return _NOT_IN_XML.sub("", template.render(feed=feed, iso=iso, rfc822=format_datetime))


def _answer(text: str, media_type: str) -> Response:
    return Response(text, headers=SHARED, media_type=f"{media_type}; charset=utf-8")


def _id(name: str) -> str:
    """An id that does not depend on where this server is reached."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'stillup:{name}')}"
