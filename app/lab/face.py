"""What all pretended model APIs share: the scene a request meets, what is said in it, how a face is described."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.lab.answer import Answer, Headers, Piece, Request, Role, encode_json, whole
from app.lab.chance import token

_ECHO = re.compile(r"reply with exactly:?\s*(.+)", re.IGNORECASE)
_TOKEN = re.compile(r"\s*\S{1,2}")
_PROSE = (
    " a",
    " pretended",
    " vendor",
    " speaks",
    " plainly",
    " from",
    " the",
    " lab",
    ",",
    " word",
    " by",
    " word",
)
_PLENTY = 32
"""How many tokens are said when neither the prompt nor the request sets a bound."""

WRONG_KEY = "wrong"
"""A key that begins so is refused everywhere; any other key is valid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a vendor answers: headers, first text token (both seconds after the request), tokens per second.

    `jitter` is the share by which single requests differ from that, up and down.
    """

    head: float = 0.02
    first: float = 0.12
    rate: float = 80.0
    jitter: float = 0.0

    def text_at(self, index: int) -> float:
        """When the text token with this index (from 0) is due."""
        return self.first + index / self.rate

    def reasoning_at(self, index: int, count: int) -> float:
        """When a visible reasoning token is due: spread between headers and first text."""
        return self.head + (self.first - self.head) * (index + 1) / (count + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model of a vendor; `reasoning` tokens are spent before it speaks."""

    id: str
    reasoning: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The circumstances of one request: all that a face may depend on beside the request itself.

    `tokens` overrides what is said; `spend_on_reasoning` makes the model think until its budget is gone;
    `refuse` ends the answer as the vendor's content filter does.
    """

    vendor: str
    now: datetime
    request_id: str
    pace: Pace = field(default_factory=Pace)
    models: tuple[Model, ...] = ()
    region: str = ""
    opened_at: datetime | None = None
    """When the lab was opened: what a frozen page still believes."""
    tokens: tuple[str, ...] | None = None
    spend_on_reasoning: bool = False
    refuse: bool = False

    def model(self, name: str) -> Model | None:
        """The vendor's model of this name; any model will do where the vendor lists none."""
        if not self.models:
            return Model(id=name)
        return next((model for model in self.models if model.id == name), None)

    def id(self, kind: str, length: int = 24) -> str:
        """An identifier that belongs to this request."""
        return token(self.request_id, kind, length=length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What a model says to a prompt: text tokens, the reasoning before them, why it stops, the bill."""

    tokens: tuple[str, ...]
    reasoning: int
    stop: str
    """`stop`, `length` or `filter`; every face has its own word for it."""
    prompt_tokens: int

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.tokens)

    @property
    def output_tokens(self) -> int:
        """All tokens that are billed as output."""
        return len(self.tokens) + self.reasoning


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error as its vendor documents it. `content` is a JSON object, or text of the given type."""

    status: int
    content: Mapping[str, Any] | str
    headers: Headers = ()
    content_type: str = "application/json"

    @property
    def document(self) -> dict[str, Any]:
        """The body as a JSON object, also where the vendor writes plain text."""
        return {"error": self.content} if isinstance(self.content, str) else dict(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """How one model API looks from outside.

    `base` is the path that its SDKs are given. `answer` serves a healthy request. `errors` names every error the
    vendor documents; `refuse` dresses one as an answer, `error_event` as bytes inside a stream that already said
    200 and so many pieces. `keepalive` holds its quiet streams open; where nothing does it is empty. `garble`
    spoils an event so that it can no longer be decoded. `key_of` finds the key in a request. `speaks`
    tells that there is a model behind it, `has_terminal` that its streams end with an event of their own after the
    one that carries the finish reason, `is_page` that it is a status page.
    """

    base: str
    answer: Callable[[Request, Scene], Answer]
    errors: Mapping[str, Fault]
    refuse: Callable[[Fault, Request, Scene], Answer]
    error_event: Callable[[Fault, Request, Scene, int], bytes]
    keepalive: bytes = b": keep-alive\n\n"
    garble: Callable[[bytes], bytes] = lambda data: data[: len(data) // 2] + b"\n\n"
    key_of: Callable[[Request], str] = lambda request: request.bearer
    speaks: bool = True
    has_terminal: bool = True
    is_page: bool = False


def speak(prompt: str, max_tokens: int | None, model: Model, scene: Scene) -> Speech:
    """What `model` says to `prompt` within `max_tokens` (reasoning included, as vendors count).

    "Reply with exactly: X" is obeyed; every other prompt gets as many tokens as it may have.
    """
    bound = max_tokens if max_tokens and max_tokens > 0 else None
    asked = max(1, len(prompt) // 4)
    if scene.spend_on_reasoning:
        return Speech(tokens=(), reasoning=bound or _PLENTY, stop="length", prompt_tokens=asked)
    reasoning = min(model.reasoning, bound) if bound else model.reasoning
    room = bound - reasoning if bound else None
    wanted = scene.tokens if scene.tokens is not None else said_to(prompt, room)
    tokens = wanted[:room] if room is not None else wanted
    cut_short = len(tokens) < len(wanted) or (room == 0 and scene.tokens != ())
    stop = "filter" if scene.refuse else "length" if cut_short else "stop"
    return Speech(tokens=tokens, reasoning=reasoning, stop=stop, prompt_tokens=asked)


def said_to(prompt: str, room: int | None) -> tuple[str, ...]:
    """The tokens of the answer: an echo where exactly that was asked, else prose of the length that is allowed."""
    if echo := _ECHO.search(prompt):
        return tuple(_TOKEN.findall(echo.group(1).strip().strip("\"'`")))
    count = min(room, 512) if room is not None else _PLENTY
    return ("This", " is", *(_PROSE[index % len(_PROSE)] for index in range(max(count - 2, 0))))[: max(count, 0)]


def timetable(
    speech: Speech,
    pace: Pace,
    *,
    opening: Iterable[bytes],
    text: Callable[[str], bytes],
    closing: Iterable[tuple[Role, bytes]],
    reasoning: Callable[[str], bytes] | None = None,
    turning: Iterable[bytes] = (),
) -> tuple[Piece, ...]:
    """The pieces of a stream.

    `opening` goes out with the headers, then come visible reasoning, what is `turning` from it to the text, the
    text in its rhythm, and the close.
    """
    pieces = [Piece(at=pace.head, data=data, role=Role.OPENING) for data in opening]
    if reasoning:
        pieces += (
            Piece(at=pace.reasoning_at(i, speech.reasoning), data=reasoning(" hm"), role=Role.REASONING)
            for i in range(speech.reasoning)
        )
    pieces += (Piece(at=pace.first, data=data, role=Role.OPENING) for data in turning)
    pieces += (Piece(at=pace.text_at(i), data=text(word), role=Role.TEXT) for i, word in enumerate(speech.tokens))
    end = pace.text_at(len(speech.tokens))
    return (*pieces, *(Piece(at=end, data=data, role=role) for role, data in closing))


def stream(pieces: tuple[Piece, ...], pace: Pace, content_type: str, headers: Headers = ()) -> Answer:
    """A streamed answer of these pieces."""
    return Answer(
        status=200,
        headers=(("content-type", content_type), *headers),
        pieces=pieces,
        head_at=pace.head,
        streamed=True,
    )


def done_at(speech: Speech, pace: Pace) -> float:
    """When an answer that is not streamed is ready."""
    return pace.text_at(len(speech.tokens))


def plain_refusal(fault: Fault, scene: Scene, headers: Headers = ()) -> Answer:
    """A fault as an answer with these headers; the fault's own win."""
    body = fault.content.encode() if isinstance(fault.content, str) else encode_json(fault.content)
    answer = whole(fault.status, body, fault.content_type, headers=headers, at=scene.pace.head)
    return answer.with_headers(fault.headers)
