"""Chat completions as OpenAI defined them and most vendors copied them: asking, and reading what comes back.

Shapes: platform.openai.com/docs/api-reference/chat. Read generously, because everybody differs a little: a chunk
may lack its choices, a delta its content; thoughts go by three names and the usage stands in four places.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.probes.speech import (
    Document,
    Event,
    Model,
    Question,
    Stop,
    Terminal,
    at,
    count_in,
    finished,
    said,
    spent,
    text_in,
    thought,
)

STOPS = {
    "stop": Stop.END,
    "end_turn": Stop.END,
    "eos": Stop.END,
    "stop_sequence": Stop.END,
    "length": Stop.LENGTH,
    "max_tokens": Stop.LENGTH,
    "model_length": Stop.LENGTH,
    "content_filter": Stop.REFUSED,
    "refusal": Stop.REFUSED,
    "safety": Stop.REFUSED,
}
_THOUGHTS = ("reasoning_content", "reasoning", "thinking")


def asked(question: Question, *, limit: str, **more: Any) -> dict[str, Any]:
    """The body of a request; `limit` is what the vendor calls the bound on tokens."""
    effort = {"reasoning_effort": question.effort} if question.effort else {}
    return {
        "model": question.model,
        "messages": [{"role": "user", "content": question.prompt}],
        "stream": True,
        limit: question.max_tokens,
        **effort,
        **more,
    }


def read(_name: str, document: Document) -> Iterator[Event]:
    """The events of a chunk, or of a whole completion where no stream came."""
    name = document.get("model")
    if isinstance(name, str) and name:
        yield Model(name)
    choice = at(document, "choices", 0)
    if isinstance(choice, Mapping):
        yield from _chosen(choice)
    yield from _usage(document, choice)
    if isinstance(at(choice, "message"), Mapping):
        yield Terminal()


def _chosen(choice: Document) -> Iterator[Event]:
    part = choice.get("delta") or choice.get("message") or {"content": choice.get("text")}
    content = at(part, "content")
    for field in _THOUGHTS:
        yield from thought(text_in(at(part, field)))
    yield from thought(text_in(content, "thinking") if isinstance(content, list) else "")
    yield from said(text_in(content, "text", "output_text"))
    yield from said(text_in(at(part, "refusal")))
    yield from finished(choice.get("finish_reason"), STOPS)


def _usage(document: Document, choice: Any) -> Iterator[Event]:
    usage = document.get("usage") or at(document, "x_groq", "usage") or at(choice, "usage")
    details = at(usage, "completion_tokens_details", "reasoning_tokens")
    yield from spent(
        usage,
        given=count_in(at(usage, "prompt_tokens")),
        output=count_in(at(usage, "completion_tokens")),
        reasoning=count_in(details if details is not None else at(usage, "reasoning_tokens")),
    )
