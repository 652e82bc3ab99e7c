"""The composition root: settings become a running program here, and nothing is constructed anywhere else."""

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from app import __version__
from app.board.figures import Figures
from app.board.keeper import BoardKeeper
from app.board.load import BoardLoader
from app.board.model import Board, OwnHealth, Spending
from app.board.publishing import PublishingLog
from app.catalogue.load import BUILTIN, fingerprint, load_catalogue
from app.catalogue.schema import catalogue_schema
from app.clock import Clock, SystemClock
from app.domain.check import Check
from app.domain.result import Region
from app.domain.service import Catalogue
from app.domain.spend import NUSD, Caps, worst_cost
from app.pipeline.ask import Asker
from app.pipeline.bus import Bus, Change
from app.pipeline.compact import Retention, compact_once
from app.pipeline.desk import ReportDesk
from app.pipeline.execute import Executor
from app.pipeline.network import NetworkWatch
from app.pipeline.record import Recorder
from app.pipeline.reload import CatalogueWatch
from app.pipeline.schedule import Schedule
from app.pipeline.spend import SpendGuard
from app.pipeline.statuspages import Station, StatusPages
from app.probes.guard import refusal
from app.probes.registry import PROBERS
from app.settings import Settings, resource
from app.store.engine import Database, StoreError, StoreErrorKind, open_database
from app.store.migrate import is_current, upgrade
from app.store.series import ensure_series

if TYPE_CHECKING:
    from app.pipeline.pagereader import PageReader

log = logging.getLogger(__name__)

KINDS = PROBERS
HOME = "https://github.com/stillup/stillup"
SHUTDOWN_SECONDS = 5
CATALOGUE_LOOK_SECONDS = 2
NETWORK_LOOK_SECONDS = 30
PAGES_LOOK_SECONDS = 2
LISTEN_SECONDS = 60
COMPACT_SECONDS = 60

Answer = TypeVar("Answer")


def run(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run to the end on the fastest event loop there is."""
    with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        return runner.run(work)


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop  # noqa: PLC0415 - optional: not on every platform
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


def user_agent(settings: Settings) -> str:
    """Who probes, and where to ask about it: vendors shall be able to tell us apart and to complain."""
    return f"stillup/{__version__} (+{settings.public_url or HOME})"


def read_catalogue(settings: Settings, environ: Mapping[str, str]) -> Catalogue:
    """The shipped catalogue with the operator's own file over it. Raises `CatalogueError`."""
    return load_catalogue(BUILTIN, settings.catalogue, KINDS, environ)


def describe_catalogue() -> dict[str, Any]:
    """The JSON Schema of a catalogue file, with the options of every kind of check there is."""
    return catalogue_schema(KINDS)


def upgrade_database(settings: Settings) -> None:
    """Create the database or bring it up to date. Raises `StoreError`."""
    settings.data.mkdir(parents=True, exist_ok=True)
    if not is_current(settings.database_url, resource("migrations")):
        upgrade(settings.database_url, resource("migrations"))


def open_stored(settings: Settings) -> Database:
    """The database as it stands, for what only reads. Raises `StoreError` where there is none of this version."""
    if not is_current(settings.database_url, resource("migrations")):
        sentence = f"There is no database of this version at {settings.database_url}."
        raise StoreError(StoreErrorKind.UNREACHABLE, sentence, try_again=False)
    return open_database(settings.database_url)


def build_page_reader(settings: Settings, clock: Clock) -> "PageReader":
    """What reads status pages, of every kind there is; imported late, since it takes long."""
    from app.pipeline.pagereader import PageReader  # noqa: PLC0415 - see above
    from app.vendors.fetch import Fetcher  # noqa: PLC0415 - see above
    from app.vendors.registry import READERS, detect, guesses  # noqa: PLC0415 - see above

    fetcher = Fetcher(user_agent=user_agent(settings), guard=refusal)
    return PageReader(fetch=fetcher.fetch, clock=clock, readers=READERS, detect=detect, guesses=guesses)


def _caps(settings: Settings) -> Caps:
    return Caps(vendor_nusd=int(settings.spend_per_vendor * NUSD), total_nusd=int(settings.spend_total * NUSD))


class Runtime:
    """Everything that runs, started and stopped in order."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self.clock = SystemClock()
        self._started_at = self.clock.now()
        self._region = region = Region(settings.region)
        self.database: Database = open_database(settings.database_url)
        self.publishing = PublishingLog()
        self._bus = Bus()
        self._recorder = Recorder(database=self.database, clock=self.clock, bus=self._bus, confirm=self._confirm)
        asker = Asker(kinds=KINDS, clock=self.clock, region=region, user_agent=user_agent(settings))
        self._network = NetworkWatch(asker=asker, clock=self.clock)
        self._spend = SpendGuard(database=self.database, clock=self.clock, caps=_caps(settings))
        self._executor = Executor(
            asker=asker,
            clock=self.clock,
            network=self._network,
            hand_on=self._recorder.put,
            seats=settings.seats,
            seats_per_vendor=settings.seats_per_vendor,
            is_full=lambda: self._recorder.is_full,
            spend=self._spend,
        )
        self.desk = (
            ReportDesk(database=self.database, clock=self.clock, bus=self._bus) if settings.reports else None
        )
        self._pages = StatusPages(self._build_poller)
        self._schedule = Schedule(clock=self.clock, region=region, station=self._executor)
        self._watch = CatalogueWatch(
            load=partial(read_catalogue, settings, environ),
            fingerprint=partial(fingerprint, BUILTIN, settings.catalogue, environ),
            take=self._take,
        )
        self._catalogue = Catalogue(vendors=(), services=())
        self._loader = BoardLoader(self.database)
        self.keeper = BoardKeeper(load=self._load_board)
        self._bus.subscribe(self._tell_board)
        self._jobs = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None})
        self._recording: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up where the last process stopped, and begin."""
        await self._recorder.load()
        await self._spend.load()
        await self._watch.start()
        await self.keeper.start()
        self._recording = asyncio.create_task(self._recorder.run())
        self._again(self._watch.look, CATALOGUE_LOOK_SECONDS)
        self._again(self._listen, LISTEN_SECONDS)
        self._again(self._compact, COMPACT_SECONDS, at_once=True)
        if self._settings.probing:
            self._again(self._network.look, NETWORK_LOOK_SECONDS, at_once=True)
            self._again(self._schedule.tick, 1, at_once=True)
        if self._settings.probing and self._settings.status_pages:
            self._again(self._pages.tick, PAGES_LOOK_SECONDS)
        self._jobs.start()
        gc.freeze()

    def _again(self, do: Callable[[], Awaitable[object]], seconds: float, *, at_once: bool = False) -> None:
        """Have it done again and again, until all is stopped."""

        async def done() -> None:
            # What is under way when all is stopped is cancelled, and would be told of as a failure.
            with suppress(asyncio.CancelledError):
                await do()

        first = {"next_run_time": self.clock.now()} if at_once else {}
        self._jobs.add_job(done, "interval", seconds=seconds, **first)

    async def stop(self) -> None:
        """Stop asking, store what came back, and close."""
        if self._jobs.running:
            self._jobs.shutdown(wait=False)
        self._schedule.stop()
        await self._executor.stop()
        await self._pages.stop()
        if self._recording is not None:
            self._recording.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(SHUTDOWN_SECONDS):
                await self._recorder.flush()
        await self.keeper.stop()
        await self.database.close()

    @property
    def database_url(self) -> str:
        """Where the database is, for who reads it in a process of its own."""
        return self._settings.database_url

    @property
    def catalogue(self) -> Catalogue:
        """What is watched."""
        return self._catalogue

    @property
    def services(self) -> int:
        """How many services are watched."""
        return len(self._catalogue.services)

    @property
    def own_health(self) -> OwnHealth:
        """How we are ourselves."""
        return OwnHealth(
            started_at=self._started_at,
            probing=self._settings.probing,
            network=self._network.view,
            storage_trouble=self._recorder.trouble,
            catalogue_trouble=self._watch.trouble,
            late_p99_ms=self._schedule.punctuality.p99_ms,
            missed=self._schedule.punctuality.missed,
            spending=Spending(spent=self._spend.spent, caps=self._spend.caps) if self._has_canaries else None,
            publishing=self.publishing.view if self._settings.publish is not None else None,
        )

    @property
    def figures(self) -> Figures:
        """What was counted since the start."""
        return Figures(
            own=self.own_health,
            counts=dict(self._recorder.counts),
            lateness=self._schedule.lateness,
            storing=self._recorder.storing,
            making=self.keeper.making,
            under_way=self._executor.under_way,
            seats=self._settings.seats,
            waiting=self._recorder.waiting,
            store_errors=dict(self.database.errors),
        )

    def _build_poller(self) -> Station:
        from app.pipeline.poll import Poller  # noqa: PLC0415 - late, and in a thread: see `StatusPages`

        return Poller(
            database=self.database,
            clock=self.clock,
            bus=self._bus,
            reader=build_page_reader(self._settings, self.clock),
            own_trouble=self._network.trouble_at,
        )

    @property
    def _has_canaries(self) -> bool:
        return any(worst_cost(check) for check in self._catalogue.check_by_id.values())

    def _confirm(self, check: Check, after: timedelta) -> None:
        self._executor.confirm(check, after)

    async def _take(self, catalogue: Catalogue) -> None:
        """Watch what this catalogue says from now on."""
        async with self.database.write() as tx:
            await ensure_series(tx, list(catalogue.check_by_id.values()), self._region, self.clock.now())
        self._recorder.replace(catalogue)
        self._executor.replace(catalogue)
        self._network.replace(catalogue.controls)
        self._pages.replace(catalogue)
        self._catalogue = catalogue
        if self._settings.probing:
            self._schedule.replace(catalogue.check_by_id.values())
        self.keeper.invalidate(is_urgent=True)

    async def _load_board(self) -> Board:
        return await self._loader.load(self._catalogue, self.own_health, self.clock.now())

    def _tell_board(self, change: Change) -> None:
        self.keeper.invalidate(is_urgent=change.is_transition)

    async def _listen(self) -> None:
        self._recorder.listen()

    async def _compact(self) -> None:
        retention = Retention(results=self._settings.keep_results, hours=self._settings.keep_hours)
        try:
            await compact_once(self.database, self.clock.now(), retention)
        except StoreError as error:
            log.warning("folding has to wait: %s", error)
