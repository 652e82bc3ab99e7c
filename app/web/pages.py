"""The pages for people."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.board.alternatives import Offers
from app.board.assemble import SLOTS_OF_PATIENCE
from app.board.choosing import Choice, ids_of, kind_of, unknown_of
from app.board.history import Window
from app.board.load import load_story
from app.board.overtime import load_over_time
from app.board.vendors import load_vendor
from app.domain import estimate as estimating
from app.domain import report as reporting
from app.domain import slowness
from app.domain.alternatives import FIRST_TOKEN_STEPS_MS, LATENCY_STEPS_MS, SHARE_STEPS, UPTIME_STEPS
from app.domain.check import Policy
from app.domain.detector import BLIND_AFTER
from app.domain.lag import BRIEF, NEVER_AFTER
from app.domain.saying import say
from app.domain.sequential import FALSE_RECOVERY, LOOK_EVERY, LOOKS, OVERSHOOT, RATES
from app.domain.status import Status, worst_of
from app.domain.together import ASSUMED_SHARE, PAST, WEIGHT
from app.web.api.charts import charts_out, table_of
from app.web.charts import lanes
from app.web.plots import plots_of
from app.web.sharing import share_incident, share_page, share_service
from app.web.site import Site
from app.web.snapshots import CACHE, PRIVATE, SHARED
from app.web.templating import render
from app.web.timeline import steps_of
from app.web.words import KINSHIP_WORDS

RECENT_SHOWN = 6


class Pages:
    """Renders pages from the board as it stands."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/", self.overview),
            Route("/services/{service_id}", self.service),
            Route("/services/{service_id}/charts.csv", self.charts),
            Route("/incidents/{incident_id}", self.incident),
            Route("/vendors/{vendor_id}", self.vendor),
            Route("/methodology", self.methodology),
        ]

    def overview(self, request: Request) -> Response:
        """Everything at a glance. Not a coroutine: with many services it is long, and then belongs in a thread.

        What somebody chose is theirs, and not kept.
        """
        board = self._site.board
        choice = choice_of(request.query_params)
        offers = Offers(board)
        return self._page(
            "overview",
            live="all",
            status=board.headline.status,
            headers=CACHE if choice == Choice() else PRIVATE,
            shared=share_page(self._site, request),
            board=board,
            choice=choice,
            unknown=unknown_of(choice, board),
            mine=[board.by_id[each] for each in choice.mine if each in board.by_id],
            chosen=choice.of,
            kind_of=kind_of,
            kinds=[kind_of(group) for group in board.groups],
            now=board.made_at,
            instead={view.service.id: offers.instead_of(view.service.id, most=3) for view in board.troubled},
            takes_reports=self._site.takes_reports,
            recent=[incident for incident in board.incidents if not incident.is_open][:RECENT_SHOWN],
        )

    async def service(self, request: Request) -> Response:
        """One service: what was measured, and over which time."""
        view = self._site.service(request.path_params["service_id"])
        now = self._site.board.made_at
        window = _window(request.query_params.get("window"))
        over = await load_over_time(self._site.database, view, window, now)
        return self._page(
            "service",
            live=f"{view.service.id} {view.vendor.id}",
            status=view.status,
            shared=share_service(self._site, request, view),
            board=self._site.board,
            now=now,
            view=view,
            over=over,
            plots=plots_of(over, view.incidents),
            takes_reports=self._site.takes_reports,
            reported=request.query_params.get("reported"),
            windows=tuple(Window),
            instead=Offers(self._site.board).instead_of(view.service.id),
            public_url=self._site.public_url,
        )

    async def charts(self, request: Request) -> Response:
        """What the charts of a service are drawn of, as a table to take away."""
        view = self._site.service(request.path_params["service_id"])
        window = _window(request.query_params.get("window"))
        over = await load_over_time(self._site.database, view, window, self._site.board.made_at)
        told = charts_out(view.service.id, over, view.incidents, is_simulated=self._site.is_simulated)
        name = f"{view.service.id}-{window}.csv"
        return Response(
            table_of(told),
            media_type="text/csv",
            headers={**SHARED, "content-disposition": f'attachment; filename="{name}"'},
        )

    async def incident(self, request: Request) -> Response:
        """The story of one trouble, step by step."""
        board = self._site.board
        incident_id = request.path_params["incident_id"]
        story = await load_story(self._site.database, incident_id)
        if story is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, say("There is no incident “{id}”.", id=incident_id))
        view = board.by_id.get(story.incident.service_id)
        return self._page(
            "incident",
            live=f"{story.incident.id} {story.incident.service_id}",
            status=story.incident.status if story.incident.is_open else Status.UP,
            shared=share_incident(self._site, request, story),
            board=board,
            now=board.made_at,
            story=story,
            view=view,
            name=view.service.name if view is not None else story.incident.service_id,
            steps=steps_of(story),
            lanes=lanes(story, board.made_at),
            related=board.related_to(story.incident),
        )

    async def vendor(self, request: Request) -> Response:
        """What a vendor says of its services, what it said, and how late."""
        board = self._site.board
        views = self._site.vendor(request.path_params["vendor_id"])
        return self._page(
            "vendor",
            live=views[0].vendor.id,
            status=worst_of(view.word.status for view in views if view.word is not None),
            shared=share_page(self._site, request),
            board=board,
            now=board.made_at,
            record=await load_vendor(self._site.database, views[0].vendor, views, board.made_at),
        )

    def methodology(self, request: Request) -> Response:
        """The rules in force."""
        return self._page(
            "methodology",
            status=self._site.board.headline.status,
            shared=share_page(self._site, request),
            rarely=Policy().false_alarm_every,
            rates=RATES,
            overshoot=OVERSHOOT,
            false_recovery=FALSE_RECOVERY,
            look_every=LOOK_EVERY,
            looks=LOOKS,
            blind_after=BLIND_AFTER,
            patience=SLOTS_OF_PATIENCE,
            brief=BRIEF,
            estimating=estimating,
            reporting=reporting,
            slowness=slowness,
            rate=self._site.board.durations.rate,
            never_after=NEVER_AFTER,
            share_steps=SHARE_STEPS,
            uptime_steps=UPTIME_STEPS,
            first_token_steps=FIRST_TOKEN_STEPS_MS,
            latency_steps=LATENCY_STEPS_MS,
            past=PAST,
            weight=WEIGHT,
            assumed=ASSUMED_SHARE,
            kinship_words=KINSHIP_WORDS,
        )

    def _page(self, template: str, *, headers: Mapping[str, str] = CACHE, **given: Any) -> Response:
        return HTMLResponse(render(self._site.templates, template, **given), headers=headers)


def choice_of(query: QueryParams) -> Choice:
    """What a query wants shown on the overview; parameters that nobody knows are left alone."""
    return Choice(
        sought=query.get("q", "").strip(),
        only_problems=query.get("show") == "problems",
        kind=query.get("kind", ""),
        vendor=query.get("vendor", ""),
        mine=ids_of(query.getlist("mine")),
    )


def _window(text: str | None) -> Window:
    try:
        return Window(text or Window.DAY)
    except ValueError:
        choices = ", ".join(Window)
        raise HTTPException(
            HTTPStatus.NOT_FOUND,
            say("There is no window “{text}”; there are {choices}.", text=text, choices=choices),
        ) from None
