"""Badges: a fact of a service, or of all, as a small picture; and as JSON from which shields.io draws it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.board.model import Board, ServiceView
from app.board.uptime import UptimeWindow, load_uptime
from app.board.witness import STATE_WORDS
from app.board.words import in_milliseconds, in_percent, spell
from app.domain.saying import say, together
from app.domain.status import Status
from app.web.badgedrawing import COLOURS, LABEL_COLOUR, PLAIN, Badge, Style, dot, draw
from app.web.badgewish import ALL, OF_ALL, Shown, Wish, WrongWishError, wish_of
from app.web.site import Site
from app.web.snapshots import PRIVATE
from app.web.tongue import Translated

CACHE = {
    "cache-control": "public, max-age=30, stale-while-revalidate=60",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
}
"""Badges stand in documents that many people open; half a minute late is still on time there."""

SHIELDS_CACHE_S = 300
"""The shortest that shields.io allows."""

GOOD, FAIR = 0.99, 0.95
"""From which uptime on a badge has the colour of `up`, and of `degraded`."""


def badge_of_all(board: Board) -> Badge:
    """The board in one badge: how many are up, or how many are not."""
    status = board.headline.status
    bad = [each for each in (Status.DOWN, Status.DEGRADED) if status.is_bad and board.counts[each]]
    told = (say("{number} {state}", number=board.counts[each], state=STATE_WORDS[each]) for each in bad)
    if status is Status.UP:
        word = say("{up} of {count} up", up=board.counts[Status.UP], count=len(board.services))
    else:
        word = together(*told, between=", ") if bad else STATE_WORDS[status]
    return Badge(label=say("services"), word=word, colour=COLOURS[status])


def badge_of(view: ServiceView, shown: Shown, now: datetime) -> Badge:
    """Anything but an uptime of a service, as a badge."""
    name = view.service.name
    if shown is Shown.LATENCY:
        return _figure(say("{name} latency", name=name), view.latency_ms)
    if shown is Shown.FIRST_TOKEN:
        return _figure(say("{name} first token", name=name), _first_token(view))
    if shown is Shown.INCIDENT:
        return _age(view, now)
    return Badge(label=name, word=STATE_WORDS[view.status], colour=COLOURS[view.status])


def badge_of_uptime(view: ServiceView, share: float | None, window: UptimeWindow) -> Badge:
    """An uptime of a service, as a badge."""
    label = say("{name} uptime {window}", name=view.service.name, window=window)
    if share is None:
        return _unknown(label)
    status = Status.UP if share >= GOOD else Status.DEGRADED if share >= FAIR else Status.DOWN
    return Badge(label=label, word=in_percent(share), colour=COLOURS[status])


def told_in(tongue: Translated | None, badge: Badge) -> Badge:
    """The badge in a language; without a tongue it stays in that of the source."""
    if tongue is None:
        return badge
    label, word, remark = map(tongue.shown, (badge.label, badge.word, badge.remark))
    return replace(badge, label=label, word=word, remark=remark)


def shields(badge: Badge, style: str | None) -> dict[str, object]:
    """The badge as shields.io's endpoint takes it."""
    told: dict[str, object] = {
        "schemaVersion": 1,
        "label": badge.label,
        "message": f"{badge.word} {badge.remark}".rstrip(),
        "color": badge.colour.removeprefix("#"),
        "labelColor": badge.label_colour.removeprefix("#"),
        "cacheSeconds": SHIELDS_CACHE_S,
    }
    return told | ({"style": style} if style is not None else {})


class Badges:
    """Draws badges, and tells them to shields.io."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/badge/{service_id}.svg", self._answerer(_picture)),
            Route("/badge/{service_id}.json", self._answerer(_told)),
        ]

    def _answerer(
        self, answer: Callable[[Badge, Wish | None, int], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answered(request: Request) -> Response:
            """What is wrong is said in the same form, to be read where the badge stands."""
            board = self._site.board
            service_id = request.path_params["service_id"]
            if service_id != ALL and service_id not in board.by_id:
                return answer(_error("not found"), None, HTTPStatus.NOT_FOUND)
            try:
                wish = wish_of(request.query_params)
                badge = await self._badge(board, service_id, wish)
            except WrongWishError as error:
                return answer(_error(error.why), None, HTTPStatus.UNPROCESSABLE_ENTITY)
            styled = _styled(badge, wish, is_simulated=self._site.is_simulated)
            tongue = await self._site.templates.tongue(wish.language)
            return answer(told_in(tongue, styled), wish, HTTPStatus.OK)

        return answered

    async def _badge(self, board: Board, service_id: str, wish: Wish) -> Badge:
        if service_id == ALL:
            if wish.show not in OF_ALL:
                raise WrongWishError(say("no {show} of all services", show=wish.show))
            return badge_of_all(board)
        view = board.by_id[service_id]
        if wish.show is Shown.UPTIME:
            uptime = await load_uptime(self._site.database, view, wish.window, board.made_at)
            return badge_of_uptime(view, uptime.share, wish.window)
        return badge_of(view, wish.show, board.made_at)


def _picture(badge: Badge, wish: Wish | None, status: int) -> Response:
    is_dot = wish is not None and wish.show is Shown.DOT
    drawn = dot(badge) if is_dot else draw(badge, wish.style if wish is not None else Style.FLAT)
    return Response(drawn, status, _headers(status), "image/svg+xml; charset=utf-8")


def _told(badge: Badge, wish: Wish | None, status: int) -> Response:
    told = shields(badge, wish.style if wish is not None else None)
    return JSONResponse(told if wish is not None else told | {"isError": True}, status, _headers(status))


def _headers(status: int) -> dict[str, str]:
    return CACHE if status == HTTPStatus.OK else CACHE | PRIVATE


def _styled(badge: Badge, wish: Wish, *, is_simulated: bool) -> Badge:
    return Badge(
        label=badge.label if wish.label is None else wish.label,
        word=badge.word,
        colour=wish.colour or badge.colour,
        label_colour=wish.label_colour or LABEL_COLOUR,
        remark=say("(simulated)") if is_simulated else "",
    )


def _error(word: str) -> Badge:
    return Badge(label="stillup", word=word, colour=COLOURS[Status.UNKNOWN])


def _unknown(label: str) -> Badge:
    return Badge(label=label, word=STATE_WORDS[Status.UNKNOWN], colour=COLOURS[Status.UNKNOWN])


def _figure(label: str, value_ms: int | None) -> Badge:
    return (
        _unknown(label) if value_ms is None else Badge(label=label, word=in_milliseconds(value_ms), colour=PLAIN)
    )


def _first_token(view: ServiceView) -> int | None:
    """The quickest first token of the last answers that were right."""
    answers = (check.last for check in view.checks if check.last is not None and check.last.failure is None)
    return min((last.figures["ttft_ms"] for last in answers if "ttft_ms" in last.figures), default=None)


def _age(view: ServiceView, now: datetime) -> Badge:
    """For how long it has been in trouble, or free of it."""
    label = say("{name} incident", name=view.service.name)
    if (incident := view.open_incident) is not None:
        span = spell(now - incident.opened_at)
        state = STATE_WORDS[incident.status]
        is_bad = incident.status.is_bad
        word = say("{state} for {span}", state=state, span=span) if is_bad else say("open for {span}", span=span)
        return Badge(label=label, word=word, colour=COLOURS[incident.status])
    last = max((each.closed_at for each in view.incidents if each.closed_at is not None), default=None)
    word = say("none in 90 d") if last is None else say("none for {span}", span=spell(now - last))
    return Badge(label=label, word=word, colour=COLOURS[Status.UP])
