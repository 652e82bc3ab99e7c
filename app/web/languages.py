"""In which languages the pages speak, and which of them a reader gets; pure but for the one that is spoken now.

Only what people read in a browser speaks other languages, and a badge whose address asks for one: JSON, feeds and
logs are English.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Final

from app.web.negotiation import weights

SOURCE: Final = "en"
LANGUAGES: Final = {SOURCE: "English", "de": "Deutsch"}
"""The languages there are, by their code, each by its own name. All but the first have a catalogue of messages."""

COOKIE: Final = "lang"
"""Holds the code of the language that a reader chose. It is set by the switch alone, and tells nothing else."""

_spoken: ContextVar[str] = ContextVar("language", default=SOURCE)
# Of the request that is being answered. It is the one thing that every page needs and none of them decides; handed
# from call to call, it would stand in every signature between the first and the last.


def spoken() -> str:
    """The language of the reader who is being answered."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Answer in that language."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def language_for(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The language for whoever sends these headers: as chosen, else as the browser prefers, else English."""
    accepted = cookies = b""
    for name, value in headers:
        if name == b"accept-language":
            accepted = value
        elif name == b"cookie":
            cookies = value
    return (_chosen(cookies) if cookies else None) or preferred(accepted)


@lru_cache(maxsize=256)
def preferred(accepted: bytes) -> str:
    """The language of ours that an `Accept-Language` prefers (RFC 9110); "de-AT" is content with "de"."""
    best, most = SOURCE, 0.0
    for name, weight in weights(accepted).items():
        code = name.partition(b"-")[0].decode("latin-1")
        code = SOURCE if code == "*" else code
        if code in LANGUAGES and weight > most:
            best, most = code, weight
    return best


def _chosen(cookies: bytes) -> str | None:
    for cookie in cookies.split(b";"):
        name, _, value = cookie.strip().partition(b"=")
        if name == COOKIE.encode() and (code := value.decode("latin-1")) in LANGUAGES:
            return code
    return None
