"""The rules of the house that no linter knows."""

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from app.domain.result import FailureKind
from app.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "app").rglob("*.py"))
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 40


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_for_and_can_be_held_in_the_head(path: Path) -> None:
    source = path.read_text()
    tree = ast.parse(source)
    long = [f"{node.name}:{node.lineno}" for node in functions(tree) if _lines(node) > MOST_LINES_OF_A_FUNCTION]
    assert long == []
    assert len(source.splitlines()) <= MOST_LINES
    assert not source.strip() or ast.get_docstring(tree), "a module opens with what it is for"


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_room_is_a_junk_drawer() -> None:
    drawers = {"utils", "util", "common", "helpers", "helper", "manager", "misc"}
    assert [path for path in MODULES if path.stem in drawers or path.parent.name in drawers] == []


def test_every_setting_is_documented() -> None:
    documented = (ROOT / "docs" / "configuration.md").read_text()
    settings = [PREFIX + field.name.upper() for field in fields(Settings)]
    assert [name for name in settings if f"`{name}`" not in documented] == []


def test_every_kind_of_failure_is_documented() -> None:
    documented = (ROOT / "docs" / "methodology.md").read_text()
    assert [kind for kind in FailureKind if f"`{kind}`" not in documented] == []
