"""Domain values as plain JSON values, and back: what is stored of a vendor's words and what `--json` prints.

Times are ISO 8601 in UTC with a `Z`, spans whole milliseconds, enums their values, dataclasses objects.
"""

import types
import typing
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

Wanted = TypeVar("Wanted")

_Revive = Callable[[Any], Any]
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
    answer: Wanted = _reviver(typing.cast("Hashable", wanted))(plain)
    return answer


# Made once a type and then only called: histories hold thousands of values, and types are slow to look into.
@lru_cache(maxsize=256)
def _reviver(wanted: Any) -> _Revive:
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (types.UnionType, typing.Union):
        return _optional(_reviver(next(each for each in arguments if each is not type(None))))
    if origin is tuple:
        return _tuple(_reviver(arguments[0]))
    if origin is Mapping:
        return _mapping(_reviver(arguments[1]))
    if is_dataclass(wanted) and isinstance(wanted, type):
        return _dataclass(wanted)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return wanted
    return _SCALARS.get(wanted, _as_it_is)


def _as_it_is(plain: Any) -> Any:
    return plain


def _optional(revive: _Revive) -> _Revive:
    return lambda plain: None if plain is None else revive(plain)


def _tuple(revive: _Revive) -> _Revive:
    return lambda plain: tuple([revive(item) for item in plain])


def _mapping(revive: _Revive) -> _Revive:
    return lambda plain: {key: revive(item) for key, item in plain.items()}


def _dataclass(wanted: Any) -> _Revive:
    known = {name: _reviver(hint) for name, hint in typing.get_type_hints(wanted).items()}
    return lambda plain: wanted(**{name: known[name](own) for name, own in plain.items() if name in known})


_SCALARS: Mapping[Any, _Revive] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    timedelta: lambda plain: plain * _MILLISECOND,
}
