"""CPU per probe on fresh connections, against a C client doing the same requests."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import uvloop

from app.clock import SystemClock
from app.domain.result import CheckId
from app.probes.expect import Expect
from app.probes.http import HttpSpec
from app.probes.prober import ProbeContext
from app.probes.registry import PROBERS
from tests.bench.figures import Figure, Section, cpu_of_child, cpu_seconds, interleaved, ratio
from tests.bench.target import target

PROBES = 4_000
AT_ONCE = 50
ROUNDS = 5


def section(folder: Path) -> Section:
    """Plain and TLS."""
    return Section(
        title="Probing",
        about=(
            f"{PROBES} requests, {AT_ONCE} at once, each on a fresh connection to one server on the other "
            f"core; the median of {ROUNDS} interleaved rounds. Ours makes a whole result: phases, expectation "
            "checked, address guarded, and under TLS chain and name verified, which `ab` does not do."
        ),
        figures=(_compared(folder, tls=False, goal=2.5), _compared(folder, tls=True, goal=2.0)),
    )


def _compared(folder: Path, *, tls: bool, goal: float) -> Figure:
    what = "CPU per TLS probe" if tls else "CPU per plain probe"
    if shutil.which("ab") is None:
        return Figure(
            what=what,
            ours="–",
            reference="`ab` is not installed (apache2-utils)",
            result="–",
            goal=f"≤ {goal:g}×",
            met=None,
        )
    with target(folder, tls=tls) as (port, root):
        url = f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{port}/v1/models"
        ours, theirs = interleaved(
            ROUNDS,
            lambda: uvloop.run(_probes(url, root)) / PROBES * 1000,
            lambda: cpu_of_child(["ab", "-q", "-n", str(PROBES), "-c", str(AT_ONCE), url]) / PROBES * 1000,
        )
    return ratio(what, ours, theirs, unit="ms", goal=goal, against="`ab -c 50`")


async def _probes(url: str, root: Path | None) -> float:
    """CPU seconds for `PROBES` probes."""
    spec = HttpSpec(
        url=url,
        expect=Expect(status=(401,), json_has=("error.message",)),
        ca_file=str(root) if root else None,
    )
    await _worker(spec, 20)
    before = cpu_seconds()
    await asyncio.gather(*(_worker(spec, PROBES // AT_ONCE) for _ in range(AT_ONCE)))
    return cpu_seconds() - before


async def _worker(spec: Any, count: int) -> None:
    clock = SystemClock()
    probe = PROBERS["http"].probe
    for _ in range(count):
        context = ProbeContext(
            check_id=CheckId("bench/models"),
            slot_at=clock.now(),
            clock=clock,
            user_agent="stillup-bench",
            allow_private=True,
        )
        result = await probe(spec, context)
        if result.failure is not None:
            raise AssertionError(result.failure)
