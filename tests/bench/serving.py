"""Requests a second of the ready snapshots, and the time from start to first page, against a bare ASGI app.

`python -m tests.bench.serving KIND PORT` serves on one core until it is terminated: `ours` a board of the shipped
catalogue, `bare` the fixed answer to hold it against.
"""

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
import uvloop

from tests.bench import bare
from tests.bench.figures import Figure, Section, interleaved, pin
from tests.web.scenes import SCENES, an_empty_database, furnished, the_catalogue
from tests.web.serving import app_of

CONNECTIONS, SECONDS, ROUNDS = 32, 3, 3
SERVER_CORE = 1
STARTS = 5
PATIENCE_S = 30
HALF = 0.5
IN_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
RIVALS = {"Gatus": 7_100, "Uptime Kuma": 4_900}
MOST_TIMES_SLOWER = 4
PATHS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "badge": ("/badge/claude-api.svg", {}),
    "JSON, gzip": ("/api/v1/services", {"accept-encoding": "gzip"}),
    "page, br": ("/", {"accept-encoding": "br"}),
}


def section(folder: Path) -> Section:
    """Serving and starting."""
    return Section(
        title="Serving",
        about=(
            "Requests a second of one uvicorn worker (uvloop, httptools) on one core, asked by `wrk` over "
            f"{CONNECTIONS} connections from the other; the median of {ROUNDS} interleaved rounds. The bare "
            "app answers as many fixed bytes with three headers. One answer of ours in a hundred takes longer "
            "than p99 while all of those connections ask. Badges of other dashboards were measured elsewhere on a "
            f"machine of this kind: {', '.join(f'{name} {rate:,}/s' for name, rate in RIVALS.items())}. Then the "
            f"start of the process to its first page, database in place: the median of {STARTS} interleaved "
            "starts; the bare app is uvicorn and a function."
        ),
        figures=(*_served(), *_started(folder)),
    )


def _served() -> list[Figure]:
    if shutil.which("wrk") is None:
        return [_unmeasured(f"requests/s, {what}") for what in (*PATHS, "304")]
    with _server("ours") as ours, _server("bare") as reference:
        figures = [
            _compared(f"requests/s, {what}", ours + path, headers, f"{reference}/?{_size(ours + path, headers)}")
            for what, (path, headers) in PATHS.items()
        ]
        page = PATHS["page, br"][1]
        known = {**page, "if-none-match": _ask(f"{ours}/", page).headers["etag"]}
        unchanged = _compared("requests/s, 304", f"{ours}/", known, f"{reference}/?0")
        return [*figures, unchanged, _saved(f"{ours}/", page, known)]


def _unmeasured(what: str) -> Figure:
    return Figure(what=what, ours="–", reference="`wrk` is not installed", result="–", goal="≥ 50 %", met=None)


def _compared(what: str, url: str, headers: Mapping[str, str], reference: str) -> Figure:
    waits: list[float] = []

    def ask() -> float:
        rate, p99_ms = _rate(url, headers)
        waits.append(p99_ms)
        return rate

    ours, theirs = interleaved(ROUNDS, ask, lambda: _rate(reference, headers)[0])
    share = ours / theirs
    return Figure(
        what=what,
        ours=f"{ours:.0f}/s, p99 {statistics.median(waits):.1f} ms",
        reference=f"{theirs:.0f}/s (bare ASGI app)",
        result=f"{share:.0%}",
        goal=f"≥ {HALF:.0%}",
        met=share >= HALF,
    )


def _saved(url: str, headers: Mapping[str, str], known: Mapping[str, str]) -> Figure:
    """How much faster it is to say that nothing changed than to say everything."""
    unchanged, whole = interleaved(ROUNDS, lambda: _rate(url, known)[0], lambda: _rate(url, headers)[0])
    return Figure(
        what="requests/s, 304 against the page",
        ours=f"{unchanged:.0f}/s",
        reference=f"{whole:.0f}/s (the page, br)",
        result=f"{unchanged / whole:.2f}×",
        goal="> 1×",
        met=unchanged > whole,
    )


def _rate(url: str, headers: Mapping[str, str]) -> tuple[float, float]:
    """Answers a second, and the milliseconds that one of a hundred takes longer than."""
    asked = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", *asked, url]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own command
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", told)
    if found is None or slow is None or "Non-2xx" in told:
        raise AssertionError(told)
    return float(found[1]), float(slow[1]) * IN_MS[slow[2]]


def _size(url: str, headers: Mapping[str, str]) -> int:
    return len(_ask(url, headers).read())


def _ask(url: str, headers: Mapping[str, str] | None = None) -> Any:
    return urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers or {})))  # noqa: S310 - loopback


def _started(folder: Path) -> list[Figure]:
    data = folder / "data"
    ours, theirs = partial(_start, _serve_command, data), partial(_start, _bare_command, data)
    ours()  # the first start makes the database
    memory: dict[str, list[float]] = {"ours": [], "bare": []}

    def timed(kind: str, start: Callable[[], tuple[float, float]]) -> float:
        seconds, resident_mb = start()
        memory[kind].append(resident_mb)
        return seconds

    ours_s, bare_s = interleaved(STARTS, lambda: timed("ours", ours), lambda: timed("bare", theirs))
    return [
        Figure(
            what="start to first page",
            ours=f"{ours_s * 1000:.0f} ms",
            reference=f"{bare_s * 1000:.0f} ms (bare ASGI app)",
            result=f"{ours_s / bare_s:.1f}×",
            goal=f"≤ {MOST_TIMES_SLOWER}×",
            met=ours_s / bare_s <= MOST_TIMES_SLOWER,
        ),
        Figure(
            what="resident memory after start",
            ours=f"{statistics.median(memory['ours']):.0f} MB",
            reference=f"{statistics.median(memory['bare']):.0f} MB (bare ASGI app)",
            result="",
            goal="none, reported",
            met=None,
        ),
    ]


def _serve_command(port: int, data: Path) -> Sequence[str]:
    return [sys.executable, "-m", "app", "serve", "--port", str(port), "--data", str(data)]


def _bare_command(port: int, _data: Path) -> Sequence[str]:
    return [sys.executable, "-m", "uvicorn", "--port", str(port), "--log-level", "warning", "tests.bench.bare:app"]


def _start(command: Callable[[int, Path], Sequence[str]], data: Path) -> tuple[float, float]:
    """Seconds from the start of the process to its first answer, and its megabytes then."""
    port = _free_port()
    before = time.perf_counter()
    with _process(command(port, data)) as process:
        _wait(f"http://127.0.0.1:{port}/")
        return time.perf_counter() - before, _resident_mb(process.pid)


@contextlib.contextmanager
def _server(kind: str) -> Iterator[str]:
    port = _free_port()
    with _process([sys.executable, "-m", "tests.bench.serving", kind, str(port)]):
        _wait(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def _process(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    environ = {**os.environ, "STILLUP_PROBING": "off"}
    with subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - ourselves
        try:
            yield process
        finally:
            process.terminate()


def _wait(url: str) -> None:
    """Until something answers well. Raises `TimeoutError`."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with contextlib.suppress(OSError), _ask(url):
            return
        time.sleep(0.002)
    raise TimeoutError(url)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _resident_mb(pid: int) -> float:
    """Megabytes that a process holds in memory, 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0


def main(kind: str, port: str) -> None:
    """Serve until terminated."""
    pin(SERVER_CORE)
    with tempfile.TemporaryDirectory(prefix="stillup-bench-") as folder:
        url = an_empty_database(Path(folder)) if kind == "ours" else None
        uvloop.run(_serve(url, int(port)))


async def _serve(url: str | None, port: int) -> None:
    """Our board of a good day over the database at that URL; without one, the bare app."""
    app: Any = bare.app
    if url is not None:
        catalogue, scene = the_catalogue(), SCENES["good"]
        app = await app_of(await furnished(url, catalogue, scene), catalogue, scene)
    settings: Any = {"http": "httptools", "lifespan": "off", "ws": "none", "log_config": None}
    await uvicorn.Server(uvicorn.Config(app, port=port, access_log=False, server_header=False, **settings)).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
