"""`stillup evidence`: what is kept becomes a file that proves itself."""

import asyncio
import hashlib
import json
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from app.cli.bundles import Bundle, BundleError, put_file
from app.cli.program import program
from app.domain.bundle import verify_bundle
from app.domain.evidence import Attachment, chain
from app.domain.said import Said, SaidKind
from app.settings import resource
from app.store.engine import open_database
from app.store.evidence import insert_documents, insert_records, load_head
from app.store.migrate import upgrade
from tests.build import minute

BODIES = [f'{{"page": {number}}}'.encode() for number in range(4)]


def evidence(*arguments: str | Path, data: Path | None = None) -> Result:
    environ = {"STILLUP_DATA": str(data)} if data else {}
    return CliRunner(env=environ).invoke(program, ["evidence", *map(str, arguments)])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A database in which a page said something every ten minutes; one of its documents is lost."""
    folder = tmp_path / "data"
    folder.mkdir()
    url = f"sqlite+aiosqlite:///{folder / 'stillup.sqlite3'}"
    upgrade(url, resource("migrations"))
    asyncio.run(fill(url))
    return folder


async def fill(url: str) -> None:
    database = open_database(url)
    for number, body in enumerate(BODIES):
        sha256 = hashlib.sha256(body).hexdigest()
        read = Attachment(url="https://status.claude.com/", sha256=sha256, read_at=minute(10 * number))
        told = Said(kind=SaidKind.HEADLINE_CHANGED, seen_at=minute(10 * number), after=f"words {number}")
        async with database.write() as tx:
            if number != 2:
                await insert_documents(tx, {sha256: zlib.compress(body)})
            await insert_records(tx, chain("anthropic", await load_head(tx, "anthropic"), [told], [read]))
    await database.close()


def test_what_a_vendor_said_is_exported_and_verified(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "said.zip"
    made = evidence("export", "--service", "claude-api", "--out", out, "--json", data=data)
    assert made.exit_code == 0, made.stderr
    told = json.loads(made.stdout)
    assert (told["page_key"], told["records"], told["first"], told["last"]) == ("anthropic", 4, 1, 4)

    checked = evidence("verify", out, "--json")
    assert checked.exit_code == 0
    verified = json.loads(checked.stdout)
    assert (verified["verified"], verified["problems"]) == (True, [])
    assert verified["missing"] == [hashlib.sha256(BODIES[2]).hexdigest()]
    with zipfile.ZipFile(out) as archive:
        documents = {archive.read(name) for name in archive.namelist() if name.startswith("documents/")}
    assert documents == {BODIES[0], BODIES[1], BODIES[3]}


def test_a_period_is_a_part_of_the_chain_that_says_where_it_begins(data: Path, tmp_path: Path) -> None:
    first, later = tmp_path / "first.zip", tmp_path / "later.zip"
    middle = f"{minute(15):%Y-%m-%dT%H:%M:%SZ}"
    before = evidence("export", "--service", "claude-api", "--to", middle, "--out", first, "--json", data=data)
    after = evidence("export", "--service", "claude-api", "--from", middle, "--out", later, "--json", data=data)

    told = [json.loads(each.stdout) for each in (before, after)]
    assert [(each["first"], each["last"]) for each in told] == [(1, 2), (3, 4)]
    assert told[1]["previous"] == told[0]["head"]
    text = evidence("verify", later).stdout
    assert f"{later} is whole, and nothing in it was changed: 2 records (number 3 to 4)" in text
    assert f"The first record follows {told[0]['head']}," in text


def test_what_was_changed_is_told(data: Path, tmp_path: Path) -> None:
    out, forged = tmp_path / "said.zip", tmp_path / "forged.zip"
    evidence("export", "--service", "claude-api", "--out", out, data=data)
    with zipfile.ZipFile(out) as archive, zipfile.ZipFile(forged, "w") as other:
        for name in archive.namelist():
            put_file(other, name, archive.read(name).replace(b"words 1", b"words 7"))

    told = evidence("verify", forged)
    assert told.exit_code == 1
    assert told.stdout.splitlines() == [
        "WRONG  records.jsonl does not have the hash that SHA256SUMS tells.",
        "WRONG  Record 3 does not follow the one before it.",
        f"MISSING  the document {hashlib.sha256(BODIES[2]).hexdigest()} was not kept when this was exported",
        f"{forged} is not as it was exported.",
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_refused_or_holds_the_same(data: Path, tmp_path: Path, draw: st.DataObject) -> None:
    out = tmp_path / "said.zip"
    if not out.exists():
        evidence("export", "--service", "claude-api", "--out", out, data=data)
    body = bytearray(out.read_bytes())
    place = draw.draw(st.integers(0, len(body) - 1))
    body[place] ^= draw.draw(st.integers(1, 255))
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(body)
    try:
        with_it = Bundle(damaged)
        problems = verify_bundle(with_it).problems
        told = dict(with_it)
    except BundleError:
        return
    assert problems != () or told == dict(Bundle(out))


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["export", "--service", "claude-apo"], 2, "There is no service 'claude-apo' with a status page; did you"),
        (["export", "--service", "openai-api", "--out", "{tmp}/a.zip"], 1, "Nothing was kept of what the page "),
        (["export", "--service", "claude-api", "--out", "{tmp}/there.zip"], 2, "there.zip is there already."),
        (["export", "--service", "claude-api", "--out", "{tmp}/no/a.zip"], 2, "a.zip: No such file or directory"),
        (
            ["export", "--service", "claude-api", "--from", "2026-02-02", "--to", "2026-02-01"],
            2,
            " is not before ",
        ),
        (["verify", "{tmp}/nowhere.zip"], 2, "nowhere.zip: No such file or directory"),
        (["verify", "{tmp}/there.zip"], 1, "It is no zip file: File is not a zip file."),
    ],
)
def test_a_wrong_question_is_answered_and_leaves_nothing_behind(
    data: Path, tmp_path: Path, arguments: list[str], code: int, complaint: str
) -> None:
    (tmp_path / "there.zip").write_bytes(b"mine")
    told = evidence(*(each.format(tmp=tmp_path) for each in arguments), data=data)

    assert told.exit_code == code
    assert complaint in told.stdout + told.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data", "there.zip"]
    assert (tmp_path / "there.zip").read_bytes() == b"mine"


def test_without_a_database_none_is_made(tmp_path: Path) -> None:
    told = evidence("export", "--service", "claude-api", "--out", tmp_path / "a.zip", data=tmp_path / "none")

    assert told.exit_code == 2
    assert told.stderr.startswith("There is no database of this version at ")
    assert list(tmp_path.iterdir()) == []
