"""The program as a user starts it: a process of its own, reached over HTTP."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
START_SECONDS = 60
WAIT_SECONDS = 60


class Program:
    """A running `stillup serve`."""

    def __init__(self, process: "subprocess.Popen[str]", url: str, log: list[str]) -> None:
        self.process = process
        self.url = url
        self.log = log
        self.client = httpx.Client(base_url=url, timeout=20)

    def json(self, path: str) -> Any:
        response = self.client.get(path)
        response.raise_for_status()
        return response.json()

    def text(self, path: str) -> str:
        response = self.client.get(path)
        response.raise_for_status()
        return response.text

    def wait_for(self, what: str, holds: Any) -> Any:
        """Ask again until `holds()` is true; the answer is what it gave."""
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            if found := holds():
                return found
            time.sleep(0.1)
        raise AssertionError(f"never: {what}\n" + "\n".join(self.log[-40:]))

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


@contextmanager
def running(data: Path, catalogue: Path, **environ: str) -> Iterator[Program]:
    """Start the program, wait until it serves, and end it by its id."""
    process = subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-m", "app", "serve", "--port", "0", "--data", str(data), "--catalogue", str(catalogue)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environ},
    )
    log: list[str] = []
    assert process.stdout is not None
    serving = threading.Event()
    reader = threading.Thread(target=_read, args=(process.stdout, log, serving), daemon=True)
    reader.start()
    try:
        if not serving.wait(START_SECONDS):
            raise AssertionError("it never served:\n" + "\n".join(log))
        found = next(match for line in log if (match := ADDRESS.search(line)))
        program = Program(process, found.group(), log)
        with program.client:
            yield program
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
        reader.join(10)
        process.stdout.close()


def _read(stream: IO[str], log: list[str], serving: threading.Event) -> None:
    for line in stream:
        log.append(line.rstrip())
        if ADDRESS.search(line):
            serving.set()
    serving.set()
