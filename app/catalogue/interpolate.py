"""Filling `${NAME}` into an operator's file from the environment, so that no secret need stand in it.

Only whole scalars that YAML has already read are filled in, so a secret can never change what the file means.
What was filled in does not print itself: neither in `repr` nor in a message about a mistake.
"""

import re
from collections.abc import Mapping
from pathlib import Path

FILE_SUFFIX = "_FILE"
_LARGEST_SECRET = 64 * 1024
_REFERENCE = re.compile(
    r"\$(?:"
    r"(?P<escape>\$)"
    r"|\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?\}"
    r"|(?P<broken>\{)"
    r"|(?P<bare>[A-Z_][A-Z0-9_]*)"
    r")"
)


class Secret(str):
    """Text from the environment: itself wherever it is used, `'***'` wherever a program prints its insides."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class Hole(Secret):
    """What stands for a text that could not be had."""

    __slots__ = ()


def interpolate(text: str, environ: Mapping[str, str]) -> str:
    """Fill the environment's values into `text`; the answer is a `Secret` if there were any.

    `${NAME}` takes the variable, or else the content of the file that `NAME_FILE` names; `${NAME:-default}`
    has a default for when both are unset or empty; `$$` is a dollar sign. Raises `ValueError` with a sentence
    that names the variable, never its value.
    """
    is_filled = False

    def fill(match: re.Match[str]) -> str:
        nonlocal is_filled
        if match["escape"]:
            return "$"
        if match["broken"]:
            raise ValueError('"${" begins a variable that is not closed: write ${NAME}, or $${ for the characters')
        if bare := match["bare"]:
            raise ValueError(f'"${bare}" is not filled in: write ${{{bare}}}, or $${bare} for the characters')
        is_filled = True
        return _value(match["name"], match["default"], environ)

    filled = _REFERENCE.sub(fill, text)
    return Secret(filled) if is_filled else filled


def secret_files(text: str, environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The files that filling in `text` would read: a change in one of them changes the catalogue."""
    names = {match["name"] for match in _REFERENCE.finditer(text) if match["name"]}
    return tuple(
        Path(path) for name in sorted(names) if not environ.get(name) and (path := environ.get(name + FILE_SUFFIX))
    )


def _value(name: str, default: str | None, environ: Mapping[str, str]) -> str:
    """What the environment has for `name`. Empty counts as unset: it is what a forgotten secret looks like."""
    if value := environ.get(name):
        return value
    if path := environ.get(name + FILE_SUFFIX):
        return _content(name, Path(path))
    if default is not None:
        return default
    state = "empty" if name in environ else "not set"
    raise ValueError(
        f"the environment variable {name} is {state}; set it or {name}{FILE_SUFFIX}, or write ${{{name}:-default}}"
    )


def _content(name: str, path: Path) -> str:
    told = f"{name}{FILE_SUFFIX} names {path}, which"
    remedy = f"put the value there where this program can read it, or set {name} itself"
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_SECRET + 1)
        text = content.decode().rstrip("\r\n")
    except OSError as error:
        why = error.strerror or "the path is not usable"
        raise ValueError(f"{told} cannot be read ({why}): {remedy}") from error
    except UnicodeDecodeError:
        raise ValueError(f"{told} is not UTF-8 text: {remedy}") from None
    if len(content) > _LARGEST_SECRET:
        raise ValueError(f"{told} is larger than {_LARGEST_SECRET} bytes: {remedy}")
    if not text:
        raise ValueError(f"{told} is empty: {remedy}")
    return text
