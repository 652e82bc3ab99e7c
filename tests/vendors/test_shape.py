"""Foreign JSON is read leniently where a field helps, strictly where it identifies; mistakes have a place."""

import codecs
import json
from collections.abc import Callable
from typing import Any

import pytest

from app.vendors.encoding import decoded
from app.vendors.meter import UNITS_A_MEGABYTE
from app.vendors.reader import ReadError, ReadErrorKind
from app.vendors.shape import LARGEST_BODY, Drift, Part, load_json
from tests.vendors.documents import at, wrote

ROOT = Part(
    {"page": {"name": " Heron\n", "id": 7}, "incidents": [{"id": "a", "at": "soon"}, {"id": True}], "none": None}
)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('{"a": "ü"}'.encode(), id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + '{"a": "ü"}'.encode(), id="UTF-8 with a mark"),
        pytest.param(codecs.BOM_UTF16_BE + '{"a": "ü"}'.encode("utf-16-be"), id="UTF-16 of big ends"),
        pytest.param(codecs.BOM_UTF16_LE + '{"a": "ü"}'.encode("utf-16-le"), id="UTF-16 of little ends"),
        pytest.param('{"a": "ü"}'.encode("utf-16-be"), id="UTF-16 without a mark"),
        pytest.param('{"a": "ü"}'.encode("utf-32"), id="UTF-32"),
    ],
)
def test_json_is_read_in_every_encoding_of_unicode(body: bytes) -> None:
    assert load_json(wrote(body)).text("a") == "ü"


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        pytest.param(
            "<!DOCTYPE html><title>Hi</title>", ReadErrorKind.HTML_INSTEAD, "a web page", id="a web page"
        ),
        pytest.param("\n <HTML><body>", ReadErrorKind.HTML_INSTEAD, "a web page", id="a page without its doctype"),
        pytest.param("<?xml version='1.0'?><rss/>", ReadErrorKind.NOT_THIS_FORMAT, "XML", id="a feed"),
        pytest.param("", ReadErrorKind.UNPARSABLE, "not JSON", id="nothing"),
        pytest.param("{'a': 1}", ReadErrorKind.UNPARSABLE, "not JSON", id="nearly JSON"),
        pytest.param('{"a": 1', ReadErrorKind.UNPARSABLE, "not JSON", id="cut off"),
        pytest.param(("[" + " " * 20) * 10**4, ReadErrorKind.TOO_DEEP, "nested too deep", id="too deep"),
        pytest.param(
            '{"a long name":   ' * 10**4, ReadErrorKind.TOO_DEEP, "nested too deep", id="objects too deep"
        ),
        pytest.param("[" * 10**6, ReadErrorKind.TOO_LARGE, "1000000 brackets and 0 commas", id="mere brackets"),
        pytest.param("[" + "1," * 10**4 + "1]", ReadErrorKind.TOO_LARGE, "10000 commas", id="mere commas"),
        pytest.param("9" * 10**5, ReadErrorKind.UNPARSABLE, "not JSON", id="a number of too many digits"),
        pytest.param(b"\x80\x81\xff", ReadErrorKind.UNPARSABLE, "not JSON", id="bytes"),
        pytest.param(b" " * (LARGEST_BODY + 1), ReadErrorKind.TOO_LARGE, "bytes are more than", id="too large"),
    ],
)
def test_what_is_no_json_is_told(body: str | bytes, kind: ReadErrorKind, told: str) -> None:
    with pytest.raises(ReadError, match=told) as caught:
        load_json(wrote(body))
    assert caught.value.kind is kind


@pytest.mark.parametrize(
    ("read", "value"),
    [
        pytest.param(lambda root: root.at("page").text("name"), "Heron", id="a line is trimmed"),
        pytest.param(lambda root: root.at("page").text("id"), "7", id="a whole number is an id"),
        pytest.param(lambda root: root.at("page").text_or("motto", "-"), "-", id="what is absent has a default"),
        pytest.param(lambda root: root.at("incidents").at(1).text_or("id", "-"), "-", id="and what is no text"),
        pytest.param(
            lambda root: root.at("nowhere").at("at").at("all").text_or("id"), "", id="nothing has nothing"
        ),
        pytest.param(lambda root: list(root.parts("none")), [], id="null is an empty list"),
        pytest.param(lambda root: list(root.pairs("nowhere")), [], id="nothing is an empty object"),
        pytest.param(lambda root: root.moment_or_none("none"), None, id="null is no time"),
        pytest.param(lambda root: root.at("incidents").at(9).value, None, id="a position that is not there"),
        pytest.param(
            lambda root: [part.where for part in root.parts("incidents")],
            ["incidents[0]", "incidents[1]"],
            id="paths",
        ),
        pytest.param(lambda _: Part({"a": "$undefined"}).has("a"), False, id="what React writes for nothing"),
        pytest.param(lambda _: Part({"a": 1750000000}).moment("a"), at("2025-06-15 15:06:40"), id="a moment"),
        pytest.param(lambda _: Part("x").where, "", id="the root has no path"),
    ],
)
def test_what_is_there_is_read(read: Callable[[Part], Any], value: Any) -> None:
    assert read(ROOT) == value


@pytest.mark.parametrize(
    ("read", "message"),
    [
        pytest.param(lambda root: root.at("page").text("url"), "page.url: missing (missing_field)", id="absent"),
        pytest.param(lambda root: root.text("none"), "none: missing (missing_field)", id="null"),
        pytest.param(
            lambda root: root.text("page"), "page: wanted text, got an object (wrong_type)", id="an object"
        ),
        pytest.param(
            lambda root: root.at("incidents").at(1).text("id"),
            "incidents[1].id: wanted text, got true or false (wrong_type)",
            id="a truth",
        ),
        pytest.param(
            lambda root: list(root.parts("page")), "page: wanted a list, got an object (wrong_type)", id="no list"
        ),
        pytest.param(
            lambda root: list(root.pairs("incidents")),
            "incidents: wanted an object, got a list (wrong_type)",
            id="no object",
        ),
        pytest.param(
            lambda root: root.at("incidents").text("id"),
            "incidents: wanted an object, got a list (wrong_type)",
            id="a field of a list",
        ),
        pytest.param(
            lambda root: root.at("page").at(0),
            "page: wanted a list, got an object (wrong_type)",
            id="a position in an object",
        ),
        pytest.param(
            lambda root: root.at("incidents").at(0).moment("at"),
            "incidents[0].at: 'soon' is no moment (bad_timestamp)",
            id="no time",
        ),
        pytest.param(
            lambda root: root.at("incidents").at(0).moment("end"),
            "incidents[0].end: missing (missing_field)",
            id="no time at all",
        ),
        pytest.param(
            lambda _: Part({"a": 10**40}).text("a"),
            "a: wanted text, got a number (wrong_type)",
            id="a huge number",
        ),
        pytest.param(
            lambda _: list(Part({"rows": [0] * 3 * UNITS_A_MEGABYTE}).parts("rows")),
            "more to read than a page has (too_large)",
            id="a list without end",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_path(read: Callable[[Part], Any], message: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(ROOT)
    assert str(caught.value) == message


def test_a_text_that_cannot_be_written_down_is_mended() -> None:
    assert load_json(wrote(json.dumps({"id": "a\ud800\x00b"}))).text("id") == "ab"


def test_drift_is_noted_once_whatever_the_row() -> None:
    drift = Drift()
    rows = Part({"rows": [{"status": "odd"}, {"status": "odd"}, {"status": "In Progress"}, {}]})
    read = [drift.word({"in_progress": 1}, row, "status", 0) for row in rows.parts("rows")]
    drift.missing(rows, "rows", "page")
    assert (read, drift.notes) == ([0, 0, 1, 0], ("rows[].status: unknown word 'odd'", "page: missing"))


def test_drift_does_not_grow_without_end() -> None:
    drift = Drift()
    for number in range(1000):
        drift.note(f"{number}: missing")
    assert len(drift.notes) == 50


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        pytest.param(
            '<?xml version="1.0" encoding="GBK"?>已恢复'.encode("gbk"), "", "已恢复", id="what the document says"
        ),
        pytest.param(
            "已恢复".encode("gb18030"), "application/xml; charset=gb18030", "已恢复", id="what its sender says"
        ),
        pytest.param("café".encode("latin-1"), "text/xml; charset=ISO-8859-1", "café", id="the old Latin one"),
        pytest.param("café".encode(), "text/xml; charset=punycode", "café", id="none that is slow"),
        pytest.param("café".encode(), "text/xml; charset=utf-16", "café", id="none that it cannot be"),
        pytest.param(b"caf\xe9", "", "caf\ufffd", id="what is no text"),
    ],
)
def test_bytes_become_text(body: bytes, content_type: str, text: str) -> None:
    assert decoded(body, content_type).rpartition("?>")[2] == text
