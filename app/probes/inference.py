"""Asking a model to say something, and watching its answer come in: the only proof that a model API works.

On our own wire and by our own reading, because the vendors' libraries hide what matters: they try again silently,
take for whole what was cut, and wait for ever behind keep-alives. Nothing is tried again here.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le, MinLen

from app.domain.result import Failure, ProbeResult
from app.probes.answer import Answer
from app.probes.dialects.registry import DIALECTS, DialectName
from app.probes.evidence import evidence_of, excerpt, redacted, secrets_in, secrets_in_url
from app.probes.failures import Step
from app.probes.hearing import Hearing
from app.probes.judging import Wanted, judge_speech
from app.probes.place import Place, check_header, parse_url, request_bytes
from app.probes.prices import DEAREST, Price, price_of
from app.probes.prober import SCHEMA, ProbeContext
from app.probes.resolve import Family
from app.probes.signing import body_of, signed
from app.probes.speech import Call, Question
from app.probes.transcript import Transcript, figures_of
from app.probes.trip import Span, Trip
from app.probes.wire import Line, SecureLine, dial, secured

ANY = "any"
_USUAL_TOKENS = 16
_NONCE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_CHARACTERS_A_TOKEN = 2
"""At least so many characters of a prompt make one token: for reckoning the dearest case."""
_OVERHEAD_TOKENS = 64
_TIMING_HEADERS = (
    "openai-processing-ms",
    "x-envoy-upstream-service-time",
    "server-timing",
    "x-amzn-bedrock-invocation-latency",
    "x-groq-region",
    "x-ms-region",
    "x-generation-id",
    "x-debug-trace-id",
    "mistral-correlation-id",
    "openai-version",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-remaining-tokens",
    "anthropic-ratelimit-requests-remaining",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long each step of an inference may take, and all of them together."""

    __pydantic_config__: ClassVar[dict[str, Any]] = SCHEMA

    dns: Span = timedelta(seconds=5)
    """Looking up the name."""
    connect: Span = timedelta(seconds=5)
    """Connecting, over all addresses that are tried."""
    tls: Span = timedelta(seconds=5)
    """The TLS handshake."""
    send: Span = timedelta(seconds=5)
    """Sending the request."""
    first_token: Span = timedelta(seconds=30)
    """Waiting for the first sign of thought or text, from when the request was sent."""
    idle: Span = timedelta(seconds=20)
    """Silence between two pieces of the answer; keep-alives do not break it."""
    total: Span = timedelta(seconds=60)
    """Everything together."""

    def of(self, step: Step) -> float:
        """How many seconds a step may take."""
        name = {"first_byte": "first_token", "body": "idle"}.get(step, step)
        span: timedelta = getattr(self, name)
        return span.total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceSpec:
    """Ask a model for a short answer and watch it being streamed.

    Raises `ValueError` for an address or a header that cannot be sent.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = SCHEMA

    dialect: DialectName
    """How the API is spoken to."""
    base_url: str
    """The address that the vendor's own SDK is given."""
    model: Annotated[str, MinLen(1)]
    """Which model to ask."""
    key: str | None = field(default=None, repr=False)
    """The key to ask with. While it is empty the check is left out; without it none is sent."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Headers to send besides."""
    prompt: Annotated[str, MinLen(1)] | None = None
    """What to ask; without it, to repeat a word that is new every time, which no cache knows."""
    expect: Annotated[str, MinLen(1)] | None = None
    """A text that a right answer to `prompt` has in it; `any` or nothing takes every answer."""
    max_tokens: Annotated[int, Ge(1), Le(4096)] = _USUAL_TOKENS
    """At most so many tokens may be spent on the answer, thoughts included; models that think need 64 or more."""
    effort: str | None = None
    """How hard a model that thinks should do so, in its vendor's word: `minimal`, `low`."""
    needs_terminal: bool | None = None
    """Whether a complete answer ends with an event that says so; without it, what is usual in the dialect."""
    stall_after: Span = timedelta(seconds=5)
    """A longer silence in the middle of an answer that is otherwise good is `degraded`."""
    price: Price | None = None
    """What its tokens cost, where the builtin table does not know it."""
    family: Family = Family.ANY
    """Which version of IP to ask over."""
    timeouts: Patience = field(default_factory=Patience)
    """How long each step may take."""
    ca_file: str | None = None
    """A PEM file of roots to trust beside the system's."""

    def __post_init__(self) -> None:
        parse_url(self._call("x").url)
        for name, value in self.headers.items():
            check_header(name, value)
        if not (self.key or "").isascii() or not (self.key or "x").isprintable():
            raise ValueError("the key has characters that cannot be sent")

    @property
    def target(self) -> str:
        """Whom is asked, for people."""
        base = self.base_url.partition("?")[0]
        return f"{self.model} at {redacted(base, secrets_in_url(base))}"

    @property
    def lacks_key(self) -> bool:
        """Whether there is a place for a key, and nothing in it: then nothing can be asked."""
        return self.key is not None and not self.key

    @property
    def worst_cost_nusd(self) -> int:
        """What one request may cost at most, in billionths of a USD."""
        given = len(self.prompt or "") // _CHARACTERS_A_TOKEN + _OVERHEAD_TOKENS
        return self.reckoned_price.cost_nusd(given, self.max_tokens)

    @property
    def reckoned_price(self) -> Price:
        """What is reckoned for its tokens: nothing for a model at home, and much where nobody knows."""
        if self.price is not None:
            return self.price
        if not self.key and self.dialect in (DialectName.OLLAMA, DialectName.OPENAI_COMPATIBLE):
            return Price(input=0, output=0)
        return price_of(self.model) or DEAREST

    def _call(self, prompt: str) -> Call:
        question = Question(
            base_url=self.base_url,
            model=self.model,
            prompt=prompt,
            max_tokens=self.max_tokens,
            key=self.key or "",
            effort=self.effort,
        )
        return DIALECTS[self.dialect].call(question)

    def question(self, nonce: str) -> tuple[Call, str]:
        """The request, and the text that a right answer has in it."""
        if self.prompt is None:
            return self._call(f"Reply with exactly: {nonce}"), nonce if self.expect is None else self._expected
        return self._call(self.prompt), self._expected

    @property
    def _expected(self) -> str:
        return "" if self.expect in (None, ANY) else self.expect or ""


async def probe(spec: InferenceSpec, context: ProbeContext) -> ProbeResult:
    """Ask once and listen to the end; see `Probe` for what is promised."""
    call, wanted = spec.question(_nonce())
    if call.is_signed:
        call = signed(call, spec.key or "")  # before the clock runs: the first time, it loads a library
    trip = Trip(context, spec.timeouts)
    hearing = Hearing(DIALECTS[spec.dialect], spec.timeouts.first_token, trip)
    with trip:
        await _ask(spec, call, trip, hearing)
    return trip.result(lambda fault: _concluded(spec, trip, hearing, wanted, fault))


def _nonce() -> str:
    return "".join(secrets.choice(_NONCE_ALPHABET) for _ in range(6))


async def _ask(spec: InferenceSpec, call: Call, trip: Trip, hearing: Hearing) -> None:
    place = parse_url(call.url)
    with await dial(trip, place.host, place.port, spec.family) as line:
        if not place.secure:
            await _exchange(_request(spec, place, call, trip), trip, line, hearing)
            return
        secure = await secured(trip, line, place.host, spec.ca_file)
        trip.evidence["tls"] = secure.tls.version() or ""
        await _exchange(_request(spec, place, call, trip), trip, secure, hearing)


def _request(spec: InferenceSpec, place: Place, call: Call, trip: Trip) -> bytes:
    usual = {
        "User-Agent": trip.context.user_agent,
        "Content-Type": "application/json",
        "Accept": "text/event-stream, application/json",
        "Accept-Encoding": "identity",  # a packed stream comes in the packer's rhythm, not in the model's
    }
    headers = {**call.headers, **spec.headers}
    return request_bytes(place, "POST", usual, headers.items(), body_of(call))


async def _exchange(request: bytes, trip: Trip, line: Line | SecureLine, hearing: Hearing) -> None:
    trip.begin("send")
    await line.send(request)
    hearing.sent_at = trip.context.clock.monotonic()
    trip.done(at=hearing.sent_at)
    trip.begin("first_byte")
    data = await line.receive()
    if data:
        trip.done(at=line.arrived_at)
        hearing.set_deadline()
    hearing.feed(data, line.arrived_at)
    while data and not hearing.reader.done:
        hearing.set_deadline()
        data = await line.receive()
        hearing.feed(data, line.arrived_at)
    trip.done(at=line.arrived_at)


def _concluded(
    spec: InferenceSpec, trip: Trip, hearing: Hearing, expected: str, fault: Failure | None
) -> Failure | None:
    answer, told = hearing.reader.answer(), hearing.told
    if answer is None:
        return fault
    trip.status_code = answer.status
    needs_terminal = DIALECTS[spec.dialect].needs_terminal if spec.needs_terminal is None else spec.needs_terminal
    wanted = Wanted(
        model=spec.model,
        text=expected,
        needs_terminal=needs_terminal,
        has_key=bool(spec.key),
        stall_s=spec.stall_after.total_seconds(),
    )
    failure = judge_speech(wanted, answer, told, fault)
    key = spec.key or ""
    hidden = secrets_in(spec.headers, {key, *key.split(":"), *secrets_in_url(spec.base_url)})
    if failure is not None:
        failure = replace(failure, sentence=redacted(failure.sentence, hidden))
    trip.evidence |= _evidence(answer, told, hidden, with_excerpt=failure is not None)
    if told is not None:
        trip.figures |= figures_of(told, began=trip.began, sent=hearing.sent_at)
        trip.figures |= _bill(spec, told)
    return failure


def _bill(spec: InferenceSpec, told: Transcript) -> dict[str, int]:
    """What it cost in billionths of a USD; what the vendor does not count is reckoned at its most."""
    price = spec.price or price_of(spec.model)
    usage = told.usage
    bill = {} if usage.output is not None else {"is_estimated": 1}
    if price is not None and (usage.output is not None or told.events):
        given = (
            len(spec.prompt or "") // _CHARACTERS_A_TOKEN + _OVERHEAD_TOKENS
            if usage.input is None
            else usage.input
        )
        bill["cost_nusd"] = price.cost_nusd(given, spec.max_tokens if usage.output is None else usage.output)
    if told.is_streamed:
        bill["is_streamed"] = 1
    return bill


def _evidence(
    answer: Answer, told: Transcript | None, hidden: Sequence[str], *, with_excerpt: bool
) -> dict[str, str]:
    evidence = evidence_of(answer, hidden, with_excerpt=with_excerpt)
    evidence |= {
        name: redacted(answer.headers[name], hidden)[:120] for name in _TIMING_HEADERS if name in answer.headers
    }
    if told is None:
        return evidence
    said = {
        "model": told.model or "",
        "finish": told.finish.word if told.finish else "",
        "answer": told.text,
    }
    for name, text in said.items():
        if text:
            evidence[name] = excerpt(Answer(status=answer.status, headers={}, body=text.encode()), hidden)[:120]
    return evidence
