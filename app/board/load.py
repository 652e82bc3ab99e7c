"""Reads from the store what a board is made of."""

from datetime import datetime, timedelta

from app.board.assemble import HOURS_SHOWN, Key, Stored, assemble_board
from app.board.model import Board, OwnHealth
from app.domain.rollup import Rollup, Strip
from app.domain.service import Catalogue
from app.store.engine import Database
from app.store.incidents import load_incidents
from app.store.results import load_latest
from app.store.rollups import folded_until, load_hours, load_live, load_strips
from app.store.states import load_states

INCIDENTS_SHOWN = timedelta(days=90)
MOST_INCIDENTS = 500


class BoardLoader:
    """Makes boards; what changes only when an hour is folded is read again only then."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._folded_until: datetime | None = None
        self._hours: dict[Key, list[Rollup]] = {}
        self._strips: dict[Key, Strip] = {}

    async def load(self, catalogue: Catalogue, own: OwnHealth, now: datetime) -> Board:
        """The board at `now`. Raises `StoreError`."""
        async with self._database.read() as tx:
            until = await folded_until(tx)
            if until is None or until != self._folded_until:
                self._hours = await load_hours(tx, now - timedelta(hours=HOURS_SHOWN + 1), now)
                self._strips = await load_strips(tx)
                self._folded_until = until
            stored = Stored(
                states=await load_states(tx),
                latest=await load_latest(tx),
                strips=self._strips,
                hours=self._hours,
                live=await load_live(tx, now),
                incidents=await load_incidents(tx, since_at=now - INCIDENTS_SHOWN, limit=MOST_INCIDENTS),
            )
        return assemble_board(catalogue, stored, own, now)
