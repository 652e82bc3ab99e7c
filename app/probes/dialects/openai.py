"""OpenAI's chat completions. Its newer models take `max_completion_tokens` only."""

from app.probes.completions import asked, read
from app.probes.speech import Call, Dialect, Question, bearer, joined


def _call(question: Question) -> Call:
    return Call(
        url=joined(question.base_url, "/chat/completions"),
        headers=bearer(question.key),
        body=asked(question, limit="max_completion_tokens", stream_options={"include_usage": True}),
    )


DIALECT = Dialect(call=_call, read=read, needs_terminal=True)
