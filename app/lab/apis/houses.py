"""The other vendors who speak OpenAI's API, each with its own path, door and small differences.

Sources: console.groq.com/docs/errors, api-docs.deepseek.com, docs.x.ai, openrouter.ai/docs/api/reference, and what
the vendors document of their OpenAI-compatible endpoints.
"""

from dataclasses import replace

from app.lab.answer import Headers, sse
from app.lab.apis.chat import ChatStyle, UsageAt
from app.lab.apis.compatible import House, error, house_face
from app.lab.apis.openai import ratelimit_headers
from app.lab.face import Face, Fault, Scene

_CLOUD: Headers = (("server", "cloudflare"),)


def _flat(status: int, code: str, message: str) -> Fault:
    """The body of xAI."""
    return Fault(status=status, content={"code": code, "error": message})


def _text(status: int, text: str, content_type: str = "") -> Fault:
    return Fault(status=status, content=text, content_type=content_type)


def _routed(status: int, kind: str, message: str) -> Fault:
    """The body of OpenRouter."""
    return Fault(
        status=status, content={"error": {"code": status, "message": message, "metadata": {"error_type": kind}}}
    )


def _groq_headers(scene: Scene) -> Headers:
    return (
        ("x-request-id", f"req_{scene.id('request', 26)}"),
        *ratelimit_headers(999),
        ("x-groq-region", scene.region or "lab-1"),
        *_CLOUD,
    )


def _request_id_headers(scene: Scene) -> Headers:
    return (("x-request-id", scene.id("request", 32)), *_CLOUD)


def _openrouter_headers(scene: Scene) -> Headers:
    return (("x-generation-id", f"gen-{scene.id('generation', 24)}"), *_CLOUD)


GROQ: Face = house_face(
    House(
        base="/openai/v1",
        keyless=error(401, "Invalid API Key", "invalid_request_error", "invalid_api_key"),
        errors={
            "key_refused": error(401, "Invalid API Key", "invalid_request_error", "invalid_api_key"),
            "rate_limited": replace(
                error(429, "Rate limit reached for model.", "requests", "rate_limit_exceeded"),
                headers=(*ratelimit_headers(0), ("retry-after", "2")),
            ),
            "rate_limited_with_room": error(
                429, "Rate limit reached for model.", "requests", "rate_limit_exceeded"
            ),
            "tokens_limited": error(429, "Rate limit reached for model (TPM).", "tokens", "rate_limit_exceeded"),
            "daily_quota": error(429, "Rate limit reached for model (RPD).", "requests", "rate_limit_exceeded"),
            "capacity_limited": error(498, "Flex tier capacity exceeded.", "capacity_error", "capacity_exceeded"),
            "too_large": error(413, "Request too large for model.", "tokens", "rate_limit_exceeded"),
            "failed_generation": error(424, "A dependent request failed.", "api_error"),
            "cancelled": error(499, "Request cancelled.", "request_cancelled"),
        },
        headers=_groq_headers,
        style=ChatStyle(usage=UsageAt.GROQ, reasoning_field="reasoning"),
        lost=error(
            404, "Unknown request URL. Please check the URL for typos.", "invalid_request_error", "unknown_url"
        ),
    )
)
XAI: Face = house_face(
    House(
        base="/v1",
        keyless=_flat(401, "unauthenticated:missing-credentials", "No authorization header"),
        errors={
            "bad_request": _flat(400, "invalid-argument", "Invalid request content."),
            "key_refused": _flat(
                400, "Client specified an invalid argument", "Incorrect API key provided: wr***ng."
            ),
            "permission_denied": _flat(403, "permission-denied", "The API key or team is blocked."),
            "model_not_found": _flat(
                404, "not-found", "The model does not exist or your team has no access to it."
            ),
            "wrong_method": _flat(405, "method-not-allowed", "The method is not allowed."),
            "unsupported_media": _flat(
                415, "unsupported-media-type", "Expected `Content-Type: application/json`."
            ),
            "unprocessable": _flat(422, "unprocessable", "Failed to deserialize the JSON body."),
            "rate_limited": _flat(429, "resource-exhausted", "Too many requests."),
            "quota_exhausted": _flat(429, "resource-exhausted", "Your team has used all available credits."),
            "server_error": _flat(500, "internal", "Internal server error."),
            "overloaded": _flat(503, "unavailable", "The service is temporarily unavailable."),
        },
        headers=_request_id_headers,
        style=ChatStyle(usage=UsageAt.WITH_FINISH, reasoning_field="reasoning_content"),
    )
)
TOGETHER: Face = house_face(
    House(
        base="/v1",
        keyless=_text(401, "Missing API key", "text/plain; charset=utf-8"),
        headers=_request_id_headers,
        style=ChatStyle(usage=UsageAt.WITH_FINISH),
        errors={"payment_required": error(402, "Credit limit exceeded.", "credit_limit", "credit_limit")},
    )
)
FIREWORKS: Face = house_face(
    House(
        base="/inference/v1",
        keyless=Fault(
            status=401,
            content={
                "error": {
                    "object": "error",
                    "type": "invalid_request_error",
                    "code": "unauthorized",
                    "message": "The API key is missing.",
                }
            },
        ),
        headers=_request_id_headers,
        style=ChatStyle(usage=UsageAt.WITH_FINISH),
        lost=error(404, "Path not found", "error", "NOT_FOUND"),
    )
)
DEEPSEEK: Face = house_face(
    House(
        base="",
        keyless=_text(401, "Authentication Fails (governor)"),
        errors={
            "key_refused": error(401, "Authentication Fails, Your api key is invalid", "authentication_error"),
            "payment_required": error(402, "Insufficient Balance", "unknown_error", "invalid_request_error"),
            "unprocessable": error(422, "Invalid Parameters", "invalid_request_error"),
            "overloaded": error(503, "Server Overloaded", "server_error", "service_unavailable"),
        },
        style=ChatStyle(
            usage=UsageAt.WITH_FINISH, reasoning_field="reasoning_content", prelude=(b": keep-alive\n\n",)
        ),
    )
)
PERPLEXITY: Face = house_face(
    House(
        base="",
        catalogue="/v1/models",
        keyless=error(401, "Invalid API key provided.", "unauthorized"),
        headers=_request_id_headers,
        style=ChatStyle(usage=UsageAt.WITH_FINISH),
    )
)
OPENROUTER: Face = house_face(
    House(
        base="/api/v1",
        keyless=_routed(401, "authentication", "No auth credentials found"),
        errors={
            "bad_request": _routed(400, "invalid_request", "Input required: specify messages"),
            "key_refused": _routed(401, "authentication", "User not found."),
            "payment_required": _routed(402, "payment_required", "Insufficient credits."),
            "permission_denied": _routed(403, "permission_denied", "Key limit exceeded."),
            "model_not_found": _routed(404, "not_found", "No endpoints found for this model."),
            "request_timeout": _routed(408, "timeout", "Request timed out."),
            "too_large": _routed(413, "payload_too_large", "Payload too large."),
            "unprocessable": _routed(422, "unprocessable", "Unprocessable."),
            "rate_limited": _routed(429, "rate_limit_exceeded", "Rate limit exceeded: free-models-per-min."),
            "daily_quota": _routed(429, "rate_limit_exceeded", "Rate limit exceeded: free-models-per-day."),
            "server_error": _routed(500, "server", "Internal Server Error"),
            "model_down": _routed(502, "provider_unavailable", "Provider returned error"),
            "no_provider": _routed(503, "provider_unavailable", "No provider available."),
            "overloaded": _routed(503, "provider_overloaded", "The provider is overloaded."),
            "edge_timeout": _routed(524, "timeout", "Edge network timeout."),
            "overloaded_529": _routed(529, "provider_overloaded", "Provider overloaded."),
        },
        headers=_openrouter_headers,
        style=ChatStyle(
            usage=UsageAt.WITH_FINISH,
            reasoning_field="reasoning",
            prelude=(b": OPENROUTER PROCESSING\n\n", b": OPENROUTER PROCESSING\n\n"),
            extra={"provider": "Lab"},
        ),
        open_catalogue=True,
        keepalive=b": OPENROUTER PROCESSING\n\n",
    )
)
HUGGINGFACE: Face = house_face(
    House(
        base="/v1",
        keyless=Fault(status=401, content={"error": "Invalid username or password."}),
        errors={
            "key_refused": Fault(status=401, content={"error": "Invalid username or password."}),
            "payment_required": Fault(
                status=402, content={"error": "You have depleted your monthly included credits."}
            ),
            "overloaded": Fault(status=503, content={"error": "Model is overloaded"}),
        },
        headers=_request_id_headers,
        open_catalogue=True,
    )
)
VLLM: Face = house_face(
    House(
        base="/v1",
        keyless=None,
        plain={
            "/health": _text(200, ""),
            "/version": Fault(status=200, content={"version": "0.15.0"}),
        },
        headers=lambda _scene: (("server", "uvicorn"),),
        lost=Fault(status=404, content={"detail": "Not Found"}),
    )
)
LMSTUDIO: Face = house_face(
    House(
        base="/v1",
        keyless=None,
        lost=Fault(status=200, content={"error": "Unexpected endpoint or method. (GET /). Returning 200 anyway"}),
        error_event=lambda fault, *_: sse({"error": fault.document}, event="error"),
    )
)
