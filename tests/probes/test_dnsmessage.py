import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.probes.dnsmessage import RecordType, Reply, parse_reply, render_question
from tests.servers.dns import ANSWERED, ASKED_NAME, NXDOMAIN, address, reply

QUESTION = render_question(7, "api.example", RecordType.A)


def test_a_question_is_as_the_standard_has_it() -> None:
    assert QUESTION == b"\0\7\1\0\0\1\0\0\0\0\0\0\3api\7example\0\0\1\0\1"


def test_a_reply_is_taken_apart() -> None:
    data = reply(QUESTION, ANSWERED, ("A", address("192.0.2.1")), ("TXT", b"\1x"), ("A", address("192.0.2.2")))
    got = parse_reply(data, 7, "API.example", RecordType.A)
    assert got == Reply(rcode=0, is_truncated=False, values=("192.0.2.1", "192.0.2.2"))


def test_a_name_may_point_to_an_earlier_one() -> None:
    question = render_question(7, "api.example", RecordType.CNAME)
    data = reply(question, ANSWERED, ("CNAME", b"\4edge" + b"\xc0\x10"))
    got = parse_reply(data, 7, "api.example", RecordType.CNAME)
    assert got == Reply(rcode=0, is_truncated=False, values=("edge.example",))


@pytest.mark.parametrize(
    "data",
    [
        reply(b"\0\x08" + QUESTION[2:], NXDOMAIN),
        reply(render_question(7, "other.example", RecordType.A), NXDOMAIN),
        reply(render_question(7, "api.example", RecordType.AAAA), NXDOMAIN),
        QUESTION,
    ],
    ids=["number", "name", "type", "question"],
)
def test_what_answers_another_question_is_no_reply(data: bytes) -> None:
    assert parse_reply(data, 7, "api.example", RecordType.A) is None


@pytest.mark.parametrize(
    "rest",
    [
        b"",
        ASKED_NAME,
        ASKED_NAME + b"\0\1\0\1\0\0\0\1\0\4\1\2\3",
        ASKED_NAME + b"\0\1\0\1\0\0\0\1\0\3\1\2\3",
        b"\xc0\x1d",
        b"\xc0\xff",
        b"\x80",
        b"\x3f" + b"a" * 63 + b"\xc0\x1d",
        b"\x01a" * 200 + b"\0",
    ],
)
def test_a_broken_reply_is_told_so(rest: bytes) -> None:
    head = b"\0\7\x81\x80\0\1\0\1\0\0\0\0" + QUESTION[12:]
    with pytest.raises(ValueError, match=r"it ends|circles|too long|does not appear"):
        parse_reply(head + rest, 7, "api.example", RecordType.A)


@given(st.binary(max_size=120), st.sampled_from(RecordType))
def test_any_bytes_are_a_reply_or_a_value_error(rest: bytes, kind: RecordType) -> None:
    question = render_question(7, "api.example", kind)
    with contextlib.suppress(ValueError):
        parse_reply(b"\0\7\x81\x80\0\1\0\3\0\0\0\0" + question[12:] + rest, 7, "api.example", kind)
