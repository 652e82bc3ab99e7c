"""What is kept of an answer beside the judgement: the headers that help a vendor find it, and a glimpse of it.

Nothing that we sent may come to light here, least of all a key, whoever echoes it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit

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
    text = redacted(answer.text(), secrets)[:_GLIMPSE_LENGTH]
    if "html" in answer.content_type:
        text = _MARKUP.sub(" ", text)
    text = " ".join(_printable(text).split())[: 4 * _EXCERPT_LENGTH]
    return _TOKEN.sub(_blotted, text)[:_EXCERPT_LENGTH]


def secrets_in(headers: Mapping[str, str], others: Collection[str]) -> Sequence[str]:
    """What must not come to light: the values of our headers, their words, and `others`; the longest first."""
    if not headers and not others:
        return ()
    words = {word for value in headers.values() for word in (value, *value.split())}.union(others)
    return sorted((word for word in words if len(word) >= _SHORTEST_SECRET), key=len, reverse=True)


def without_query(url: str) -> str:
    """A URL without its query and fragment, where tokens hide."""
    try:
        return urlunsplit(urlsplit(url)._replace(query="", fragment=""))[:_VALUE_LENGTH]
    except ValueError:
        return ""


def redacted(text: str, secrets: Sequence[str]) -> str:
    """The text with a mark in place of every secret."""
    for secret in secrets:
        text = text.replace(secret, "…")
    return text


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
