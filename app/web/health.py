"""Whether the process lives, and whether it can do its work."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.store.engine import StoreError
from app.store.rollups import folded_until
from app.web.moments import iso
from app.web.site import Site
from app.web.snapshots import PRIVATE

STALE_AFTER = timedelta(minutes=3)
"""A board this old is not what is true now: one is made every half minute even if nothing happens."""


class Health:
    """Answers those who watch the watcher."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where it is asked."""
        return [Route("/healthz", self.alive), Route("/readyz", self.ready)]

    async def alive(self, _request: Request) -> Response:
        """The process answers."""
        return PlainTextResponse("ok\n", headers=PRIVATE)

    async def ready(self, _request: Request) -> Response:
        """200 while results can be stored and shown, else 503 with the reasons; and how late probes begin."""
        reasons = await reasons_against(self._site)
        own = self._site.keeper.board.own if self._site.keeper.board is not None else None
        told = {
            "ready": not reasons,
            "reasons": reasons,
            "late_p99_ms": own.late_p99_ms if own is not None else None,
            "missed": own.missed if own is not None else 0,
        }
        return JSONResponse(told, 503 if reasons else 200, PRIVATE)


async def reasons_against(site: Site) -> list[str]:
    """Why results cannot be stored or shown now, in sentences; empty where they can."""
    keeper = site.keeper
    reasons = []
    try:
        async with site.database.read() as tx:
            await folded_until(tx)
    except StoreError as error:
        reasons.append(str(error))
    if keeper.board is None:
        reasons.append("There is no board yet.")
    elif site.clock.now() - keeper.board.made_at > STALE_AFTER:
        reasons.append(f"The board is from {iso(keeper.board.made_at)}.")
    if keeper.trouble is not None:
        reasons.append(keeper.trouble.sentence)
    if keeper.board is not None and keeper.board.own.storage_trouble is not None:
        reasons.append(keeper.board.own.storage_trouble)
    return list(dict.fromkeys(reasons))
