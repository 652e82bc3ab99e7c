"""How people name a part of a catalogue file, and what its JSON Schema says of it."""

from collections.abc import Mapping
from typing import Any

from app.catalogue.errors import quoted
from app.catalogue.tree import Path

_THINGS = (
    (("services", None, "checks", None), "check"),
    (("services", None), "service"),
    (("vendors", None), "vendor"),
    (("controls", None), "control"),
    (("phrases", None), "phrase"),
)


def name_of(path: Path) -> str:
    """The part at `path` in words: `check "models"`, or `"http.expect" of check "models"`."""
    thing, rest = _thing(path)
    keys = ".".join(step for step in rest if isinstance(step, str))
    if not keys:
        return thing or "the catalogue"
    return f"{quoted(keys)} of {thing}" if thing else quoted(keys)


def key_in(path: Path) -> str:
    """The value at `path` in words: `"interval" in check "models"`."""
    thing, rest = _thing(path)
    keys = ".".join(step for step in rest if isinstance(step, str))
    if not keys:
        return thing or "the catalogue"
    return f"{quoted(keys)} in {thing}" if thing else quoted(keys)


def described_at(schema: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    """What a JSON Schema says of the part at `path`; nothing where it does not know it."""
    part = _resolved(schema, schema)
    for step in path:
        inner: Any = part.get("properties", {}).get(step)
        if inner is None:
            inner = part.get("items" if isinstance(step, int) else "additionalProperties")
        if not isinstance(inner, Mapping):
            return {}
        part = _resolved(inner, schema)
    return part


def _thing(path: Path) -> tuple[str, Path]:
    """The nearest named thing that `path` leads into, in words, and the rest of the way from there."""
    for pattern, word in _THINGS:
        head = path[: len(pattern)]
        if len(head) == len(pattern) and all(
            want in (None, step) for want, step in zip(pattern, head, strict=True)
        ):
            return f"{word} {quoted(head[-1])}", path[len(pattern) :]
    return "", path


def _fits(wanted: str | None, step: str | int) -> bool:
    return wanted is None or wanted == step


def _resolved(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part itself, behind references and behind "or null"."""
    while True:
        if reference := part.get("$ref"):
            part = schema["$defs"][reference.rpartition("/")[2]]
        elif choices := [choice for choice in part.get("anyOf", ()) if choice.get("type") != "null"]:
            part = choices[0]
        else:
            return part
