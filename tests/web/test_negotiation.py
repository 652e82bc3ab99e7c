"""What a client can read, and what it already has."""

import gzip

import brotli
import pytest

from app.web.negotiation import best_encoding, is_known, packed


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        (b"", b""),
        (b"gzip, deflate, br, zstd", b"br"),
        (b"GZIP", b"gzip"),
        (b"gzip;q=0.5, br;q=0", b"gzip"),
        (b"br;q=0, gzip;q=0", b""),
        (b"*", b"br"),
        (b"*;q=0, gzip", b"gzip"),
        (b"identity", b""),
        (b"br;q=lots, gzip; q=1.0", b"gzip"),
        (b"vibrant", b""),
    ],
)
def test_the_best_encoding_that_is_allowed_is_taken(accepted: bytes, encoding: bytes) -> None:
    assert best_encoding(accepted) == encoding


@pytest.mark.parametrize(
    ("if_none_match", "known"),
    [
        (b'"abc"', True),
        (b'W/"abc"', True),
        (b'"x", "abc"', True),
        (b"*", True),
        (b'"abcd"', False),
        (b"abc", False),
        (b'"x"', False),
    ],
)
def test_a_copy_is_known_by_its_whole_tag(if_none_match: bytes, known: bool) -> None:  # noqa: FBT001 - a column
    assert is_known(b'"abc"', if_none_match) is known


def test_what_is_packed_can_be_unpacked_and_is_the_same_every_time() -> None:
    body = b"still up? " * 200
    assert brotli.decompress(packed(body, b"br")) == gzip.decompress(packed(body, b"gzip")) == body
    assert packed(body, b"gzip") == packed(body, b"gzip")
    assert packed(body, b"") == body
