"""What a server-rendered page carries for its own scripts: found, and unpacked.

React Router's turbo-stream and Nuxt's devalue write JSON as one flat list whose entries refer to each other by
position: entry 0 is the root, a list holds the positions of its items, an object the positions of its values and,
in turbo-stream, of its keys as well.

Scripts are found by scanning, for a parser that builds a tree takes quadratic time on nesting that nobody closes.
"""

import re
from collections.abc import Iterator
from typing import Any

from app.vendors.encoding import decoded
from app.vendors.reader import Document, ReadError, ReadErrorKind
from app.vendors.shape import LARGEST_BODY, parse_json

_WRAPPERS = frozenset({"Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef", "EmptyShallowRef"})
_MOMENTS = frozenset({"D", "Date"})
_DEEPEST_WRAPPING = 8
# Letters for each comma, at least: positions are short.
_APART = 6
_SCRIPT = re.compile(r"<script\b([^<>]*)>", re.IGNORECASE)
_END = re.compile(r"</script", re.IGNORECASE)


def web_page(document: Document) -> str | None:
    """The text of a document that is markup, `None` if it is none. `ReadError` TOO_LARGE."""
    if not document.body[:256].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return None
    if len(document.body) > LARGEST_BODY:
        raise ReadError(ReadErrorKind.TOO_LARGE, "", f"{len(document.body)} bytes are more than {LARGEST_BODY}")
    return decoded(document.body, document.content_type)


def scripts(page: str) -> Iterator[tuple[str, str]]:
    """The scripts of a web page in order: their attributes as written, and their text."""
    at = 0
    while begun := _SCRIPT.search(page, at):
        ended = _END.search(page, begun.end())
        at = ended.end() if ended else len(page)
        yield begun[1], page[begun.end() : ended.start() if ended else at]


def load_slots(written: str) -> list[Any]:
    """The values that a list of slots stands for, written as JSON. `ReadError` as of `parse_json`."""
    slots = parse_json(written, apart=_APART)
    if not isinstance(slots, list) or not slots:
        raise ReadError(ReadErrorKind.NOT_THIS_FORMAT, "", "the data within the page is no list of slots")
    return unpacked(slots)


def unpacked(slots: list[Any]) -> list[Any]:
    """The values that `slots` stand for, in their order: the root first. Time and memory are linear.

    Shared entries stay shared and cycles stay cycles, so only known paths may be walked in the answer. A position
    that is not there, and the special negative ones (null, undefined, NaN), become `None`.
    """
    compound = [position for position, slot in enumerate(slots) if type(slot) in (dict, list)]
    values = list(slots)
    for position in compound:
        values[position] = _shell(slots[position])
    resolved = list(values)
    for position in compound:
        resolved[position] = values[_unwrapped(slots, position)]
    names: dict[str, str] = {}
    for position in compound:
        slot, value = slots[position], values[position]
        if type(slot) is dict:
            for key, of_value in slot.items():
                name = names.get(key)
                if name is None:
                    name = names[key] = _key(key, slots)
                value[name] = _at(resolved, of_value)
        elif type(value) is list:
            value.extend(_at(resolved, of_value) for of_value in slot)
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
