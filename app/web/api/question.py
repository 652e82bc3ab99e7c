"""What of a check's spec may be told to everybody; pure.

A list of what may, not of what must not: texts may have been filled in from the environment, and are left out.
"""

from collections.abc import Mapping
from typing import Any

Told = str | int | bool | tuple[str | int, ...]

_MAY_BE_TOLD = (
    *("method", "family", "follow_redirects"),
    *("dialect", "model", "max_tokens"),
    *("type", "warn_days", "port"),
)
_OF_THE_ANSWER = ("status", "content_type")


def question_of(spec: Any) -> Mapping[str, Told]:
    """How a spec of any kind asks, and what it takes for healthy: the parts of it that cannot hold a secret."""
    told = {name: _plain(getattr(spec, name)) for name in _MAY_BE_TOLD if hasattr(spec, name)}
    expected = getattr(spec, "expect", None)
    told |= {
        f"expect_{name}": _plain(getattr(expected, name)) for name in _OF_THE_ANSWER if hasattr(expected, name)
    }
    return {name: value for name, value in told.items() if value not in (None, ())}


def _plain(value: Any) -> Told:
    """Words of an enum as the texts that they are."""
    if isinstance(value, tuple):
        return tuple(str(each) if isinstance(each, str) else each for each in value)
    return str(value) if isinstance(value, str) else value
