"""Whatever stands in a file: it is a catalogue, or it is told what is wrong with it, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalogue.errors import CatalogueError
from tests.catalogue.ground import load

SECRET = "sk-never-to-be-seen"
WORDS = st.sampled_from(Path(__file__).with_name("words.txt").read_text().split())
SCALARS = st.one_of(WORDS, st.text(max_size=8), st.integers(), st.booleans(), st.none())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=20,
)
LINES = st.lists(st.tuples(st.integers(0, 5), WORDS, WORDS), max_size=12).map(
    lambda lines: "\n".join(f"{'  ' * depth}{key}: {value}" for depth, key, value in lines)
)


def told(own_file: Path, content: bytes) -> str:
    own_file.write_bytes(content)
    try:
        return repr(load(own_file, {"KEY": SECRET}))
    except CatalogueError as error:
        return str(error)


@pytest.fixture(scope="module")
def own_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "stillup.yaml"


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(content=st.binary(max_size=200))
def test_any_bytes(own_file: Path, content: bytes) -> None:
    assert SECRET not in told(own_file, content)


@QUICK
@given(text=LINES)
def test_any_lines_that_look_like_ours(own_file: Path, text: str) -> None:
    assert SECRET not in told(own_file, text.encode())


@QUICK
@given(value=VALUES)
def test_any_structure(own_file: Path, value: object) -> None:
    assert SECRET not in told(own_file, repr(value).encode("utf-8", "surrogatepass"))
