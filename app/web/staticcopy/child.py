"""The process that makes one copy and publishes it: nothing it does makes those wait who probe and answer.

A thread would not do: while it renders pages, whatever else runs in Python has to wait for its turn, and what a
probe measures is then our own slowness.
"""

import asyncio
import os
import signal
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from app.board.load import BoardLoader
from app.board.model import OwnHealth
from app.clock import SystemClock
from app.domain.service import Catalogue
from app.store.engine import StoreError, open_database
from app.web.staticcopy.copier import Copier
from app.web.staticcopy.model import CopyError
from app.web.staticcopy.publication import Publication

LESS_URGENT: Final = 10
"""How much it steps back behind whatever else wants the processor (nice)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be published: the board of this catalogue at `now`, by a process that is as `own` says."""

    publication: Publication
    catalogue: Catalogue
    own: OwnHealth
    now: datetime
    database_url: str
    templates: Path
    static: Path
    is_simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it: how much of how many files changed, or why nothing was published."""

    changed: int = 0
    files: int = 0
    trouble: str | None = None


def publish_once(job: Job, answer: Connection) -> None:
    """Do the job, and send its outcome; to be run in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it
    os.nice(LESS_URGENT)
    try:
        outcome = asyncio.run(_published(job))
    except (CopyError, StoreError) as error:
        outcome = Outcome(trouble=str(error))
    answer.send(outcome)


async def _published(job: Job) -> Outcome:
    database, clock = open_database(job.database_url), SystemClock()
    try:
        board = await BoardLoader(database).load(job.catalogue, job.own, job.now)
        copier = Copier(
            database=database,
            clock=clock,
            templates=job.templates,
            static=job.static,
            terms=job.publication.terms,
            is_simulated=job.is_simulated,
        )
        copy = await copier.copy(board)
        return Outcome(changed=await job.publication.put(copy, clock), files=len(copy.files))
    finally:
        await database.close()
