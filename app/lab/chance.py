"""Chance that can be repeated: every draw is computed from the lab's seed and from what it is drawn for.

Drawing from one shared generator would make a result depend on the order in which concurrent requests arrive.
"""

from hashlib import blake2b

_BYTES = 8


def chance(*of: object) -> float:
    """A number in [0, 1) that is always the same for the same things."""
    return int.from_bytes(_digest(of), "big") / (1 << 8 * _BYTES)


def token(*of: object, length: int = 24) -> str:
    """Lower-case hexadecimal letters for ids, always the same for the same things."""
    digest = blake2b(repr(of).encode(), digest_size=32).hexdigest()
    return (digest * (length // len(digest) + 1))[:length]


def _digest(of: tuple[object, ...]) -> bytes:
    return blake2b(repr(of).encode(), digest_size=_BYTES).digest()
