"""`stillup export`, as an operator runs it."""

import json
from pathlib import Path

from tests.cli.test_cli import stillup

OWN = """\
builtin: false
controls: {}
vendors:
  acme: {name: Acme, home: "https://acme.test/"}
services:
  acme-chat:
    name: Acme Chat
    vendor: acme
    capabilities: [assistant]
    home: https://chat.acme.test/
    checks: {page: {http: {url: "https://chat.acme.test/"}}}
"""
URL = "https://status.example"


def test_what_is_stored_is_written_as_a_site(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    setting = {"STILLUP_DATA": str(tmp_path), "STILLUP_CATALOGUE": str(tmp_path / "own.yaml")}
    assert stillup("db", "upgrade", **setting).returncode == 0
    site = tmp_path / "out" / "site"
    told = stillup("export", str(site), "--url", f"{URL}/", "--live", "https://live.example", "--json", **setting)
    assert told.returncode == 0, told.stderr
    made = json.loads(told.stdout)
    written = [path for path in site.resolve().rglob("*") if path.is_file()]
    assert (made["folder"], made["files"], made["changed"]) == (str(site), len(written) - 3, len(written))
    assert json.loads((site / "api/v1/services.json").read_text())["services"][0]["id"] == "acme-chat"
    page = (site / "services/acme-chat/index.html").read_text()
    assert "made by hand" in page
    assert 'href="https://live.example/me?service=acme-chat"' in page
    again = stillup("export", str(site), STILLUP_PUBLIC_URL=URL, **setting)
    assert again.returncode == 0
    assert again.stdout.endswith(f" changed: {site}\n")


def test_a_copy_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    site = str(tmp_path / "site")
    nameless = stillup("export", site, STILLUP_DATA=str(tmp_path))
    wrong = stillup("export", site, "--url", "status.example", STILLUP_DATA=str(tmp_path))
    empty = stillup("export", site, "--url", URL, STILLUP_DATA=str(tmp_path))
    assert [each.returncode for each in (nameless, wrong, empty)] == [2, 2, 2]
    assert nameless.stderr == "Say with --url where the copy will be reached: its feeds and its API name it.\n"
    assert wrong.stderr == "--url status.example has to begin with https:// or http://.\n"
    assert "There is no database of this version" in empty.stderr
