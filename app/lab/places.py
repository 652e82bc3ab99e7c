"""Where in a YAML document something stands, so that a mistake can be named with its line."""

from collections.abc import Iterable

import yaml

Where = tuple[str | int, ...]
"""The keys and indexes that lead from the document's root to a place."""


def located(wrong: Iterable[tuple[Where, str]], root: yaml.Node | None, source: str) -> str:
    """One line a mistake: file, line, place, and what is wrong there."""
    return "\n".join(f"{source}:{_line(root, where)}: {_spelt(where)}: {message}" for where, message in wrong)


def _line(node: yaml.Node | None, where: Where) -> int:
    """The line of the deepest place that exists; a missing field is reported where it is missing."""
    line = node.start_mark.line + 1 if node else 1
    for step in where:
        found = _child(node, step)
        if found is None:
            break
        key, node = found
        line = key.start_mark.line + 1
    return line


def _child(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _spelt(where: Where) -> str:
    return (
        "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where).lstrip(".") or "scenario"
    )
