"""`stillup status` and its neighbours, run as they are in a shell, against a real server."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.cli.status import code_of
from app.domain.status import Status
from tests.cli.terminals import CONTROL, on_terminal, shown_on_terminal
from tests.cli.test_cli import ROOT, stillup
from tests.web.scenes import SCENES, an_empty_database, furnished, the_catalogue
from tests.web.serving import served

WALLED = "Hides behind a check for bots (answered 403 Forbidden): the service was not seen."
NO_MUSIC = "".join(f"&not={each.id}" for each in the_catalogue().services if "music" in each.capabilities)
WATCH = ("status", "--watch", "--interval", "1")
UP, DEGRADED, DOWN, UNKNOWN, MAINTENANCE = Status


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("bad"), the_catalogue(), SCENES["bad"]) as address:
        yield address


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((UP, UP), 0),
        ((UP, DOWN, DEGRADED), 1),
        ((UNKNOWN, UP), 3),
        ((UNKNOWN, DEGRADED, UP), 4),
        ((MAINTENANCE, UP), 5),
        ((MAINTENANCE, UNKNOWN), 3),
        ((), 3),
    ],
)
def test_it_leaves_by_the_worst_status(statuses: tuple[Status, ...], expected: int) -> None:
    assert code_of(statuses) == expected


def test_a_status_is_a_line_with_its_shape_word_and_reason(url: str) -> None:
    told = stillup("status", "chatgpt", "claude-api", "perplexity", "grok", STILLUP_URL=url, TZ="UTC")
    assert (told.returncode, told.stderr) == (1, "")
    assert told.stdout.splitlines() == [
        "STATUS      SERVICE     SINCE (UTC)        24 H  WHY",
        "■ down      chatgpt     14:02 (18 min)  98.49 %  Answered 503 Service Unavailable instead of 405.",
        "  Likely about 17 min more; in 8 of 10 such cases between 5 min and 2 h 16 min more.",
        "▲ degraded  claude-api  14:02 (18 min)    100 %  Answered 529 Overloaded: it is overloaded.",
        "  Likely about 1 h 44 min more; in 8 of 10 such cases between 5 min and 2 h 16 min more.",
        f"? unknown   perplexity  14:02 (18 min)    100 %  {WALLED}",
        "● up        grok        22 Sep (58 d)     100 %  Answered rightly after 395 ms.",
        "",
        "As of 14:20:40 UTC.",
    ]


@pytest.mark.parametrize(
    ("asked", "path", "code"),
    [
        ("status", "/services", 1),
        ("alternatives code --not codex", "/alternatives?capability=code&not=codex", 0),
        (
            f"alternatives music{NO_MUSIC.replace('&not=', ' --not ')}",
            f"/alternatives?capability=music{NO_MUSIC}",
            1,
        ),
        ("incidents --open --service codex --limit 3", "/incidents?open=true&service=codex&limit=3", 0),
        ("history grok --window 30d --step 1d", "/services/grok/history?window=30d&step=1d", 0),
    ],
)
def test_json_is_exactly_what_the_api_tells(url: str, asked: str, path: str, code: int) -> None:
    told = stillup(*asked.split(), "--json", "--url", f"{url}/")
    assert json.loads(told.stdout) == httpx.get(f"{url}/api/v1{path}").json()
    assert (told.returncode, told.stderr) == (code, "")


def test_of_some_services_the_json_is_the_same_with_them_alone(url: str) -> None:
    told = stillup("status", "--json", "grok", "--url", url)
    whole = httpx.get(f"{url}/api/v1/services").json()
    assert json.loads(told.stdout) == {
        **whole,
        "services": [each for each in whole["services"] if each["id"] == "grok"],
    }
    assert told.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["status", "grok", "chatgtp"], "There is no service 'chatgtp'; did you mean 'chatgpt'"),
        (["history", "../health"], "There is no service '../health'; `stillup status` names them all."),
        (["alternatives", "chat"], "There is no capability 'chat'; did you mean 'chat-api'?"),
        (["alternatives", "zzz"], "There is no capability 'zzz'; there are assistant, chat-api, code, "),
        (
            ["alternatives", "code", "--not", "openai"],
            "There is no service 'openai'; did you mean 'openai-api' or ",
        ),
        (["incidents", "--service", "claud"], "There is no service 'claud'; did you mean 'claude'"),
    ],
)
def test_an_unknown_name_is_answered_with_near_ones(url: str, arguments: list[str], complaint: str) -> None:
    told = stillup(*arguments, "--url", url)
    assert (told.returncode, told.stdout) == (6, "")
    assert told.stderr.startswith(complaint)


def test_a_span_that_cannot_be_told_is_a_wrong_question(url: str) -> None:
    told = stillup("history", "chatgpt", "--window", "90d", "--step", "1m", "--url", url)
    assert (told.returncode, told.stderr) == (2, "That would be 129600 buckets; at most 1500 are told at once.\n")


async def test_the_database_is_asked_where_no_server_is_named(tmp_path: Path) -> None:
    database = await furnished(an_empty_database(tmp_path), the_catalogue(), SCENES["bad"])
    await database.close()
    told = stillup("status", "chatgpt", STILLUP_DATA=str(tmp_path))
    assert told.returncode == 3
    assert "? unknown  chatgpt" in told.stdout
    assert "Not probed since 20 Nov, 14:20 UTC." in told.stdout


def test_on_a_terminal_it_is_coloured_and_fits(url: str) -> None:
    for columns in (100, 50):
        shown = shown_on_terminal("status", "--url", url, columns=columns)
        assert "\x1b[31m■ down\x1b[0m" in shown
        assert "\x1b[32m● up\x1b[0m" in shown
        lines = CONTROL.sub("", shown).splitlines()
        assert max(map(len, lines)) <= columns
        assert lines[0] == "ChatGPT and Codex are down and Claude API is degraded."[: len(lines[0])].rstrip()


def test_colour_can_be_forbidden_on_a_terminal_and_wanted_elsewhere(url: str) -> None:
    assert "\x1b" not in shown_on_terminal("status", "chatgpt", "--url", url, NO_COLOR="1")
    assert "\x1b[31m■ down\x1b[0m" in stillup("status", "chatgpt", "--url", url, FORCE_COLOR="1").stdout


def test_shapes_are_told_in_ascii_where_nothing_else_can_be_shown(url: str) -> None:
    told = stillup("status", "chatgpt", "claude-api", "grok", "--url", url, PYTHONIOENCODING="ascii")
    marks = [line[0] for line in told.stdout.splitlines()[1:-2] if not line.startswith(" ")]
    assert marks == ["x", "!", "+"]
    assert told.stderr == ""


def test_watching_keeps_the_last_answer_while_nobody_answers_and_leaves_a_clean_terminal(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    with served(folders[0], the_catalogue(), SCENES["bad"]) as url:
        port = int(url.rpartition(":")[2])
        watching = on_terminal(*WATCH, "chatgpt", "--url", url)
        shown = watching.__enter__()
        before = shown.settings
        place = shown.wait_for("As of 14:20:40 UTC.")
        assert "Stale" not in shown.written
    try:
        place = shown.wait_for("▲ Stale: no answer since ", since=place)
        place = shown.wait_for("■ down", since=place)
        with served(folders[1], the_catalogue(), SCENES["good"], port=port):
            shown.wait_for("● up", since=place)
            shown.type("\x03")
            assert shown.end() == 130
        assert shown.written.endswith("\x1b[?1049l\x1b[?25h")
        assert shown.settings == before
        assert "Traceback" not in shown.written
    finally:
        watching.__exit__(None, None, None)


def test_what_does_not_fit_the_screen_is_counted(url: str) -> None:
    with on_terminal(*WATCH, "--url", url, lines=12) as shown:
        shown.wait_for("more lines; name services to see only them.")
        shown.type("\x03")
        assert shown.end() == 130
    frame = CONTROL.sub("", shown.written.partition("\x1b[H")[2]).split("\n")[:12]
    whole = CONTROL.sub("", shown_on_terminal("status", "--url", url)).splitlines()
    assert [line.rstrip() for line in frame[:11]] == whole[:11]
    hidden = f"… {len(whole) - 11} more lines; name services to see only them."
    assert frame[11].removesuffix("^C").rstrip() == hidden  # what is typed is echoed


@pytest.mark.parametrize("flag", ["--json", "--interval=1"])
def test_where_no_terminal_looks_on_every_new_board_is_written_below_the_last(url: str, flag: str) -> None:
    program = [sys.executable, "-m", "app", *WATCH, "grok", "--url", url, flag]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=ROOT) as watching:  # noqa: S603 - ourselves
        assert watching.stdout is not None
        first = watching.stdout.readline()
        watching.send_signal(signal.SIGTERM)
        rest = watching.stdout.read()
    assert watching.returncode == 143
    if flag == "--json":
        assert ([each["id"] for each in json.loads(first)["services"]], rest) == (["grok"], "")
    else:
        assert (first.split()[:2], rest.count("As of")) == (["STATUS", "SERVICE"], 1)
