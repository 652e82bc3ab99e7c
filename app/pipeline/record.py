"""The third station: what came back is judged and kept, a change and its consequences in one transaction."""

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.domain.check import Check
from app.domain.detector import CheckState, Transition, observe
from app.domain.incident import Incident, follow
from app.domain.result import CheckId, ProbeResult, Recorded, Region, reading
from app.domain.service import Catalogue
from app.domain.verdict import measured
from app.pipeline.bus import Bus, Change
from app.store.engine import Database, StoreError
from app.store.incidents import load_open_incidents, save_incidents
from app.store.results import insert_results
from app.store.states import load_states, save_states

log = logging.getLogger(__name__)

BATCH = 1_000
GATHER = timedelta(milliseconds=100)
"""How long results may wait for company: one transaction for many costs a twentieth of one each."""

MOST_WAITING = 50_000
"""More results than this are not held in memory while storing fails; probing rests until some are stored."""

RETRY_AFTER = (0.1, 0.5, 1.0, 5.0, 15.0)

States = Mapping[CheckId, tuple[CheckState, ...]]
"""What the detector carries, by check: one state a region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a batch of results amounts to: what to store, whom to tell, where to look again.

    `material` are the states a restart would miss: a check that goes on being up needs no new one. `incidents`
    are those that changed, by service id.
    """

    recorded: tuple[Recorded, ...]
    states: States
    material: tuple[CheckState, ...]
    incidents: Mapping[str, Incident]
    transitions: tuple[Transition, ...]
    confirmations: tuple[Check, ...]

    @property
    def change(self) -> Change:
        """What to tell the bus once it is committed."""
        services = frozenset(recorded.result.check_id.partition("/")[0] for recorded in self.recorded)
        return Change(service_ids=services, is_transition=bool(self.transitions))


def judge(
    batch: Sequence[tuple[Check, ProbeResult]],
    states: States,
    incidents: Mapping[str, Incident],
    catalogue: Catalogue,
) -> Judged:
    """Read, observe and follow every result of a batch, in order; `incidents` are the open ones by service id."""
    new_states = dict(states)
    new_incidents = dict(incidents)
    touched: dict[tuple[CheckId, Region], CheckState | None] = {}
    recorded: list[Recorded] = []
    transitions: list[Transition] = []
    confirmations: dict[CheckId, Check] = {}
    for check, result in batch:
        judged = reading(result, check.thresholds)
        recorded.append(Recorded(result=result, status=judged.status))
        before = _state(new_states, check.id, result.region)
        touched.setdefault((check.id, result.region), before)
        blank = CheckState(check_id=check.id, region=result.region)
        seen = observe(before or blank, judged, result.started_at, check.policy)
        new_states[check.id] = _with(new_states.get(check.id, ()), seen.state)
        confirmations.pop(check.id, None)
        if seen.wants_confirmation:
            confirmations[check.id] = check
        service = catalogue.service_by_id.get(check.service_id)
        if seen.transition is not None and service is not None:
            transitions.append(seen.transition)
            incident = follow(
                new_incidents.get(service.id), service.id, measured(service, new_states), seen.transition
            )
            if incident is not None:
                new_incidents[service.id] = incident
    return Judged(
        recorded=tuple(recorded),
        states=new_states,
        material=_material(touched, new_states),
        incidents={key: told for key, told in new_incidents.items() if incidents.get(key) != told},
        transitions=tuple(transitions),
        confirmations=tuple(confirmations.values()),
    )


def _state(states: States, check_id: CheckId, region: Region) -> CheckState | None:
    return next((state for state in states.get(check_id, ()) if state.region == region), None)


def _with(regional: tuple[CheckState, ...], state: CheckState) -> tuple[CheckState, ...]:
    return (*(other for other in regional if other.region != state.region), state)


def _material(before: Mapping[tuple[CheckId, Region], CheckState | None], after: States) -> tuple[CheckState, ...]:
    now = {key: _state(after, *key) for key in before}
    return tuple(
        state for key, state in now.items() if state is not None and _essence(state) != _essence(before[key])
    )


def _essence(state: CheckState | None) -> object:
    if state is None:
        return None
    is_troubled = any(seen.status.is_bad for seen in state.recent)
    return state.status, state.since_at, state.blind, state.recent if is_troubled else ()


class Recorder:
    """Takes results as they come, and stores them in batches of whatever is ready.

    Nothing is forgotten while the database cannot be written: the batch in hand is tried again until it is
    in, later results wait behind it, and when too many wait, `is_full` tells the executor to rest.
    """

    def __init__(self, *, database: Database, bus: Bus, confirm: Callable[[Check], None]) -> None:
        self._database = database
        self._bus = bus
        self._confirm = confirm
        self._catalogue = Catalogue(vendors=(), services=())
        self._states: States = {}
        self._incidents: dict[str, Incident] = {}
        self._waiting: deque[tuple[Check, ProbeResult]] = deque()
        self._arrived = asyncio.Event()
        self.trouble: str | None = None
        """Why nothing can be stored at the moment; `None` while storing works."""

    @property
    def is_full(self) -> bool:
        """Whether no more results should be made until some are stored."""
        return len(self._waiting) >= MOST_WAITING

    def replace(self, catalogue: Catalogue) -> None:
        """Judge by this catalogue from now on."""
        self._catalogue = catalogue

    async def load(self) -> None:
        """Take up where the last process stopped."""
        async with self._database.read() as tx:
            states = await load_states(tx)
            incidents = await load_open_incidents(tx)
        loaded: dict[CheckId, tuple[CheckState, ...]] = {}
        for state in states:
            loaded[state.check_id] = _with(loaded.get(state.check_id, ()), state)
        self._states = loaded
        self._incidents = {incident.service_id: incident for incident in incidents}

    def put(self, check: Check, result: ProbeResult) -> None:
        """Take a result; it is stored soon."""
        self._waiting.append((check, result))
        self._arrived.set()

    async def run(self) -> None:
        """Store what comes, until cancelled."""
        while True:
            await self._arrived.wait()
            await asyncio.sleep(GATHER.total_seconds())
            await self.flush()

    async def flush(self) -> None:
        """Store all that is waiting."""
        while self._waiting:
            batch = [self._waiting[index] for index in range(min(BATCH, len(self._waiting)))]
            judged = judge(batch, self._states, self._incidents, self._catalogue)
            await self._store(judged)
            for _ in batch:
                self._waiting.popleft()
            self._adopt(judged)
        self._arrived.clear()

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
        for service_id in [key for key, incident in self._incidents.items() if not incident.is_open]:
            del self._incidents[service_id]
        for transition in judged.transitions:
            log.info(
                "%s is %s since %s: %s",
                transition.check_id,
                transition.after,
                transition.since_at,
                transition.reason,
            )
        self._bus.publish(judged.change)
        for check in judged.confirmations:
            self._confirm(check)
