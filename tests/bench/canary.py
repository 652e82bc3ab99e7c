"""Whether the times that a canary measures are true: held against the moments at which the lab really sent.

`python -m tests.bench.canary` prints the table; with `--lab` it is the lab, in a process of its own, which goes on
until its standard input ends.
"""

import asyncio
import contextlib
import gc
import json
import random
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.clock import SystemClock
from app.domain.result import CheckId, ProbeResult
from app.lab.answer import Role
from app.lab.face import Pace
from app.lab.server import Exchange
from app.lab.world import lab_world
from app.probes.dialects.registry import DialectName
from app.probes.http import HttpSpec
from app.probes.inference import InferenceSpec
from app.probes.prober import ProbeContext
from app.probes.registry import PROBERS
from app.wiring import run
from tests.bench.figures import Figure, Section, pin

OTHERS = 50
OTHER, OTHER_PACE = "mistral", Pace(head=0.1)
ROUNDS = 75
TOKENS = 40
PACE = Pace(head=0.05, first=0.3, rate=50)
OUR_CORE, LAB_CORE = 0, 1
PERCENTILES = (1, 10, 50, 90, 99, 100)
SHARE, LEAST_MS = 0.05, 15.0
"""What is true: within this share, or within so many milliseconds."""
MARK = "x-canary"

VENDORS: Mapping[str, tuple[DialectName, str]] = {
    "openai": (DialectName.OPENAI, "gpt-6-luna"),
    "anthropic": (DialectName.ANTHROPIC, "claude-haiku-5-5"),
    "gemini": (DialectName.GEMINI, "gemini-3.5-flash-lite"),
    "ollama": (DialectName.OLLAMA, "llama3.2:1b"),
}

Sent = Mapping[str, Sequence[float]]
"""Of each marked question: seconds from when it had come to when each text token went out, and the last piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """A figure as configured, as measured and as sent; it may be off by `least` if that is more than the share."""

    what: str
    unit: str
    configured: float
    measured: Callable[[ProbeResult], float]
    sent: Callable[[Sequence[float]], float]
    least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A result, and for how many milliseconds we and the lab had work meanwhile, but no core to do it on."""

    result: ProbeResult
    waited_ms: float


def _longest_ms(sent: Sequence[float]) -> float:
    return max(late - early for early, late in pairwise(sent[:TOKENS])) * 1000


def _token_ms(sent: Sequence[float]) -> float:
    return (sent[TOKENS - 1] - sent[0]) * 1000 / (TOKENS - 1)


def _answer_ms(result: ProbeResult) -> float:
    phases = result.phases
    return float((phases.first_byte_ms or 0) + (phases.body_ms or 0))


TIMINGS = (
    Timing(
        what="first token",
        unit="ms",
        configured=PACE.first * 1000,
        measured=lambda result: result.figures["ttft_ms"],
        sent=lambda sent: sent[0] * 1000,
        least=LEAST_MS,
    ),
    Timing(
        what="time per token",
        unit="ms",
        configured=1000 / PACE.rate,
        measured=lambda result: result.figures["tpot_us"] / 1000,
        sent=_token_ms,
        least=0.0,
    ),
    Timing(
        what="tokens a second",
        unit="",
        configured=PACE.rate,
        measured=lambda result: 1_000_000 / result.figures["tpot_us"],
        sent=lambda sent: 1000 / _token_ms(sent),
        least=0.0,
    ),
    Timing(
        what="longest gap",
        unit="ms",
        configured=1000 / PACE.rate,
        measured=lambda result: result.figures["gap_max_ms"],
        sent=_longest_ms,
        least=LEAST_MS,
    ),
    Timing(
        what="request to end",
        unit="ms",
        configured=PACE.text_at(TOKENS - 1) * 1000,
        measured=_answer_ms,
        sent=lambda sent: sent[-1] * 1000,
        least=LEAST_MS,
    ),
)


def section(_folder: Path) -> Section:
    """Every percentile of every figure, with fifty other probes under way."""
    gc.freeze()
    with _lab() as lab:
        assert lab.stdout is not None
        bases = json.loads(lab.stdout.readline())
        asked = run(_probed(bases, lab.pid))
        sent: Sent = json.loads(lab.communicate()[0])
    waits = _listed(_found(each.waited_ms for each in asked.values()))
    return Section(
        title="Timing of canaries",
        about=(
            f"{len(asked)} streamed answers of {TOKENS} tokens in {len(VENDORS)} dialects ({', '.join(VENDORS)}), "
            f"while {OTHERS} HTTP probes are under way on the same loop all the time. The lab, in a process on "
            f"the other core, is told to bring the first token after {PACE.first * 1000:.0f} ms and then "
            f"{PACE.rate:.0f} a second. The truth is when it really wrote each piece, by its own clock, from when "
            "it had the request; every probe is held against its own answer, and must be right at every one of "
            f"p{'/'.join(map(str, PERCENTILES))}, the last being the most. Other work on the machine kept us and "
            f"the lab waiting for a core for {waits} ms during a probe: where every miss was made while "
            f"waiting for more than {LEAST_MS:.0f} ms, the machine was too busy to tell."
        ),
        figures=tuple(_figure(timing, asked, sent) for timing in TIMINGS),
    )


def _figure(timing: Timing, asked: Mapping[str, Asked], sent: Sent) -> Figure:
    measured = {mark: timing.measured(each.result) for mark, each in asked.items()}
    truth = {mark: timing.sent(sent[mark]) for mark in asked}
    off = {mark: measured[mark] - truth[mark] for mark in asked}
    allowed = max(SHARE * timing.configured, timing.least)
    missed = [mark for mark in asked if abs(off[mark]) > allowed]
    starved = [mark for mark in missed if asked[mark].waited_ms > LEAST_MS]
    beside = f"; {len(missed)} beyond, {len(starved)} of them while waiting for a core" if missed else ""
    unit = timing.unit and f" {timing.unit}"
    return Figure(
        what=f"{timing.what} (configured: {timing.configured:.0f}{unit})",
        ours=f"{_listed(_found(measured.values()))}{unit}",
        reference=f"{_listed(_found(truth.values()))}{unit} (sent)",
        result=f"{' / '.join(f'{each:+.1f}' for each in _found(off.values()))}{unit}{beside}",
        goal=f"±{allowed:g}{unit}",
        met=True if not missed else None if len(starved) == len(missed) else False,
    )


def _found(values: Iterable[float]) -> list[float]:
    ranked = sorted(values)
    return [ranked[min(len(ranked) - 1, len(ranked) * each // 100)] for each in PERCENTILES]


def _listed(values: Sequence[float]) -> str:
    return " / ".join(f"{each:.1f}" for each in values)


async def _probed(bases: Mapping[str, str], lab: int) -> dict[str, Asked]:
    """The probes that count, begun at any moment, while the others are asked again and again."""
    draw, results = random.Random(7), dict[str, Asked]()  # noqa: S311 - moments, not secrets
    others = [asyncio.create_task(_keep_asking(bases[OTHER], number)) for number in range(OTHERS)]
    await asyncio.sleep(1)
    for nth in range(ROUNDS):
        await asyncio.sleep(draw.random() / 10)
        marks = [f"{vendor}-{nth}" for vendor in VENDORS]
        asked = await asyncio.gather(*(_ask(bases[vendor], vendor, f"{vendor}-{nth}", lab) for vendor in VENDORS))
        results |= zip(marks, asked, strict=True)
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    return results


async def _keep_asking(base: str, number: int) -> None:
    spec = HttpSpec(url=f"{base}/v1/models", headers={"authorization": "Bearer a-key"})
    await asyncio.sleep(number / OTHERS * OTHER_PACE.head)
    while True:
        await _one("http", spec)


async def _ask(base: str, vendor: str, mark: str, lab: int) -> Asked:
    dialect, model = VENDORS[vendor]
    spec = InferenceSpec(
        dialect=dialect,
        base_url=base,
        model=model,
        key="a-key",
        headers={MARK: mark},
        prompt="Tell me of the sea.",
        expect="any",
        max_tokens=TOKENS,
    )
    before = _waited_ms("self") + _waited_ms(lab)
    result = await _one("inference", spec)
    return Asked(result=result, waited_ms=_waited_ms("self") + _waited_ms(lab) - before)


def _waited_ms(process: int | str) -> float:
    """How long a process has been ready to run without a core, by the kernel; 0 where that is not told."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1_000_000
    return 0.0


async def _one(kind: str, spec: Any) -> ProbeResult:
    clock = SystemClock()
    context = ProbeContext(
        check_id=CheckId("bench/canary"),
        slot_at=clock.now(),
        clock=clock,
        user_agent="stillup-bench",
        allow_private=True,
    )
    result = await PROBERS[kind].probe(spec, context)
    if result.failure is not None:
        raise AssertionError(result)
    return result


@contextlib.contextmanager
def _lab() -> Iterator[subprocess.Popen[bytes]]:
    """The lab in a process of its own; it tells what it sent once its input ends."""
    command = [sys.executable, "-m", "tests.bench.canary", "--lab"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - ourselves
        try:
            yield process
        finally:
            process.communicate()


class _Marked(deque[Exchange]):
    """Remembers the canaries' questions and none of the others."""

    def append(self, exchange: Exchange) -> None:
        if MARK in exchange.request.headers:
            super().append(exchange)


async def _serve() -> None:
    async with lab_world() as world:
        world.server.log = log = _Marked()
        for vendor in VENDORS:
            world.pace(vendor, PACE)
        world.pace(OTHER, OTHER_PACE)
        print(json.dumps({vendor: world.base_url(vendor) for vendor in (*VENDORS, OTHER)}), flush=True)  # noqa: T201 - the parent reads it
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        print(json.dumps({one.request.headers[MARK]: _sent(one) for one in log}))  # noqa: T201 - the parent reads it


def _sent(one: Exchange) -> list[float]:
    moments = list(zip(one.answer.pieces, one.sent, strict=True))
    return [*(moment for piece, moment in moments if piece.role is Role.TEXT), one.sent[-1]]


def _alone() -> None:
    pin(OUR_CORE)
    found = section(Path())
    lines = [f"{found.title}\n\n{found.about}"]
    for each in found.figures:
        verdict = {True: "met", False: "NOT met", None: "cannot be told"}[each.met]
        lines.append(f"\n{each.what}\n  measured {each.ours}\n  against  {each.reference}")
        lines.append(f"  off by   {each.result}\n  goal     {each.goal}: {verdict}")
    print("\n".join(lines))  # noqa: T201 - this is a command


if __name__ == "__main__":
    if sys.argv[1:] == ["--lab"]:
        pin(LAB_CORE)
        asyncio.run(_serve())  # not on uvloop, whose clock stands still during a turn and so hides lateness
    else:
        _alone()
