"""The station that reads status pages: each at its own pace, all of one reading kept in one transaction."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from app.clock import Clock
from app.domain.evidence import chain
from app.domain.hear import hear, miss
from app.domain.incident import Incident, as_measured
from app.domain.pace import (
    HISTORY_EVERY,
    dead_because,
    first_reading_at,
    is_history_due,
    is_untouched,
    next_reading_at,
)
from app.domain.said import Heard, PageState
from app.domain.service import Catalogue, StatusPage
from app.domain.status import Status
from app.domain.vendor import VendorPage
from app.domain.watched import WatchedPage, watched_pages
from app.pipeline.bus import Bus, Change
from app.pipeline.keepledger import update_ledger
from app.pipeline.pagereader import PageError, PageReader, Reading
from app.store.engine import Database, ReadTx, StoreError, WriteTx
from app.store.evidence import insert_documents, insert_records, load_head
from app.store.incidents import load_open_incidents
from app.store.vendor_incidents import load_known_incidents, save_vendor_incidents, save_vendor_maintenances
from app.store.vendor_pages import load_page_states, save_page_state

log = logging.getLogger(__name__)

SEATS = 8
FIRST_WITHIN = timedelta(seconds=20)
HURRIED = timedelta(seconds=30)
"""When our probes see a trouble begin or end, its page is read so long after the last time, not when it is due."""

STORE_AGAIN = timedelta(seconds=15)
LEDGER_EVERY = timedelta(hours=1)
"""How often the ledger is looked through although nothing was said: "not yet" becomes "never" by itself."""


OwnTrouble = Callable[[datetime], Awaitable[str | None]]
"""Says what was wrong with our own network when something was asked at a moment."""


@dataclass(slots=True)
class _Watch:
    """A page under watch: what is known of it, and when what is to be asked next."""

    page: WatchedPage
    state: PageState
    due_at: datetime
    history_asked_at: datetime | None = None
    host_asked_at: datetime | None = None
    host_fails: bool = False
    ledger_at: datetime | None = None
    task: asyncio.Task[None] | None = None

    def is_due(self, now: datetime) -> bool:
        return self.due_at <= now and (self.task is None or self.task.done())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What came of asking for a page: a reading that speaks, or why there is none."""

    at: datetime
    reading: Reading | None = None
    trouble: str = ""
    retry_after: timedelta = timedelta()


class Poller:
    """Reads the pages of a catalogue; `tick` is called every few seconds and starts what is due."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        bus: Bus,
        reader: PageReader,
        own_trouble: OwnTrouble,
        seats: int = SEATS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._reader = reader
        self._own_trouble = own_trouble
        self._seats = asyncio.Semaphore(seats)
        self._stored: Mapping[str, PageState] = {}
        self._watches: dict[str, _Watch] = {}
        self._is_telling = False
        bus.subscribe(self._hear_of)

    async def load(self) -> None:
        """Take up where the last process stopped. Raises `StoreError`."""
        async with self._database.read() as tx:
            self._stored = await load_page_states(tx)

    def replace(self, catalogue: Catalogue) -> None:
        """Read the pages of this catalogue from now on; what is known of those that stay is kept."""
        before, now = self._watches, self._clock.now()
        self._watches = {}
        for page in watched_pages(catalogue):
            watch = before.pop(page.key, None)
            if watch is None:
                known = self._stored.get(page.key, PageState(key=page.key))
                watch = _Watch(page=page, state=known, due_at=first_reading_at(page.key, now, FIRST_WITHIN))
            elif watch.page.page != page.page:
                watch.due_at = now
            watch.page = page
            self._watches[page.key] = watch
        for watch in before.values():
            if watch.task is not None:
                watch.task.cancel()

    async def tick(self) -> None:
        """Start reading every page that is due; awaits nothing."""
        now = self._clock.now()
        for watch in self._watches.values():
            if watch.is_due(now):
                watch.task = asyncio.get_running_loop().create_task(self._poll(watch))

    async def idle(self) -> None:
        """Wait until no page is being read."""
        await asyncio.gather(*self._tasks(), return_exceptions=True)

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in self._tasks():
            task.cancel()
        await self.idle()
        self._watches = {}

    @property
    def states(self) -> Mapping[str, PageState]:
        """What is known of each page that is watched, by its key."""
        return {key: watch.state for key, watch in self._watches.items()}

    def due_at(self, key: str) -> datetime:
        """When a page is read next."""
        return self._watches[key].due_at

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [watch.task for watch in self._watches.values() if watch.task is not None]

    def _hear_of(self, change: Change) -> None:
        """Our own probes saw a trouble begin or end: hear soon what its vendor says, unless it cannot be heard."""
        if self._is_telling or not change.is_transition:
            return
        now = self._clock.now()
        for watch in self._watches.values():
            if any(service.id in change.service_ids for service in watch.page.services):
                watch.ledger_at = None
                if not watch.state.failures:
                    watch.due_at = min(watch.due_at, (watch.state.read_at or now) + HURRIED)

    async def _poll(self, watch: _Watch) -> None:
        async with self._seats:
            watch.due_at = self._clock.now() + STORE_AGAIN
            try:
                outcome = await self._asked(watch)
                heard, is_measured_bad = await self._store(watch, outcome)
            except StoreError as error:
                # The state stays as it was, so the next reading tells the same news again.
                log.warning("what %s says cannot be kept: %s", watch.page.key, error)
                return
        watch.state = heard.state
        watch.due_at = next_reading_at(
            heard.state, outcome.at, is_measured_bad=is_measured_bad, retry_after=outcome.retry_after
        )
        self._tell(watch, heard)

    async def _asked(self, watch: _Watch) -> _Outcome:
        began_at = self._clock.now()
        try:
            last_kind = watch.state.page.kind if watch.state.page else None
            reading = await self._reader.read(watch.page, last_kind)
            if await self._wants_history(watch, reading):
                watch.history_asked_at = self._clock.now()
                reading = await self._reader.read_back(watch.page, reading)
            dead = await self._dead_because(watch, reading.page)
        except PageError as error:
            # A page that we cannot reach is not a vendor that says nothing, nor one whose page is broken.
            trouble = await self._own_trouble(began_at) or str(error)
            return _Outcome(at=self._clock.now(), trouble=trouble, retry_after=error.retry_after)
        except StoreError:
            raise
        except Exception:
            log.exception("reading the page %s broke", watch.page.key)
            return _Outcome(at=self._clock.now(), trouble="Our own reader broke; see the log.")
        if dead is not None:
            return _Outcome(at=self._clock.now(), trouble=dead)
        return _Outcome(at=self._clock.now(), reading=reading)

    async def _wants_history(self, watch: _Watch, reading: Reading) -> bool:
        """Past incidents are read at first, now and then, and when an open one is missing: there is its end."""
        if not self._reader.has_history(watch.page):
            return False
        now = self._clock.now()
        asked_at = watch.history_asked_at
        if is_history_due(watch.state, now) and (asked_at is None or now - asked_at >= HISTORY_EVERY):
            return True
        listed = {incident.id for incident in reading.page.incidents}
        async with self._database.read() as tx:
            still_open = await load_known_incidents(tx, watch.page.key, ())
        return reading.page.has_incidents and not still_open.keys() <= listed

    async def _dead_because(self, watch: _Watch, page: VendorPage) -> str | None:
        now = self._clock.now()
        if not is_untouched(watch.state, page, now):
            return None
        if watch.host_asked_at is None or now - watch.host_asked_at >= HISTORY_EVERY:
            watch.host_asked_at = now
            answers = [await self._reader.answers(url) for url in _other_addresses(watch.page.page, page)]
            watch.host_fails = not all(answers)
        async with self._database.read() as tx:
            down = await _own_troubles(tx, watch.page)
        down_since = min((each.opened_at for each in down if each.status is Status.DOWN), default=None)
        return dead_because(page, now, own_host_fails=watch.host_fails, down_since=down_since)

    async def _store(self, watch: _Watch, outcome: _Outcome) -> tuple[Heard, bool]:
        """Judge and keep a reading; also whether our own probes see trouble. Raises `StoreError`."""
        async with self._database.write() as tx:
            heard = await self._heard(tx, watch, outcome)
            await _keep(tx, watch.state, heard, outcome.reading)
            ledger_at = watch.ledger_at
            if heard.said or ledger_at is None or outcome.at - ledger_at >= LEDGER_EVERY:
                await update_ledger(tx, watch.page, heard.state, outcome.at)
                ledger_at = outcome.at
            is_measured_bad = bool(await _own_troubles(tx, watch.page))
        watch.ledger_at = ledger_at
        return heard, is_measured_bad

    async def _heard(self, tx: WriteTx, watch: _Watch, outcome: _Outcome) -> Heard:
        if outcome.reading is None:
            return miss(watch.state, outcome.trouble, outcome.at)
        page, before = outcome.reading.page, watch.state.page
        ids = {incident.id for each in (page, before) if each is not None for incident in each.incidents}
        known = await load_known_incidents(tx, watch.page.key, ids)
        return hear(watch.state, page, outcome.at, known, is_history=outcome.reading.has_history)

    def _tell(self, watch: _Watch, heard: Heard) -> None:
        for said in heard.said:
            log.info("%s: %s", watch.page.key, said.sentence[:300])
        if heard.said:
            services = frozenset(service.id for service in watch.page.services)
            self._is_telling = True
            self._bus.publish(Change(service_ids=services, is_transition=True))
            self._is_telling = False


async def _keep(tx: WriteTx, before: PageState, heard: Heard, reading: Reading | None) -> None:
    await save_page_state(tx, heard.state, is_page_new=heard.state.page != before.page)
    await save_vendor_incidents(tx, heard.incidents)
    await save_vendor_maintenances(tx, heard.maintenances)
    if heard.said:
        parts = reading.parts if reading is not None else ()
        head = await load_head(tx, heard.state.key)
        read = reading.attachments if reading is not None else ()
        await insert_documents(tx, {part.attachment.sha256: part.packed for part in parts})
        await insert_records(tx, chain(heard.state.key, head, heard.said, read))


async def _own_troubles(tx: ReadTx, page: WatchedPage) -> list[Incident]:
    """What our own probes see of trouble with the page's services, as incidents."""
    ids = {service.id for service in page.services}
    measured = [as_measured(each) for each in await load_open_incidents(tx) if each.service_id in ids]
    return [each for each in measured if each is not None and each.is_open]


def _other_addresses(page: StatusPage, read: VendorPage) -> list[str]:
    """The addresses under which people know a page, other than that of the host which was just read."""
    asked = urlsplit(page.feed or page.url).hostname
    known = [url for url in (page.url, read.url) if url]
    return [url for url in dict.fromkeys(known) if urlsplit(url).hostname not in (asked, None)]
