"""Metrics of the process, under the names that every Prometheus client uses; from /proc, where there is one."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.web.metrics.exposition import Family, counter, gauge

_PROC: Final = Path("/proc")

_USER_TIME, _SYSTEM_TIME, _STARTED, _VIRTUAL, _RESIDENT = 11, 12, 19, 20, 21
"""Fields of /proc/self/stat after the name of the program (proc_pid_stat(5))."""


def of_process() -> Iterator[Family]:
    """What the process takes of its machine; where the system does not tell, the CPU time alone."""
    yield counter(
        "process_cpu_seconds_total",
        "CPU time of the process, user and system.",
        [("", time.process_time())],
    )
    told = _told()
    for name, about in (
        ("process_start_time_seconds", "When the process began."),
        ("process_resident_memory_bytes", "Memory of the process that is in use."),
        ("process_virtual_memory_bytes", "Memory of the process, reserved."),
        ("process_open_fds", "Open files and sockets of the process."),
        ("process_max_fds", "How many files and sockets the process may open."),
    ):
        yield gauge(name, about, [("", told.get(name))])


def _told() -> dict[str, float]:
    try:
        fields = (_PROC / "self" / "stat").read_text().rpartition(")")[2].split()
        booted_at = next(
            int(line.split()[1]) for line in (_PROC / "stat").read_text().splitlines() if line.startswith("btime ")
        )
        limits = (_PROC / "self" / "limits").read_text().splitlines()
        most = next(line.split()[3] for line in limits if line.startswith("Max open files"))
        open_now = sum(1 for _ in (_PROC / "self" / "fd").iterdir())
    except (OSError, StopIteration):
        return {}
    return {
        "process_start_time_seconds": booted_at + int(fields[_STARTED]) / os.sysconf("SC_CLK_TCK"),
        "process_resident_memory_bytes": int(fields[_RESIDENT]) * os.sysconf("SC_PAGE_SIZE"),
        "process_virtual_memory_bytes": int(fields[_VIRTUAL]),
        "process_open_fds": open_now,
        **({"process_max_fds": int(most)} if most != "unlimited" else {}),
    }
