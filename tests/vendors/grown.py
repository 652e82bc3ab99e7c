"""Good documents grown to a megabyte: every list in them made long, of whole items and of bare ones."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.vendors.reader import Document, ReadError, ReadErrorKind
from app.vendors.registry import READERS, detect
from tests.vendors.documents import SAMPLES, at
from tests.vendors.nasty import MEGABYTE

GOOD = sorted(path for path in SAMPLES.glob("*/*") if path.is_file())
_OUTERMOST = 2
Place = tuple[str | int, ...]
_ENTRIES = re.compile(r"<(item|entry)[\s>].*</\1>", re.DOTALL)
_ENTRY = re.compile(r"<(?:item|entry)[\s>].*?</(?:item|entry)>", re.DOTALL)
_IDENTITY = re.compile(r"<guid[^>]*>|<id>|/incidents/")


def kind_of(path: Path) -> str:
    """The kind that a hand-written document is of: its folder's name, or for feeds what they are detected as."""
    folder = path.parent.name
    return folder if folder in READERS else detect(fetched(path.read_bytes(), path)) or "rss"


def name_of(path: Path) -> str:
    """What a hand-written document is called in a test's name."""
    return f"{path.parent.name}/{path.name}"


def fetched(body: bytes, path: Path) -> Document:
    """A document as if fetched from where one like `path` would be."""
    folder = "data/outages" if path.stem == "outages" else "api/v1"
    return Document(
        body=body, url=f"https://status.example/{folder}/incidents.json", read_at=at("2026-04-02 11:00")
    )


def grown(path: Path) -> Iterator[tuple[str, bytes]]:
    """Megabytes of the items of a document, each with a name."""
    if path.suffix == ".json":
        yield from _grown_json(path)
    elif path.suffix in (".rss", ".atom", ".xml"):
        yield from _grown_feed(path)


def places(value: Any, path: Place = ()) -> Iterator[Place]:
    """The path of every value in a document."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


def value_at(value: Any, path: Place) -> Any:
    """The value at a path."""
    for key in path:
        value = value[key]
    return value


def replaced(value: Any, path: Place, other: Any) -> Any:
    """A document in which one value is another."""
    if not path:
        return other
    changed = copy.deepcopy(value)
    value_at(changed, path[:-1])[path[-1]] = other
    return changed


def _grown_json(path: Path) -> Iterator[tuple[str, bytes]]:
    good = json.loads(path.read_bytes())
    if _refused(good, path):
        return
    seen = set()
    for place in places(good):
        items, shape = value_at(good, place), tuple(key for key in place if isinstance(key, str))
        if not isinstance(items, list) or not items or shape in seen:
            continue
        seen.add(shape)
        variants = {"whole": items[0]} | ({"bare": _bare(good, place, path)} if len(shape) <= _OUTERMOST else {})
        for name, item in variants.items():
            body = _repeated(good, place, item)
            if len(body) > MEGABYTE // 2:
                yield f"{'.'.join(map(str, place)) or 'root'}, {name}", body


def _refused(value: Any, path: Path) -> bool:
    try:
        READERS[kind_of(path)].parse(fetched(json.dumps(value).encode(), path))
    except ReadError as error:
        return error.kind is not ReadErrorKind.TOO_LARGE
    return False


def _bare(good: Any, place: Place, path: Path) -> Any:
    """The first item of a list without every field that it can do without."""
    item = value_at(good, place)[0]
    fields = [place for place in places(item) if place and isinstance(place[-1], str) and len(place) <= _OUTERMOST]
    for field in fields:
        if field in places(item):
            less = copy.deepcopy(item)
            del value_at(less, field[:-1])[field[-1]]
            if not _refused(replaced(good, place, [less]), path):
                item = less
    return item


def _repeated(good: Any, place: Place, item: Any) -> bytes:
    room = MEGABYTE - len(json.dumps(replaced(good, place, [])))
    number = max(1, room // (len(json.dumps(item, separators=(",", ":"))) + 1))
    items = [_numbered(item, each) for each in range(number)]
    return json.dumps(replaced(good, place, items), separators=(",", ":")).encode()


def _numbered(item: Any, number: int) -> Any:
    """The item with an identity of its own, where it has one."""
    names = {"id", "_id", "arn", "change_id", "code"}
    if not isinstance(item, dict):
        return item
    return {
        key: f"{number:x}" if key in names and isinstance(value, str) else value for key, value in item.items()
    }


def _grown_feed(path: Path) -> Iterator[tuple[str, bytes]]:
    good = path.read_text()
    if not (found := _ENTRIES.search(good)):
        return
    for place, entry in enumerate(_ENTRY.findall(good)):
        entries = (_IDENTITY.sub(rf"\g<0>{each}", entry) for each in range(MEGABYTE // len(entry)))
        yield f"entry {place}", (good[: found.start()] + "".join(entries) + good[found.end() :]).encode()
