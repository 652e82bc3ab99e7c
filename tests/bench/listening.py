"""How many pages may listen at one time, what each costs, and how soon the last one hears of a change.

Run by itself it is the server that listens on a free port, prints the port, and has the board change with every
line that it is told, printing when: `python -m tests.bench.listening ours|sse-starlette`.
"""

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp

from app.board.keeper import BoardKeeper
from app.board.load import BoardLoader
from app.board.model import Board
from app.domain.status import Status
from app.web.events import Events
from tests.bench.figures import Figure, Section
from tests.clocks import HandClock
from tests.web.scenes import NOW, SCENES, an_empty_database, furnished, the_catalogue

WANTED, SPARE = 5_000, 200
CHANGES = 5
PATIENCE_SECONDS = 60
ASKED = b"GET /events HTTP/1.1\r\nHost: stillup.test\r\nAccept: text/event-stream\r\n\r\n"


def section(_folder: Path) -> Section:
    """Our stream against the same by sse-starlette, with a queue for each listener."""
    count = _streams()
    (ours_kb, ours_ms), (theirs_kb, theirs_ms) = (
        asyncio.run(_measured(kind, count)) for kind in ("ours", "sse-starlette")
    )
    fewer = "" if count == WANTED else f" No more than {count} files may be open here, so fewer than {WANTED}."
    return Section(
        title="Listening",
        about=(
            f"{count} streams of `/events` open at one time in one process, and {CHANGES} changes of the board, "
            f"each told to all of them; against sse-starlette with a queue for each.{fewer}"
        ),
        figures=(
            _figure("memory of a stream", ours_kb, theirs_kb, "KB"),
            _figure("from the change until the last has heard", ours_ms, theirs_ms, "ms"),
        ),
    )


def _figure(what: str, ours: float, theirs: float, unit: str) -> Figure:
    return Figure(
        what=what,
        ours=f"{ours:.1f} {unit}",
        reference=f"{theirs:.1f} {unit} (sse-starlette)",
        result=f"{ours / theirs:.2f}×",
        goal="≤ 1×",
        met=ours <= theirs,
    )


def _streams() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = min(WANTED + SPARE, hard) if hard != resource.RLIM_INFINITY else WANTED + SPARE
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return min(WANTED, max(soft, most) - SPARE)


async def _measured(kind: str, count: int) -> tuple[float, float]:
    """Kilobytes of a stream, and milliseconds until the last has heard, the median of the changes."""
    with _server(kind) as (process, port):
        before = _resident_kb(process.pid)
        readers = [await _opened(port) for _ in range(count)]
        each_kb = (_resident_kb(process.pid) - before) / count
        took = []
        for _ in range(CHANGES):
            waiting = [asyncio.ensure_future(reader.readuntil(b"event: changed")) for reader, _ in readers]
            await asyncio.sleep(0.5)
            changed_at = await asyncio.to_thread(_turned, process)
            async with asyncio.timeout(PATIENCE_SECONDS):
                await asyncio.gather(*waiting)
            took.append(1_000 * (time.monotonic() - changed_at))
        for _, writer in readers:
            writer.close()
    return each_kb, sorted(took)[CHANGES // 2]


async def _opened(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(ASKED)
    await reader.readuntil(b"event: pulse")
    return reader, writer


@contextmanager
def _server(kind: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    command = [sys.executable, "-m", "tests.bench.listening", kind]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - ourselves
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def _turned(process: subprocess.Popen[bytes]) -> float:
    """Have the board change; gives when it did."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def _resident_kb(process_id: int) -> int:
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(process_id)], check=True, capture_output=True)  # noqa: S603, S607 - a fixed command
    return int(told.stdout)


class Queues:
    """The same, as one would write it with sse-starlette: a queue for each listener, filled at every change."""

    def __init__(self, keeper: BoardKeeper) -> None:
        self._queues: set[asyncio.Queue[dict[str, str]]] = set()
        keeper.subscribe(self._renewed)

    def _renewed(self) -> None:
        for queue in self._queues:
            queue.put_nowait({"event": "changed", "data": "{}"})

    async def answer(self, _request: Request) -> EventSourceResponse:
        """A stream."""
        return EventSourceResponse(self._told())

    async def _told(self) -> AsyncIterator[dict[str, str]]:
        queue: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield {"event": "pulse", "data": "{}"}
            while True:
                yield await queue.get()
        finally:
            self._queues.discard(queue)


async def serve(kind: str) -> None:
    """Listen, and have the board change with every line of standard input, until that ends."""
    with tempfile.TemporaryDirectory() as folder:
        database = await furnished(an_empty_database(Path(folder)), the_catalogue(), SCENES["good"])
        boards = [await BoardLoader(database).load_whole(the_catalogue(), SCENES["good"].own, NOW)]

        async def load() -> Board:
            return boards[-1]

        keeper = BoardKeeper(load, clock=HandClock(NOW))
        await keeper.renew()
        app: ASGIApp = (
            Events(keeper, HandClock(NOW))
            if kind == "ours"
            else Starlette(routes=[Route("/events", Queues(keeper).answer)])
        )
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", http="httptools"))
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        _say(server.servers[0].sockets[0].getsockname()[1])
        while await asyncio.to_thread(sys.stdin.readline):
            boards.append(_other(boards[-1]))
            _say(time.monotonic())
            await keeper.renew()
        server.should_exit = server.force_exit = True
        await serving


def _other(board: Board) -> Board:
    view = board.services[0]
    status = Status.UP if view.status.is_bad else Status.DOWN
    turned = replace(view, verdict=replace(view.verdict, status=status))
    return replace(board, services=(turned, *board.services[1:]))


def _say(value: float) -> None:
    print(value, flush=True)  # noqa: T201 - to the process that measures


if __name__ == "__main__":
    _streams()
    asyncio.run(serve(*sys.argv[1:]))
