"""Timing is true: what is configured is what a client measures, while 50 others are served."""

import asyncio
import selectors
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from app.lab.face import Pace
from app.lab.world import World, lab_world
from tests.lab.asking import APIS

PACE = Pace(head=0.05, first=0.2, rate=50)
TOKENS = 20
OTHERS = 50
PROBES = 4
TURN = 0.0001
PERCENTILES = (1, 5, 25, 50, 75, 95, 99, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds from the request to every token."""

    moments: list[float]

    @property
    def gaps(self) -> list[float]:
        return [late - early for early, late in pairwise(self.moments)]


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Real sockets in a time of their own: a turn of the loop takes `turn` seconds, waiting takes none.

    What is measured on it does not depend on how busy the machine is, yet being late is as contagious as in life:
    whoever counts from when it woke, and not from when it should have, falls further behind with every token.
    """

    def __init__(self, turn: float) -> None:
        self.moment = 0.0
        loop = self

        class Selector(selectors.DefaultSelector):
            def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
                loop.moment += turn
                ready = super().select(0) or super().select(0.0005 if timeout is None or timeout > 0 else 0)
                loop.moment += 0 if ready else timeout or 0
                return ready

        super().__init__(Selector())

    def time(self) -> float:
        return self.moment


async def measure(world: World) -> Measured:
    """One stream, timed as its chunks arrive."""
    loop = asyncio.get_running_loop()
    split = urlsplit(world.origin)
    reader, writer = await asyncio.open_connection(split.hostname, split.port)
    body = b'{"model": "gpt-6-luna", "messages": [], "stream": true, "max_tokens": %d}' % TOKENS
    head = f"POST /openai{APIS['openai chat'].path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer key\r\n"
    writer.write(head.encode() + b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body) + body)
    asked, moments = loop.time(), []
    while line := await reader.readline():
        if b'"delta":{"content":' in line:
            moments.append(loop.time() - asked)
    writer.close()
    await writer.wait_closed()
    return Measured(moments=moments)


async def measure_in_company() -> list[Measured]:
    """Probes one after another, while others, begun at all moments, ask all the time."""
    done = asyncio.Event()
    async with lab_world() as world:
        world.pace("openai", PACE)

        async def keep_asking(number: int) -> None:
            await asyncio.sleep(number / OTHERS)
            while not done.is_set():
                await measure(world)

        others = [asyncio.create_task(keep_asking(number)) for number in range(OTHERS)]
        probes = [await measure(world) for _ in range(PROBES)]
        done.set()
        await asyncio.gather(*others)
    return probes


def off(measured: list[float], configured: float) -> float:
    """By how much a percentile is off at most, in seconds."""
    ranked = sorted(measured)
    found = [ranked[min(len(ranked) * percent // 100, len(ranked) - 1)] for percent in PERCENTILES]
    return max(abs(one - configured) for one in found)


def offs(probes: list[Measured]) -> tuple[float, float, float]:
    """By how much first tokens, gaps and last tokens are off."""
    last = PACE.text_at(TOKENS - 1)
    return (
        off([probe.moments[0] for probe in probes], PACE.first),
        off([gap for probe in probes for gap in probe.gaps], 1 / PACE.rate),
        off([probe.moments[-1] for probe in probes], last),
    )


def test_first_tokens_gaps_and_last_tokens_are_as_configured_in_company_of_fifty() -> None:
    """`make bench` tells how it is by the machine's own clock."""
    with asyncio.Runner(loop_factory=lambda: SimulatedLoop(turn=TURN)) as runner:
        probes = runner.run(measure_in_company())
    assert [error <= 10 * TURN for error in offs(probes)] == [True, True, True]
