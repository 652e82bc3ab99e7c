import contextlib
import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.probes.answer import HEAD_LIMIT, NOT_JSON, Answer, AnswerReader
from app.probes.failures import ProbeError
from tests.servers.http import MODELS, answer


def read(*pieces: bytes, body_limit: int = 65_536) -> Answer | None:
    """The answer in these pieces, after which the peer closes."""
    reader = AnswerReader(body_limit=body_limit)
    for piece in pieces:
        if not reader.done:
            reader.feed(piece)
    reader.end()
    return reader.answer()


WHOLE = answer("200 OK", MODELS, headers={"X-Twice": "a", "x-twice": "b", "X-Empty": ""})
CHUNKED = (
    b"HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Late: 1\r\n\r\n"
)


def test_an_answer_is_taken_apart() -> None:
    got = read(WHOLE)
    assert got is not None
    assert (got.status, got.is_success, got.content_type) == (200, True, "application/json")
    assert (got.headers["x-twice"], got.headers["x-empty"]) == ("a, b", "")
    assert got.document() == MODELS
    assert not got.is_cut


def test_interim_answers_and_trailers_leave_no_trace() -> None:
    got = read(CHUNKED)
    assert got == Answer(401, {"transfer-encoding": "chunked"}, b"abcde")


@pytest.mark.parametrize("data", [WHOLE, CHUNKED])
def test_it_does_not_matter_how_the_bytes_come_in(data: bytes) -> None:
    whole = read(data)
    assert read(*(bytes((byte,)) for byte in data)) == whole
    for cut in range(1, len(data)):
        assert read(data[:cut], data[cut:]) == whole


def test_what_follows_an_answer_is_not_part_of_it() -> None:
    assert read(WHOLE + b"garbage") == read(WHOLE)
    assert read(WHOLE + answer("500 No", b"x")) == read(WHOLE)


@pytest.mark.parametrize(("limit", "body"), [(10, b"0123456789"), (9, b"012345678"), (0, b"")])
def test_no_more_of_the_body_is_kept_than_asked_for(limit: int, body: bytes) -> None:
    got = read(answer("200 OK", b"0123456789"), body_limit=limit)
    assert got is not None
    assert (got.body, got.is_cut) == (body, limit < 10)


def test_a_bomb_unpacks_to_no_more_than_the_limit() -> None:
    bomb = gzip.compress(b"x" * 20_000_000)
    got = read(answer("200 OK", bomb, headers={"Content-Encoding": "gzip"}))
    assert got is not None
    assert (len(got.body), got.is_cut) == (65_536, True)


def test_headers_have_a_limit_and_the_body_does_not_count_to_it() -> None:
    reader = AnswerReader(body_limit=10 * HEAD_LIMIT)
    reader.feed(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (5 * HEAD_LIMIT))
    reader.feed(b"x" * 5 * HEAD_LIMIT)
    assert reader.done
    with pytest.raises(ProbeError, match="64 KiB of headers"):
        AnswerReader(body_limit=0).feed(b"HTTP/1.1 200 OK\r\nX: " + b"x" * HEAD_LIMIT)


def test_another_protocol_ends_the_answer() -> None:
    got = read(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nxxx")
    assert got is not None
    assert (got.status, got.body) == (101, b"")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.integers(0, 400))
def test_json_that_was_cut_is_read_as_far_as_it_stands(document: Any, cut: int) -> None:
    text = json.dumps([document], ensure_ascii=False).encode("utf-8", "replace")
    got = Answer(200, {}, text[: max(1, cut)], is_cut=True).document()
    assert got is not NOT_JSON
    assert _is_beginning(got, [json.loads(text)[0]])


def _is_beginning(part: Any, whole: Any) -> bool:
    """Whether one document is the other with less at the end of its last list or object, all the way down."""
    if isinstance(part, list) and isinstance(whole, list) and len(part) <= len(whole):
        return all(_is_beginning(left, right) for left, right in zip(part, whole, strict=False))
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and _is_beginning(value, whole[key]) for key, value in part.items())
    return bool(part == whole)


@given(st.binary(max_size=500))
def test_nothing_that_calls_itself_json_breaks_us(body: bytes) -> None:
    for is_cut in (True, False):
        Answer(200, {}, body, is_cut=is_cut).document()
        Answer(200, {}, b'{"a":"' + body, is_cut=is_cut).document()


FRAGMENTS = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.0 503 X\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"Content-Length: 5\r\n",
    b"Content-Length: -1\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Connection: upgrade\r\nUpgrade: x\r\n",
    b": \r\n",
    b" folded\r\n",
    b"\r\n",
    b"\n",
    b"\r",
    b"5\r\nhello\r\n",
    b"0\r\n\r\n",
    b"ffffffffff\r\n",
    b'{"error":{"code":"x"}}',
    b"\x00",
]
HTTP_ISH = st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=20), max_size=15)


@given(HTTP_ISH)
def test_any_bytes_are_an_answer_or_a_fault(pieces: list[bytes]) -> None:
    reader = AnswerReader(body_limit=64)
    with contextlib.suppress(ProbeError):
        for piece in pieces:
            if not reader.done:
                reader.feed(piece)
        reader.end()
    got = reader.answer()
    assert got is None or (100 <= got.status <= 999 and len(got.body) <= 64)
