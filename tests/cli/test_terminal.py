"""What a terminal is shown."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console
from rich.text import Text

from app.cli.names import near
from app.cli.terminal import Column, Row, Sheet, Terminal, clean, is_coloured, when

NOW = datetime(2026, 11, 20, 14, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("environ", "is_screen", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ],
)
def test_colour_is_used_where_it_is_wanted(*, environ: dict[str, str], is_screen: bool, expected: bool) -> None:
    assert is_coloured(environ, is_screen=is_screen) is expected


SHEET = Sheet(
    head=(Text("One service is down, and one is up."),),
    columns=(
        Column(heading="STATUS"),
        Column(heading="SERVICE"),
        Column(heading="24 H", is_right=True, least=30),
    ),
    rows=(
        Row(
            cells=(Text("down"), Text("语言模型"), Text("9 %")),
            long=Text("Answered 503 instead of 401."),
            below=("Likely 2 h more.",),
            matters=True,
        ),
        Row(cells=(Text("up"), Text("chat"), Text("100 %")), long=Text("Answered rightly after 98 ms.")),
    ),
    long="WHY",
)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (
            None,
            [
                "One service is down, and one is up.",
                "STATUS  SERVICE    24 H  WHY",
                "down    语言模型    9 %  Answered 503 instead of 401.",
                "  Likely 2 h more.",
                "up      chat      100 %  Answered rightly after 98 ms.",
            ],
        ),
        (
            50,
            [
                "One service is down, and one is up.",
                "STATUS  SERVICE    24 H  WHY",
                "down    语言模型    9 %  Answered 503 instead of …",
                "  Likely 2 h more.",
                "up      chat      100 %  Answered rightly after 9…",
            ],
        ),
        (
            32,
            [
                "One service is down, and one is",
                "up.",
                "STATUS  SERVICE    24 H",
                "down    语言模型    9 %",
                "  Answered 503 instead of 401.",
                "  Likely 2 h more.",
                "up      chat      100 %",
            ],
        ),
        (
            14,
            [
                "One service is",
                "down, and one",
                "is up.",
                "STATUS  SERVI…",
                "down    语言 …",
                "  Answered 503",
                "  instead of",
                "  401.",
                "  Likely 2 h",
                "  more.",
                "up      chat",
            ],
        ),
    ],
)
def test_a_table_fits_its_terminal_and_keeps_what_matters(width: int | None, expected: list[str]) -> None:
    terminal = Terminal(console=Console(width=width or 80), is_screen=width is not None)
    lines = terminal.lines(SHEET)
    assert [line.plain for line in lines] == expected
    assert width is None or max(line.cell_len for line in lines) <= width


def test_what_others_wrote_cannot_command_a_terminal() -> None:
    assert clean("a\x1b[2Jb\nc\x07\u202ed\t e") == "a�[2Jb c��d e"


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(seconds=10), "15:19 (under 1 min)"),
        (timedelta(minutes=18), "15:02 (18 min)"),
        (timedelta(hours=16), "19 Nov (16 h)"),
        (timedelta(days=60), "21 Sep (60 d)"),
        (timedelta(days=400), "2025-10-16 (400 d)"),
    ],
)
def test_times_are_those_of_the_terminals_zone(in_berlin: None, ago: timedelta, expected: str) -> None:
    assert when(NOW - ago, NOW).plain == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("chatgtp", ["chatgpt"]),
        ("ChatGPT", ["chatgpt"]),
        ("openai", ["openai-api"]),
        ("gpt", ["chatgpt"]),
        ("zzz", []),
        ("", []),
    ],
)
def test_near_matches_are_what_may_be_meant(wanted: str, expected: list[str]) -> None:
    assert near(wanted, ["chatgpt", "openai-api", "claude"]) == expected
