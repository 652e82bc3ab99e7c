"""Cohere's Chat API v2: named events that end with `message-end`, whose finish reason may be an error.

Shapes: docs.cohere.com/v2/docs/streaming.
"""

from collections.abc import Iterator
from typing import Any

from app.probes.speech import (
    Call,
    Dialect,
    Document,
    Event,
    Fault,
    Question,
    Stop,
    Terminal,
    at,
    bearer,
    count_in,
    finished,
    joined,
    said,
    spent,
    text_in,
    thought,
)

_STOPS = {
    "COMPLETE": Stop.END,
    "STOP_SEQUENCE": Stop.END,
    "MAX_TOKENS": Stop.LENGTH,
    "ERROR_TOXIC": Stop.REFUSED,
}
_FAILED = ("ERROR", "TIMEOUT")


def _call(question: Question) -> Call:
    return Call(
        url=joined(question.base_url, "/v2/chat"),
        headers=bearer(question.key),
        body={
            "model": question.model,
            "messages": [{"role": "user", "content": question.prompt}],
            "max_tokens": question.max_tokens,
            "stream": True,
        },
    )


def _read(name: str, document: Document) -> Iterator[Event]:
    match document.get("type") or name:
        case "content-start" | "content-delta":
            content = at(document, "delta", "message", "content")
            yield from thought(text_in(at(content, "thinking")))
            yield from said(text_in(at(content, "text")))
        case "message-end":
            yield from _ended(at(document, "delta"))
        case None | "" if "message" in document:
            yield from said(text_in(at(document, "message", "content"), "text"))
            yield from _ended(document)


def _ended(end: Any) -> Iterator[Event]:
    usage = at(end, "usage")
    tokens = at(usage, "tokens") or at(usage, "billed_units")
    yield from spent(
        usage, given=count_in(at(tokens, "input_tokens")), output=count_in(at(tokens, "output_tokens"))
    )
    reason = at(end, "finish_reason")
    if reason in _FAILED:
        yield Fault({"error": at(end, "error") or f"finished with {reason}", "code": reason})
    else:
        yield from finished(reason, _STOPS)
        yield Terminal()


DIALECT = Dialect(call=_call, read=_read)
