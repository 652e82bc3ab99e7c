"""Mistral's chat completions: OpenAI's shape, the usage always told, thoughts as parts, no unknown options."""

from app.probes.completions import asked, read
from app.probes.speech import Call, Dialect, Question, bearer, joined


def _call(question: Question) -> Call:
    return Call(
        url=joined(question.base_url, "/v1/chat/completions"),
        headers=bearer(question.key),
        body=asked(question, limit="max_tokens"),
    )


DIALECT = Dialect(call=_call, read=read, needs_terminal=True)
