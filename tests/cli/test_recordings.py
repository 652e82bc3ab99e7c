"""Timelines that vendors really wrote, replayed: in the folder that STILLUP_RECORDINGS names, if there is one."""

import json
import os
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.program import program

RECORDINGS = Path(os.environ.get("STILLUP_RECORDINGS", "/nonexistent")) / "timelines"
TIMELINES = sorted(RECORDINGS.iterdir()) if RECORDINGS.is_dir() else []
OUTAGE = RECORDINGS / "anthropic-2026-06-17"

pytestmark = pytest.mark.skipif(
    not TIMELINES,
    reason="the recorded timelines are not part of the project; STILLUP_RECORDINGS names their folder",
)


@cache
def story(folder: Path, *options: str) -> dict[str, Any]:
    told = CliRunner().invoke(program, ["replay", str(folder), *options, "--json"])
    assert told.exit_code == 0, told.stderr
    plain: dict[str, Any] = json.loads(told.stdout)
    return plain


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize("folder", TIMELINES, ids=lambda folder: folder.name)
def test_every_version_is_read_and_the_story_is_sound(folder: Path) -> None:
    told = story(folder)

    assert (told["looks"], told["failed"]) == (len([*folder.iterdir()]), 0)
    times = [step["at"] for step in told["steps"]]
    assert times == sorted(times)
    assert sum(told["spans"].values()) == (moment(told["last_at"]) - moment(told["first_at"])) // timedelta(
        milliseconds=1
    )
    wrong = [
        each["id"]
        for each in told["incidents"]
        if each["told_after"] < 0 or (each["lasted"] or 0) < 0 or each["is_deleted"] or each["dated_back"]
    ]
    assert wrong == []


@pytest.mark.skipif(not OUTAGE.is_dir(), reason="this outage is not among the recordings")
def test_the_outage_is_told_as_its_documents_tell_it() -> None:
    """Every incident opens with the version that shows it first and is over with the first that does not."""
    versions = {
        datetime.strptime(file.stem, "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC): json.loads(file.read_bytes())
        for file in sorted(OUTAGE.iterdir())
    }
    first_at, last_at = min(versions), max(versions)
    listed: dict[str, list[datetime]] = {}
    raw: dict[str, dict[str, Any]] = {}
    for at, document in versions.items():
        for incident in document["incidents"]:
            listed.setdefault(incident["id"], []).append(at)
            raw[incident["id"]] = incident

    told = story(OUTAGE, "--pace", "2m")
    steps = [
        (step["said"]["subject_id"], step["kind"], moment(step["at"]))
        for step in told["steps"]
        if step["kind"] in ("incident_opened", "incident_gone")
    ]
    expected = [(key, "incident_opened", at[0]) for key, at in listed.items() if at[0] > first_at]
    expected += [
        (key, "incident_gone", min(later for later in versions if later > at[-1]))
        for key, at in listed.items()
        if at[-1] < last_at
    ]
    assert sorted(steps) == sorted(expected)

    ends = {key: at for key, kind, at in expected if kind == "incident_gone"}
    for each in told["incidents"]:
        incident = raw[each["id"]]
        started_at = min(
            moment(each)
            for each in (incident["created_at"], *(said["display_at"] for said in incident["incident_updates"]))
        )
        assert abs(moment(each["started_at"]) - started_at) < timedelta(seconds=1)
        assert each["updates"] == len(incident["incident_updates"])
        assert (each["ended_at"] and moment(each["ended_at"])) == ends.get(each["id"])
        assert each["quiet_edits"] == 0
        assert each["told_after"] < 2_000
