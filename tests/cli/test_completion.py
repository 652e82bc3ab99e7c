"""What shells complete, in the shells themselves."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminals import on_terminal
from tests.cli.test_cli import ROOT, stillup


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A search path on which `stillup` is this one."""
    program = tmp_path / "stillup"
    program.write_text(f'#!/bin/sh\ncd "{ROOT}" && exec "{sys.executable}" -m app "$@"\n')
    program.chmod(0o755)
    return f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin"


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed here")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("inc", ["incidents"]),
        ("status claude", ["claude", "claude-api", "claude-code"]),
        ("alternatives sp", ["speech"]),
        ("alternatives chat-api --not chatg", ["chatgpt"]),
        ("history chatgpt --window 9", ["90d"]),
        ("completion ", ["bash", "zsh", "fish"]),
        ("evidence v", ["verify"]),
        ("status zzz", []),
    ],
)
def test_what_is_begun_can_be_completed(words: str, expected: list[str]) -> None:
    asked = f"stillup {words}"
    told = stillup(_STILLUP_COMPLETE="complete_bash", COMP_WORDS=asked, COMP_CWORD=str(asked.count(" ")))
    assert (told.stdout.split(), told.stderr) == (expected, "")


def test_with_a_mistake_in_the_catalogue_nothing_is_completed(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("services: 1")
    told = stillup(
        _STILLUP_COMPLETE="complete_bash",
        COMP_WORDS=f"stillup status -c {tmp_path / 'own.yaml'} cha",
        COMP_CWORD="4",
    )
    assert (told.stdout, told.stderr) == ("\n", "")


@needs("bash")
def test_bash_completes_with_the_tab_key(path: str) -> None:
    bash = ("bash", "--norc", "--noprofile", "-i")
    with on_terminal(program=bash, PATH=path, PS1="ready> ") as shell:
        shell.wait_for("ready> ")
        shell.type("source <(stillup completion bash); complete -p stillup\n")
        place = shell.wait_for("-F _stillup_completion stillup\r\n")
        shell.type("stillup status chatg\t")
        shell.wait_for("stillup status chatgpt ", since=place)


@needs("zsh")
def test_zsh_completes_with_the_tab_key(path: str) -> None:
    with on_terminal(program=("zsh", "-f", "-i"), PATH=path, PS1="ready> ") as shell:
        shell.wait_for("ready> ")
        shell.type("autoload -U compinit && compinit -u -D; source <(stillup completion zsh); echo so'urced'\n")
        place = shell.wait_for("sourced")
        shell.type("stillup status chatg\t")
        shell.wait_for("chatgpt", since=place)


@needs("fish")
def test_fish_completes(path: str, tmp_path: Path) -> None:
    told = subprocess.run(
        ["fish", "--no-config", "-c", "stillup completion fish | source; complete -C 'stillup status chatg'"],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"PATH": path, "HOME": str(tmp_path)},
    )
    assert told.stdout == "chatgpt\tChatGPT\n"
