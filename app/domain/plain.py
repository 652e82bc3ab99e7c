"""Domain values as plain JSON values, and back: what is stored of a vendor's words and what `--json` prints.

Times are ISO 8601 in UTC with a `Z`, spans whole milliseconds, enums their values, dataclasses objects.
"""

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

Wanted = TypeVar("Wanted")

_MILLISECOND = timedelta(milliseconds=1)


def to_plain(value: Any, *, sparse: bool = False) -> Any:
    """`value` in lists, objects, texts, numbers; `sparse` leaves out fields that have their default."""
    if is_dataclass(value):
        told = ((each, getattr(value, each.name)) for each in fields(value))
        return {
            each.name: to_plain(own, sparse=sparse)
            for each, own in told
            if not (sparse and _is_default(each, own))
        }
    if isinstance(value, tuple | list):
        return [to_plain(item, sparse=sparse) for item in value]
    if isinstance(value, Mapping):
        return {key: to_plain(item, sparse=sparse) for key, item in value.items()}
    return _scalar(value)


def _is_default(each: Field[Any], own: Any) -> bool:
    if each.default_factory is not MISSING:
        return bool(own == each.default_factory())
    return own is each.default or (each.default is not MISSING and bool(own == each.default))


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // _MILLISECOND
    return value.value if isinstance(value, Enum) else value


def from_plain(wanted: type[Wanted], plain: Any) -> Wanted:
    """The value of a type that `to_plain` made plain, in full or sparse; fields it no longer has are skipped."""
    answer: Wanted = _revived(wanted, plain)
    return answer


def _revived(wanted: Any, plain: Any) -> Any:  # noqa: PLR0911 - one line a kind of type
    if plain is None:
        return None
    origin = typing.get_origin(wanted)
    if origin in (types.UnionType, typing.Union):
        return _revived(next(each for each in typing.get_args(wanted) if each is not type(None)), plain)
    if origin is tuple:
        return tuple(_revived(typing.get_args(wanted)[0], item) for item in plain)
    if origin is Mapping:
        return {key: _revived(typing.get_args(wanted)[1], item) for key, item in plain.items()}
    if is_dataclass(wanted) and isinstance(wanted, type):
        hints = _hints(wanted)
        return wanted(**{name: _revived(hints[name], own) for name, own in plain.items() if name in hints})
    if wanted in _REVIVERS:
        return _REVIVERS[wanted](plain)
    return wanted(plain) if isinstance(wanted, type) and issubclass(wanted, Enum) else plain


_REVIVERS: Mapping[Any, Callable[[Any], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    timedelta: lambda plain: plain * _MILLISECOND,
}


@lru_cache(maxsize=64)
def _hints(wanted: type) -> dict[str, Any]:
    return typing.get_type_hints(wanted)
