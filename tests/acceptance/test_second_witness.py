"""The program as a user starts it, beside vendors that speak for themselves on real pages."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.alongside import alongside
from tests.acceptance.outside import Outside, outside
from tests.acceptance.program import Program, running
from tests.pipeline.statusserver import (
    INCIDENTS,
    SUMMARY,
    StatusServer,
    incident,
    incidents,
    status_server,
    summary,
)

OPEN = incident(("14:10:00", "investigating", "We look into it: https://status.acme.example/i1"))
OVER = incident(
    ("09:00:00", "investigating", "Hm."), ("09:40:00", "resolved", "Done."), incident_id="i0", name="Slow"
)


def _of_today(told: dict[str, Any]) -> dict[str, Any]:
    """The incident as if it were of yesterday, so that it lies within what is shown."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    moved: dict[str, Any] = yaml.safe_load(yaml.safe_dump(told).replace("2026-03-01T", f"{yesterday:%Y-%m-%d}T"))
    return moved


@asynccontextmanager
async def speaking() -> AsyncIterator[StatusServer]:
    """A status page with an open incident, and one that is over."""
    async with status_server() as server:
        server.show(SUMMARY, summary(_of_today(OPEN), api="partial_outage"))
        server.show(INCIDENTS, incidents(_of_today(OPEN), _of_today(OVER)))
        yield server


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The operator's catalogue, with everything that it names alive."""
    folder = tmp_path_factory.mktemp("stillup")
    file = folder / "stillup.yaml"
    with outside(folder) as world, alongside(speaking) as page:
        file.write_text(yaml.safe_dump(_catalogue(world, page)))
        yield file


@pytest.fixture(scope="module")
def program(own: Path) -> Iterator[Program]:
    with running(own.parent / "data", own) as started:
        yield started


def _catalogue(world: Outside, page: StatusServer) -> dict[str, Any]:
    def service(fate: str, vendor: str, **more: Any) -> dict[str, Any]:
        http = {"url": world.urls[fate], "expect": {"status": [401]}}
        check = {"interval": "1s", "allow_private": True, "http": http}
        home = "https://acme.example/"
        return {
            "vendor": vendor,
            "name": fate,
            "home": home,
            "capabilities": ["chat-api"],
            "checks": {"one": check},
        } | more

    port = int(world.urls["healthy"].rstrip("/").rpartition(":")[2])
    return {
        "builtin": False,
        "controls": {"ground": {"allow_private": True, "tcp": {"host": "127.0.0.1", "port": port}}},
        "vendors": {
            "acme": {"name": "Acme", "home": "https://acme.example/", "status_page": {"url": page.url}},
            "mute": {
                "name": "Mute",
                "home": "https://mute.example/",
                "status_page": {"url": f"{page.url}/nothing", "kind": "statuspage"},
            },
        },
        "services": {
            "api": service("broken", "acme", components={"names": ["API"]}),
            "web": service("healthy", "acme", components={"names": ["Web"]}),
            "mute": service("healthy", "mute"),
        },
    }


def _heard(program: Program, service: str, accord: str) -> Any:
    told = program.json(f"/api/v1/services/{service}")
    return told if told["vendor_says"]["accord"] == accord else None


def test_a_page_of_unknown_kind_is_read_and_told_for_each_of_its_services(program: Program) -> None:
    api = program.wait_for("the vendor is heard", lambda: _heard(program, "api", "both_troubled"))
    assert api["status"] == "down"
    assert (api["vendor_says"]["status"], api["vendor_says"]["parts"][0]["words"]) == (
        "degraded",
        "partial_outage",
    )
    assert [each["title"] for each in api["vendor_says"]["incidents"]] == ["Elevated errors"]
    assert [(each["title"], each["ended_at"] is None) for each in api["vendor_incidents"]] == [
        ("Elevated errors", True),
        ("Slow", False),
    ]
    web = program.wait_for("the other part is heard", lambda: _heard(program, "web", "both_well"))
    assert (web["status"], web["vendor_says"]["incidents"]) == ("up", [])


def test_the_pages_show_it(program: Program) -> None:
    program.wait_for("the vendor is heard", lambda: _heard(program, "api", "both_troubled"))
    assert "“Elevated errors”, investigating" in program.text("/")
    assert 'href="https://status.acme.example/i1"' in program.text("/services/api")
    assert "Acme reports trouble." in program.text("/vendors/acme")


def test_a_page_that_cannot_be_read_is_an_unknown_word(program: Program) -> None:
    says = program.wait_for("it failed twice", lambda: _unknown(program))
    assert says["status"] == "unknown"
    assert "404" in says["sentence"]


def _unknown(program: Program) -> Any:
    says = program.json("/api/v1/services/mute")["vendor_says"]
    return says if "404" in says["sentence"] else None


def test_the_doctor_names_pages_that_are_not_what_the_catalogue_says(own: Path) -> None:
    command = [sys.executable, "-m", "app", "doctor", "--catalogue", str(own), "--json"]
    asked = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - ourselves
    assert asked.returncode == 1
    assert [(page["page"], page["drift"]) for page in json.loads(asked.stdout)["status_pages"]] == [
        ("acme", []),
        ("mute", ["The page answered 404."]),
    ]


def test_what_was_said_is_given_away_as_evidence_while_the_program_runs(
    program: Program, own: Path, tmp_path: Path
) -> None:
    program.wait_for("the vendor is heard", lambda: _heard(program, "api", "both_troubled"))
    bundle = str(tmp_path / "said.zip")
    data = {"STILLUP_DATA": str(own.parent / "data")}
    made = _evidence("export", "--service", "api", "--catalogue", str(own), "--out", bundle, **data)
    checked = _evidence("verify", bundle)

    assert (made["page_key"], made["first"], made["missing"]) == ("acme", 1, [])
    assert len(made["documents"]) >= 2
    assert (checked["verified"], checked["manifest"]["head"]) == (True, made["head"])


def _evidence(*arguments: str, **environ: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "app", "evidence", *arguments, "--json"]
    asked = subprocess.run(  # noqa: S603 - ourselves
        command, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **environ}
    )
    assert asked.returncode == 0, asked.stderr
    told: dict[str, Any] = json.loads(asked.stdout)
    return told
