"""Everybody who copied OpenAI's chat completions: xAI, Groq, Together, DeepSeek, OpenRouter, vLLM and many.

They all know `max_tokens`, which OpenAI itself has given up.
"""

from app.probes.completions import asked, read
from app.probes.speech import Call, Dialect, Question, bearer, joined


def _call(question: Question) -> Call:
    return Call(
        url=joined(question.base_url, "/chat/completions"),
        headers=bearer(question.key),
        body=asked(question, limit="max_tokens", stream_options={"include_usage": True}),
    )


DIALECT = Dialect(call=_call, read=read, needs_terminal=True)
