"""What YAML is read as: values, places, and the traps of older YAML."""

from typing import Any

import pytest

from app.catalogue.document import LARGEST_FILE, read_document
from app.catalogue.errors import Place
from app.catalogue.tree import Scalar, deepest, plain
from tests.catalogue.ground import tree_of


def read(text: str) -> Any:
    return plain(tree_of(text.encode()))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("401", 401),
        ("-3", -3),
        ("+4", 4),
        ("0", 0),
        ("010", "010"),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2026-10-10", "2026-10-10"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("123456789012345678901", "123456789012345678901"),
        ("'401'", "401"),
        ('"null"', "null"),
        ("!!str 401", "401"),
        ("! 401", "401"),
        ("text # comment", "text"),
    ],
)
def test_a_scalar_means_what_it_looks_like(written: str, value: object) -> None:
    found = read(f"key: {written}")["key"]
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "~", "\ufeff"])
def test_an_empty_file_says_nothing(text: str) -> None:
    assert read(text) == {}


def test_keys_are_text() -> None:
    assert read("401: a\non: b\n~: c") == {"401": "a", "on": "b", "~": "c"}


def test_an_alias_is_what_it_refers_to() -> None:
    assert read("a: &a [1]\nb: *a\nc: &a 2\nd: *a") == {"a": [1], "b": [1], "c": 2, "d": 2}


def test_a_merged_mapping_gives_way_to_what_stands_beside_it() -> None:
    text = """
x-a: &a {one: 1, two: 1}
x-b: &b {two: 2, three: 2}
both: {three: 3, <<: [*a, *b]}
"""
    assert read(text)["both"] == {"one": 1, "two": 1, "three": 3}
    assert read("'<<': 1") == {"<<": 1}


def test_everything_remembers_its_place() -> None:
    tree = tree_of(b"a:\n  - b: 1\n    '\xc3\xa4c': 2\n")
    scalar, rest = deepest(tree, ("a", 0, "äc"))
    assert isinstance(scalar, Scalar)
    assert (scalar.place, scalar.written, rest) == (Place(file="a.yaml", line=3, column=11), "2", ())
    assert deepest(tree, ("a", 1))[1] == (1,)
    assert deepest(tree, ("a", 0, "b", "c"))[1] == ("c",)


def test_a_file_beyond_all_measure_is_not_read() -> None:
    problems: list[str] = []
    read_document(b" " * (LARGEST_FILE + 1), "a.yaml", lambda place, told: problems.append(f"{place}: {told}"))
    assert problems == ["a.yaml:1:1: the file is larger than 1048576 bytes"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_depth_is_bounded_while_reading(opening: str) -> None:
    problems: list[str] = []
    read_document(opening.encode() * 200_000, "a.yaml", lambda _, told: problems.append(told))
    assert problems == ["this is nested more than 24 levels deep"]
