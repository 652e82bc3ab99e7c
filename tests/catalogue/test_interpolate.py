"""Filling in from the environment."""

from pathlib import Path

import pytest

from app.catalogue.interpolate import Secret, interpolate, secret_files

ENVIRON = {"KEY": "sk-1", "BLANK": "", "DOLLAR": "a$$b${KEY}"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("plain", "plain"),
        ("${KEY}", "sk-1"),
        ("Bearer ${KEY}", "Bearer sk-1"),
        ("${KEY}/${KEY}", "sk-1/sk-1"),
        ("${NONE:-default}", "default"),
        ("${NONE:-}", ""),
        ("${BLANK:-default}", "default"),
        ("${KEY:-default}", "sk-1"),
        ("$${KEY} costs 5$ and $$", "${KEY} costs 5$ and $"),
        ("^a$", "^a$"),
        ("$discovery", "$discovery"),
        ("${DOLLAR}", "a$$b${KEY}"),
    ],
)
def test_variables_are_filled_in_once(text: str, filled: str) -> None:
    assert interpolate(text, ENVIRON) == filled


@pytest.mark.parametrize("text", ["${KEY", "${}", "${1A}", "${KEY:+x}", "$KEY", "${ KEY }", "${KEY-x}"])
def test_what_looks_like_a_variable_and_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\$"):
        interpolate(text, ENVIRON)


def test_a_file_stands_in_for_a_variable(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk-from-file\n")
    assert interpolate("${KEY}", {"KEY_FILE": str(file)}) == "sk-from-file"
    assert interpolate("${KEY}", {"KEY": "", "KEY_FILE": str(file)}) == "sk-from-file"
    assert interpolate("${KEY:-default}", {"KEY_FILE": str(file)}) == "sk-from-file"
    assert interpolate("${KEY}", {"KEY": "sk-itself", "KEY_FILE": str(file)}) == "sk-itself"


def test_a_file_too_large_for_a_secret_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"x" * (64 * 1024 + 1))
    with pytest.raises(ValueError, match="is larger than 65536 bytes"):
        interpolate("${KEY}", {"KEY_FILE": str(file)})


def test_only_files_that_would_be_read_are_named() -> None:
    environ = {"A_FILE": "/a", "B": "set", "B_FILE": "/b", "C_FILE": "/c"}
    assert secret_files("${B} ${A} $${C} ${A:-x}", environ) == (Path("/a"),)


def test_what_was_filled_in_does_not_print_itself() -> None:
    secret = interpolate("Bearer ${KEY}", ENVIRON)
    assert isinstance(secret, Secret)
    assert repr({"authorization": secret}) == "{'authorization': '***'}"
    assert f"{secret}" == "Bearer sk-1"
    assert not isinstance(interpolate("$$", ENVIRON), Secret)
