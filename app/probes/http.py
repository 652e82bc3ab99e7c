"""Asking a web address over HTTP/1.1, and comparing the answer with what a healthy one is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, ClassVar
from urllib.parse import urljoin

from annotated_types import Ge, Le

from app.domain.result import Failure, FailureKind, ProbeResult
from app.domain.saying import say
from app.probes.answer import Answer, AnswerReader
from app.probes.evidence import evidence_of, keys_in_query, redacted, secrets_in, secrets_in_url
from app.probes.expect import Expect, unmet
from app.probes.failures import OUR_CONFIG, ProbeError, failed
from app.probes.place import Place, check_header, parse_url, request_bytes
from app.probes.prober import SCHEMA, ProbeContext
from app.probes.refusal import classify_answer, classify_error
from app.probes.resolve import Family
from app.probes.trip import Timeouts, Trip
from app.probes.wire import Line, SecureLine, dial, secured


class Method(StrEnum):
    """How to ask. There is no HEAD: servers and the walls before them answer it otherwise than a GET."""

    GET = "GET"
    OPTIONS = "OPTIONS"
    POST = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSpec:
    """Ask a web address and compare the answer with what a healthy one is.

    Raises `ValueError` for a URL or a header that cannot be sent.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = SCHEMA

    url: str
    """What to ask: `http://` or `https://`, without a user or password in it."""
    method: Method = Method.GET
    """How to ask."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers to send beside the usual ones; `User-Agent`, `Accept`, `Accept-Encoding`, `Host` may be replaced."""
    body: str | None = None
    """What to send, as UTF-8."""
    expect: Expect = field(default_factory=Expect)
    """What a healthy answer is."""
    family: Family = Family.ANY
    """Which version of IP to ask over."""
    follow_redirects: bool = False
    """Follow up to five redirects; what we send beside the address goes to the same origin only."""
    timeouts: Timeouts = field(default_factory=Timeouts)
    """How long each step may take."""
    body_limit: Annotated[int, Ge(0), Le(8 * 1024 * 1024)] = 64 * 1024
    """So many bytes of the answer are read; more is no failure unless it is needed to judge."""
    ca_file: str | None = None
    """A PEM file of roots to trust beside the system's."""

    def __post_init__(self) -> None:
        parse_url(self.url)
        for name, value in self.headers.items():
            check_header(name, value)

    @property
    def target(self) -> str:
        """What is asked, for people: without the keys in it."""
        url = redacted(self.url, secrets_in_url(self.url))
        return url if self.method is Method.GET else f"{self.method} {url}"

    @property
    def has_key(self) -> bool:
        """Whether the question carries a key of ours, so that a refusal is about the key."""
        return any(name.lower() in _KEY_HEADERS for name in self.headers) or bool(keys_in_query(self.url))


_KEY_HEADERS = {
    "authorization",
    "x-api-key",
    "api-key",
    "x-goog-api-key",
    "xi-api-key",
    "ocp-apim-subscription-key",
}
_HOPS = 5


def _secrets_of(spec: HttpSpec) -> Sequence[str]:
    return secrets_in(spec.headers, secrets_in_url(spec.url))


async def probe(spec: HttpSpec, context: ProbeContext) -> ProbeResult:
    """Ask once over a fresh connection, a further one for every redirect followed; see `Probe` for its promise."""
    trip = Trip(context, spec.timeouts)
    reader = AnswerReader(body_limit=spec.body_limit)
    with trip:
        await _ask(spec, trip, reader)
        secrets = _secrets_of(spec)
        onward = _redirected(spec, reader.answer(), secrets) if spec.follow_redirects else None
        for _ in range(_HOPS):
            if onward is None:
                break
            reader = AnswerReader(body_limit=spec.body_limit)
            await _ask(onward, trip, reader)
            onward = _redirected(onward, reader.answer(), secrets)
    return trip.result(lambda fault: _concluded(spec, trip, reader.answer(), fault))


async def _ask(question: HttpSpec, trip: Trip, reader: AnswerReader) -> None:
    place = parse_url(question.url)
    with await dial(trip, place.host, place.port, question.family) as line:
        if not place.secure:
            await _exchange(question, place, trip, line, reader)
            return
        secure = await secured(trip, line, place.host, question.ca_file)
        trip.evidence["tls"] = secure.tls.version() or ""
        await _exchange(question, place, trip, secure, reader)


async def _exchange(
    question: HttpSpec, place: Place, trip: Trip, line: Line | SecureLine, reader: AnswerReader
) -> None:
    trip.begin("send")
    headers = tuple(question.headers.items())
    await line.send(_request(place, question.method, headers, question.body, trip.context.user_agent))
    trip.done()
    trip.begin("first_byte")
    data = await line.receive()
    if data:
        trip.done(at=line.arrived_at)
        trip.begin("body")
        reader.feed(data)
    while data and not reader.done:
        data = await line.receive()
        reader.feed(data)
    reader.end()
    trip.done(at=line.arrived_at)


@lru_cache(maxsize=4096)
def _request(
    place: Place, method: Method, headers: tuple[tuple[str, str], ...], text: str | None, user_agent: str
) -> bytes:
    usual = {"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "gzip"}
    body = (text or "").encode()
    return request_bytes(place, method, usual, headers, body if body or method is Method.POST else None)


def _redirected(question: HttpSpec, answer: Answer | None, secrets: Sequence[str]) -> HttpSpec | None:
    """The question that a redirect asks to put instead, or `None` if the answer is none. Raises `ProbeError`."""
    if answer is None or answer.status not in (301, 302, 303, 307, 308) or "location" not in answer.headers:
        return None
    url = urljoin(question.url, answer.headers["location"])
    try:
        here, there = parse_url(question.url), parse_url(url)
        onward = (
            replace(question, url=url)
            if here[:3] == there[:3]
            else replace(question, url=url, headers={}, body=None)
        )
    except ValueError as error:
        raise ProbeError(
            failed(FailureKind.REDIRECTED, say("redirects to nowhere: {why}", why=str(error)), OUR_CONFIG)
        ) from None
    if not _is_same_host(here, there) and redacted(url, secrets) != url:
        sentence = say("redirects to another host with our key in the address: not followed")
        raise ProbeError(failed(FailureKind.REDIRECTED, sentence, OUR_CONFIG))
    if answer.status in (307, 308):
        return onward
    return replace(onward, method=Method.GET, body=None)


def _is_same_host(here: Place, there: Place) -> bool:
    """Whether the same server is meant; the usual port of HTTPS is that of the usual one of HTTP."""
    return here.host == there.host and (here.port == there.port or (here.port, there.port) == (80, 443))


def _concluded(spec: HttpSpec, trip: Trip, answer: Answer | None, fault: Failure | None) -> Failure | None:
    if answer is None:
        return fault
    failure = judge(spec, answer, fault)
    trip.status_code = answer.status
    secrets = _secrets_of(spec)
    if failure is not None:
        failure = replace(failure, sentence=redacted(failure.sentence, secrets))
    trip.evidence |= evidence_of(answer, secrets, with_excerpt=failure is not None)
    return failure


def judge(spec: HttpSpec, answer: Answer, fault: Failure | None) -> Failure | None:
    """Why an answer is not the healthy one, or `None` if it is; pure.

    `fault` is what went wrong while the answer was read. An unexpected status tells more than that, for it
    stood at the beginning; a fault more than a wrong shape, for it may have caused it.
    """
    refused = classify_answer(answer, has_key=spec.has_key, expected=spec.expect.status)
    if refused is not None or fault is not None:
        return refused or fault
    wrong = unmet(spec.expect, answer)
    return wrong and (classify_error(answer) or wrong)
