"""Publishes a copy whenever something changes, beside everything else: each by a process of its own.

Whatever fails is told and tried again.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from app.board.keeper import BoardKeeper
from app.board.model import Board
from app.board.publishing import PublishingLog
from app.clock import Clock
from app.domain.service import Catalogue
from app.web.staticcopy.child import Job, Outcome, publish_once
from app.web.staticcopy.publication import Progress, Publication, failed, succeeded, what_is_told

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 600.0


class Publisher:
    """Publishes what a keeper shows from `start` to `stop`, and writes into `told` how that goes."""

    def __init__(
        self,
        *,
        publication: Publication,
        keeper: BoardKeeper,
        catalogue: Callable[[], Catalogue],
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
        self._catalogue = catalogue
        self._told = told
        self._clock = clock
        self._database_url = database_url
        self._templates = templates
        self._static = static
        self._is_simulated = is_simulated
        self._look_seconds = look_seconds
        self._progress = Progress()
        self._process: BaseProcess | None = None
        self._is_stopping = threading.Event()
        self._working: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._working = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Publish no more; a copy that is under way is given up."""
        self._is_stopping.set()
        if self._process is not None:
            _end(self._process)
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            board = self._keeper.board
            if board is not None and self._is_due(board):
                await self._publish(board)
            await asyncio.sleep(self._look_seconds)

    def _is_due(self, board: Board) -> bool:
        every = self._publication.terms.every
        if every is None:
            return False
        return self._progress.wait(what_is_told(board), every, self._clock.now()).total_seconds() <= 0

    async def _publish(self, board: Board) -> None:
        job = Job(
            publication=self._publication,
            catalogue=self._catalogue(),
            own=board.own,
            now=self._clock.now(),
            database_url=self._database_url,
            templates=self._templates,
            static=self._static,
            is_simulated=self._is_simulated,
        )
        outcome = await asyncio.to_thread(self._run, job)
        before, now = self._progress, self._clock.now()
        if outcome.trouble is None:
            self._progress = Progress(told=what_is_told(board), published_at=now)
            self._told.view = succeeded(self._told.view, outcome.changed, outcome.files, now)
            log.info("published a copy: %d of %d files changed", outcome.changed, outcome.files)
        else:
            self._progress = Progress(
                told=before.told, published_at=before.published_at, failed_at=now, in_a_row=before.in_a_row + 1
            )
            self._told.view = failed(self._told.view, outcome.trouble)
            log.warning("no copy could be published: %s", outcome.trouble)
        self._keeper.invalidate()  # how that went is told with the next board

    def _run(self, job: Job) -> Outcome:
        """Have a process do it, and wait for its outcome; in a thread."""
        context = get_context("spawn")
        answered, answer = context.Pipe(duplex=False)
        process = context.Process(target=publish_once, args=(job, answer), daemon=True)
        try:
            process.start()
            answer.close()
            self._process = process
            if self._is_stopping.is_set():
                _end(process)
            if answered.poll(PATIENCE_SECONDS):
                outcome: Outcome = answered.recv()
                return outcome
            return Outcome(trouble=f"it took longer than {PATIENCE_SECONDS:.0f} s")
        except (EOFError, OSError):
            return Outcome(trouble="the process that does it ended without a word; the log may say why")
        finally:
            self._process = None
            _end(process)
            answered.close()
            if process.pid is not None:
                process.join()


def _end(process: BaseProcess) -> None:
    if process.pid is not None:
        process.kill()
