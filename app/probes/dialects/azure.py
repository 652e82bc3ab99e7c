"""Azure OpenAI: chat completions below a resource's own host, with a key header of its own.

The base is the resource (`https://name.openai.azure.com`), its `/openai/v1`, or the older address of a deployment
with its `api-version`, where the deployment stands for the model.
"""

from app.probes.completions import asked, read
from app.probes.speech import Call, Dialect, Question, joined


def _call(question: Question) -> Call:
    is_deployment = "/openai/deployments/" in question.base_url
    path = "/chat/completions" if is_deployment else "/openai/v1/chat/completions"
    return Call(
        url=joined(question.base_url, path),
        headers={"api-key": question.key} if question.key else {},
        body=asked(question, limit="max_completion_tokens", stream_options={"include_usage": True}),
    )


DIALECT = Dialect(call=_call, read=read, needs_terminal=True)
