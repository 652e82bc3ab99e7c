"""The third station: what came back is judged and kept, a change and its consequences in one transaction."""

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from app.clock import Clock
from app.domain.check import Check
from app.domain.counts import Counts, counted
from app.domain.detector import CheckState
from app.domain.histogram import Histogram
from app.domain.incident import Incident
from app.domain.result import CheckId, ProbeResult, Recorded, Region
from app.domain.service import Catalogue
from app.pipeline.bus import Bus, Change
from app.pipeline.judge import Judged, Others, States, judge, reconsider, with_state
from app.store.engine import Database, ReadTx, StoreError
from app.store.incidents import load_latest_incidents, save_incidents
from app.store.reports import load_people
from app.store.results import insert_results
from app.store.rollups import load_usual
from app.store.states import load_states, save_states
from app.store.vendor_words import WordLoader

log = logging.getLogger(__name__)

BATCH = 1_000
GATHER = timedelta(milliseconds=100)
"""How long results may wait for company: one transaction for many costs a twentieth of one each."""

MOST_WAITING = 50_000
"""More results than this are not held in memory while storing fails; probing rests until some are stored."""

RETRY_AFTER = (0.1, 0.5, 1.0, 5.0, 15.0)

STORING_BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0)
"""Seconds, for the storing of one batch until it is in."""


class Recorder:
    """Takes results as they come, and stores them in batches of whatever is ready.

    Nothing is forgotten while the database cannot be written: the batch in hand is tried again until it is
    in, later results wait behind it, and when too many wait, `is_full` tells the executor to rest.
    """

    def __init__(
        self, *, database: Database, clock: Clock, bus: Bus, confirm: Callable[[Check, timedelta], None]
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._confirm = confirm
        self._words = WordLoader()
        self._others = Others()
        self._should_listen = True
        self._is_telling = False
        self._catalogue = Catalogue(vendors=(), services=())
        self._states: States = {}
        self._incidents: dict[str, Incident] = {}
        self._waiting: deque[tuple[Check, ProbeResult]] = deque()
        self._arrived = asyncio.Event()
        self.trouble: str | None = None
        """Why nothing can be stored at the moment; `None` while storing works."""
        self.counts: dict[tuple[CheckId, Region], Counts] = {}
        """What the probes amounted to that were stored since the start; of checks that are still watched."""
        self.storing = Histogram.of(STORING_BOUNDS)
        """Seconds that each batch took to be stored."""
        bus.subscribe(self._hear_of)

    @property
    def is_full(self) -> bool:
        """Whether no more results should be made until some are stored."""
        return self.waiting >= MOST_WAITING

    @property
    def waiting(self) -> int:
        """How many results are not stored yet."""
        return len(self._waiting)

    def replace(self, catalogue: Catalogue) -> None:
        """Judge by this catalogue from now on."""
        self._catalogue = catalogue
        self.counts = {key: told for key, told in self.counts.items() if key[0] in catalogue.check_by_id}
        self.listen()

    async def load(self) -> None:
        """Take up where the last process stopped."""
        async with self._database.read() as tx:
            states = await load_states(tx)
            incidents = await load_latest_incidents(tx)
        loaded: dict[CheckId, tuple[CheckState, ...]] = {}
        for state in states:
            loaded[state.check_id] = with_state(loaded.get(state.check_id, ()), state)
        self._states = loaded
        self._incidents = {incident.service_id: incident for incident in incidents}

    def put(self, check: Check, result: ProbeResult) -> None:
        """Take a result; it is stored soon."""
        self._waiting.append((check, result))
        self._arrived.set()

    def listen(self) -> None:
        """Hear soon what the other witnesses tell. To be called now and then: words grow stale by themselves."""
        self._should_listen = True
        self._arrived.set()

    async def run(self) -> None:
        """Store what comes, until cancelled."""
        while True:
            await self._arrived.wait()
            await asyncio.sleep(GATHER.total_seconds())
            await self.flush()

    async def flush(self) -> None:
        """Hear the other witnesses if they may have spoken, and store all that is waiting."""
        if self._should_listen:
            await self._listen()
        while self._waiting:
            batch = [self._waiting[index] for index in range(min(BATCH, len(self._waiting)))]
            judged = judge(batch, self._states, self._incidents, self._catalogue, self._others)
            began = self._clock.monotonic()
            await self._store(judged)
            self.storing = self.storing.seen(self._clock.monotonic() - began)
            for _ in batch:
                self._waiting.popleft()
            self._adopt(judged)
        self._arrived.clear()

    async def _listen(self) -> None:
        """Take what the others tell into the incidents. What could not be read or kept is heard the next time."""
        now = self._clock.now()
        try:
            async with self._database.read() as tx:
                others = await self._heard(tx, now)
            changed = reconsider(self._states, self._incidents, self._catalogue, others, now)
            if changed:
                async with self._database.write() as tx:
                    await save_incidents(tx, tuple(changed.values()))
        except StoreError as error:
            log.warning("the other witnesses cannot be heard: %s", error)
            return
        self._should_listen = False
        self._others = others
        self._incidents.update(changed)
        if changed:
            self._tell(Change(service_ids=frozenset(changed), is_transition=True))

    async def _heard(self, tx: ReadTx, now: datetime) -> Others:
        people, hour_at = await load_people(tx, now), now.replace(minute=0, second=0, microsecond=0)
        usual = self._others.usual if hour_at == self._others.usual_at else await load_usual(tx, now)
        crowds = {key: told.claim for key, told in people.items()}
        return Others(
            words=await self._words.load(tx, self._catalogue, now),
            crowds={key: claim for key, claim in crowds.items() if claim is not None},
            usual=usual,
            usual_at=hour_at,
        )

    def _hear_of(self, _change: Change) -> None:
        if not self._is_telling:
            self.listen()

    def _tell(self, change: Change) -> None:
        self._is_telling = True
        self._bus.publish(change)
        self._is_telling = False

    async def _store(self, judged: Judged) -> None:
        for attempt in itertools.count():
            try:
                async with self._database.write() as tx:
                    await insert_results(tx, judged.recorded)
                    await save_states(tx, judged.material)
                    await save_incidents(tx, tuple(judged.incidents.values()))
            except StoreError as error:
                if self.trouble is None:
                    log.error("cannot store results, keeping them: %s", error)  # noqa: TRY400 - the sentence is enough
                self.trouble = str(error)
                await asyncio.sleep(RETRY_AFTER[min(attempt, len(RETRY_AFTER) - 1)])
            else:
                if self.trouble is not None:
                    log.warning("storing works again")
                self.trouble = None
                return

    def _adopt(self, judged: Judged) -> None:
        self._states = judged.states
        self._incidents.update(judged.incidents)
        self._count(judged.recorded)
        for transition in judged.transitions:
            log.info(
                "%s is %s since %s: %s",
                transition.check_id,
                transition.after,
                transition.since_at,
                transition.reason,
            )
        self._tell(judged.change)
        for each in judged.confirmations:
            self._confirm(each.check, each.after)

    def _count(self, stored: Sequence[Recorded]) -> None:
        for each in stored:
            key = each.result.check_id, each.result.region
            if key[0] in self._catalogue.check_by_id:
                self.counts[key] = counted(self.counts.get(key, Counts()), each)
