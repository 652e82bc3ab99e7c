"""The program as a user starts it, before services that fare in every way there is."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.outside import Outside, outside
from tests.acceptance.program import Program, running

FATES = {
    # service: (status, kind of the failure, blame)
    "healthy": ("up", None, None),
    "secure": ("up", None, None),
    "broken": ("down", "server_error", "vendor"),
    "slow": ("degraded", None, None),
    "stalled": ("down", "body_timeout", "vendor"),
    "expired": ("down", "certificate_expired", "vendor"),
    "wrong-name": ("down", "certificate_wrong_name", "vendor"),
    "refused": ("down", "connect_refused", "vendor"),
    "unresolvable": ("down", "name_not_found", "vendor"),
    "html": ("down", "wrong_content_type", "vendor"),
    "redirect": ("unknown", "redirected", "us_config"),
    "challenge": ("unknown", "bot_challenge", "bot_wall"),
    "endless": ("up", None, None),
    "bomb": ("unknown", "answer_too_large", "us_config"),
}
WORDS = {"up": "works", "degraded": "is degraded", "down": "is down", "unknown": "cannot be seen from here"}


def catalogue(world: Outside) -> dict[str, Any]:
    """Every service asked each second; the healthy one is the control of our own network."""
    return {
        "builtin": False,
        "controls": {"healthy": {"allow_private": True, "tcp": _address(world.urls["healthy"])}},
        "vendors": {"lab": {"name": "Lab", "home": "https://lab.example/"}},
        "services": {
            name: {
                "name": name.title(),
                "vendor": "lab",
                "capabilities": ["chat-api"],
                "home": "https://lab.example/",
                "checks": {"models": _check(name, url, world.root)},
            }
            for name, url in world.urls.items()
        },
    }


def _check(name: str, url: str, root: Path) -> dict[str, Any]:
    statuses = [200] if name in ("bomb", "html") else [401]
    expect: dict[str, Any] = {"status": statuses, "content_type": ["json"]}
    if name != "endless":
        expect["json_has"] = ["error.message"]
    else:
        del expect["content_type"]
    asked = {"url": url, "expect": expect, "ca_file": str(root), "timeouts": {"body": "1s"}}
    return {"interval": "1s", "slow_after": "500ms", "allow_private": True, "http": asked}


def _address(url: str) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": int(url.rstrip("/").rpartition(":")[2])}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with outside(tmp_path_factory.mktemp("outside")) as made:
        yield made


@pytest.fixture(scope="module")
def program(world: Outside, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("stillup")
    own = folder / "stillup.yaml"
    own.write_text(yaml.safe_dump(catalogue(world)))
    with running(folder / "data", own, STILLUP_SEATS_PER_VENDOR="32") as started:
        yield started


@pytest.mark.parametrize("name", FATES)
def test_every_fate_is_told_by_page_json_and_badge_alike(program: Program, name: str) -> None:
    status, kind, blame = FATES[name]
    service = program.wait_for(f"{name} is {status}", lambda: _settled(program, name, status))
    failure = service["checks"][0]["last"]["failure"]
    assert (failure and failure["kind"], failure and failure["blame"]) == (kind, blame)
    assert f"{name.title()}: {status}" in program.text(f"/badge/{name}.svg")
    page = program.text(f"/services/{name}")
    assert WORDS[status] in page
    assert service["checks"][0]["reason"] in page or "&#" in page
    overview = program.text("/")
    assert f'href="/services/{name}"' in overview
    assert (service["incident"] is not None) == (status in ("down", "degraded"))


def _settled(program: Program, name: str, status: str) -> Any:
    service = program.json(f"/api/v1/services/{name}")
    last = service["checks"][0]["last"]
    return service if last is not None and service["status"] == status else None


def test_an_unchanged_page_is_not_sent_again(program: Program) -> None:
    page = program.client.get("/methodology")
    again = program.client.get("/methodology", headers={"if-none-match": page.headers["etag"]})
    assert (page.status_code, again.status_code, again.content) == (200, 304, b"")
    assert page.headers["content-encoding"] in ("br", "gzip")


def test_what_is_not_there_is_said_in_the_readers_own_way(program: Program) -> None:
    page = program.client.get("/services/nothing", headers={"accept": "text/html"})
    problem = program.client.get("/api/v1/services/nothing")
    assert (page.status_code, problem.status_code) == (404, 404)
    assert "Not Found.</span></h1>" in page.text
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["status"] == 404


def test_it_is_ready(program: Program) -> None:
    assert program.text("/healthz") == "ok\n"
    told = program.json("/readyz")
    assert (told["ready"], told["reasons"]) == (True, [])
    assert told["late_p99_ms"] >= 0


def test_the_command_line_sees_the_same(program: Program, world: Outside, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(yaml.safe_dump(catalogue(world)))
    asked = _stillup("check", "healthy", "broken", "--catalogue", str(own), "--json")
    results = json.loads(asked.stdout)["results"]
    assert asked.returncode == 1
    assert [(result["check"], result["status"]) for result in results] == [
        ("healthy/models", "up"),
        ("broken/models", "down"),
    ]
    assert _stillup("check", "healthy", "--catalogue", str(own)).returncode == 0
    wrong = _stillup("check", "helthy", "--catalogue", str(own))
    assert (wrong.returncode, "did you mean 'healthy'?" in wrong.stderr) == (2, True)
    drift = _stillup("doctor", "--catalogue", str(own), "--json")
    assert [found["check"] for found in json.loads(drift.stdout)["drift"]] == ["bomb/models", "redirect/models"]
    assert drift.returncode == 1


def test_a_changed_catalogue_is_taken_up_and_a_mistake_keeps_the_last_good_one(
    world: Outside, tmp_path: Path
) -> None:
    own = tmp_path / "stillup.yaml"
    known = catalogue(world)
    known["services"] = {"healthy": known["services"]["healthy"]}
    own.write_text(yaml.safe_dump(known))
    with running(tmp_path / "data", own) as program:
        assert [service["id"] for service in program.json("/api/v1/services")["services"]] == ["healthy"]
        known["services"]["secure"] = catalogue(world)["services"]["secure"]
        own.write_text(yaml.safe_dump(known))
        program.wait_for("two services", lambda: len(program.json("/api/v1/services")["services"]) == 2)
        own.write_text(yaml.safe_dump(known).replace("interval", "intervall", 1))
        program.wait_for("the mistake is shown", lambda: "intervall" in program.text("/"))
        assert len(program.json("/api/v1/services")["services"]) == 2


def test_killed_in_the_middle_nothing_confirmed_is_lost_and_the_gap_is_unknown(
    world: Outside, tmp_path: Path
) -> None:
    own = tmp_path / "stillup.yaml"
    own.write_text(yaml.safe_dump(catalogue(world)))
    with running(tmp_path / "data", own) as program:
        before = program.wait_for("broken is down", lambda: _settled(program, "broken", "down"))
        program.kill()
    time.sleep(4)
    with running(tmp_path / "data", own) as program:
        after = program.wait_for("it sees again", lambda: _settled(program, "healthy", "up"))
        broken = program.json("/api/v1/services/broken")
    assert broken["incident"] == before["incident"]
    assert broken["since_at"] == before["since_at"]
    today = after["days"][-1]
    assert today["up"] + today["down"] + today["degraded"] < today["due"], (
        "the gap was due and is neither up nor down"
    )
    assert today["coverage"] < 1
    assert today["uptime"] == 1


def _stillup(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "app", *arguments], capture_output=True, text=True, check=False, timeout=90
    )
