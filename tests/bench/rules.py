"""When an outage is confirmed: our rule, and the rules in use elsewhere, all behind one face."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from app.domain.detector import Answered, CheckState, observe
from app.domain.result import LOCAL, CheckId, Reading
from app.domain.slowness import Baseline
from app.domain.status import Status

START = datetime(2026, 1, 1, tzinfo=UTC)
INTERVAL = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a probe met: whether it was wrong, how long it took in ms, and what is usual at its hour, if known."""

    second: float
    failed: bool
    latency_ms: float = 0.0
    usual: Baseline | None = None


class Rule(Protocol):
    """Takes an answer; says whether it alarms, and in how many seconds it wants to look beside the slots."""

    def take(self, answer: Answer) -> tuple[bool, float | None]: ...


class Evidence:
    """Ours: `observe` of the detector, with that rate of false alarms."""

    def __init__(self, every: timedelta) -> None:
        self._every = every
        self._state = CheckState(check_id=CheckId("a/b"), region=LOCAL)

    def take(self, answer: Answer) -> tuple[bool, float | None]:
        reading = Reading(status=Status.DOWN if answer.failed else Status.UP, reason="")
        told = None
        if answer.usual is not None and not answer.failed:
            told = Answered(latency_ms=answer.latency_ms, usual=answer.usual)
        at = START + timedelta(seconds=answer.second)
        seen = observe(self._state, reading, at, INTERVAL, self._every, answered=told)
        self._state = seen.state
        wait = seen.look_again_after
        return seen.state.status.is_bad, None if wait is None else max(0.5, wait.total_seconds())


class Window:
    """At least `least` bad among the last `of` slots; with `least == of` so many in a row."""

    def __init__(self, least: int, of: int, slow_ms: float | None = None) -> None:
        self._least, self._slow_ms = least, slow_ms
        self._recent = deque[bool](maxlen=of)

    def take(self, answer: Answer) -> tuple[bool, float | None]:
        self._recent.append(_is_bad(answer, self._slow_ms))
        return sum(self._recent) >= self._least, None


class Retries:
    """A failure and `count` retries, so many seconds apart, all bad."""

    def __init__(self, count: int, seconds: float = 20.0, slow_ms: float | None = None) -> None:
        self._count, self._seconds, self._slow_ms, self._failed = count, seconds, slow_ms, 0

    def take(self, answer: Answer) -> tuple[bool, float | None]:
        bad = _is_bad(answer, self._slow_ms)
        self._failed = self._failed + 1 if bad else 0
        return self._failed > self._count, self._seconds if bad else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A rule at one setting, and how it is called in a table."""

    name: str
    build: Callable[[], Rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A rule with the settings that it can be given."""

    name: str
    settings: tuple[Setting, ...]


def published() -> tuple[Setting, ...]:
    """The rules as they are shipped or advised, one probe a minute."""
    return (
        Setting(name="first failure (Uptime Kuma)", build=lambda: Window(1, 1)),
        Setting(name="3 retries, 60 s (Uptime Kuma)", build=lambda: Retries(3, 60.0)),
        Setting(name="3 in a row (Gatus)", build=lambda: Window(3, 3)),
        Setting(name="≥ 50 % over 5 min (llmstatus)", build=lambda: Window(3, 5)),
        Setting(name="> 5 % in 10 min (llmstatus)", build=lambda: Window(1, 10)),
    )


def families(slow_ms: float | None = None) -> tuple[Family, ...]:
    """The same rules with every setting that makes them stricter; what is slower than `slow_ms` is bad."""
    return (
        Family(name="N in a row", settings=tuple(_window(count, count, slow_ms) for count in range(1, 9))),
        Family(name="N retries", settings=tuple(_retries(count, slow_ms) for count in range(1, 9))),
        Family(name="share over 5 min", settings=tuple(_window(least, 5, slow_ms) for least in range(1, 6))),
        Family(name="share over 10 min", settings=tuple(_window(least, 10, slow_ms) for least in range(1, 11))),
    )


def _window(least: int, of: int, slow_ms: float | None) -> Setting:
    limit = f" over {slow_ms:.0f} ms" if slow_ms else ""
    return Setting(name=f"{least} of {of}{limit}", build=lambda: Window(least, of, slow_ms))


def _retries(count: int, slow_ms: float | None) -> Setting:
    limit = f" over {slow_ms:.0f} ms" if slow_ms else ""
    return Setting(name=f"{count} retries{limit}", build=lambda: Retries(count, slow_ms=slow_ms))


def _is_bad(answer: Answer, slow_ms: float | None) -> bool:
    return answer.failed or (slow_ms is not None and answer.latency_ms > slow_ms)
