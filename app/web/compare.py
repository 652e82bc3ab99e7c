"""The page that shows services side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain, islice
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.board.compare import Compared, load_compared
from app.board.model import Board, ServiceView
from app.domain.proof import EvidenceLevel
from app.domain.saying import say
from app.domain.status import severity
from app.web.sharing import share_page
from app.web.site import Site
from app.web.snapshots import CACHE
from app.web.templating import render

MOST = 8
"""Services on one page; more would be no comparison."""
FIRST_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What is compared; `value` gives what it is sorted by, `None` where nothing is known."""

    name: str
    title: str
    value: Callable[[Compared], Any]
    is_best_high: bool = False


LEVELS: Sequence[EvidenceLevel] = tuple(EvidenceLevel)

COLUMNS: tuple[Column, ...] = (
    Column(name="name", title=say("Service"), value=lambda each: each.view.service.name.lower()),
    Column(name="status", title=say("Now"), value=lambda each: severity(each.view.status)),
    Column(name="uptime", title=say("Uptime"), value=lambda each: each.view.uptime, is_best_high=True),
    Column(name="coverage", title=say("Seen"), value=lambda each: each.view.coverage, is_best_high=True),
    Column(name="incidents", title=say("Incidents"), value=lambda each: each.incidents),
    Column(name="recovery", title=say("Recovery"), value=lambda each: each.recovery_median),
    Column(name="latency", title=say("Latency"), value=lambda each: each.latency_p50_ms),
    Column(name="first-token", title=say("First token"), value=lambda each: each.first_token_ms),
    Column(name="speed", title=say("Tokens per second"), value=lambda each: each.speed, is_best_high=True),
    Column(name="lag", title=say("Vendor’s word after"), value=lambda each: each.lag_median),
    Column(name="never", title=say("Vendor silent"), value=lambda each: each.never),
    Column(
        name="evidence",
        title=say("Proven by"),
        value=lambda each: LEVELS.index(each.view.evidence),
        is_best_high=True,
    ),
)
BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}

PROVEN_WORDS = {
    EvidenceLevel.REACHABLE: say("an open door"),
    EvidenceLevel.AUTHENTICATED: say("a key that was taken"),
    EvidenceLevel.GENERATED: say("a model’s answer"),
    EvidenceLevel.STREAMED: say("a model’s stream"),
}


class ComparePage:
    """Shows services side by side."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route("/compare", self.compare)]

    async def compare(self, request: Request) -> Response:
        """Those that are asked for; some to begin with where none is."""
        board = self._site.board
        wanted = wanted_in(request.query_params.getlist("services"))
        views, missing = chosen(board, wanted)
        name, is_reversed = sorting_in(request.query_params.get("sort", ""))
        rows = await load_compared(self._site.database, views, board.made_at)
        page = render(
            self._site.templates,
            "compare",
            live=" ".join(view.service.id for view in views),
            status=board.headline.status,
            shared=share_page(self._site, request, _page_of(views) if wanted else None),
            board=board,
            now=board.made_at,
            rows=arranged(rows, name, is_reversed=is_reversed),
            columns=[each for each in COLUMNS if any(each.value(row) is not None for row in rows)],
            proven=PROVEN_WORDS,
            sort=name,
            is_reversed=is_reversed,
            missing=missing,
            left_out=max(0, len(wanted) - len(missing) - MOST),
            most=MOST,
            was_asked=bool(wanted),
            address=lambda column: address_of(views, column, sorted_by=name, is_reversed=is_reversed),
        )
        return HTMLResponse(page, headers=CACHE)


def _page_of(views: Sequence[ServiceView]) -> str:
    """The one address of a comparison, however it is sorted."""
    return f"/compare?services={','.join(view.service.id for view in views)}"


def wanted_in(given: Sequence[str]) -> list[str]:
    """The ids that are asked for, each once: `services=a,b`, or `services` more than once as forms send it."""
    return list(dict.fromkeys(name.strip() for each in given for name in each.split(",") if name.strip()))


def chosen(board: Board, wanted: Sequence[str]) -> tuple[list[ServiceView], Mapping[str, str | None]]:
    """The services to compare, and for every id that there is not one that is much like it."""
    known = [board.by_id[each] for each in wanted if each in board.by_id][:MOST]
    missing = {each: alike(each, board) for each in wanted if each not in board.by_id}
    return known or list(islice(chain(*board.groups.values()), FIRST_SHOWN)), missing


def alike(wanted: str, board: Board) -> str | None:
    """The id that is most like one that there is not, where any is."""
    return next(iter(get_close_matches(wanted, list(board.by_id), n=1)), None)


def sorting_in(text: str) -> tuple[str, bool]:
    """By which column, and whether with the worst first; empty where the order is as it was asked for."""
    name = text.removeprefix("-")
    return (name, text.startswith("-")) if name in BY_NAME else ("", False)


def arranged(rows: Sequence[Compared], name: str, *, is_reversed: bool) -> list[Compared]:
    """The best first, or the worst; what is not known always stands last."""
    if not name:
        return list(rows)
    column = BY_NAME[name]
    known = [row for row in rows if column.value(row) is not None]
    ordered = sorted(known, key=column.value, reverse=column.is_best_high is not is_reversed)
    return [*ordered, *(row for row in rows if column.value(row) is None)]


def address_of(views: Sequence[ServiceView], column: Column, *, sorted_by: str, is_reversed: bool) -> str:
    """Where the same stands sorted by a column; the other way round where it is sorted by that already."""
    turned = "-" if column.name == sorted_by and not is_reversed else ""
    services = ",".join(view.service.id for view in views)
    return "/compare?" + urlencode({"services": services, "sort": turned + column.name}, safe=",")
