"""The command line as a user meets it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.ground import ExitCode
from app.cli.program import COMMANDS

ROOT = Path(__file__).parent.parent.parent


def stillup(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "app", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **environ},
    )


def test_the_shipped_catalogue_is_right() -> None:
    told = stillup("catalogue", "validate", "--json")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["valid"] is True
    assert json.loads(told.stdout)["services"] >= 45


def test_every_service_of_the_origin_story_is_there() -> None:
    listed = json.loads(stillup("catalogue", "list", "--json").stdout)["services"]
    wanted = {"chatgpt", "openai-api", "codex", "gemini", "copilot", "claude", "grok", "xai-api"}
    assert wanted - {service["id"] for service in listed} == set()
    assert "chatgpt/origin" in stillup("catalogue", "list").stdout


def test_a_mistake_is_named_with_its_place_and_remedy(tmp_path: Path) -> None:
    own = tmp_path / "stillup.yaml"
    own.write_text("services:\n  openai-api:\n    checks:\n      models: {intervall: 30s}\n")
    told = stillup("catalogue", "validate", str(own))
    assert told.returncode == 2
    assert f"{own}:4:16: " in told.stderr
    assert 'did you mean "interval"?' in told.stderr


def test_the_schema_is_one_that_editors_take() -> None:
    schema = json.loads(stillup("catalogue", "schema").stdout)
    assert schema == json.loads((ROOT / "docs" / "stillup.schema.json").read_text())


def test_the_database_is_made_where_it_is_wanted(tmp_path: Path) -> None:
    first = stillup("db", "upgrade", "--json", STILLUP_DATA=str(tmp_path / "new"))
    again = stillup("db", "upgrade", STILLUP_DATA=str(tmp_path / "new"))
    assert json.loads(first.stdout)["current"] is True
    assert "is up to date" in again.stdout
    assert (tmp_path / "new" / "stillup.sqlite3").exists()


@pytest.mark.parametrize(
    ("arguments", "environ", "complaint"),
    [
        (["check", "chatgtp"], {}, "There is no service or check 'chatgtp'; did you mean 'chatgpt'?"),
        (["serve"], {"STILLUP_PORT": "x"}, "STILLUP_PORT: 'x' cannot be used; give a port from 0 to 65535"),
        (
            ["serve", "--catalogue", "/nowhere.yaml"],
            {"STILLUP_DATA": "{tmp}"},
            "/nowhere.yaml:1:1: the file cannot be read",
        ),
        (["serve"], {"STILLUP_PROT": "1"}, "STILLUP_PROT: no such setting; did you mean STILLUP_PORT?"),
    ],
)
def test_a_wrong_question_is_answered_with_what_would_be_right(
    tmp_path: Path, arguments: list[str], environ: dict[str, str], complaint: str
) -> None:
    told = stillup(*arguments, **{name: value.format(tmp=tmp_path) for name, value in environ.items()})
    assert told.returncode == 2
    assert complaint in told.stderr
    assert "Traceback" not in told.stderr


def test_it_says_its_version_and_its_commands() -> None:
    assert stillup("--version").stdout == "stillup 0.1.0\n"
    told = stillup("--help").stdout
    assert [name for name in ("serve", "check", "doctor", "lab", "catalogue", "db") if name not in told] == []


def test_a_command_that_is_not_there_is_answered_with_a_near_one() -> None:
    told = stillup("statsu")
    assert told.returncode == 2
    assert "No such command 'statsu'. Did you mean 'status'?" in told.stderr


def test_every_command_and_every_exit_code_is_documented() -> None:
    told = (ROOT / "docs" / "cli.md").read_text()
    assert [name for name in COMMANDS if f"stillup {name}" not in told and f"`{name}`" not in told] == []
    assert [code for code in ExitCode if f"\n| {code.value} |" not in told] == []


def test_the_program_starts_without_what_only_its_commands_need() -> None:
    heavy = ("sqlalchemy", "httpx", "fastapi", "apscheduler", "pydantic", "mcp", "PIL", "babel")
    asked = f"import sys, app.cli.program; print([name for name in {heavy} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603 - ourselves
    assert told.stdout == "[]\n"
