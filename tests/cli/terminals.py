"""A real terminal for the program to run on."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.cli.test_cli import ROOT

PROGRAM = (sys.executable, "-m", "app")
PATIENCE_SECONDS = 60
CONTROL = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]|\r")


class OnTerminal:
    """A program on a terminal of its own, and all that it wrote there."""

    def __init__(self, process: "subprocess.Popen[bytes]", master: int) -> None:
        self.process = process
        self.written = ""
        self._master = master

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def wait_for(self, text: str, *, since: int = 0) -> int:
        """Read on until that is written behind `since`; gives where what comes later begins."""
        until = time.monotonic() + PATIENCE_SECONDS
        while text not in self.written[since:]:
            assert time.monotonic() < until, self.written[-2000:]
            assert self._read(), f"it ended without {text!r}: {self.written[-2000:]}"
        return len(self.written)

    def end(self) -> int:
        """Read on until it ends; gives its exit code."""
        while self._read():
            pass
        return self.process.wait(PATIENCE_SECONDS)

    @property
    def settings(self) -> list[object]:
        """How the terminal is set: whether it echoes, and so on."""
        return termios.tcgetattr(self._master)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], PATIENCE_SECONDS)
        assert ready, self.written[-2000:]
        try:
            told = os.read(self._master, 65_536)
        except OSError:  # how Linux says that nobody has the terminal open any more
            return False
        self.written += told.decode(errors="replace")
        return bool(told)


@contextmanager
def on_terminal(
    *arguments: str, program: Sequence[str] = PROGRAM, columns: int = 100, lines: int = 30, **environ: str
) -> Iterator[OnTerminal]:
    """Run it on a terminal of that size, which sends it a signal for Ctrl-C as any does."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    process = subprocess.Popen(  # noqa: S603 - ourselves, or a shell
        ["/usr/bin/setsid", "--ctty", "--wait", *program, *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "TERM": "xterm", "TZ": "UTC", **environ},
    )
    os.close(slave)
    try:
        yield OnTerminal(process, master)
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)
        os.close(master)


def shown_on_terminal(*arguments: str, columns: int = 100, **environ: str) -> str:
    """All that the program writes on a terminal of that width until it ends."""
    with on_terminal(*arguments, program=PROGRAM, columns=columns, lines=30, **environ) as shown:
        shown.end()
        return shown.written.replace("\r\n", "\n")
