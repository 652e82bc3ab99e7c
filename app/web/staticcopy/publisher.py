"""Publishes a copy whenever something changes, beside everything else: in a thread, with an event loop of its own.

It makes and sends nothing on the loop that probes and answers, and keeps to a part of the time; whatever
fails is told and tried again.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.board.keeper import BoardKeeper
from app.board.model import Board
from app.board.publishing import PublishingLog
from app.clock import Clock
from app.store.engine import StoreError, open_database
from app.web.staticcopy.copier import Copier
from app.web.staticcopy.model import CopyError
from app.web.staticcopy.publication import Progress, Publication, failed, succeeded, what_is_told

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 1.0
SHARE: Final = 0.4
STOP_SECONDS: Final = 5


class Publisher:
    """Publishes the boards of a keeper from `start` to `stop`, and writes into `told` how that goes."""

    def __init__(
        self,
        *,
        publication: Publication,
        keeper: BoardKeeper,
        told: PublishingLog,
        clock: Clock,
        database_url: str,
        templates: Path,
        static: Path,
        is_simulated: bool = False,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._publication = publication
        self._keeper = keeper
        self._told = told
        self._clock = clock
        self._database_url = database_url
        self._templates = templates
        self._static = static
        self._is_simulated = is_simulated
        self._look_seconds = look_seconds
        self._progress = Progress()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self._stop: Callable[[], None] | None = None
        self._is_stopping = threading.Event()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    async def stop(self) -> None:
        """Publish no more; what is under way is left as it is."""
        self._is_stopping.set()
        if self._stop is not None:
            self._stop()
        await asyncio.to_thread(self._thread.join, STOP_SECONDS)

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        except asyncio.CancelledError:
            log.debug("publishing ends")

    async def _work(self) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is not None:
            self._stop = lambda: _from_elsewhere(loop, task)
        database = open_database(self._database_url)
        try:
            copier = Copier(
                database=database,
                clock=self._clock,
                templates=self._templates,
                static=self._static,
                terms=self._publication.terms,
                is_simulated=self._is_simulated,
                share=SHARE,
            )
            while not self._is_stopping.is_set():
                board = self._keeper.board
                if board is not None and self._is_due(board):
                    await self._publish(copier, board)
                await asyncio.sleep(self._look_seconds)
        finally:
            await database.close()

    def _is_due(self, board: Board) -> bool:
        every = self._publication.terms.every
        if every is None:
            return False
        return self._progress.wait(what_is_told(board), every, self._clock.now()).total_seconds() <= 0

    async def _publish(self, copier: Copier, board: Board) -> None:
        try:
            copy = await copier.copy(board)
            changed = await self._publication.put(copy, self._clock)
        except (CopyError, StoreError) as error:
            self._note_failure(str(error))
        except Exception as error:
            # Whatever it was: the copy that is there is better than none, and the next attempt may succeed.
            log.exception("publishing broke")
            self._note_failure(type(error).__name__)
        else:
            now = self._clock.now()
            self._progress = Progress(told=what_is_told(board), published_at=now)
            self._told.view = succeeded(self._told.view, changed, len(copy.files), now)
            log.info("published a copy: %d of %d files changed", changed, len(copy.files))

    def _note_failure(self, why: str) -> None:
        before, now = self._progress, self._clock.now()
        self._progress = Progress(
            told=before.told, published_at=before.published_at, failed_at=now, in_a_row=before.in_a_row + 1
        )
        self._told.view = failed(self._told.view, why)
        log.warning("no copy could be published: %s", why)


def _from_elsewhere(loop: asyncio.AbstractEventLoop, task: "asyncio.Task[None]") -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(task.cancel)
