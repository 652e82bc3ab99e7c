"""What is kept of an answer beside the judgement: the headers that help a vendor find it, and a glimpse of it.

Nothing that we sent may come to light here, least of all a key, whoever echoes it: not in pieces, and not in the
ways in which URLs, JSON, HTML and the headers of HTTP write it.
"""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from itertools import groupby
from operator import itemgetter
from string import ascii_lowercase, ascii_uppercase
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit, urlunsplit

from app.probes.answer import Answer

_HEADERS = frozenset(
    (
        "server",
        "content-type",
        "cf-ray",
        "cf-mitigated",
        "x-request-id",
        "request-id",
        "x-amzn-requestid",
        "apim-request-id",
        "via",
        "retry-after",
    )
)
_VALUE_LENGTH = 120
_EXCERPT_LENGTH = 300
_GLIMPSE_LENGTH = 16 * 1024
"""So much of a body is looked at: enough to get past the head of a web page."""
_SHORTEST_SECRET = 6
_PIECE = 8
"""So many characters of a secret in a row are blotted out: whoever quotes it may cut it off anywhere."""
_SHORTEST_ENCODED = 12
"""What is shorter leaves too little in base64 to be told from chance."""
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_PUBLIC_HEADERS = frozenset(
    ("accept", "accept-encoding", "accept-language", "anthropic-version", "content-type", "user-agent")
)
"""Headers whose values are nobody's secret, and are needed to understand what an answer says of them."""
_KEY_PARAMETERS = frozenset(("key", "api_key", "apikey", "api-key", "access_token", "token"))
_LIKE_A_KEY = re.compile(r"(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{20,}", re.ASCII)
"""What stands in a URL without a telling name, but mixes capitals, small letters and figures."""

# Possessive throughout, so that no page can make this slow.
_MARKUP = re.compile(
    r"<(?:script|style)\b[^<]*+(?:<(?!/(?:script|style)\b)[^<]*+)*+"
    r"|<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->)?"
    r"|<[^<>]*+>?",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[A-Za-z0-9_\-+=]{24,}")


def evidence_of(answer: Answer, secrets: Sequence[str], *, with_excerpt: bool) -> dict[str, str]:
    """The headers of an answer that matter, and on demand the beginning of its body, with secrets blotted out."""
    evidence = {
        name: _printable(redacted(value, secrets)[:_VALUE_LENGTH])
        for name, value in answer.headers.items()
        if name in _HEADERS
    }
    if "location" in answer.headers:
        evidence["location"] = _printable(redacted(without_query(answer.headers["location"]), secrets))
    if with_excerpt and answer.body:
        evidence["excerpt"] = excerpt(answer, secrets)
    return evidence


def excerpt(answer: Answer, secrets: Sequence[str]) -> str:
    """At most 300 printable characters of what an answer says to people, tags, keys and tokens left out."""
    text = answer.text()[:_GLIMPSE_LENGTH]
    if "html" in answer.content_type:
        text = _MARKUP.sub(" ", text)
    text = " ".join(_printable(text).split())[: 4 * _EXCERPT_LENGTH]
    return _TOKEN.sub(_blotted, redacted(text, secrets))[:_EXCERPT_LENGTH]


def secrets_in(headers: Mapping[str, str], others: Collection[str]) -> Sequence[str]:
    """What must not come to light: the words of our headers, and `others`; the longest first."""
    if not headers and not others:
        return ()
    words = {
        word for name, value in headers.items() if name.lower() not in _PUBLIC_HEADERS for word in value.split()
    }
    return sorted((word for word in words.union(others) if len(word) >= _SHORTEST_SECRET), key=len, reverse=True)


@lru_cache(maxsize=4096)
def keys_in_query(url: str) -> frozenset[str]:
    """What stands in the query of a URL under a name that says that it is a key."""
    query = parse_qsl(urlsplit(url).query)
    return frozenset(value for name, value in query if name.lower() in _KEY_PARAMETERS)


@lru_cache(maxsize=4096)
def secrets_in_url(url: str) -> Sequence[str]:
    """What of a URL must not come to light, as `secrets_in` gives it: keys, and what looks like one anywhere."""
    parts = urlsplit(url)
    return secrets_in({}, keys_in_query(url).union(_LIKE_A_KEY.findall(f"{parts.path}?{parts.query}")))


def without_query(url: str) -> str:
    """A URL without its query and fragment, where tokens hide."""
    try:
        return urlunsplit(urlsplit(url)._replace(query="", fragment=""))[:_VALUE_LENGTH]
    except ValueError:
        return ""


def redacted(text: str, secrets: Sequence[str]) -> str:
    """The text with a mark in place of every secret and of every piece of one, whatever its case and writing.

    Its cost grows with the text, so long ones are cut before; a secret that is cut by that is still known.
    """
    if not secrets:
        return text
    lower = text.translate(_LOWER)
    hidden = bytearray(len(text))
    for piece in _pieces(tuple(secrets)):
        at = lower.find(piece)
        while at >= 0:
            hidden[at : at + len(piece)] = b"\1" * len(piece)
            at = lower.find(piece, at + 1)
    if not any(hidden):
        return text
    runs = groupby(zip(hidden, text, strict=True), key=itemgetter(0))
    return "".join("…" if is_hidden else "".join(char for _, char in run) for is_hidden, run in runs)


@lru_cache(maxsize=128)
def _pieces(secrets: tuple[str, ...]) -> frozenset[str]:
    """What is looked for in the place of these secrets, in lower case."""
    written = {writing.translate(_LOWER) for secret in secrets for writing in _writings(secret)}
    return frozenset(
        writing[at : at + _PIECE] for writing in written for at in range(max(len(writing) - _PIECE, 0) + 1)
    )


def _writings(secret: str) -> Iterator[str]:
    """A secret as it is, and as programs write it; of base64, what is the same wherever the secret begins."""
    yield from (secret, quote(secret, safe=""), quote_plus(secret), escape(secret), repr(secret)[1:-1])
    yield from (json.dumps(secret)[1:-1], secret.replace("/", "\\/"))
    if len(secret) >= _SHORTEST_ENCODED:
        for encode in (b64encode, urlsafe_b64encode):
            for before in range(3):
                encoded = encode(b"-" * before + secret.encode()).decode()
                yield encoded[4 if before else 0 : -4]


def _printable(text: str) -> str:
    """The text with a space in place of whatever cannot be printed."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " for char in text).strip()


def _blotted(token: re.Match[str]) -> str:
    """Words stay, however long; what mixes letters and figures is a key, an id or a session."""
    word = token[0]
    has_figure, has_letter = any(map(str.isdigit, word)), any(map(str.isalpha, word))
    return "…" if has_figure and has_letter else word
