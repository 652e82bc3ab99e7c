"""`stillup lab` as a user meets it: it says where everybody is, and serves until it is told to stop."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parent.parent.parent
COMMAND = ("-m", "app", "lab")
WITHOUT_TRUSTME = ("-c", "import sys; sys.modules['trustme'] = None; from app.cli import main; main()", "lab")


@contextmanager
def lab(*arguments: str, command: tuple[str, ...] = COMMAND) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, *command, "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: "subprocess.Popen[str]", last: str) -> str:
    """What it prints, up to the line that holds `last`."""
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if last in line:
            break
    return "".join(lines)


def test_programs_are_told_where_everybody_is_and_can_turn_the_clock() -> None:
    with lab("--scenario", "clean-outage", "--speed", "0", "--no-trouble-ports", "--json") as process:
        told = json.loads(said(process, "{"))
        assert set(told["vendors"]["openai"]) == {"api", "web", "status"}
        assert told["ports"] == {}
        turned = httpx.post(told["control"] + "/clock", json={"advance": "25m"}).json()
        assert (turned["elapsed_s"], turned["rate"]) == (25 * 60, 0)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


def test_people_are_told_that_it_is_simulated_and_where_the_knobs_are() -> None:
    with lab() as process:
        told = said(process, "Stop with")
    assert "Anthropic (simulated)" in told
    assert "tls_openai" in told
    assert "Everything here is simulated" in told
    assert "pip install" not in told


def test_without_certificates_it_says_what_is_left_out() -> None:
    with lab(command=WITHOUT_TRUSTME) as process:
        told = said(process, "Stop with")
    assert "tls_openai" not in told
    assert "Ports with certificates are left out: install trustme" in told


def test_scenarios_are_listed() -> None:
    with lab("--list", "--json") as process:
        told, _ = process.communicate(timeout=30)
    listed = {one["name"]: one["duration_s"] for one in json.loads(told)["scenarios"]}
    assert listed["image-launch-overload"] == 2.5 * 3600
    with lab("--list") as process:
        told, _ = process.communicate(timeout=30)
    assert [line.split()[0] for line in told.splitlines()] == list(listed)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (
            ("--scenario", "no-such"),
            "no-such: no such scenario (No such file or directory); there are ",
        ),
        (("--host", "192.0.2.1"), "Cannot open the lab: "),
    ],
)
def test_what_cannot_be_opened_is_named(wrong: tuple[str, ...], complaint: str) -> None:
    with lab(*wrong) as process:
        _, told = process.communicate(timeout=30)
    assert process.returncode == 2
    assert complaint in told
    assert "Traceback" not in told
