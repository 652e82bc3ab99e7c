"""`/metrics`: what the board shows and how we are ourselves, for Prometheus and whoever speaks its language."""

import asyncio
import gzip
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.board.figures import Figures
from app.board.lags import LagLoader, VendorLag
from app.board.model import Board
from app.store.engine import StoreError
from app.web.metrics.checks import of_checks, of_counts
from app.web.metrics.exposition import OPENMETRICS, TEXT, Family, is_openmetrics, written
from app.web.metrics.own import of_ourselves
from app.web.metrics.process import of_process
from app.web.metrics.services import of_services
from app.web.metrics.vendors import of_vendors
from app.web.negotiation import weights
from app.web.site import Site
from app.web.snapshots import PRIVATE

FAST: Final = 1
"""The level of gzip: an eighteenth of the size within three milliseconds; more takes longer than it saves."""


class Metrics:
    """Answers a scrape. Without a board it tells of ourselves alone: then that is what matters."""

    def __init__(self, site: Site, figures: Callable[[], Figures]) -> None:
        self._site = site
        self._figures = figures
        self._lags = LagLoader(site.database)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._scraped(Request(scope).headers)
        await response(scope, receive, send)

    async def _scraped(self, asked: Headers) -> Response:
        board, figures = self._site.keeper.board, self._figures()
        lags = await self._load_lags(board)
        is_open = is_openmetrics(asked.get("accept", ""))
        is_packed = weights(asked.get("accept-encoding", "").encode("latin-1")).get(b"gzip", 0.0) > 0
        told = families(board, figures, lags, is_simulated=self._site.is_simulated)
        # In a thread, as it takes some milliseconds: nothing it reads is changed in place.
        body = await asyncio.to_thread(_packed, told, openmetrics=is_open, packed=is_packed)
        headers = {**PRIVATE, "content-type": OPENMETRICS if is_open else TEXT, "vary": "accept, accept-encoding"}
        return Response(body, headers=headers | ({"content-encoding": "gzip"} if is_packed else {}))

    async def _load_lags(self, board: Board | None) -> Mapping[str, VendorLag]:
        """A database that fails shall not hide everything else, least of all that it fails."""
        if board is None:
            return {}
        try:
            return await self._lags.load(board.services, self._site.clock.now())
        except StoreError:
            return {}


def _packed(told: Iterable[Family], *, openmetrics: bool, packed: bool) -> bytes:
    body = written(told, openmetrics=openmetrics)
    return gzip.compress(body, FAST) if packed else body


def families(
    board: Board | None, figures: Figures, lags: Mapping[str, VendorLag], *, is_simulated: bool
) -> Iterable[Family]:
    """All metrics, always in the same order; those of the board only where there is one."""
    ours = chain(of_ourselves(figures, board, is_simulated=is_simulated), of_process())
    if board is None:
        return ours
    shown = of_services(board), of_checks(board), of_counts(board, figures.counts), of_vendors(board, lags)
    return chain(*shown, ours)
