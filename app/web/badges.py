"""Badges: a fact of a service, or of all, as a small picture; and as JSON from which shields.io draws it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import TypeVar

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.board.model import Board, ServiceView
from app.board.uptime import UptimeWindow, load_uptime
from app.board.words import in_milliseconds, in_percent, spell
from app.domain.status import Status
from app.web.badgedrawing import COLOURS, LABEL_COLOUR, PLAIN, Badge, Style, colour_of, dot, draw
from app.web.site import Site
from app.web.snapshots import PRIVATE

CACHE = {
    "cache-control": "public, max-age=30, stale-while-revalidate=60",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
}
"""Badges stand in documents that many people open; half a minute late is still on time there."""

ALL = "_all"
"""Stands for all services; no service can be called that."""

LONGEST_LABEL = 80
SHIELDS_CACHE_S = 300
"""The shortest that shields.io allows."""

GOOD, FAIR = 0.99, 0.95
"""From which uptime on a badge has the colour of `up`, and of `degraded`."""


class Shown(StrEnum):
    """What a badge can tell."""

    STATUS = "status"
    UPTIME = "uptime"
    LATENCY = "latency"
    FIRST_TOKEN = "first-token"  # noqa: S105 - of a model, not of a key
    INCIDENT = "incident"
    DOT = "dot"


class WrongWishError(Exception):
    """A parameter that cannot be followed; its text fits on a badge."""


_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for; `label` and the colours are `None` where the usual ones are wanted."""

    show: Shown
    window: UptimeWindow
    style: Style
    label: str | None
    colour: str | None
    label_colour: str | None


def wish_of(query: QueryParams | Mapping[str, str]) -> Wish:
    """The wish in a query; parameters that nobody knows are left alone. Raises `WrongWishError`."""
    label = query.get("label")
    if label is not None and len(label) > LONGEST_LABEL:
        raise WrongWishError(f"label longer than {LONGEST_LABEL}")
    return Wish(
        show=_chosen(query, "show", Shown.STATUS),
        window=_chosen(query, "window", UptimeWindow.QUARTER),
        style=_chosen(query, "style", Style.FLAT),
        label=label,
        colour=_colour(query, "color"),
        label_colour=_colour(query, "labelColor"),
    )


def badge_of_all(board: Board) -> Badge:
    """The board in one badge: how many are up, or how many are not."""
    bad = {status: board.counts[status] for status in (Status.DOWN, Status.DEGRADED) if board.counts[status]}
    word = {
        Status.UP: f"{board.counts[Status.UP]} of {len(board.services)} up",
        Status.UNKNOWN: Status.UNKNOWN.value,
    }.get(board.headline.status, ", ".join(f"{number} {status}" for status, number in bad.items()))
    return Badge(label="services", word=word, colour=COLOURS[board.headline.status])


def badge_of(view: ServiceView, shown: Shown, now: datetime) -> Badge:
    """Anything but an uptime of a service, as a badge."""
    name = view.service.name
    if shown is Shown.LATENCY:
        return _figure(f"{name} latency", view.latency_ms)
    if shown is Shown.FIRST_TOKEN:
        return _figure(f"{name} first token", _first_token(view))
    if shown is Shown.INCIDENT:
        return _age(view, now)
    return Badge(label=name, word=view.status, colour=COLOURS[view.status])


def badge_of_uptime(view: ServiceView, share: float | None, window: UptimeWindow) -> Badge:
    """An uptime of a service, as a badge."""
    label = f"{view.service.name} uptime {window}"
    if share is None:
        return _unknown(label)
    status = Status.UP if share >= GOOD else Status.DEGRADED if share >= FAIR else Status.DOWN
    return Badge(label=label, word=in_percent(share), colour=COLOURS[status])


def shields(badge: Badge, style: str | None) -> dict[str, object]:
    """The badge as shields.io's endpoint takes it."""
    told: dict[str, object] = {
        "schemaVersion": 1,
        "label": badge.label,
        "message": f"{badge.word} (simulated)" if badge.is_simulated else badge.word,
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
                return answer(_error(str(error)), None, HTTPStatus.UNPROCESSABLE_ENTITY)
            return answer(_styled(badge, wish, is_simulated=self._site.is_simulated), wish, HTTPStatus.OK)

        return answered

    async def _badge(self, board: Board, service_id: str, wish: Wish) -> Badge:
        if service_id == ALL:
            if wish.show not in (Shown.STATUS, Shown.DOT):
                raise WrongWishError(f"no {wish.show} of all services")
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
        is_simulated=is_simulated,
    )


def _error(word: str) -> Badge:
    return Badge(label="stillup", word=word, colour=COLOURS[Status.UNKNOWN])


def _unknown(label: str) -> Badge:
    return Badge(label=label, word=Status.UNKNOWN, colour=COLOURS[Status.UNKNOWN])


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
    label = f"{view.service.name} incident"
    if (incident := view.open_incident) is not None:
        word = f"{incident.status if incident.status.is_bad else 'open'} for {spell(now - incident.opened_at)}"
        return Badge(label=label, word=word, colour=COLOURS[incident.status])
    last = max((each.closed_at for each in view.incidents if each.closed_at is not None), default=None)
    if last is None:
        return Badge(label=label, word="none in 90 d", colour=COLOURS[Status.UP])
    return Badge(label=label, word=f"none for {spell(now - last)}", colour=COLOURS[Status.UP])


def _chosen(query: QueryParams | Mapping[str, str], name: str, usual: _Choice) -> _Choice:
    text = query.get(name, usual)
    try:
        return type(usual)(text)
    except ValueError:
        raise WrongWishError(f"{name} is one of {', '.join(type(usual))}") from None


def _colour(query: QueryParams | Mapping[str, str], name: str) -> str | None:
    text = query.get(name)
    colour = colour_of(text) if text is not None else None
    if text is not None and colour is None:
        raise WrongWishError(f"{name} is a name or a hex number")
    return colour
