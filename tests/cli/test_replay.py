"""`stillup replay`: recorded timelines become the stories that they tell."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli.program import program

TIMELINES = Path(__file__).parents[1] / "timelines"
OUTAGE = TIMELINES / "heron-outage"

WANTED = """\
2026-04-02 10:08:00  vendor    “API errors” opened: investigating, impact minor
2026-04-02 10:36:00  vendor    “API errors”: said to have begun at 2026-04-02 09:55:00 UTC; \
at 2026-04-02 10:07:30 UTC before [silent edit]
2026-04-02 10:50:00  vendor    “API errors”: identified: We know the cause. [dated 28 min before a look without it]
    began 2026-04-02 09:55:00 UTC; first said 2026-04-02 10:07:30 UTC, 12 min after that; \
resolved 2026-04-02 11:09:20 UTC; lasted 1 h 14 min
    5 updates; 2 silent edits; 1 update dated back
  “API errors”: the vendor said it 5 min after us, and called it over 22 min after our first good reading
  by its own times, the vendor's first word came 6 min after the start that it tells \
of (median of 2, at most 12 min)
"""


def replay(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, ["replay", *map(str, arguments)])


def story(*arguments: str | Path) -> dict[str, Any]:
    told = replay(*arguments, "--json")
    assert told.exit_code == 0, told.stderr
    plain: dict[str, Any] = json.loads(told.stdout)
    return plain


def steps(told: dict[str, Any], witness: str) -> list[tuple[str, str]]:
    """Every step of a witness: the time of day when it became known, and its kind."""
    return [(step["at"][11:16], step["kind"]) for step in told["steps"] if step["witness"] == witness]


def test_an_outage_is_told_from_its_first_word_to_its_end() -> None:
    told = story(OUTAGE, "--pace", "2m")

    assert (told["kind"], told["looks"], told["failed"]) == ("statuspage", 8, 1)
    assert steps(told, "vendor") == [
        ("10:00", "first_read"),
        ("10:08", "headline_changed"),
        ("10:08", "part_changed"),
        ("10:08", "incident_opened"),
        ("10:08", "update_added"),
        ("10:22", "unreadable"),
        ("10:30", "readable_again"),
        ("10:30", "part_changed"),
        ("10:30", "update_added"),
        ("10:30", "impact_changed"),
        ("10:36", "update_edited"),
        ("10:36", "start_moved"),
        ("10:50", "headline_changed"),
        ("10:50", "part_changed"),
        ("10:50", "update_added"),
        ("10:50", "update_added"),
        ("11:10", "incident_told_afterwards"),
        ("11:10", "update_added"),
        ("11:10", "update_added"),
        ("11:10", "resolved"),
        ("12:00", "incident_deleted"),
    ]
    assert steps(told, "word") == [
        ("10:00", "up"),
        ("10:08", "degraded"),
        ("10:22", "unknown"),
        ("10:30", "degraded"),
        ("10:50", "up"),
    ]
    assert told["spans"] == {"up": 78 * 60_000, "degraded": 34 * 60_000, "unknown": 8 * 60_000}


def test_durations_silent_edits_and_backdating_are_told_of_every_incident() -> None:
    deleted, outage = story(OUTAGE, "--pace", "2m")["incidents"]

    assert [outage[name] for name in ("id", "started_at", "said_at", "ended_at", "gone_at")] == [
        "inc000000001",
        "2026-04-02T09:55:00Z",
        "2026-04-02T10:07:30Z",
        "2026-04-02T11:09:20Z",
        None,
    ]
    assert [outage[name] for name in ("told_after", "lasted")] == [12.5 * 60_000, 74 * 60_000 + 20_000]
    assert [outage[name] for name in ("updates", "quiet_edits", "dated_back")] == [5, 2, 1]
    assert [deleted[name] for name in ("id", "is_deleted", "gone_at", "lasted")] == [
        "inc000000002",
        True,
        "2026-04-02T12:00:00Z",
        6 * 60_000,
    ]


def test_the_lag_is_told_where_something_was_measured_beside() -> None:
    told = story(OUTAGE, "--pace", "2m")

    assert steps(told, "measured") == [("09:50", "up"), ("10:10", "down"), ("10:52", "up")]
    [ours] = told["measured"]
    assert (ours["opened_at"], ours["closed_at"]) == ("2026-04-02T10:02:00Z", "2026-04-02T10:47:00Z")
    [entry] = told["lags"]
    assert (entry["first"], entry["our_first_at"], entry["vendor_said_at"]) == (
        "we_first",
        "2026-04-02T10:02:00Z",
        "2026-04-02T10:07:30Z",
    )


def test_nothing_is_claimed_of_the_lag_where_nothing_was_measured(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.jsonl"
    nothing.write_text("")

    told = story(OUTAGE, "--pace", "2m", "--measured", nothing)
    assert (told["lags"], told["measured"], steps(told, "measured")) == ([], [], [])


def test_the_story_reads_as_one_would_tell_it() -> None:
    told = replay(OUTAGE, "--pace", "2m").stdout

    lines = told.splitlines()
    assert lines[0].endswith(", 1 of them failed; read as statuspage; told for the page.")
    assert [line for line in WANTED.splitlines() if line not in lines] == []


def test_it_is_told_for_a_service_of_the_catalogue(tmp_path: Path) -> None:
    catalogue = tmp_path / "stillup.yaml"
    catalogue.write_text(
        "vendors:\n  heron: {name: Heron, home: https://heron.example,"
        " status_page: {url: https://status.heron.example, kind: statuspage}}\n"
        "services:\n  heron-chat:\n    name: Heron Chat\n    vendor: heron\n    capabilities: [assistant]\n"
        "    home: https://heron.example\n    components: {names: [Heron Chat]}\n"
        "    checks:\n      home: {http: {url: https://heron.example}}\n"
    )
    told = story(OUTAGE, "--pace", "2m", "--service", "heron-chat", "--catalogue", catalogue)

    assert steps(told, "word") == [("10:00", "up"), ("10:22", "unknown"), ("10:30", "up")]
    assert [(each["id"], each["basis"]) for each in told["incidents"]] == [("inc000000002", "part")]
    subjects = {step["said"]["subject_id"] for step in told["steps"] if step["said"]}
    assert subjects == {None, "inc000000002"}
    assert (steps(told, "measured"), told["lags"]) == ([], [])  # the readings are of another service


def test_a_version_that_its_reader_refuses_was_not_read(tmp_path: Path) -> None:
    for name, body in (
        ("2026-04-02T100000Z.json", (OUTAGE / "2026-04-02T100000Z.json").read_text()),
        ("2026-04-02T100500Z.json", "<html>Just a moment…</html>"),
        ("2026-04-02T101000Z.json", ""),
        ("notes.txt", "x"),
    ):
        (tmp_path / name).write_text(body)
    told = replay(tmp_path, "--json")

    assert steps(json.loads(told.stdout), "word") == [("10:00", "up"), ("10:10", "unknown")]
    assert told.stderr == f"{tmp_path / 'notes.txt'}: left alone, since its name tells no time\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["{tmp}/nowhere"], "/nowhere: No such file or directory"),
        (["{tmp}"], "no file there has a time in its name, such as 2026-06-17T004712Z.json"),
        (["{outage}", "--measured", "{tmp}/wrong.jsonl"], "/wrong.jsonl:2: no reading: 'sideways' is not a valid"),
        (["{outage}", "--pace", "often"], "'often' is no span; write it as 2m or 30s"),
        (["{outage}", "--service", "chatgtp"], "There is no service 'chatgtp' with a status page; did you mean"),
    ],
)
def test_a_wrong_question_is_answered_with_what_would_be_right(
    tmp_path: Path, arguments: list[str], complaint: str
) -> None:
    (tmp_path / "wrong.jsonl").write_text(
        '{"at": "2026-04-02T10:00:00Z", "status": "up"}\n{"at": "2026-04-02T10:01:00Z", "status": "sideways"}\n'
    )
    told = replay(*(each.format(tmp=tmp_path, outage=OUTAGE) for each in arguments))

    assert (told.exit_code, told.stdout) == (2, "")
    assert complaint in " ".join(told.stderr.replace("│", "").split())
