"""The whole engine under load: schedule, probe, store.

`python -m tests.bench.engine KIND URL CHECKS INTERVAL SECONDS FOLDER` runs one engine in a process of its own,
pinned to one core, and prints what it took as JSON.
"""

import asyncio
import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import uvloop
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from app.clock import SystemClock
from app.domain.check import Cadence, Check
from app.domain.result import LOCAL, CheckId
from app.domain.service import Capability, Catalogue, Service, Vendor
from app.pipeline.ask import Asker
from app.pipeline.bus import Bus
from app.pipeline.execute import Executor
from app.pipeline.network import NetworkWatch
from app.pipeline.record import Recorder
from app.pipeline.schedule import Schedule
from app.probes.expect import Expect
from app.probes.http import HttpSpec
from app.probes.registry import PROBERS
from app.settings import resource as shipped
from app.store.engine import open_database
from app.store.migrate import upgrade
from app.store.series import ensure_series
from tests.bench import naive
from tests.bench.figures import Figure, Section, cpu_seconds, pin
from tests.bench.target import target

CHECKS_A_SERVICE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run took. Times in milliseconds, memory in megabytes."""

    made: int
    cpu_ms_per_probe: float
    resident_mb: float
    p50_ms: float | None = None
    p99_ms: float | None = None
    max_ms: float | None = None
    missed: int = 0


def section(folder: Path) -> Section:
    """Against the engine one would write first, and at 10,000 checks every 30 seconds."""
    with target(folder, tls=False) as (port, _):
        url = f"http://127.0.0.1:{port}/v1/models"
        ours = _run("ours", url, checks=100, interval=1, seconds=20, folder=folder)
        theirs = _run("naive", url, checks=100, interval=1, seconds=20, folder=folder)
        full = _run("ours", url, checks=10_000, interval=30, seconds=45, folder=folder)
    return Section(
        title="The whole engine",
        about=(
            "Schedule, probe and store, in a process of its own on one core. The reference is an APScheduler "
            "job a check, one shared httpx client without keep-alive (a client a probe costs far more), and "
            f"one ORM insert a result; 100 checks a second each, {ours.made} and {theirs.made} probes made. "
            "Then 10,000 checks every 30 s for 45 s."
        ),
        figures=(
            _times_less(
                "CPU per check, scheduled, probed and stored", ours.cpu_ms_per_probe, theirs.cpu_ms_per_probe, 5
            ),
            _at_most(
                "schedule lateness p99 at 10,000 checks / 30 s",
                full.p99_ms,
                10,
                "ms",
                f"p50 {full.p50_ms:.1f}, max {full.max_ms:.1f} ms; {full.missed} missed",
            ),
            _at_most(
                "resident memory, engine at 10,000 checks",
                full.resident_mb,
                120,
                "MB",
                f"{full.made} probes made, {full.cpu_ms_per_probe:.2f} ms of CPU each",
            ),
        ),
    )


def _times_less(what: str, ours: float, reference: float, goal: float) -> Figure:
    times = reference / ours
    return Figure(
        what=what,
        ours=f"{ours:.3f} ms",
        reference=f"{reference:.3f} ms (APScheduler + httpx + ORM)",
        result=f"{times:.1f}× less",
        goal=f"≥ {goal:g}× less",
        met=times >= goal,
    )


def _at_most(what: str, ours: float | None, goal: float, unit: str, beside: str) -> Figure:
    return Figure(
        what=what,
        ours=f"{ours:.1f} {unit}" if ours is not None else "–",
        reference=beside,
        result="",
        goal=f"≤ {goal:g} {unit}",
        met=ours is not None and ours <= goal,
    )


def _run(kind: str, url: str, *, checks: int, interval: float, seconds: float, folder: Path) -> Run:
    place = folder / f"{kind}-{checks}"
    place.mkdir()
    command = [
        sys.executable,
        "-m",
        "tests.bench.engine",
        kind,
        url,
        str(checks),
        str(interval),
        str(seconds),
        str(place),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ourselves
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def _catalogue(url: str, checks: int, interval: float) -> Catalogue:
    spec = HttpSpec(url=url, expect=Expect(status=(401,), json_has=("error.message",)))
    services = tuple(
        Service(
            id=f"service-{number}",
            name=f"Service {number}",
            vendor_id=f"vendor-{number}",
            capabilities=(Capability.CHAT_API,),
            home=url,
            checks=tuple(
                Check(
                    id=CheckId(f"service-{number}/check-{part}"),
                    service_id=f"service-{number}",
                    name=f"check-{part}",
                    kind="http",
                    spec=spec,
                    cadence=Cadence(interval=timedelta(seconds=interval)),
                    allow_private=True,
                )
                for part in range(CHECKS_A_SERVICE)
            ),
        )
        for number in range(checks // CHECKS_A_SERVICE)
    )
    vendors = tuple(Vendor(id=service.vendor_id, name=service.name, home=url) for service in services)
    return Catalogue(vendors=vendors, services=services)


async def _ours(url: str, checks: int, interval: float, seconds: float, folder: Path) -> Run:
    database_url = f"sqlite+aiosqlite:///{folder / 'ours.sqlite3'}"
    await asyncio.to_thread(upgrade, database_url, shipped("migrations"))
    clock, bus = SystemClock(), Bus()
    database = open_database(database_url)
    catalogue = _catalogue(url, checks, interval)
    async with database.write() as tx:
        await ensure_series(tx, list(catalogue.check_by_id.values()), LOCAL, clock.now())
    asker = Asker(kinds=PROBERS, clock=clock, region=LOCAL, user_agent="stillup-bench")
    network = NetworkWatch(asker=asker, clock=clock)
    recorder = Recorder(
        database=database,
        clock=clock,
        bus=bus,
        confirm=lambda check, after: executor.confirm(check, after),  # noqa: PLW0108 - it is made below, and needs this one
    )
    executor = Executor(
        asker=asker,
        clock=clock,
        network=network,
        hand_on=recorder.put,
        seats=64,
        seats_per_vendor=4,
    )
    executor.replace(catalogue)
    recorder.replace(catalogue)
    schedule = Schedule(clock=clock, region=LOCAL, station=executor)
    schedule.replace(catalogue.check_by_id.values())
    recording = asyncio.create_task(recorder.run())
    jobs = AsyncIOScheduler(timezone="UTC")
    jobs.add_job(schedule.tick, "interval", seconds=1)
    jobs.start()
    before = cpu_seconds()
    await asyncio.sleep(seconds)
    used = cpu_seconds() - before
    kept = schedule.punctuality
    jobs.shutdown(wait=False)
    schedule.stop()
    await executor.idle()
    recording.cancel()
    await recorder.flush()
    await database.close()
    return Run(
        made=kept.told,
        cpu_ms_per_probe=used / max(1, kept.told) * 1000,
        resident_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        p50_ms=kept.p50_ms,
        p99_ms=kept.p99_ms,
        max_ms=kept.max_ms,
        missed=kept.missed,
    )


async def _naive(url: str, checks: int, seconds: float, folder: Path) -> Run:
    cpu, made = await naive.cpu_per_probe(url, folder, monitors=checks, seconds=seconds)
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Run(made=made, cpu_ms_per_probe=cpu * 1000, resident_mb=resident)


def main(*arguments: str) -> None:
    """Run one engine and print what it took."""
    kind, url, checks, interval, seconds, folder = arguments
    pin(0)
    if kind == "ours":
        work = _ours(url, int(checks), float(interval), float(seconds), Path(folder))
    else:
        work = _naive(url, int(checks), float(seconds), Path(folder))
    print(json.dumps(asdict(uvloop.run(work))))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main(*sys.argv[1:])
