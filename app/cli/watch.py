"""Keeping an answer on the screen: asked again and again, and marked as stale while nobody answers."""

import asyncio
import json
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from rich.control import Control
from rich.screen import Screen
from rich.text import Text

from app.board.words import spell
from app.cli.source import NoAnswerError, Source
from app.cli.terminal import MUTED, Sheet, Terminal, clean
from app.clock import Clock, SystemClock

ENDING: Final = (signal.SIGINT, signal.SIGTERM, *((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()))
"""Windows knows no SIGHUP."""

REDRAW_SECONDS: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An answer: of when it is, and how it is shown to programs and to people."""

    made_at: datetime
    plain: dict[str, Any]
    sheet: Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Since when nobody answers, and what is known of why."""

    since_at: datetime
    sentence: str


Ask = Callable[[Source], Awaitable[Seen]]
Draw = Callable[[Seen, Away | None], None]


class Watch:
    """Asks every `interval` seconds and shows what is new, until a signal ends it.

    On a screen it is shown in place, and the screen is left as it was. Elsewhere every new board is written below
    the last one, as JSON one a line.
    """

    def __init__(
        self, ask: Ask, terminal: Terminal, interval: int, *, as_json: bool, clock: Clock | None = None
    ) -> None:
        self._ask = ask
        self._terminal = terminal
        self._interval = interval
        self._as_json = as_json
        self._clock = clock or SystemClock()

    async def run(self, source: Source) -> int:
        """Watch; gives the number of the signal that ended it.

        Raises what the first question raises. Where nobody answers later, the last answer stays.
        """
        first = await self._ask(source)
        with self._drawing() as draw:
            return await _until_ended(self._keep(source, first, draw))

    async def _keep(self, source: Source, seen: Seen, draw: Draw) -> None:
        away: Away | None = None
        while True:
            for _ in range(0, self._interval, REDRAW_SECONDS):
                draw(seen, away)
                await asyncio.sleep(REDRAW_SECONDS)
            try:
                await source.renew()
                seen, away = await self._ask(source), None
            except NoAnswerError as error:
                since_at = away.since_at if away is not None else self._clock.now()
                away = Away(since_at=since_at, sentence=str(error))

    @contextmanager
    def _drawing(self) -> Iterator[Draw]:
        terminal = self._terminal
        if self._as_json or not terminal.is_screen or terminal.console.is_dumb_terminal:
            yield _Log(terminal, as_json=self._as_json).draw
            return
        with terminal.console.screen():
            yield lambda seen, away: _draw(terminal, seen, away, self._clock.now())


async def _until_ended(work: Coroutine[Any, Any, None]) -> int:
    """Work until a signal ends it; gives the number of the signal."""
    loop, task, ended = asyncio.get_running_loop(), asyncio.ensure_future(work), []

    def end(number: int) -> None:
        ended.append(number)
        task.cancel()

    for each in ENDING:
        loop.add_signal_handler(each, end, each)
    with suppress(asyncio.CancelledError):
        await task
    return ended[0]


class _Log:
    """Writes what is new below what was."""

    def __init__(self, terminal: Terminal, *, as_json: bool) -> None:
        self._terminal = terminal
        self._as_json = as_json
        self._made_at: datetime | None = None
        self._is_away = False

    def draw(self, seen: Seen, away: Away | None) -> None:
        """Write the answer if it is a new one, and once that nobody answers any more."""
        if away is not None and not self._is_away:
            print(_stale(away, away.since_at), file=sys.stderr, flush=True)
        self._is_away = away is not None
        if seen.made_at == self._made_at:
            return
        self._made_at = seen.made_at
        if self._as_json:
            print(json.dumps(seen.plain, ensure_ascii=False), flush=True)
        else:
            self._terminal.print(seen.sheet)
            print(flush=True)


def _draw(terminal: Terminal, seen: Seen, away: Away | None, now: datetime) -> None:
    """Draw it from the top of the screen, as much as fits."""
    note = (_stale(away, now), Text()) if away is not None else ()
    lines = terminal.lines(replace(seen.sheet, head=(*note, *seen.sheet.head)))
    height = terminal.console.height
    if len(lines) > height:
        hidden = len(lines) - height + 1
        lines = [*lines[: height - 1], Text(f"… {hidden} more lines; name services to see only them.", MUTED)]
    terminal.console.control(Control.home())
    terminal.console.print(Screen(Text("\n", no_wrap=True).join(lines)), end="")


def _stale(away: Away, now: datetime) -> Text:
    """That what stands below is not of now, since when, and why."""
    since = f"{away.since_at.astimezone():%H:%M:%S} ({spell(now - away.since_at)})"
    return Text(f"▲ Stale: no answer since {since}. {clean(away.sentence)}", "bold yellow")
