"""That the catalogues say everything, and that no page says anything else.

For the latter the pages are shown in a language that does not exist, whose letters are no letters of ours: what is
still written in ours was not given to be translated.
"""

import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import replace
from gettext import NullTranslations
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from babel.messages.catalog import Message
from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.domain.service import Catalogue
from app.web.languages import LANGUAGES, SOURCE
from app.web.tongue import LOCALES, Translated, load_messages
from tests.messages import in_the_source, translated, updated, written
from tests.web.scenes import DOWN_SINCE, SCENES, an_empty_database, furnished, the_catalogue
from tests.web.serving import app_of
from tests.web.vendorscenes import TEXTS

REMEDY = "run `make messages`, and translate what is empty"
CODES = [code for code in LANGUAGES if code != SOURCE]
PATHS = [
    "/",
    "/services/chatgpt",
    "/services/openai-api?window=7d",
    "/services/codex",
    "/services/chatgpt?reported=counted",
    "/services/nothing",
    "/vendors/openai",
    "/vendors/xai",
    "/me",
    "/me?service=chatgpt",
    "/me?service=openai-api&error=429",
    "/me/phrases",
    "/report",
    "/report?service=chatgpt",
    "/report?service=chatgpt&reported=counted",
    "/incidents",
    "/compare",
    "/compare?services=chatgpt,nosuch&sort=-uptime",
    "/incidents?month=2026-10&service=gemini&kind=measured",
    "/incidents?month=2025-01",
    "/incidents?month=2030-01",
    "/methodology",
    "/docs",
    f"/incidents/chatgpt-{DOWN_SINCE:%Y%m%dT%H%M%S}",
    f"/incidents/codex-{DOWN_SINCE:%Y%m%dT%H%M%S}",
]
FIELD = re.compile(r"\{\w+[^}]*\}|%\(\w+\)s|%%|<[^>]+>")
WORD = re.compile(r"[A-Za-z]{2,}")
HEADERS = {"accept-language": "de", "accept": "text/html"}
SPOKEN_ATTRIBUTES = ("title", "aria-label", "alt", "placeholder")
OUT_OF_SIGHT = {"script", "style", "svg", "code", "head"}
PHRASES = " ".join(["Overloaded", *(status.phrase for status in HTTPStatus)])
UNTRANSLATABLE = {"Stillup", "UTC", "IPv", "TLS", "API", "ms", "min", *WORD.findall(PHRASES)}
OTHERS = re.compile("|".join([r"“[^”]*”", *map(re.escape, TEXTS.values())]))
"""Words of vendors: what is quoted, and what they write of an incident."""


def test_every_language_has_a_catalogue_and_every_catalogue_a_language() -> None:
    assert sorted(path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/stillup.po")) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_has_the_messages_of_the_source_and_no_others(code: str) -> None:
    source, known = ({str(each.id) for each in catalogue} for catalogue in (in_the_source(), translated(code)))
    assert {"missing": sorted(source - known), "gone": sorted(known - source - {""})} == {
        "missing": [],
        "gone": [],
    }, REMEDY


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_is_as_it_would_be_written(code: str) -> None:
    file = LOCALES / code / "LC_MESSAGES" / "stillup.po"
    assert file.read_bytes() == written(updated(code)), REMEDY


@pytest.mark.parametrize("code", CODES)
def test_every_message_is_translated_with_the_same_fields(code: str) -> None:
    wrong = [(each.id, each.string) for each in translated(code) if each.id and not is_right(each)]
    assert wrong == [], REMEDY


def is_right(message: Message) -> bool:
    """Whether it is translated by somebody, and has what the source has in it."""
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    told = message.string if isinstance(message.string, tuple | list) else (message.string,)
    wanted = fields(str(ids[-1]))
    return not message.fuzzy and all(told) and all(fields(str(each)) in (wanted, wanted - COUNTS) for each in told)


def fields(text: str) -> set[str]:
    return set(FIELD.findall(text)) - {"%%"}


COUNTS = {"{count}", "%(count)s"}
"""May be left out, where one is said as a word."""


class Foreign(NullTranslations):
    """A language whose letters are no letters of ours."""

    LETTERS = str.maketrans({letter: chr(ord(letter) + 0xFEE0) for letter in string.ascii_letters})

    def gettext(self, message: str) -> str:
        parts = FIELD.split(message)
        kept = [*FIELD.findall(message), ""]
        return "".join(part.translate(self.LETTERS) + field for part, field in zip(parts, kept, strict=True))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.mark.parametrize("scene", SCENES)
async def test_no_page_says_anything_that_cannot_be_translated(tmp_path: Path, scene: str) -> None:
    catalogue = the_catalogue()
    database = await furnished(an_empty_database(tmp_path), catalogue, SCENES[scene])
    front = await app_of(database, catalogue, SCENES[scene])
    templates = front._learn.__self__  # type: ignore[attr-defined]  # a bound method
    foreign = replace(load_messages("de"), translations=Foreign(), months=dict.fromkeys(range(1, 13), ""))
    templates._spoken["de"] = templates._translated(Translated("de", foreign))
    names = words_of(names_in(catalogue)) | UNTRANSLATABLE
    found: dict[str, list[str]] = {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=front),
        base_url="http://stillup.test",
        headers=HEADERS,
    ) as client:
        for path in PATHS:
            page = LexborHTMLParser((await client.get(path)).text)
            left = [text for text in spoken_in(page) if not words_of([OTHERS.sub("", text)]) <= names]
            if left:
                found[path] = left
    await database.close()
    assert sorted({text for texts in found.values() for text in texts}) == [], sorted(found)


def spoken_in(page: LexborHTMLParser) -> Iterator[str]:
    """What a visitor is told, but for what is told in another language than the page's."""
    title = page.css_first("title")
    if title is not None:
        yield title.text()
    body = page.body
    assert body is not None
    yield from told_by(body)


def told_by(node: LexborNode) -> Iterator[str]:
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            yield (child.text_content or "").strip()
        elif child.tag not in OUT_OF_SIGHT or child.attributes.get("aria-label"):
            if "lang" in child.attributes:
                continue
            yield from (child.attributes.get(name) or "" for name in SPOKEN_ATTRIBUTES)
            if child.tag not in OUT_OF_SIGHT:
                yield from told_by(child)


def words_of(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in WORD.findall(text)}


def names_in(catalogue: Catalogue) -> Iterator[str]:
    """Names, which are the same in every language."""
    for vendor in catalogue.vendors:
        yield from (vendor.name, vendor.id, vendor.status_page.url if vendor.status_page else "")
    for service in catalogue.services:
        yield from (service.name, service.home, service.id, *(check.id for check in service.checks))
        yield service.status_page.url if service.status_page else ""
