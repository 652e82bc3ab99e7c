"""The error that an HTTP answer gives beside its status: the codes vendors document, and their words."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from app.probes.answer import Answer

_CODE_FIELDS = frozenset(("code", "type", "__type", "status", "error_code", "error_type", "reason"))
_ERROR_FIELDS = frozenset(("error", "errors", "detail", "details", "metadata", "innererror", "violations"))
_DEPTH = 6


class ErrorBody(NamedTuple):
    """Codes without their namespace and words, both in lower case; empty where there are none."""

    codes: frozenset[str]
    words: str


def parse_error(answer: Answer) -> ErrorBody:
    """The error in the headers and the JSON body of an answer, whichever vendor's it is."""
    document = answer.document()
    if isinstance(document, list) and document:
        document = document[0]  # Gemini's streams wrap the error in a list
    of_amazon = answer.headers.get("x-amzn-errortype", "").partition(":")[0].lower()
    return ErrorBody(frozenset((*_codes_in(document, _DEPTH), of_amazon)), _words_in(document).lower())


def _codes_in(node: Any, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(node, list):
        for item in node:
            yield from _codes_in(item, depth - 1)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name in _ERROR_FIELDS:
                yield from _codes_in(value, depth - 1)
            elif name in _CODE_FIELDS and isinstance(value, str | int):
                yield str(value).lower().rpartition("#")[2]
            elif name == "quotaId" and isinstance(value, str) and "perday" in value.lower():
                yield "quota_per_day"  # Gemini names the quota, of which it has one a minute and one a day


def _words_in(document: Any) -> str:
    for _ in range(_DEPTH):
        if not isinstance(document, dict):
            break
        document = document.get("error") or document.get("message") or document.get("detail")
    return document if isinstance(document, str) else ""
