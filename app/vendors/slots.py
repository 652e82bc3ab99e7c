"""Unpacks JSON that a page carries as one flat list whose entries refer to each other by position.

Server-rendered pages ship their data so (React Router's turbo-stream, Nuxt's devalue): entry 0 is the root, a list
holds the positions of its items, an object the positions of its values and, in turbo-stream, of its keys as well.
"""

from typing import Any

_WRAPPERS = frozenset({"Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef", "EmptyShallowRef"})
_MOMENTS = frozenset({"D", "Date"})
_DEEPEST_WRAPPING = 8


def unpacked(slots: list[Any]) -> list[Any]:
    """The values that `slots` stand for, in their order: the root first. Time and memory are linear.

    Shared entries stay shared and cycles stay cycles, so only known paths may be walked in the answer. A position
    that is not there, and the special negative ones (null, undefined, NaN), become `None`.
    """
    values = [_shell(slot) for slot in slots]
    resolved = [values[_unwrapped(slots, position)] for position in range(len(slots))]
    for slot, value in zip(slots, values, strict=True):
        if isinstance(slot, dict):
            value.update((_key(key, slots), _at(resolved, position)) for key, position in slot.items())
        elif isinstance(value, list):
            value.extend(_at(resolved, position) for position in slot)
    return resolved


def _shell(slot: Any) -> Any:
    if isinstance(slot, dict):
        return {}
    if not isinstance(slot, list):
        return slot
    if slot and isinstance(slot[0], str):
        return slot[1] if slot[0] in _MOMENTS and len(slot) > 1 else None
    return []


def _unwrapped(slots: list[Any], position: int) -> int:
    for _ in range(_DEEPEST_WRAPPING):
        slot = slots[position]
        if not (isinstance(slot, list) and len(slot) > 1 and isinstance(slot[0], str) and slot[0] in _WRAPPERS):
            break
        if not _is_position(slot[1], slots):
            break
        position = slot[1]
    return position


def _key(key: str, slots: list[Any]) -> str:
    number = key[1:] if key.startswith("_") else ""
    if number.isdecimal() and number.isascii() and len(number) < len("1000000000") and int(number) < len(slots):
        named = slots[int(number)]
        if isinstance(named, str):
            return named
    return key


def _at(values: list[Any], position: Any) -> Any:
    return values[position] if _is_position(position, values) else None


def _is_position(position: Any, slots: list[Any]) -> bool:
    return type(position) is int and 0 <= position < len(slots)
