"""How streamed bodies are taken apart, wherever the network cuts them."""

import json
import struct
from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.probes.eventstream import FrameDecoder
from app.probes.frame import KEEP_ALIVE, Frame
from app.probes.framing import Decoder, LineDecoder, SseDecoder, Unframer, ValueDecoder


def heard(decoder: Decoder, *pieces: bytes) -> list[Frame]:
    return [frame for piece in pieces for frame in decoder.feed(piece)] + list(decoder.end())


def events(*pairs: tuple[str, str]) -> list[Frame]:
    return [Frame(name=name, data=data) for name, data in pairs]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"data: a\n\n", events(("", "a"))),
        (b"data:a\n\n", events(("", "a"))),
        (b"data:  a\n\n", events(("", " a"))),
        (b"data: a\r\n\r\ndata: b\r\rdata: c\n\n", events(("", "a"), ("", "b"), ("", "c"))),
        (b"\xef\xbb\xbfdata: a\n\n", events(("", "a"))),
        (b"event: x\ndata: a\ndata: b\n\n", events(("x", "a\nb"))),
        (b"event: x\n\ndata: a\n\n", events(("", "a"))),
        (b": ping\n\n", [KEEP_ALIVE]),
        (b"data\n\n", events(("", ""))),
        (b"id: 7\nretry: 10\ndata: a\n\n", events(("", "a"))),
        (b"data: [DONE]", events(("", "[DONE]"))),
        (b'data: {"a": 1}\n', events(("", '{"a": 1}'))),
        (b'data: {"a": \n', []),
        (b'{\n  "error": {}\n}\n', events(("", '{\n  "error": {}\n}'))),
        (b"data: \xff\n\n", events(("", "�"))),
    ],
)
def test_server_sent_events_are_read_as_the_standard_says(body: bytes, expected: list[Frame]) -> None:
    assert heard(SseDecoder(), body) == expected


line_ends = st.sampled_from(("\n", "\r\n", "\r"))
payloads = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1, max_size=12)
sse_events = st.lists(st.tuples(payloads, st.lists(payloads, min_size=1, max_size=3), line_ends), max_size=5)


def cut(data: bytes, places: Sequence[int]) -> list[bytes]:
    bounds = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(bounds)]


@given(sse_events, st.lists(st.integers(min_value=0), max_size=12))
def test_events_survive_every_way_of_cutting_them(
    told: list[tuple[str, list[str], str]], places: list[int]
) -> None:
    body = "".join(
        f": note{end}event: {name}{end}" + "".join(f"data: {line}{end}" for line in lines) + end
        for name, lines, end in told
    ).encode()
    pieces = cut(body, places)
    found = [frame for frame in heard(SseDecoder(), *pieces) if frame != KEEP_ALIVE]
    assert found == events(*((name, "\n".join(lines)) for name, lines, _ in told))


documents = st.lists(
    st.dictionaries(st.text(max_size=5), st.text(max_size=8) | st.integers(), max_size=3), max_size=4
)


@given(documents, st.lists(st.integers(min_value=0), max_size=8), st.sampled_from((None, 2)))
def test_values_survive_every_way_of_cutting_an_array(
    told: list[dict[str, object]], places: list[int], indent: int | None
) -> None:
    body = json.dumps(told, indent=indent, ensure_ascii=False).encode()
    found = [json.loads(frame.data) for frame in heard(ValueDecoder(), *cut(body, places)) if frame.data]
    assert found == told


@given(documents, st.lists(st.integers(min_value=0), max_size=8))
def test_lines_survive_every_way_of_cutting_them(told: list[dict[str, object]], places: list[int]) -> None:
    body = "\n".join(json.dumps(each) for each in told).encode()
    found = [json.loads(frame.data) for frame in heard(LineDecoder(), *cut(body, places)) if frame.data]
    assert found == told


def message(headers: dict[str, str], payload: bytes, *, extra: bytes = b"") -> bytes:
    packed = extra + b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + struct.pack("!H", len(value)) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack("!II", 16 + len(packed) + len(payload), len(packed))
    begun = prelude + struct.pack("!I", crc32(prelude)) + packed + payload
    return begun + struct.pack("!I", crc32(begun))


@given(st.lists(payloads, max_size=4), st.lists(st.integers(min_value=0), max_size=8))
def test_binary_frames_survive_every_way_of_cutting_them(told: list[str], places: list[int]) -> None:
    body = b"".join(message({":event-type": "metadata"}, text.encode()) for text in told)
    assert heard(FrameDecoder(), *cut(body, places)) == events(*(("metadata", text) for text in told))


def test_headers_of_other_types_are_stepped_over() -> None:
    extra = b"\x01n\x04\x00\x00\x00\x07" + b"\x01b\x00" + b"\x01r\x06\x00\x02ab"
    framed = message({":message-type": "exception", ":exception-type": "throttlingException"}, b"{}", extra=extra)
    assert heard(FrameDecoder(), framed) == [Frame(data="{}", name="throttlingException", is_exception=True)]


@pytest.mark.parametrize("place", [0, 5, 9, 14, 30, -1])
def test_a_damaged_frame_is_told_once(place: int) -> None:
    framed = bytearray(message({":event-type": "metadata"}, b'{"a": 1}'))
    framed[place] ^= 0xFF
    frames = heard(FrameDecoder(), bytes(framed), bytes(framed))
    assert [bool(frame.broken) for frame in frames] == [True]


@pytest.mark.parametrize(
    ("content_type", "is_lines", "body", "expected"),
    [
        ("text/event-stream", False, b"data: {}\n\n", ["{}"]),
        ("application/json", False, b'  {"a": 1}', ['{"a": 1}']),
        ("text/event-stream", False, b'{"error": {}}', ['{"error": {}}']),
        ("application/json", False, b'[{"a": 1}\r\n,\r\n{"b": 2}]', ['{"a": 1}', '{"b": 2}']),
        ("application/x-ndjson", True, b'{"a": 1}\n{"b"\n{"c": 3}\n', ['{"a": 1}', '{"b"', '{"c": 3}']),
        ("text/plain", True, b'{"a": 1}\n{"b": 2}', ['{"a": 1}', '{"b": 2}']),
        ("application/json", True, b'{\n"a": 1\n}', ['{\n"a": 1\n}']),
        ("", True, b"data: {}\n\n", ["{}"]),
        ("", False, b"", []),
    ],
)
def test_what_is_sent_decides_how_it_is_read(
    content_type: str, *, is_lines: bool, body: bytes, expected: list[str]
) -> None:
    pieces = [body[place : place + 1] for place in range(len(body))]
    frames = heard(Unframer(content_type, is_lines=is_lines), *pieces)
    assert [frame.data for frame in frames if frame.data] == expected


def test_json_that_breaks_off_is_told() -> None:
    assert [frame.broken for frame in heard(ValueDecoder(), b'{"a": {"b": 1}')] == [
        "JSON that breaks off or breaks the rules"
    ]
