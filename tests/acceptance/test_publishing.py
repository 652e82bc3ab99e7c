"""The program as an operator runs it, with a bucket to publish to: the copy stays when the program is gone."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.program import running
from tests.acceptance.secrecy import traces
from tests.cli.test_export import OWN
from tests.web.staticcopy.buckets import BUCKET, REGION, Buckets, buckets

URL = "https://status.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buckets]:
    with buckets(tmp_path_factory.mktemp("moto")) as started:
        yield started


def settings(server: Buckets, folder: Path, prefix: str) -> dict[str, str]:
    key = folder / "key"
    key.write_text(f"{server.key.identity}:{server.key.secret}\n")
    return {
        "STILLUP_PUBLISH": f"s3://{BUCKET}/{prefix}",
        "STILLUP_PUBLISH_URL": URL,
        "STILLUP_PUBLISH_ENDPOINT": server.endpoint,
        "STILLUP_PUBLISH_REGION": REGION,
        "STILLUP_PUBLISH_KEY_FILE": str(key),
    }


def test_what_runs_publishes_tells_of_it_and_leaves_no_trace_of_the_key(server: Buckets, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN)
    environ = {**settings(server, tmp_path, "live"), "STILLUP_PROBING": "off", "STILLUP_LOG_LEVEL": "debug"}
    with running(tmp_path / "data", own, **environ) as program:
        told = program.wait_for("a copy", lambda: _published(program.json("/api/v1/health")["publishing"]))
        assert (told["failures"], told["trouble"], told["changed"]) == (0, None, told["files"])
        metrics = program.text("/metrics")
        said = "\n".join(program.log) + metrics + json.dumps(told)
    objects = server.objects("live")
    assert len(objects) == told["files"] + 1
    assert b"Acme Chat" in objects["services/acme-chat"]["body"]
    assert json.loads(objects["api/v1/services"]["body"])["services"][0]["id"] == "acme-chat"
    assert "stillup_publish_failures_total 0" in metrics
    assert "stillup_publish_trouble 0" in metrics
    assert "stillup_published_timestamp_seconds " in metrics
    assert traces(said.encode(), server.key.secret) == set()


def _published(told: dict[str, object]) -> dict[str, object] | None:
    return told if told["published_at"] is not None else None


def test_it_is_published_by_hand_too_and_a_bucket_that_refuses_is_told(server: Buckets, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    environ = {
        **os.environ,
        **settings(server, tmp_path, "by/hand"),
        "STILLUP_DATA": str(tmp_path),
        "STILLUP_CATALOGUE": str(tmp_path / "own.yaml"),
    }
    assert ask("db", "upgrade", **environ).returncode == 0
    told = ask("publish", "--json", **environ)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["files"] == len(server.objects("by/hand")) - 1
    wrong = {**environ, "STILLUP_PUBLISH_KEY": f"{server.key.identity}:notthesecretofthisidentity"}
    refused = ask("publish", **wrong)
    assert refused.returncode == 1
    assert "403 SignatureDoesNotMatch" in refused.stderr
    assert traces((refused.stderr + refused.stdout).encode(), "notthesecretofthisidentity") == set()
    nowhere = ask("publish", **{key: value for key, value in environ.items() if "PUBLISH" not in key})
    assert nowhere.returncode == 2
    assert nowhere.stderr == "Say with STILLUP_PUBLISH where to: a folder, or s3://bucket/prefix.\n"


def ask(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "app", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environ,
    )
