"""What a measurement is, and how it is written down."""

import os
import resource
import statistics
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table: ours, what it is held against, and the goal, all as they shall be read."""

    what: str
    ours: str
    reference: str
    result: str
    goal: str
    met: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Figures that belong together, and what has to be known to read them."""

    title: str
    about: str
    figures: tuple[Figure, ...]


def cpu_seconds(who: int = resource.RUSAGE_SELF) -> float:
    """User and system CPU time used so far, by this process or its ended children."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def cpu_of_child(command: Sequence[str]) -> float:
    """CPU seconds that a command took. Raises `CalledProcessError` where it fails."""
    before = cpu_seconds(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
    return cpu_seconds(resource.RUSAGE_CHILDREN) - before


def interleaved(rounds: int, *trials: Callable[[], float]) -> list[float]:
    """The median of each trial over so many rounds, one after another: neighbours disturb all alike."""
    taken: list[list[float]] = [[] for _ in trials]
    for _ in range(rounds):
        for values, trial in zip(taken, trials, strict=True):
            values.append(trial())
    return [statistics.median(values) for values in taken]


def pin(core: int) -> None:
    """Stay on one core, where the system lets us choose."""
    if hasattr(os, "sched_setaffinity") and core < (os.cpu_count() or 1):
        os.sched_setaffinity(0, {core})


def ratio(what: str, ours: float, reference: float, *, unit: str, goal: float, against: str) -> Figure:
    """A figure that is met when ours is at most `goal` times the reference."""
    times = ours / reference
    return Figure(
        what=what,
        ours=f"{ours:.3f} {unit}",
        reference=f"{reference:.3f} {unit} ({against})",
        result=f"{times:.2f}×",
        goal=f"≤ {goal:g}×",
        met=times <= goal,
    )
