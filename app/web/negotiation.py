"""What a client can read and what it already has, by its request's headers; pure (RFC 9110)."""

import gzip
from functools import lru_cache

import brotli

ENCODINGS = (b"br", b"gzip")
"""How a body may be packed, the best first."""

GZIP_LEVEL = 6
BROTLI_QUALITY = 5
"""Everything is packed anew with every board: a higher quality takes a hundred times as long for a fifth less."""


@lru_cache(maxsize=256)
def best_encoding(accepted: bytes) -> bytes:
    """The best encoding that an `Accept-Encoding` allows; empty for none."""
    weighed = weights(accepted)
    others = weighed.get(b"*", 0.0)
    return next((encoding for encoding in ENCODINGS if weighed.get(encoding, others) > 0), b"")


@lru_cache(maxsize=256)
def prefers_markdown(accepted: bytes) -> bool:
    """Whether an `Accept` asks for Markdown by name, and for HTML no more than for that."""
    weighed = weights(accepted)
    wanted = weighed.get(b"text/markdown", 0.0)
    return wanted > 0 and wanted >= weighed.get(b"text/html", 0.0)


def weights(accepted: bytes) -> dict[bytes, float]:
    """What an `Accept-…` header names, in lower case, and how much each is wanted."""
    offers = (offer.partition(b";") for offer in accepted.lower().split(b","))
    return {name.strip(): _weight(parameter) for name, _, parameter in offers}


def is_known(tag: bytes, if_none_match: bytes) -> bool:
    """Whether an `If-None-Match` names this tag; a cache on the way may have weakened it."""
    return any(each.strip().removeprefix(b"W/") in (tag, b"*") for each in if_none_match.split(b","))


def packed(body: bytes, encoding: bytes) -> bytes:
    """The body in that encoding; the same bytes for the same body at any time."""
    if encoding == b"br":
        return bytes(brotli.compress(body, quality=BROTLI_QUALITY))
    return gzip.compress(body, GZIP_LEVEL, mtime=0) if encoding == b"gzip" else body


def _weight(parameter: bytes) -> float:
    name, _, value = parameter.strip().partition(b"=")
    if name.strip() != b"q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
