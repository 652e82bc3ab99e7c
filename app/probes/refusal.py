"""What an HTTP answer other than the expected one says about the service: pure, by the codes vendors publish.

Two things are judged apart: is the service failing, and whose fault is this answer. Read are the status, the
headers and the codes in a JSON error body; free text decides only where a vendor tells two causes apart by
nothing else. The same judgement serves calls with a key and calls without.
"""

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from app.domain.result import Blame, Failure, FailureKind
from app.domain.saying import say
from app.domain.status import Status
from app.probes.answer import Answer
from app.probes.errorbody import ErrorBody, parse_error
from app.probes.evidence import without_query
from app.probes.failures import OUR_CONFIG, THEIRS, Judgement, failed

Meaning = tuple[FailureKind, Judgement, str]
"""What an answer amounts to, and why, in a few words that may be empty."""

_CAPACITY: Judgement = (Blame.VENDOR_CAPACITY, Status.DEGRADED)
_QUOTA: Judgement = (Blame.US_QUOTA, Status.UNKNOWN)
_KEY: Judgement = (Blame.US_KEY, Status.UNKNOWN)
_REQUEST: Judgement = (Blame.US_REQUEST, Status.UNKNOWN)

_OVERLOADED: Meaning = (FailureKind.OVERLOADED, _CAPACITY, say("it is overloaded"))
_OUT_OF_MONEY: Meaning = (FailureKind.QUOTA_EXHAUSTED, _QUOTA, say("our credit or quota is used up"))
_TOO_OFTEN: Meaning = (FailureKind.RATE_LIMITED, _QUOTA, say("we ask more often than we may"))
_BAD_KEY: Meaning = (FailureKind.KEY_REFUSED, _KEY, say("our key is refused"))
_NO_MODEL: Meaning = (FailureKind.MODEL_RETIRED, OUR_CONFIG, say("it does not know the model any more"))
_FILTERED: Meaning = (FailureKind.PROMPT_REFUSED, _REQUEST, say("it refuses our prompt"))
_LOST: Meaning = (FailureKind.STALE_URL, OUR_CONFIG, say("it does not know the address we ask"))
_BROKEN_MODEL: Meaning = (FailureKind.SERVER_ERROR, THEIRS, say("the model failed"))

BY_CODE = {
    # our money or daily allowance: OpenAI, Anthropic, Gemini, Bedrock, ElevenLabs
    "insufficient_quota": _OUT_OF_MONEY,
    "credit_balance_exhausted": _OUT_OF_MONEY,
    "organization_spend_limit_exceeded": _OUT_OF_MONEY,
    "project_spend_limit_exceeded": _OUT_OF_MONEY,
    "organization_usage_limit_exceeded": _OUT_OF_MONEY,
    "enforced_spend_limit_reached": _OUT_OF_MONEY,
    "contract_spend_limit_reached": _OUT_OF_MONEY,
    "billing_error": _OUT_OF_MONEY,
    "payment_required": _OUT_OF_MONEY,
    "quota_exceeded": _OUT_OF_MONEY,
    "quota_per_day": _OUT_OF_MONEY,
    "servicequotaexceededexception": _OUT_OF_MONEY,
    # their capacity: OpenAI, Anthropic, Mistral, Groq, Bedrock, OpenRouter, Gemini
    "slow_down": _OVERLOADED,
    "server_is_overloaded": _OVERLOADED,
    "overloaded_error": _OVERLOADED,
    "service_tier_capacity_exceeded": _OVERLOADED,
    "capacity_exceeded": _OVERLOADED,
    "modelnotreadyexception": _OVERLOADED,
    "serviceunavailableexception": _OVERLOADED,
    "provider_overloaded": _OVERLOADED,
    "unavailable": _OVERLOADED,
    "service_unavailable": _OVERLOADED,
    "serviceunavailable": _OVERLOADED,
    # our model's name: OpenAI, Azure, Groq, Mistral
    "invalid_model": _NO_MODEL,
    "model_not_found": _NO_MODEL,
    "model_decommissioned": _NO_MODEL,
    "model_deprecated": _NO_MODEL,
    "deploymentnotfound": _NO_MODEL,
    # our key, where the status does not say so: Gemini
    "api_key_invalid": _BAD_KEY,
    "invalid_api_key": _BAD_KEY,
    "organization_on_hold": _BAD_KEY,
    # our rate, whatever the headers say is left: Anthropic, Bedrock
    "ramp_limit_exceeded": _TOO_OFTEN,
    "rate_limit_error": _TOO_OFTEN,
    "throttlingexception": _TOO_OFTEN,
    # Azure
    "content_filter": _FILTERED,
    # Bedrock, whose 424 would otherwise read as our fault
    "modelerrorexception": _BROKEN_MODEL,
    "modelstreamerrorexception": _BROKEN_MODEL,
}
"""Codes that say more than the status they come with; where an answer has several, the first in this list."""

BY_WORDS = (
    (429, "high demand", _OVERLOADED),  # Azure
    (429, "temporary rate limit adjustment", _OVERLOADED),  # Azure
    (429, "out of capacity", _OVERLOADED),  # Vertex AI
    (429, "at capacity", _OVERLOADED),  # Cohere
    (429, "rate limit is exceeded", _TOO_OFTEN),  # Azure
    (429, "per day", _OUT_OF_MONEY),  # OpenAI, Groq, Bedrock
    (429, "-per-day", _OUT_OF_MONEY),  # OpenRouter
    (429, "(rpd)", _OUT_OF_MONEY),  # Groq
    (429, "per month", _OUT_OF_MONEY),  # Cohere
    (429, "/ month", _OUT_OF_MONEY),  # Cohere's trial keys
    (429, "weekly usage limit", _OUT_OF_MONEY),  # Ollama
    (429, "available credits", _OUT_OF_MONEY),  # xAI
    (403, "out of call volume quota", _OUT_OF_MONEY),  # Azure
    (503, "temporarily unavailable", _OVERLOADED),  # Cohere
    (503, "overloaded", _OVERLOADED),  # OpenAI's older bodies, DeepSeek
    (503, "server busy", _OVERLOADED),  # Ollama
    (400, "incorrect api key", _BAD_KEY),  # xAI
    (400, "credit balance is too low", _OUT_OF_MONEY),  # Anthropic
    (400, "usage limits", _OUT_OF_MONEY),  # Anthropic
)
"""What an error message says where the vendor's codes leave it open."""


def classify_answer(answer: Answer, *, has_key: bool, expected: Sequence[int] = ()) -> Failure | None:
    """Why an answer is not the service's good one, or `None` if its status is one of the `expected`.

    Nothing expected stands for any success. A wall comes first: what stands in front of a service answers
    with statuses that are expected of the service itself.
    """
    if _is_bot_wall(answer):
        sentence = say(
            "hides behind a check for bots (answered {answer}): the service was not seen",
            answer=named(answer.status),
        )
        return failed(FailureKind.BOT_CHALLENGE, sentence, (Blame.BOT_WALL, Status.UNKNOWN))
    is_expected = answer.status in expected or (answer.is_success and not expected)
    if is_expected and answer.status not in _GEO_STATUSES:
        return None
    error = parse_error(answer)
    if _is_geo_wall(answer, error, expected):
        sentence = say(
            "does not serve the country it was asked from (answered {answer})", answer=named(answer.status)
        )
        return failed(FailureKind.GEO_BLOCKED, sentence, (Blame.GEO, Status.UNKNOWN))
    if is_expected:
        return None
    return _told(answer, _by_error(answer.status, error) or _by_status(answer, has_key=has_key), expected)


def classify_error(answer: Answer) -> Failure | None:
    """The failure that the error in a body stands for, whatever the status: some errors come with a 200."""
    meaning = _by_error(answer.status, parse_error(answer))
    return None if meaning is None else _told(answer, meaning, ())


def meaning_inside(document: Mapping[str, Any], *, has_key: bool) -> Meaning:
    """What an error amounts to that stands inside of an answer that began well, by the same judgement.

    Its codes tell which status it would have had; one that tells nothing is the vendor's failure.
    """
    answer = Answer(status=HTTPStatus.OK, headers={}, body=json.dumps(document).encode())
    error = parse_error(answer)
    numbers = (int(code) for code in error.codes if _THREE_FIGURES.fullmatch(code))
    number = next((number for number in sorted(numbers) if number in _FAILURES), None)
    status = number or next((_STANDS_FOR[code] for code in _STANDS_FOR if code in error.codes), HTTPStatus.OK)
    answer = answer._replace(status=int(status))
    if "unexpected endpoint or method" in error.words:
        return _LOST  # LM Studio, which answers 200 to whatever it does not know
    told = _by_error(answer.status, error)
    if told is None and _is_geo_wall(answer, error, ()):
        return FailureKind.GEO_BLOCKED, (Blame.GEO, Status.UNKNOWN), "it does not serve the country we ask from"
    return told or (_BROKEN if answer.is_success else _by_status(answer, has_key=has_key))


_FAILURES = range(400, 600)
_THREE_FIGURES = re.compile("[0-9]{3}")
_STANDS_FOR = {
    "invalid_request_error": 400,
    "invalid_argument": 400,
    "failed_precondition": 400,
    "validationexception": 400,
    "authentication_error": 401,
    "authentication": 401,
    "unauthenticated": 401,
    "permission_error": 403,
    "permission_denied": 403,
    "accessdeniedexception": 403,
    "not_found_error": 404,
    "not_found": 404,
    "resourcenotfoundexception": 404,
    "modeltimeoutexception": 408,
    "rate_limit_exceeded": 429,
    "rate_limited": 429,
    "resource_exhausted": 429,
    "api_error": 500,
    "server_error": 500,
    "internal": 500,
    "internalserverexception": 500,
    "timeout_error": 504,
    "timeout": 504,
    "deadline_exceeded": 504,
}
"""The status that an error comes with where it is not inside of a stream, by its code."""


def named(status: int) -> str:
    """A status with its name: `503 Service Unavailable`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} {_UNOFFICIAL.get(status, '')}".rstrip()


_UNOFFICIAL = {
    498: "Invalid Token",
    499: "Client Closed Request",
    520: "Unknown Error of the Origin",
    521: "Origin Down",
    522: "Origin Connection Timed Out",
    523: "Origin Unreachable",
    524: "Origin Timed Out",
    525: "TLS to the Origin Failed",
    526: "Invalid Certificate of the Origin",
    529: "Overloaded",
    530: "Origin Error",
}


def _told(answer: Answer, meaning: Meaning, expected: Sequence[int]) -> Failure:
    kind, judgement, why = meaning
    told = say("answered {answer}", answer=named(answer.status))
    if expected:
        wanted = " or ".join(map(str, expected))
        told = say("answered {answer} instead of {wanted}", answer=named(answer.status), wanted=wanted)
    return failed(kind, say("{what}: {why}", what=told, why=why) if why else told, judgement)


_WALL_HEADERS = frozenset(("cf-mitigated", "x-vercel-mitigated", "x-amzn-waf-action"))
_WALL_STATUSES = (403, 429, 503)
_WALL_MARKS = re.compile(
    r"_cf_chl_opt|/cdn-cgi/challenge-platform/h/\w+/orchestrate|<title>Just a moment"
    r"|<title>Attention Required! \| Cloudflare|\Aerror code: 10(?:0[5678]|1[0125]|20)\b"
)
_LEGAL_REASONS = 451
_GEO_STATUSES = (400, 403, _LEGAL_REASONS)
_GEO_CODES = frozenset(("unsupported_country_region_territory", "unsupported_country"))
_COUNTRY_BANNED = re.compile(r"error code: 1009\b")


def _is_bot_wall(answer: Answer) -> bool:
    """Whether it is not the service that answers, but a check for bots in front of it."""
    if not _WALL_HEADERS.isdisjoint(answer.headers):
        return True
    return answer.status in _WALL_STATUSES and _WALL_MARKS.search(answer.text()) is not None


def _is_geo_wall(answer: Answer, error: ErrorBody, expected: Sequence[int]) -> bool:
    """Whether the country that we ask from is not served."""
    if answer.status not in _GEO_STATUSES:
        return False
    if answer.status == _LEGAL_REASONS:
        return _LEGAL_REASONS not in expected
    if not _GEO_CODES.isdisjoint(error.codes) or _COUNTRY_BANNED.match(answer.text()):
        return True
    if answer.status == HTTPStatus.FORBIDDEN and error.words == "request not allowed":
        return True  # Anthropic
    # Gemini uses this code for other causes too.
    return "failed_precondition" in error.codes and ("location" in error.words or "country" in error.words)


def _by_error(status: int, error: ErrorBody) -> Meaning | None:
    by_code = next((meaning for code, meaning in BY_CODE.items() if code in error.codes), None)
    if by_code is not None:
        return by_code
    return next((found for at, words, found in BY_WORDS if at == status and words in error.words), None)


_UNANSWERED: Meaning = (FailureKind.UPSTREAM_TIMEOUT, THEIRS, say("something behind it took too long"))
_BROKEN_GATEWAY: Meaning = (FailureKind.GATEWAY_ERROR, THEIRS, say("what stands behind its gateway failed"))
_STALE: Meaning = (FailureKind.STALE_URL, OUR_CONFIG, say("the address we ask is out of date"))
_NOT_ACCEPTED: Meaning = (FailureKind.REQUEST_REFUSED, _REQUEST, say("it does not accept what we ask"))
_UNEXPECTED: Meaning = (FailureKind.UNEXPECTED_STATUS, OUR_CONFIG, "")
_BROKEN: Meaning = (FailureKind.SERVER_ERROR, THEIRS, "")

BY_STATUS = {
    402: _OUT_OF_MONEY,
    429: _TOO_OFTEN,
    529: _OVERLOADED,
    **dict.fromkeys((404, 405, 410), _STALE),
    **dict.fromkeys((408, 499, 504, 524), _UNANSWERED),
    **dict.fromkeys((502, 520, 521, 522, 523, 525, 526, 530), _BROKEN_GATEWAY),
    **dict.fromkeys((400, 406, 409, 411, 412, 413, 414, 415, 417, 422, 424, 428, 431), _NOT_ACCEPTED),
}
_KEY_STATUSES = (401, 403, 498)


def _by_status(answer: Answer, *, has_key: bool) -> Meaning:
    status = answer.status
    if has_key and status in _KEY_STATUSES:
        return _BAD_KEY
    if status == HTTPStatus.TOO_MANY_REQUESTS and _has_allowance_left(answer):
        return _OVERLOADED
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        location = without_query(answer.headers.get("location", ""))
        return FailureKind.REDIRECTED, OUR_CONFIG, location and say("it sends us to {location}", location=location)
    return BY_STATUS.get(status, _BROKEN if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _UNEXPECTED)


def _has_allowance_left(answer: Answer) -> bool:
    """Whether a 429 comes although every limit it names is not reached: then it is not for our asking."""
    left = [value for name, value in answer.headers.items() if "ratelimit" in name and "remaining" in name]
    return bool(left) and all(value.isascii() and value.isdigit() and value.strip("0") for value in left)
