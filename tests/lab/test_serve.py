"""The lab as a process of its own: it says when it listens, and goes when it is told to."""

import asyncio
import signal
import sys
from pathlib import Path

import httpx
import pytest

PROGRAM = """
import asyncio
from app.lab.world import serve
ready = lambda world: print(world.origin, flush=True)
asyncio.run(serve("clean-outage", port=0, trouble_ports=False, ready=ready))
"""


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_it_serves_until_it_is_told_to_stop(sign: signal.Signals) -> None:
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, stdout=asyncio.subprocess.PIPE, cwd=root
    )
    assert process.stdout
    origin = (await process.stdout.readline()).decode().strip()
    async with httpx.AsyncClient() as client:
        assert (await client.get(origin + "/lab")).json()["scenario"] == "Clean outage"
        process.send_signal(sign)
        assert await process.wait() == 0
