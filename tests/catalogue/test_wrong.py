"""Every way to be wrong has a file of its own, and beside it the exact words in which one is told."""

from pathlib import Path

import pytest

from app.catalogue.errors import CatalogueError
from tests.catalogue.ground import load

WRONG = Path(__file__).with_name("wrong")
TOKEN = "sk-never-to-be-seen"
LINES = "first-never\nsecond-never"
ENVIRON = {
    "TOKEN": TOKEN,
    "LINES": LINES,
    "BLANK": "",
    "GONE_FILE": "../secrets/gone",
    "EMPTY_FILE": "../secrets/empty",
    "BINARY_FILE": "../secrets/binary",
}


@pytest.mark.parametrize("path", sorted(WRONG.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_mistake_is_told_with_its_place_and_its_remedy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(WRONG)
    with pytest.raises(CatalogueError) as caught:
        load(Path(path.name), ENVIRON)
    assert f"{caught.value}\n" == path.with_suffix(".txt").read_text()
    assert not any(secret in str(caught.value) for secret in (TOKEN, *LINES.split()))


def test_every_expected_message_has_its_mistake() -> None:
    assert [path for path in WRONG.glob("*.txt") if not path.with_suffix(".yaml").exists()] == []
