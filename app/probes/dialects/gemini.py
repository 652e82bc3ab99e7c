"""Google's Gemini API, v1 and v1beta, and the same models on Vertex AI.

Shapes: ai.google.dev/api/generate-content. There is no terminal event: the last chunk says why the model stopped,
then the body ends.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from app.probes.speech import (
    Call,
    Dialect,
    Document,
    Event,
    Finish,
    Model,
    Question,
    Stop,
    Thought,
    at,
    bearer,
    count_in,
    finished,
    joined,
    said,
    spent,
    text_in,
)

_STOPS = {
    "STOP": Stop.END,
    "MAX_TOKENS": Stop.LENGTH,
    **dict.fromkeys(
        ("SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "IMAGE_SAFETY"),
        Stop.REFUSED,
    ),
}


def _call(version: str, question: Question) -> Call:
    model = question.model.removeprefix("models/")
    path = f"/models/{quote(model, safe='')}:streamGenerateContent?alt=sse"
    base = question.base_url.partition("?")[0].rstrip("/")
    is_vertex = not version
    has_version = base.endswith(("/v1", "/v1beta", "/v1alpha"))
    return Call(
        url=joined(question.base_url, path if is_vertex or has_version else f"/{version}{path}"),
        headers=bearer(question.key) if is_vertex else _key_header(question.key),
        body={
            "contents": [{"role": "user", "parts": [{"text": question.prompt}]}],
            "generationConfig": {"maxOutputTokens": question.max_tokens, **_thinking(question)},
        },
    )


def _key_header(key: str) -> Mapping[str, str]:
    return {"x-goog-api-key": key} if key else {}


def _thinking(question: Question) -> Mapping[str, Any]:
    return {"thinkingConfig": {"thinkingLevel": question.effort}} if question.effort else {}


def _read(_name: str, document: Document) -> Iterator[Event]:
    candidate = at(document, "candidates", 0)
    parts = at(candidate, "content", "parts")
    if isinstance(name := document.get("modelVersion"), str):
        yield Model(name)
    for part in parts if isinstance(parts, list) else ():
        text = text_in(at(part, "text"))
        if at(part, "thought") is True:
            yield Thought(text)
        else:
            yield from said(text)
    yield from _usage(document.get("usageMetadata"))
    yield from finished(at(candidate, "finishReason"), _STOPS)
    blocked = at(document, "promptFeedback", "blockReason")
    if isinstance(blocked, str):
        yield Finish(Stop.REFUSED, blocked)


def _usage(usage: Any) -> Iterator[Event]:
    visible, thoughts = count_in(at(usage, "candidatesTokenCount")), count_in(at(usage, "thoughtsTokenCount"))
    output = None if visible is None and thoughts is None else (visible or 0) + (thoughts or 0)
    yield from spent(usage, given=count_in(at(usage, "promptTokenCount")), output=output, reasoning=thoughts)


DIALECT = Dialect(call=partial(_call, "v1beta"), read=_read)
STABLE = Dialect(call=partial(_call, "v1"), read=_read)
VERTEX = Dialect(call=partial(_call, ""), read=_read)
"""Its base has project and location in it: `…/v1/projects/P/locations/L/publishers/google`."""
