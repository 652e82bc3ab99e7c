"""The documentation of the catalogue: its examples load, and no key is missing from it."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.catalogue.errors import CatalogueError
from app.catalogue.load import BUILTIN, load_catalogue
from app.catalogue.schema import catalogue_schema
from app.probes.registry import PROBERS

TEXT = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text()
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_loads(example: str, tmp_path: Path) -> None:
    own_file = tmp_path / "stillup.yaml"
    own_file.write_text(example)
    assert load_catalogue(BUILTIN, own_file, PROBERS, {}).services


def test_the_message_that_is_shown_is_the_one_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("stillup.yaml").write_text(EXAMPLES[0].replace("interval: 30s, slow", "interval: 30, slow"))
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(BUILTIN, Path("stillup.yaml"), PROBERS, {})
    assert f"```\n{caught.value}\n```" in TEXT


def words(schema: Any) -> set[str]:
    """Every key and every word of a closed list that a schema speaks of."""
    if isinstance(schema, list):
        return set().union(*map(words, schema))
    if not isinstance(schema, dict):
        return set()
    own = {*schema.get("properties", {}), *schema.get("enum", ())}
    return own.union(*(words(part) for part in schema.values()))


def test_every_key_and_every_word_is_documented() -> None:
    prose = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)
    named = {word for quoted in re.findall(r"`([^`]+)`", prose) for word in re.findall(r"[\w-]+", quoted)}
    assert words(catalogue_schema(PROBERS)) - named == set()
