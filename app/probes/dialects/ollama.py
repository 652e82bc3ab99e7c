"""Ollama: one JSON document a line, of which the last says `done` and how long everything took.

Shapes: github.com/ollama/ollama/blob/main/docs/api.md. Times are nanoseconds; loading the model is told apart.
"""

from collections.abc import Iterator

from app.probes.speech import (
    Call,
    Dialect,
    Document,
    Event,
    Finish,
    Model,
    Question,
    ServerTime,
    Stop,
    Terminal,
    Usage,
    at,
    bearer,
    count_in,
    joined,
    said,
    text_in,
    thought,
)

_STOPS = {"stop": Stop.END, "length": Stop.LENGTH}
_NANOSECONDS = 1_000_000


def _call(question: Question) -> Call:
    base = question.base_url.rstrip("/").removesuffix("/v1")
    return Call(
        url=joined(base, "/api/chat"),
        headers=bearer(question.key),
        body={
            "model": question.model,
            "messages": [{"role": "user", "content": question.prompt}],
            "stream": True,
            "options": {"num_predict": question.max_tokens},
        },
    )


def _read(_name: str, document: Document) -> Iterator[Event]:
    if isinstance(name := document.get("model"), str):
        yield Model(name)
    yield from thought(text_in(at(document, "message", "thinking")))
    yield from said(text_in(at(document, "message", "content")) or text_in(document.get("response")))
    if document.get("done") is True:
        yield Usage(input=count_in(document.get("prompt_eval_count")), output=count_in(document.get("eval_count")))
        total, load = count_in(document.get("total_duration")), count_in(document.get("load_duration"))
        if total is not None:
            yield ServerTime(total // _NANOSECONDS, None if load is None else load // _NANOSECONDS)
        word = document.get("done_reason")
        word = word if isinstance(word, str) and word else "stop"  # older versions do not tell
        yield Finish(_STOPS.get(word, Stop.OTHER), word)
        yield Terminal()


DIALECT = Dialect(call=_call, read=_read, is_lines=True)
