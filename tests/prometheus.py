"""A real Prometheus and its promtool, wherever they are; tests that need them are skipped where there is none."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
import yaml

FETCHED = Path(sys.prefix) / "prometheus" / "usr" / "bin"
"""Where tests/install-prometheus.sh puts one that the machine has not."""

WAIT_SECONDS = 60

Found = TypeVar("Found")


def program(name: str) -> str:
    """The path of `prometheus` or `promtool`; skips the test where there is none."""
    path = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), str(FETCHED))))
    if path is None:
        pytest.skip(f"there is no {name} here; `make prometheus` says how to get one")
    return path


def promtool(*arguments: str, told: str = "") -> str:
    """What promtool says. Raises `AssertionError` with it where it finds a fault."""
    answer = subprocess.run(  # noqa: S603 - found above
        [program("promtool"), *arguments], input=told, capture_output=True, text=True, timeout=60, check=False
    )
    said = answer.stdout + answer.stderr
    assert answer.returncode == 0, said
    return said


class Prometheus:
    """A running Prometheus."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def data(self, path: str, **parameters: str) -> Any:
        """What its API answers."""
        answer = self._client.get(f"/api/v1/{path}", params=parameters)
        answer.raise_for_status()
        return answer.json()["data"]

    def value(self, query: str) -> float | None:
        """The value of a query that gives one series; `None` while it gives none."""
        found = self.data("query", query=query)["result"]
        return float(found[0]["value"][1]) if found else None

    def wait_for(self, what: str, holds: Callable[[], Found | None]) -> Found:
        """Ask again until `holds` gives something."""
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            try:
                if found := holds():
                    return found
            except httpx.HTTPError:
                pass  # not up yet
            time.sleep(0.1)
        raise AssertionError(f"never: {what}")


@contextmanager
def watching(folder: Path, target: str, rules: Path) -> Iterator[Prometheus]:
    """Start one that scrapes `target` (host:port) and judges by `rules` each second; end it by its id."""
    config: Mapping[str, Any] = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(rules)],
        "scrape_configs": [{"job_name": "stillup", "static_configs": [{"targets": [target]}]}],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [
        program("prometheus"),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address={address}",
    ]
    with (folder / "prometheus.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - found above
        try:
            with httpx.Client(base_url=f"http://{address}", timeout=10) as client:
                yield Prometheus(client)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
