"""Whether the times that a canary measures are true: held against the pace at which the lab was told to answer.

`python -m tests.bench.canary --lab` is the lab, in a process of its own, and `--bare URL` a client that only
reads; both go on until their standard input ends.
"""

import asyncio
import contextlib
import gc
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from app.clock import SystemClock
from app.domain.result import CheckId, ProbeResult
from app.lab.face import Pace
from app.lab.world import lab_world
from app.probes.dialects.registry import DialectName
from app.probes.inference import InferenceSpec
from app.probes.prober import ProbeContext
from app.probes.registry import PROBERS
from app.wiring import run
from tests.bench.figures import Figure, Section, pin

OTHERS = 50
ROUNDS = 40
TOKENS = 40
PACE = Pace(head=0.05, first=0.3, rate=50)
LAB_CORE = 1
PERCENTILES = (1, 10, 25, 50, 75, 90, 99, 100)
SHARE, LEAST_MS = 0.05, 15.0
"""What is true: within this share of what was configured, or within so many milliseconds."""

VENDORS: Mapping[str, tuple[DialectName, str]] = {
    "openai": (DialectName.OPENAI, "gpt-6-luna"),
    "anthropic": (DialectName.ANTHROPIC, "claude-haiku-5-5"),
    "gemini": (DialectName.GEMINI, "gemini-3.5-flash-lite"),
    "ollama": (DialectName.OLLAMA, "llama3.2:1b"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """A figure of every probe, and what it was configured to be, all in milliseconds."""

    what: str
    configured: float
    of: Callable[[ProbeResult], float]


TIMINGS = (
    Timing(what="first token", configured=PACE.first * 1000, of=lambda each: each.figures["ttft_ms"]),
    Timing(what="time per token", configured=1000 / PACE.rate, of=lambda each: each.figures["tpot_us"] / 1000),
    Timing(what="gap, 95 of 100", configured=1000 / PACE.rate, of=lambda each: each.figures["gap_p95_ms"]),
    Timing(what="longest gap", configured=1000 / PACE.rate, of=lambda each: each.figures["gap_max_ms"]),
    Timing(
        what="last token, from the first",
        configured=(TOKENS - 1) * 1000 / PACE.rate,
        of=lambda each: each.figures["tpot_us"] * (TOKENS - 1) / 1000,
    ),
)


def section(_folder: Path) -> Section:
    """Every percentile of every figure, with fifty other canaries under way, and what a bare client sees alone."""
    gc.freeze()
    with _process("--lab") as lab:
        assert lab.stdout is not None
        bases = json.loads(lab.stdout.readline())
        with _process("--bare", bases["openai"]) as client:
            results = run(_probed(bases))
            bare = json.loads(client.communicate()[0])
    return Section(
        title="Timing of canaries",
        about=(
            f"{len(results)} streamed answers of {TOKENS} tokens in {len(VENDORS)} dialects, while {OTHERS} other "
            "canaries are under way all the time, against the lab in a process of its own: first token after "
            f"{PACE.first * 1000:.0f} ms, {PACE.rate:.0f} tokens a second. Of each figure stands the percentile "
            f"that is farthest off, of {', '.join(str(each) for each in PERCENTILES[:-1])} and the most. The "
            "lab's lateness and the machine's count as ours; beside it stands what a client saw that only reads, "
            "one stream at a time, in a process of its own, over the same minute."
        ),
        figures=tuple(_figure(timing, results, bare) for timing in TIMINGS),
    )


def _figure(timing: Timing, results: Sequence[ProbeResult], bare: Mapping[str, Sequence[float]]) -> Figure:
    values = sorted(timing.of(each) for each in results)
    found = {each: values[min(len(values) - 1, len(values) * each // 100)] for each in PERCENTILES}
    worst = max(found, key=lambda each: abs(found[each] - timing.configured))
    off = found[worst] - timing.configured
    allowed = max(SHARE * timing.configured, LEAST_MS)
    alone = bare.get(timing.what)
    farthest = max(alone, key=lambda each: abs(each - timing.configured)) if alone else None
    return Figure(
        what=f"{timing.what} ({timing.configured:.0f} ms)",
        ours=f"{found[50]:.1f} ms at p50, {found[99]:.1f} ms at p99",
        reference="" if farthest is None else f"{farthest:.1f} ms at the most (bare client)",
        result=f"{off:+.1f} ms at {'the most' if worst == 100 else f'p{worst}'}",
        goal=f"within {allowed:.0f} ms, or no farther off than the bare client",
        met=abs(off) <= max(allowed, abs(farthest - timing.configured) if farthest is not None else 0),
    )


async def _probed(bases: Mapping[str, str]) -> list[ProbeResult]:
    """The probes that count, begun at any moment, while the others are asked again and again."""
    draw = random.Random(7)  # noqa: S311 - moments, not secrets
    others = [asyncio.create_task(_keep_asking(bases, number)) for number in range(OTHERS)]
    await asyncio.sleep(PACE.text_at(TOKENS))
    results: list[ProbeResult] = []
    for _ in range(ROUNDS):
        await asyncio.sleep(draw.random() / 10)
        results += await asyncio.gather(*(_ask(bases, vendor) for vendor in VENDORS))
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    return results


async def _keep_asking(bases: Mapping[str, str], number: int) -> None:
    await asyncio.sleep(number / OTHERS)
    while True:
        await _ask(bases, list(VENDORS)[number % len(VENDORS)])


async def _ask(bases: Mapping[str, str], vendor: str) -> ProbeResult:
    dialect, model = VENDORS[vendor]
    spec = InferenceSpec(
        dialect=dialect,
        base_url=bases[vendor],
        model=model,
        key="a-key",
        prompt="Tell me of the sea.",
        expect="any",
        max_tokens=TOKENS,
    )
    clock = SystemClock()
    context = ProbeContext(
        check_id=CheckId(f"{vendor}/canary"),
        slot_at=clock.now(),
        clock=clock,
        user_agent="stillup-bench",
        allow_private=True,
    )
    result = await PROBERS["inference"].probe(spec, context)
    if "tpot_us" not in result.figures:
        raise AssertionError(result)
    return result


@contextlib.contextmanager
def _process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """This module in a process of its own; it is told to end where the context does."""
    command = [sys.executable, "-m", "tests.bench.canary", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - ourselves
        try:
            yield process
        finally:
            process.communicate()


async def _bare(base: str) -> None:
    """Ask again and again, and tell when each first token came and how long the longest gap was."""
    firsts: list[float] = []
    gaps: list[float] = []
    told = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    while not told.done():
        split = urlsplit(base)
        reader, writer = await asyncio.open_connection(split.hostname, split.port)
        asked_for = {"model": VENDORS["openai"][1], "messages": [], "stream": True, "max_tokens": TOKENS}
        body = json.dumps(asked_for).encode()
        head = f"POST {split.path}/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer key\r\n"
        writer.write(f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
        asked, moments = time.monotonic(), []
        while line := await reader.readline():
            if b'"delta":{"content":' in line:
                moments.append(time.monotonic() - asked)
        writer.close()
        firsts.append(moments[0] * 1000)
        gaps.append(max(late - early for early, late in pairwise(moments)) * 1000)
    print(json.dumps({"first token": firsts, "longest gap": gaps}))  # noqa: T201 - the parent reads it


async def _serve() -> None:
    async with lab_world() as world:
        for vendor in VENDORS:
            world.pace(vendor, PACE)
        print(json.dumps({vendor: world.base_url(vendor) for vendor in VENDORS}), flush=True)  # noqa: T201 - the parent reads it
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    pin(LAB_CORE)
    run(_serve() if sys.argv[1] == "--lab" else _bare(sys.argv[2]))
