"""OpenAI's Responses API: named events, of which the last tells how it all ended.

Shapes: platform.openai.com/docs/api-reference/responses-streaming. There is no `[DONE]`.
"""

from collections.abc import Iterator
from typing import Any

from app.probes.speech import (
    Call,
    Dialect,
    Document,
    Event,
    Fault,
    Finish,
    Model,
    Question,
    Stop,
    Terminal,
    Thought,
    at,
    bearer,
    count_in,
    joined,
    said,
    spent,
    text_in,
)

_TEXT = ("response.output_text.delta", "response.refusal.delta")
_THOUGHTS = ("response.reasoning_text.delta", "response.reasoning_summary_text.delta")
_ENDS = ("response.completed", "response.incomplete", "response.done")
_FAILED = ("response.failed", "response.cancelled")
_STOPS = {"max_output_tokens": Stop.LENGTH, "content_filter": Stop.REFUSED}


def _call(question: Question) -> Call:
    effort = {"reasoning": {"effort": question.effort}} if question.effort else {}
    return Call(
        url=joined(question.base_url, "/responses"),
        headers=bearer(question.key),
        body={
            "model": question.model,
            "input": question.prompt,
            "max_output_tokens": question.max_tokens,
            "stream": True,
            "store": False,
            **effort,
        },
    )


def _read(name: str, document: Document) -> Iterator[Event]:
    kind = document.get("type") or name
    if kind in _TEXT:
        yield from said(text_in(document.get("delta")))
    elif kind in _THOUGHTS:
        yield Thought(text_in(document.get("delta")))
    elif kind == "response.output_item.done":
        yield from _item_done(document.get("item"))
    elif kind in _ENDS:
        yield from _ended(document.get("response"))
    elif kind in _FAILED:
        yield Fault(at(document, "response") or document)
    elif document.get("object") == "response":
        yield from _whole(document)


def _item_done(item: Any) -> Iterator[Event]:
    """The message is complete, which is as good as a finish reason until the end has the better one."""
    status = at(item, "status")
    if at(item, "type") == "message" and isinstance(status, str):
        yield Finish(Stop.END if status == "completed" else Stop.OTHER, status)


def _ended(response: Any) -> Iterator[Event]:
    yield from _summary(response)
    yield Terminal()


def _whole(response: Document) -> Iterator[Event]:
    """An answer that came in one piece."""
    if response.get("status") == "failed":
        yield Fault(response)
        return
    output = response.get("output")
    for item in output if isinstance(output, list) else ():
        if at(item, "type") == "message":
            yield from said(text_in(at(item, "content")))
    yield from _ended(response)


def _summary(response: Any) -> Iterator[Event]:
    usage = at(response, "usage")
    if isinstance(name := at(response, "model"), str):
        yield Model(name)
    yield from spent(
        usage,
        given=count_in(at(usage, "input_tokens")),
        output=count_in(at(usage, "output_tokens")),
        reasoning=count_in(at(usage, "output_tokens_details", "reasoning_tokens")),
    )
    reason = at(response, "incomplete_details", "reason")
    if isinstance(reason, str):
        yield Finish(_STOPS.get(reason, Stop.OTHER), reason)
    else:
        yield Finish(Stop.END, text_in(at(response, "status")) or "completed")


DIALECT = Dialect(call=_call, read=_read, needs_terminal=True)
