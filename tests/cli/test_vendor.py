"""`stillup vendor parse` as somebody meets it who writes a reader, or wonders what one made of a page."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli.program import program
from app.cli.recordings import moment_in
from app.domain.plain import from_plain, to_plain
from app.domain.vendor import (
    VendorComponent,
    VendorDay,
    VendorIncident,
    VendorMaintenance,
    VendorPage,
    VendorUpdate,
)

SAMPLES = Path(__file__).parents[1] / "samples"
DETECTED = [
    ("statuspage/summary-trouble.json", "statuspage"),
    ("incidentio/proxy.json", "incidentio"),
    ("betterstack/trouble.json", "betterstack"),
    ("aws-health/currentevents.json", "aws-health"),
    ("feeds/azure-trouble.xml", "azure-rss"),
    ("feeds/xai.xml", "rss"),
    ("feeds/statuspage-history.atom", "atom"),
]


def parse(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(program, ["vendor", "parse", *map(str, arguments)], input=stdin)


def printed(*arguments: str | Path, stdin: bytes | None = None) -> dict[str, Any]:
    told = parse(*arguments, stdin=stdin)
    assert told.exit_code == 0, told.stderr
    page: dict[str, Any] = json.loads(told.stdout)
    return page


@pytest.mark.parametrize(("path", "kind"), DETECTED)
def test_a_document_is_told_apart_and_printed_whole(path: str, kind: str) -> None:
    told = parse(SAMPLES / path, "--at", "2026-04-02T11:00:00Z")

    assert told.exit_code == 0, told.stderr
    assert told.stderr == f"{SAMPLES / path}: read as {kind}, fetched at 2026-04-02 11:00:00 UTC\n"
    page = json.loads(told.stdout)
    assert page["kind"] == kind
    assert to_plain(from_plain(VendorPage, page)) == page


def test_every_moment_is_in_utc() -> None:
    page = printed(SAMPLES / "statuspage/summary-trouble.json")

    moments = [page["updated_at"], *(update["at"] for each in page["incidents"] for update in each["updates"])]
    assert moments != []
    assert [moment for moment in moments if not moment.endswith("Z")] == []


def test_documents_of_one_page_are_put_together() -> None:
    summary, components = SAMPLES / "incidentio/summary-trouble.json", SAMPLES / "incidentio/components.json"

    alone, together = printed(summary), printed(summary, components)
    assert alone["has_all_components"] is False
    assert together["has_all_components"] is True
    assert together["words"] == alone["words"]


def test_a_document_that_does_not_show_its_kind_goes_with_the_others() -> None:
    alone = SAMPLES / "checkly/maintenance-windows.json"

    assert parse(alone).exit_code == 1
    told = parse(SAMPLES / "checkly/page.html", alone)
    assert [line.split(": ")[1].split(",")[0] for line in told.stderr.splitlines()] == ["read as checkly"] * 2


def test_a_document_may_come_by_standard_input() -> None:
    file = SAMPLES / "instatus/summary-trouble.json"

    assert printed("-", stdin=file.read_bytes()) == printed(file)


@pytest.mark.parametrize(
    ("name", "fetched"),
    [
        ("2026-06-17T004712Z.json", "2026-06-17 00:47:12"),
        ("2026-06-17T004712Z_d01ea299.json", "2026-06-17 00:47:12"),
        ("summary-20260617T0047Z.json", "2026-06-17 00:47:00"),
        ("2026-06-17T00-47-12.250Z-summary.json", "2026-06-17 00:47:12"),
        ("2026-06-17_00-47-12.json", "2026-06-17 00:47:12"),
        ("summary 2026-06-17 00:47.json", "2026-06-17 00:47:00"),
    ],
)
def test_a_name_tells_when_a_document_was_fetched(tmp_path: Path, name: str, fetched: str) -> None:
    file = tmp_path / name
    file.write_bytes((SAMPLES / "instatus/summary-quiet.json").read_bytes())

    assert parse(file).stderr.endswith(f"fetched at {fetched} UTC\n")
    assert parse(file, "--at", "2026-01-01T02:00+02:00").stderr.endswith("fetched at 2026-01-01 00:00:00 UTC\n")


def test_a_name_that_tells_no_time_tells_none() -> None:
    names = (
        "summary.json",
        "2026-06-17.json",
        "2026-06-17_1234abcd.json",
        "2026-13-17T004712Z.json",
        "2026-06.json",
    )
    assert [moment_in(name) for name in names] == [None] * len(names)


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["checkly/maintenance-windows.json"], 1, ": the document is of no kind that is known (not_this_format)"),
        (
            ["-k", "instatus", "checkly/uptime.json"],
            1,
            ", read as instatus: neither a page nor components (not_this_format)",
        ),
        (["--kind", "statuspagr", "checkly/uptime.json"], 2, "there is no kind 'statuspagr'; there are "),
        (["--at", "tomorrow", "checkly/uptime.json"], 2, "'tomorrow' is no moment"),
        (["nowhere.json"], 2, "nowhere.json: No such file or directory"),
        (["checkly"], 2, "checkly: Is a directory"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(arguments: list[str], code: int, complaint: str) -> None:
    *options, name = arguments
    told = parse(*options, SAMPLES / name)

    assert (told.exit_code, told.stdout) == (code, "")
    assert complaint in " ".join(told.stderr.replace("│", "").split())


def test_a_kind_is_known_by_its_address_or_by_being_told() -> None:
    file, url = SAMPLES / "rootly/incidents.json", "https://status.example/api/v1/incidents.json"

    assert parse(file).stderr == f"{file}, read as statuspage: incidents[0].id: missing (missing_field)\n"
    assert printed(file, "--url", url)["kind"] == "rootly"
    assert printed(file, "--kind", "rootly")["kind"] == "rootly"


def test_every_field_that_is_printed_is_documented() -> None:
    documented = (SAMPLES.parents[1] / "docs" / "adding-a-reader.md").read_text()
    shapes = (VendorPage, VendorComponent, VendorIncident, VendorUpdate, VendorMaintenance, VendorDay)
    assert [each.name for shape in shapes for each in fields(shape) if f"`{each.name}`" not in documented] == []
