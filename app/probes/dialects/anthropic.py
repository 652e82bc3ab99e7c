"""Anthropic's Messages API: named events from `message_start` to `message_stop`.

Shapes: platform.claude.com/docs/en/api/messages-streaming. The newest version takes no sampling parameters; none
is sent. Both ways to carry the key are in use; this one is understood by every version.
"""

from collections.abc import Iterator

from app.probes.speech import (
    Call,
    Dialect,
    Document,
    Event,
    KeepAlive,
    Model,
    Question,
    Stop,
    Terminal,
    at,
    count_in,
    finished,
    joined,
    said,
    spent,
    text_in,
    thought,
)

_VERSION = "2023-06-01"
_STOPS = {
    "end_turn": Stop.END,
    "stop_sequence": Stop.END,
    "max_tokens": Stop.LENGTH,
    "model_context_window_exceeded": Stop.LENGTH,
    "refusal": Stop.REFUSED,
}


def _call(question: Question) -> Call:
    key = {"x-api-key": question.key} if question.key else {}
    return Call(
        url=joined(question.base_url, "/v1/messages"),
        headers={**key, "anthropic-version": _VERSION},
        body={
            "model": question.model,
            "max_tokens": question.max_tokens,
            "messages": [{"role": "user", "content": question.prompt}],
            "stream": True,
        },
    )


def _read(name: str, document: Document) -> Iterator[Event]:
    match document.get("type") or name:
        case "message_start":
            yield from _usage(at(document, "message"))
        case "content_block_start":
            yield from _block(at(document, "content_block"))
        case "content_block_delta":
            yield from _block(at(document, "delta"))
        case "message_delta":
            yield from _usage(document)
            yield from finished(at(document, "delta", "stop_reason"), _STOPS)
        case "message_stop":
            yield Terminal()
        case "ping":
            yield KeepAlive()
        case "message":
            yield from _whole(document)


def _block(block: object) -> Iterator[Event]:
    yield from thought(text_in(at(block, "thinking")))
    yield from said(text_in(at(block, "text")))


def _usage(message: object) -> Iterator[Event]:
    usage = at(message, "usage")
    if isinstance(name := at(message, "model"), str):
        yield Model(name)
    yield from spent(
        usage,
        given=count_in(at(usage, "input_tokens")),
        output=count_in(at(usage, "output_tokens")),
        reasoning=count_in(at(usage, "output_tokens_details", "thinking_tokens")),
    )


def _whole(message: Document) -> Iterator[Event]:
    """An answer that came in one piece."""
    for block in message["content"] if isinstance(message.get("content"), list) else ():
        yield from _block(block)
    yield from _usage(message)
    yield from finished(message.get("stop_reason"), _STOPS)
    yield Terminal()


DIALECT = Dialect(call=_call, read=_read, needs_terminal=True)
