"""The program as a user starts it, before vendors who repeat its keys: they come to light nowhere."""

import base64
import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from app.lab.world import World, lab_world
from tests.acceptance.alongside import alongside
from tests.acceptance.parrot import AWAY, MOODS, Door, door
from tests.acceptance.program import Program, running
from tests.acceptance.secrecy import files_in, members_of, traces

HOLDERS = {
    # who holds a key: (vendor of the lab, dialect, what follows the service in the base URL, model)
    "env": ("openai", "openai", "/v1", "gpt-6-luna"),
    "file": ("anthropic", "anthropic", "", "claude-haiku-5-5"),
    "goog": ("gemini", "gemini", "", "gemini-2.5-flash-lite"),
    "azure": ("azure", "azure-openai", "", "gpt-5.4-nano"),
    "base": ("gemini", "gemini", "?key=", "gemini-2.5-flash-lite"),
    "url": ("gemini", None, "/v1beta/models?key=", None),
}
TROUBLES = (*MOODS, AWAY)
UNTRUSTED = "untrusted"
TRUSTED = {f"{mood}-{holder}": holder for holder in HOLDERS for mood in TROUBLES}
SERVICES = {**TRUSTED, **{f"{UNTRUSTED}-{holder}": holder for holder in HOLDERS}}
LOUD = {f"{mood}-{holder}" for holder in HOLDERS for mood in ("page", "in-headers", UNTRUSTED)}
"""Whose troubles are the vendor's for certain, so that they become incidents."""

ASKED_WITH_QUESTIONS = {f"page-{holder}" for holder in HOLDERS}


def _a_key(holder: str) -> str:
    if holder in ("url", "base"):
        return f"AIza{secrets.token_hex(24)}"
    parts = [secrets.token_hex(4) for _ in range(7)]
    # Between them, what URLs, JSON, HTML and base64 each write in a way of their own.
    return "sk-" + "".join(
        f"{part}{mark}" for part, mark in zip(parts, ("/", "+", '"', "\\", "&", "=", ""), strict=True)
    )


@dataclass(frozen=True)
class Scene:
    """A running program, its world, and the keys by their holders."""

    program: Program
    lab: World
    door: Door
    keys: Mapping[str, str]
    folder: Path
    environ: Mapping[str, str]

    def ask(self, *arguments: str) -> str:
        """What a command says in the same environment."""
        asked = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-m", "app", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
            env={**os.environ, **self.environ},
        )
        return f"{asked.stdout}\n{asked.stderr}"


def _catalogue(made: Door) -> dict[str, Any]:
    port = int(made.lab.rpartition(":")[2])
    return {
        "builtin": False,
        "controls": {"ground": {"allow_private": True, "tcp": {"host": "127.0.0.1", "port": port}}},
        "vendors": {
            "acme": {
                "name": "Acme",
                "home": "https://acme.example/",
                "status_page": {"url": f"{made.lab}/status.openai", "kind": "incidentio"},
            }
        },
        "services": {
            name: {
                "name": name,
                "vendor": "acme",
                "capabilities": ["chat-api"],
                "home": "https://acme.example/",
                "checks": {"canary": {"interval": "2s", "allow_private": True, **_question(made, name)}},
            }
            for name in SERVICES
        },
    }


def _question(made: Door, service: str) -> dict[str, Any]:
    holder = SERVICES[service]
    _, dialect, path, model = HOLDERS[holder]
    origin = made.secure_url if service.startswith(UNTRUSTED) else made.url
    key = f"${{PARROT_{holder.upper()}_KEY}}"
    if dialect is None:
        expect = {"status": [200], "json_has": ["models"]}
        return {"http": {"url": f"{origin}/{service}{path}{key}", "expect": expect, "follow_redirects": True}}
    base = f"{origin}/{service}{path}"
    where = {"base_url": base + key} if holder == "base" else {"base_url": base, "key": key}
    return {"inference": {"dialect": dialect, "model": model, "price": {"input": 0, "output": 0}, **where}}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Good times have passed, in which every key was taken, and every door is in its bad mood since."""
    folder = tmp_path_factory.mktemp("stillup")
    keys = {holder: _a_key(holder) for holder in HOLDERS}
    (folder / "key").write_text(f"{keys['file']}\n")
    environ = {f"PARROT_{holder.upper()}_KEY": key for holder, key in keys.items() if holder != "file"}
    environ |= {
        "PARROT_FILE_KEY_FILE": str(folder / "key"),
        "PYTHONASYNCIODEBUG": "1",
        "STILLUP_CATALOGUE": str(folder / "stillup.yaml"),
        "STILLUP_DATA": str(folder / "data"),
        "STILLUP_LOG_LEVEL": "debug",
        "STILLUP_SEATS_PER_VENDOR": "64",
    }
    vendor_of = {service: HOLDERS[holder][0] for service, holder in SERVICES.items()}
    with alongside(lab_world) as lab, door(lab.origin, vendor_of) as made:
        (folder / "stillup.yaml").write_text(yaml.safe_dump(_catalogue(made)))
        with running(folder / "data", folder / "stillup.yaml", **environ) as program:
            program.wait_for("all is well", lambda: not any(_failures(program, TRUSTED).values()))
            made.is_good = False
            program.wait_for("all has failed", lambda: all(_failures(program, SERVICES).values()))
            program.wait_for("there are incidents", lambda: _incidents(program) >= LOUD)
            yield Scene(program, lab, made, keys, folder, environ)


def _failures(program: Program, services: Iterable[str]) -> Mapping[str, str | None]:
    """Which kind of failure the last probe of each service met; a service that was not asked yet has one."""
    lasts = {name: program.json(f"/api/v1/services/{name}")["checks"][0]["last"] for name in services}
    return {
        name: last["failure"] and last["failure"]["kind"] if last else "none yet" for name, last in lasts.items()
    }


def _incidents(program: Program) -> set[str]:
    return {each["id"] for each in program.json("/api/v1/services")["services"] if each["incident"]}


def test_the_search_finds_a_key_in_every_writing_and_in_pieces() -> None:
    key = _a_key("env")
    writings = (
        key,
        quote(key),
        json.dumps(key),
        escape(key),
        repr(key),
        key.upper(),
        key[: len(key) // 2],
        key[9:25],
    )
    for written in (*writings, base64.b64encode(f"me:{key}".encode()).decode()):
        assert traces(f"it was {written}.".encode(), key), written
    assert traces(f"it was {_a_key('env')}, and began with {key[:8]}".encode(), key) == set()


def test_every_key_came_to_its_vendor_and_to_no_other(scene: Scene) -> None:
    heard_in_the_lab = "\n".join(f"{one.request.target} {one.request.headers}" for one in scene.lab.log)
    assert {holder for holder, key in scene.keys.items() if repr(key)[1:-1] in heard_in_the_lab} == set(HOLDERS)
    assert {name: set(keys) for name, keys in scene.door.heard.items()} == {
        name: {scene.keys[holder]} for name, holder in TRUSTED.items()
    }
    assert [request for request in scene.door.stranger if _leaks(scene, {"it": request.encode()})] == []


def test_no_key_is_in_what_the_program_printed(scene: Scene) -> None:
    log = "\n".join(scene.program.log)
    assert "DEBUG" in log
    assert _leaks(scene, {"log": log.encode()}) == {}


def test_no_key_is_in_any_file_of_its_own(scene: Scene) -> None:
    files = files_in(scene.folder / "data")
    assert any(b"key_refused" in content for content in files.values())
    assert _leaks(scene, files) == {}


def test_no_key_is_on_any_page_or_in_any_answer(scene: Scene) -> None:
    paths = [
        "/",
        "/readyz",
        "/metrics",
        *_paths_of_the_api(scene.program),
        *(f"/badge/{name}.svg" for name in SERVICES),
    ]
    pages: dict[str, bytes] = {}
    while paths:
        path = unescape(paths.pop())
        if path in pages:
            continue
        answer = scene.program.client.get(path, headers={"accept": "text/html, */*"})
        pages[path] = answer.content + str(answer.headers).encode()
        if "html" in answer.headers.get("content-type", ""):
            paths += filter(_is_asked, re.findall(r'(?:href|src)="(/[^"/#][^"#]*|/)', answer.text))
    assert [kind for kind in KINDS_OF_PAGES if not any(path.startswith(kind) for path in pages)] == []
    assert _leaks(scene, pages) == {}


def _is_asked(path: str) -> bool:
    """Every page is, and with a question, with which a page says the same of its service, one for each key."""
    _, _, query = path.partition("?")
    named = set(re.split(r"[/?=&.;]", path)) & SERVICES.keys()
    return not query or not named or named <= ASKED_WITH_QUESTIONS


def _paths_of_the_api(program: Program) -> Iterator[str]:
    """Everything that the API says it can be asked, for every service, vendor and incident."""
    services = program.json("/api/v1/services")["services"]
    known = {
        "service_id": [each["id"] for each in services],
        "incident_id": [each["incident"] for each in services if each["incident"]],
        "vendor_id": ["acme"],
        "check_id": [each["id"] for each in program.json("/api/v1/checks")["checks"]],
    }
    yield "/api/v1/openapi.json"
    for path in program.json("/api/v1/openapi.json")["paths"]:
        wanted = re.findall(r"\{(\w+)\}", path)
        for value in known[wanted[0]] if wanted else [""]:
            yield "/api/v1" + re.sub(r"\{\w+\}", value, path)


KINDS_OF_PAGES = (
    "/services/",
    "/incidents/",
    "/vendors/",
    "/methodology",
    "/docs",
    "/static/",
    "/badge/",
    "/api/",
)
COMMANDS = (
    ("check", *SERVICES),
    ("check", *SERVICES, "--json"),
    ("doctor",),
    ("doctor", "--json"),
    ("catalogue", "list"),
    ("catalogue", "list", "--json"),
    ("catalogue", "validate"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join((command[0], *command[-1:])))
def test_no_command_tells_a_key(scene: Scene, command: tuple[str, ...]) -> None:
    said = scene.ask(*command)
    assert "checks" in said or "refused-env" in said
    assert _leaks(scene, {"said": said.encode()}) == {}


@pytest.mark.parametrize(
    ("mood", "flags"),
    [("mirrored", []), ("mirrored", ["--json"]), ("says-it", []), ("in-headers", ["--json"]), (AWAY, ["--json"])],
)
def test_asking_once_tells_no_key(scene: Scene, mood: str, flags: list[str]) -> None:
    where = ("--dialect", "openai", "--base-url", f"{scene.door.url}/{mood}-env/v1", "--model", "gpt-6-luna")
    said = scene.ask("probe", "inference", *where, "--key-env", "PARROT_ENV_KEY", *flags)
    assert "blame" in said
    assert _leaks(scene, {"said": said.encode()}) == {}


def test_a_mistake_in_the_catalogue_tells_no_key(scene: Scene, tmp_path: Path) -> None:
    check = {"interval": "${PARROT_ENV_KEY}", "inference": {"dialect": "${PARROT_GOOG_KEY}", "key": []}}
    urls = {"http": {"url": "${PARROT_FILE_KEY}", "headers": {"a b": "${PARROT_AZURE_KEY}"}}}
    wrong = _catalogue(scene.door) | {"order": ["${PARROT_URL_KEY}"]}
    wrong["services"]["refused-env"]["checks"] = {"one": check, "two": urls}
    (tmp_path / "wrong.yaml").write_text(yaml.safe_dump(wrong))
    said = scene.ask("catalogue", "validate", str(tmp_path / "wrong.yaml"))
    assert "'${PARROT_FILE_KEY}' does not begin with http" in said
    assert _leaks(scene, {"said": said.encode()}) == {}


def test_no_key_is_in_the_evidence_given_away(scene: Scene, tmp_path: Path) -> None:
    scene.program.wait_for(
        "the page is read", lambda: b"sha256" in b"".join(files_in(scene.folder / "data").values())
    )
    said = scene.ask("evidence", "export", "--service", "refused-env", "--out", str(tmp_path / "said.zip"))
    given = members_of((tmp_path / "said.zip").read_bytes())
    assert len(given) >= 2
    assert _leaks(scene, {**given, "said": said.encode()}) == {}


def _leaks(scene: Scene, places: Mapping[str, bytes]) -> Mapping[str, set[str]]:
    """Where pieces of a key stand, and which. Pages have most of their lines in common: each is looked at once."""
    lines = {line for content in places.values() for line in content.split(b"\n")}
    if not traces(b"\n".join(lines), *scene.keys.values()):
        return {}
    return {name: pieces for name, content in places.items() if (pieces := traces(content, *scene.keys.values()))}
