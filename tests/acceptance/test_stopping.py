"""The program as a user stops it: whatever is under way, it ends without a complaint."""

import signal
import socket
from pathlib import Path
from typing import Any

import yaml

from tests.acceptance.program import running


def catalogue(port: int) -> dict[str, Any]:
    """One service, which is the control of our own network, too, and never says anything."""
    silent = {"url": f"http://127.0.0.1:{port}/", "expect": {"status": [200]}}
    return {
        "builtin": False,
        "controls": {"silent": {"allow_private": True, "http": silent}},
        "vendors": {"lab": {"name": "Lab", "home": "https://lab.example/"}},
        "services": {
            "silent": {
                "name": "Silent",
                "vendor": "lab",
                "capabilities": ["chat-api"],
                "home": "https://lab.example/",
                "checks": {"models": {"allow_private": True, "interval": "1s", "http": silent}},
            }
        },
    }


def test_what_is_under_way_when_it_is_stopped_is_no_failure(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        (tmp_path / "stillup.yaml").write_text(yaml.safe_dump(catalogue(server.getsockname()[1])))
        with running(tmp_path / "data", tmp_path / "stillup.yaml") as program:
            asking = [server.accept() for _ in ("control", "check")]
        for connection, _ in asking:
            connection.close()
    assert [line for line in program.log if "Traceback" in line or "ERROR" in line] == []
    assert program.process.returncode == -signal.SIGTERM
