"""Brings the catalogues of messages up to date with the source: `make messages`.

What is new gets an empty entry, which the tests refuse until somebody has translated it; what is gone goes.
"""

import io
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.web.languages import LANGUAGES, SOURCE
from app.web.tongue import LOCALES

ROOT = Path(__file__).parent.parent
HEADER = """\
msgid ""
msgstr ""
"Language: {code}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plural_forms}\\n"

"""
KEYWORDS = {**DEFAULT_KEYWORDS, "say": None, "template": None, "say_many": (1, 2)}


def in_the_source() -> Catalog:
    """Every message of the source, with the files that it stands in."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {mapping["pattern"]: mapping for mapping in mappings}
    found = Catalog()
    for name, _line, message, _comments, context in extract_from_dir(
        ROOT, methods, options, KEYWORDS, directory_filter=_is_ours
    ):
        found.add(message, locations=[(name, 0)], context=context)
    return found


FOR_PEOPLE = ("title", "means", "about", "note")
"""What stands under these keys in our YAML is shown to people."""


def from_yaml(file: BinaryIO, *_asked: object, options: object) -> Iterator[tuple[int, str, str, list[str]]]:
    """What our YAML says to people, as an extractor of Babel."""
    for text in _for_people(yaml.safe_load(file)):
        yield 0, "gettext", text.strip(), []


def _for_people(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for key, text in value.items() if key in FOR_PEOPLE and isinstance(text, str))
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inside:
        yield from _for_people(each)


def translated(code: str) -> Catalog:
    """The catalogue of that language as it stands."""
    with _file(code).open("rb") as file:
        return read_po(file, locale=code)


def updated(code: str) -> Catalog:
    """The catalogue of that language with exactly the messages of the source."""
    catalogue = translated(code) if _file(code).exists() else Catalog(locale=code)
    catalogue.update(in_the_source(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """A catalogue as it stands in its file: by place and without dates, so that a change shows what changed."""
    text = io.BytesIO()
    write_po(text, catalogue, width=0, sort_by_file=True, include_lineno=False, omit_header=True)
    return HEADER.format(code=catalogue.locale, plural_forms=catalogue.plural_forms).encode() + text.getvalue()


def _file(code: str) -> Path:
    return LOCALES / code / "LC_MESSAGES" / "stillup.po"


def _is_ours(folder: str) -> bool:
    return not any(part.startswith(".") for part in Path(folder).relative_to(ROOT).parts)


def main() -> None:
    """Write the catalogues, and tell what is left to translate."""
    for code in LANGUAGES:
        if code != SOURCE:
            catalogue = updated(code)
            _file(code).write_bytes(written(catalogue))
            left = [each for each in catalogue if each.id and not _is_translated(each)]
            print(f"{code}: {len(catalogue)} messages, {len(left)} to translate")  # noqa: T201 - this is a command


def _is_translated(message: Any) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


if __name__ == "__main__":
    main()
