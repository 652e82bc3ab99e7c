"""What a terminal is shown: colour beside shape and word, tables that fit its width, times of its own zone."""

import codecs
import io
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from app.board.words import spell
from app.domain.status import Status

MARKS: Final = {
    Status.UP: ("●", "green"),
    Status.DEGRADED: ("▲", "yellow"),
    Status.DOWN: ("■", "red"),
    Status.UNKNOWN: ("?", "bright_black"),
    Status.MAINTENANCE: ("◆", "blue"),
}
"""Shape and colour of each status on a terminal: never colour alone."""

MUTED: Final = "bright_black"
NOTHING: Final = "–"
GAP: Final = "  "
LEAST_ROOM: Final = 24
"""Columns; with less than that the long text of a row moves below it."""

_IN_ASCII: Final = {"●": "+", "▲": "!", "■": "x", "◆": "~", "…": "...", "–": "-", "’": "'", "“": '"', "”": '"'}
_ERRORS: Final = "stillup.ascii"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table; one with a `least` is shown on terminals of that width and wider."""

    heading: str
    is_right: bool = False
    least: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row: its cells, its long text, and the lines below it.

    Where there is no room for the long text it stands below, if it `matters`, and else nowhere.
    """

    cells: tuple[Text, ...]
    long: Text | None = None
    below: tuple[str, ...] = ()
    matters: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is shown at once: lines, a table, and lines again. `long` is the heading of the rows' long texts."""

    head: tuple[Text, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    long: str = ""
    foot: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Where text goes. `width` is `None` where lines are not looked at on a screen, and not cut."""

    console: Console
    is_screen: bool

    @property
    def width(self) -> int | None:
        """How many columns a line may have, at this moment."""
        return self.console.width if self.is_screen else None

    def print(self, sheet: Sheet) -> None:
        """Write all of it."""
        for line in self.lines(sheet):
            self.console.print(line, soft_wrap=True)

    def lines(self, sheet: Sheet) -> list[Text]:
        """All of it in lines that fit."""
        return [
            *self._fitted(sheet.head),
            *(laid_out(sheet, self.width, self.console) if sheet.columns else ()),
            *self._fitted(sheet.foot),
        ]

    def _fitted(self, lines: Iterable[Text]) -> list[Text]:
        return [piece for line in lines for piece in wrapped(line, self.width, self.console)]


def open_terminal(environ: Mapping[str, str]) -> Terminal:
    """Standard output, with what it can show."""
    is_screen = sys.stdout.isatty()
    if isinstance(sys.stdout, io.TextIOWrapper):
        codecs.register_error(_ERRORS, _in_ascii)
        sys.stdout.reconfigure(errors=_ERRORS)
    console = Console(
        color_system="standard" if is_coloured(environ, is_screen=is_screen) else None,
        force_terminal=is_screen,
        highlight=False,
        markup=False,
        emoji=False,
    )
    return Terminal(console=console, is_screen=is_screen)


def is_coloured(environ: Mapping[str, str], *, is_screen: bool) -> bool:
    """Whether to use colour: `NO_COLOR` forbids it, `FORCE_COLOR` wants it, else a screen that can has it."""
    if environ.get("NO_COLOR"):
        return False
    if forced := environ.get("FORCE_COLOR"):
        return forced != "0"
    return is_screen and environ.get("TERM") != "dumb"


def laid_out(sheet: Sheet, width: int | None, console: Console) -> list[Text]:
    """The table of a sheet in lines that fit: the long text gets what the columns leave, or stands below."""
    shown = [n for n, column in enumerate(sheet.columns) if width is None or width >= column.least]
    headings = tuple(Text(sheet.columns[n].heading, "bold") for n in shown)
    cells = [tuple(row.cells[n] for n in shown) for row in sheet.rows]
    widths = [max(each.cell_len for each in column) for column in zip(headings, *cells, strict=True)]
    is_right = [sheet.columns[n].is_right for n in shown]
    room = None if width is None else width - sum(widths) - len(GAP) * len(widths)
    has_room = bool(sheet.long) and (room is None or room >= LEAST_ROOM)
    lines = [_line(headings, widths, is_right, Text(sheet.long, "bold") if has_room else None, width)]
    for row, own in zip(sheet.rows, cells, strict=True):
        lines.append(_line(own, widths, is_right, row.long if has_room else None, width))
        below = [Text(each) for each in row.below]
        if row.long is not None and row.matters and not has_room:
            below.insert(0, row.long)
        lines += [line for each in below for line in wrapped(each, width, console, indent=GAP)]
    return lines


def _line(
    cells: Iterable[Text], widths: Iterable[int], is_right: Iterable[bool], long: Text | None, width: int | None
) -> Text:
    line = Text()
    for cell, wide, right in zip(cells, widths, is_right, strict=True):
        padding = " " * (wide - cell.cell_len)
        line.append_text(Text.assemble(padding, cell, GAP) if right else Text.assemble(cell, padding, GAP))
    if long is not None:
        line.append_text(long)
    line.rstrip()
    if width is not None:
        line.truncate(width, overflow="ellipsis")
    return line


def wrapped(text: Text, width: int | None, console: Console, *, indent: str = "") -> list[Text]:
    """A text in as many lines as it needs."""
    if width is None:
        return [Text(indent) + text]
    pieces = text.wrap(console, max(1, width - len(indent)))
    for piece in pieces:
        piece.rstrip()
    return [Text(indent) + piece for piece in pieces]


def marked(status: Status, word: str | None = None) -> Text:
    """A status as shape and word, in its colour."""
    mark, colour = MARKS[status]
    return Text(f"{mark} {word or status.value}", colour)


def clean(text: str) -> str:
    """A text of others on one line, without what would command a terminal."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in " ".join(text.split()))


def when(moment: datetime | None, now: datetime) -> Text:
    """A moment in the zone of the terminal, and how long ago it is: "14:02 (18 min)", "18 Nov (2 d 3 h)"."""
    if moment is None:
        return Text(NOTHING)
    return Text(f"{day_or_time(moment, now)} ({spell(now - moment)})")


def day_or_time(moment: datetime, now: datetime) -> str:
    """A moment of today as its time, of this year as its day, any other as its date; in the terminal's zone."""
    local, today = moment.astimezone(), now.astimezone()
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local.day} {local:%b}" if local.year == today.year else f"{local:%Y-%m-%d}"


def zone(moment: datetime) -> str:
    """The name of the terminal's zone at that moment."""
    return moment.astimezone().tzname() or "UTC"


def _in_ascii(error: UnicodeError) -> Any:
    """What stands for characters that the encoding of the terminal lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_IN_ASCII.get(each, "?") for each in lacking), error.end
