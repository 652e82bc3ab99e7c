"""The application: snapshots in front, pages behind them, and the API behind those once somebody asks it.

Pages are plain Starlette and the API is FastAPI, which is Starlette too. They are apart because FastAPI takes
longer to import than everything else on the way to the first page.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from app.board.figures import Figures
from app.board.keeper import BoardKeeper
from app.clock import Clock
from app.pipeline.desk import ReportDesk
from app.store.engine import Database
from app.web.api.reference import chapters, drawn
from app.web.badgepage import BadgePage
from app.web.badges import Badges
from app.web.cards.routes import Cards
from app.web.compare import ComparePage
from app.web.deferred import Deferred
from app.web.embeds import Embeds
from app.web.events import PATH as EVENTS
from app.web.events import Events
from app.web.feeds import Feeds
from app.web.health import Health
from app.web.inside import ask
from app.web.itsme import ItsMe
from app.web.languageswitch import LanguageSwitch
from app.web.limit import RateLimit
from app.web.manners import Manners
from app.web.markdown import Markdown
from app.web.pages import Pages
from app.web.past import PastPages
from app.web.problems import KINDS, MISSING, Errors
from app.web.reporting import Reporting
from app.web.reportpage import ReportPage
from app.web.robots import Robots
from app.web.sharing import share_page
from app.web.site import Site
from app.web.sitemap import Sitemap
from app.web.snapshots import CACHE, Snapshots
from app.web.static import Static
from app.web.staticcopy.copied import Copied, Relinked
from app.web.statuspage_api import StatuspageApi
from app.web.templating import Templates, render
from app.web.webmanifest import WebManifest

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.web.mcp.door import Door
    from app.web.metrics.route import Metrics

API = "/api/v1"


def create_app(
    *,
    keeper: BoardKeeper,
    database: Database,
    clock: Clock,
    templates: Path,
    static: Path,
    public_url: str | None = None,
    is_simulated: bool = False,
    desk: ReportDesk | None = None,
    trusted_proxies: int = 0,
    figures: Callable[[], Figures] | None = None,
    rate_limit: int = 0,
    copied: Copied | None = None,
    events: Events | None = None,
) -> Snapshots:
    """The ASGI application that shows the keeper's board; every page of a simulated one says so.

    Without a `desk` nobody can report anything, and without `figures` there are no metrics.
    `rate_limit` is how much of the API one client may ask in a minute; 0 is no limit. `copied` answers as a copy.
    """
    files = Static(static)
    site = Site(
        keeper=keeper,
        database=database,
        clock=clock,
        templates=Templates(templates, files, is_simulated=is_simulated, copied=copied),
        public_url=public_url or "",
        is_simulated=is_simulated,
        takes_reports=desk is not None,
    )
    pages = [*_pages(site), *_where_wanted(site, desk, figures, trusted_proxies)]
    programs = _for_programs(site, lambda: snapshots, rate_limit, trusted_proxies)
    behind = _behind(site, [*pages, *programs], copied)
    streams = {EVENTS: events or Events(keeper, clock)}
    snapshots = Snapshots(
        behind, files.kept, is_by_host=public_url is None, learn=site.templates.learn, streams=streams
    )
    keeper.subscribe(snapshots.forget)
    return snapshots


def _behind(site: Site, routes: Sequence[BaseRoute], copied: Copied | None) -> Starlette:
    errors = Errors(site.templates)
    return Starlette(
        routes=[Route(MISSING, errors.missing), *routes],
        exception_handlers={HTTPException: errors.refused, Exception: errors.broken},
        middleware=[Middleware(Relinked, copied)] if copied is not None else (),
    )


def _pages(site: Site) -> list[Route]:
    told = (
        Markdown(site),
        Pages(site),
        PastPages(site),
        ComparePage(site),
        LanguageSwitch(),
        Badges(site),
        BadgePage(site),
        Cards(site),
        Embeds(site),
        Health(site),
        StatuspageApi(site),
        Feeds(site),
        ItsMe(site),
        ReportPage(site),
        Robots(site),
        Sitemap(site),
        WebManifest(site),
    )
    return [route for each in told for route in each.routes]


def _where_wanted(
    site: Site, desk: ReportDesk | None, figures: Callable[[], Figures] | None, trusted_proxies: int
) -> list[Route]:
    """What not everybody has."""
    reporting = Reporting(site, desk, trusted_proxies=trusted_proxies).routes if desk is not None else ()
    return [*reporting, *((_metrics(site, figures),) if figures is not None else ())]


def _for_programs(
    site: Site, front: Callable[[], ASGIApp], rate_limit: int, trusted_proxies: int
) -> list[BaseRoute]:
    """The API and the tools of language models; what one client asks of both counts together."""
    limit = RateLimit(rate_limit) if rate_limit else None
    mannered = partial(Manners, clock=site.clock, limit=limit, trusted_proxies=trusted_proxies)
    api = Deferred(lambda: _build_api(site))
    tools = Deferred(lambda: _build_tools(site, front()))
    return [
        Route("/docs", _reference(site, api, rate_limit)),
        Route("/mcp", mannered(tools), methods=["GET", "POST", "DELETE"]),
        # At the address itself there is nothing, and nothing is what it leads to.
        Route(API, mannered(api), methods=None),
        Mount(API, mannered(api)),
    ]


def _reference(site: Site, api: "Deferred[FastAPI]", rate_limit: int) -> Callable[[Request], Awaitable[Response]]:
    """The page that describes the API; to be described it has to be built first."""

    async def reference(request: Request) -> Response:
        spec = (await api.app()).openapi()
        told = {
            "shared": share_page(site, request),
            "chapters": chapters(spec),
            "problem": drawn(spec["components"]["schemas"]["Problem"]["examples"][0]),
            "base": API,
            "server": site.address(request),
            "kinds": KINDS,
            "rate_limit": rate_limit,
        }
        page = render(site.templates, "api", status=site.board.headline.status, **told)
        return HTMLResponse(page, headers=CACHE)

    return reference


def _metrics(site: Site, figures: Callable[[], Figures]) -> Route:
    """Where metrics are scraped; what writes them is imported by the first scrape."""

    def build() -> "Metrics":
        from app.web.metrics.route import Metrics  # noqa: PLC0415 - see above

        return Metrics(site, figures)

    return Route("/metrics", Deferred(build), methods=["GET"])


def _build_api(site: Site) -> "FastAPI":
    from app.web.api.app import create_api  # noqa: PLC0415 - see above

    return create_api(site)


def _build_tools(site: Site, front: ASGIApp) -> "Door":
    from app.web.mcp.door import Door  # noqa: PLC0415 - see above
    from app.web.mcp.server import create_server  # noqa: PLC0415 - see above

    return Door(create_server(site, partial(ask, front)), site.public_url)
