"""Which addresses a copy has: those of the server's routes, with every id of the board; pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import product
from typing import Final

from app.board.history import Window
from app.board.model import Board
from app.board.past import month_of
from app.web.badgewish import ALL, Shown
from app.web.embeds import THEMES
from app.web.languages import LANGUAGES, SOURCE
from app.web.markdowntext import address_in_markdown
from app.web.staticcopy.model import CopyError, place_of

LEFT_OUT: Final[Mapping[str, str]] = {
    "/me": "asks the server what it knows at that moment, and judges what a visitor's browser found",
    "/compare": "needs a question, of which there are too many",
    "/badges": "needs a question, of which there are too many; the badges themselves are there",
    "/report": "nothing is there to take reports",
    "/healthz": "tells of a process, and there is none",
    "/readyz": "tells of a process, and there is none",
    "/metrics": "tells of a process, and there is none",
    "/mcp": "tools are called with POST",
    "/events": "tells what changes as it changes; pages of a copy do not listen",
    "/api/v1/health": "tells of a process, and there is none",
    "/api/v1/alternatives": "needs a question; each service tells what to use instead of it",
}
"""What a copy cannot have, and why not."""

MARKDOWN: Final = "/{page:path}.md"

MORE: Final[Mapping[str, Sequence[str]]] = {
    "/badge/{service_id}.svg": [f"/badge/{ALL}.svg", f"/badge/{ALL}.svg?show={Shown.DOT}"],
    "/badge/{service_id}.json": [f"/badge/{ALL}.json"],
    "/embed/{service_id}": [f"/embed/{ALL}", *(f"/embed/{ALL}?theme={theme}" for theme in THEMES)],
    "/embed/{service_id}.json": [f"/embed/{ALL}.json"],
}
"""What a route has beside what the ids of the board make of it."""

_BADGES: Final = tuple(f"show={shown}" for shown in (Shown.UPTIME, Shown.LATENCY, Shown.INCIDENT, Shown.DOT))
_OTHER_LANGUAGES: Final = tuple(f"lang={code}" for code in LANGUAGES if code != SOURCE)
_THEMES: Final = tuple(f"theme={theme}" for theme in THEMES)


def _months(board: Board) -> Sequence[str]:
    """The months of whose incidents a copy has pages."""
    months = [month_of(board.made_at)]
    while month_of(board.made_at - Window.QUARTER.length) < months[-1]:
        months.append(months[-1].before)
    return [f"month={month}" for month in months]


VARIANTS: Final[Mapping[str, Callable[[Board], Sequence[str]]]] = {
    "/badge/{service_id}.svg": lambda _board: _BADGES,
    "/embed/{service_id}": lambda _board: _THEMES,
    "/incidents": _months,
    "/card.png": lambda _board: _OTHER_LANGUAGES,
    "/services/{service_id}/card.png": lambda _board: _OTHER_LANGUAGES,
    "/incidents/{incident_id}/card.png": lambda _board: _OTHER_LANGUAGES,
}
"""The questions behind a `?` that a copy answers as well, at addresses of their own."""

NEWS: Final = timedelta(days=7)
"""For so long a trouble that is over is talked about, and has a card in a copy."""


def _in_the_news(board: Board) -> Mapping[str, Sequence[str]]:
    ended = ((each.id, each.closed_at or board.made_at) for each in board.incidents)
    return {"incident_id": [incident_id for incident_id, end_at in ended if end_at > board.made_at - NEWS]}


FEWER: Final[Mapping[str, Callable[[Board], Mapping[str, Sequence[str]]]]] = {
    "/incidents/{incident_id}/card.png": _in_the_news,
}
"""The ids that a route is filled with where not all are worth their while."""

_PARAMETER: Final = re.compile(r"\{(\w+)(?::\w+)?\}")


def addresses_of(routes: Iterable[str], board: Board) -> Mapping[str, str]:
    """Where each address of the server stands in the copy.

    Raises `CopyError` for a route of which nobody said how to fill it, or why to leave it out.
    """
    ids = _ids(board)
    asked: list[str] = []
    for route in routes:
        if route in LEFT_OUT or route == MARKDOWN:
            continue
        filled = _filled(route, {**ids, **FEWER[route](board)} if route in FEWER else ids)
        asked += (*filled, *MORE.get(route, ()))
        queries = VARIANTS[route](board) if route in VARIANTS else ()
        asked += (f"{address}?{query}" for address in filled for query in queries)
    asked += (told for address in asked if (told := address_in_markdown(address)) is not None)
    return {address: place_of(address) for address in dict.fromkeys(asked)}


def _ids(board: Board) -> Mapping[str, Sequence[str]]:
    return {
        "service_id": [view.service.id for view in board.services],
        "vendor_id": list(dict.fromkeys(view.vendor.id for view in board.services)),
        "incident_id": [incident.id for incident in board.incidents],
        "check_id": list(dict.fromkeys(check.check.id for view in board.services for check in view.checks)),
    }


def _filled(route: str, ids: Mapping[str, Sequence[str]]) -> list[str]:
    names = _PARAMETER.findall(route)
    unknown = [name for name in names if name not in ids]
    if unknown:
        raise CopyError(f"Nobody said what {unknown[0]!r} in {route} may be, or why a copy cannot have it.")
    pattern = _PARAMETER.sub("{}", route)
    return [pattern.format(*each) for each in product(*(ids[name] for name in names))]
