"""Amazon Bedrock's Converse API, streamed in binary frames.

Shapes: the service model of `bedrock-runtime`. A key is either a Bedrock API key, sent as it is, or an access key
`ID:SECRET` (with `:TOKEN` for a temporary one), with which the request is signed. The name of an event, and
whether it is an exception, stand outside of the document.
"""

from collections.abc import Iterator
from urllib.parse import quote

from app.probes.speech import (
    Call,
    Dialect,
    Document,
    Event,
    Question,
    ServerTime,
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
    "end_turn": Stop.END,
    "stop_sequence": Stop.END,
    "max_tokens": Stop.LENGTH,
    "model_context_window_exceeded": Stop.LENGTH,
    "guardrail_intervened": Stop.REFUSED,
    "content_filtered": Stop.REFUSED,
}


def _call(question: Question) -> Call:
    is_signed = ":" in question.key
    return Call(
        url=joined(question.base_url, f"/model/{quote(question.model, safe='')}/converse-stream"),
        headers={
            "Accept": "application/vnd.amazon.eventstream",
            **({} if is_signed else bearer(question.key)),
        },
        body={
            "messages": [{"role": "user", "content": [{"text": question.prompt}]}],
            "inferenceConfig": {"maxTokens": question.max_tokens},
        },
        is_signed=is_signed,
    )


def _read(name: str, document: Document) -> Iterator[Event]:
    match name:
        case "contentBlockDelta":
            yield from thought(text_in(at(document, "delta", "reasoningContent", "text")))
            yield from said(text_in(at(document, "delta", "text")))
        case "messageStop":
            yield from finished(document.get("stopReason"), _STOPS)
        case "metadata":
            yield from _summary(document)
        case "" if "output" in document:
            yield from said(text_in(at(document, "output", "message", "content")))
            yield from _summary(document)
            yield from finished(document.get("stopReason"), _STOPS)
            yield Terminal()


def _summary(document: Document) -> Iterator[Event]:
    usage = document.get("usage")
    yield from spent(usage, given=count_in(at(usage, "inputTokens")), output=count_in(at(usage, "outputTokens")))
    took = count_in(at(document, "metrics", "latencyMs"))
    if took is not None:
        yield ServerTime(took)


DIALECT = Dialect(call=_call, read=_read)
