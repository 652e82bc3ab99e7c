"""What is asked of a model and what its streamed answer is made of: the words that all dialects share.

A dialect turns a `Question` into a `Call`, and the documents of a stream into these events. Foreign documents may
have any shape, so they are only ever looked into through `at`, `text_in` and `count_in`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

Document = Mapping[str, Any]
"""A JSON object that came from somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask of which model; `base_url` is what the vendor's own SDK is given, `effort` a word of its own."""

    base_url: str
    model: str
    prompt: str
    max_tokens: int
    key: str = field(default="", repr=False)
    effort: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A POST that asks a question; with `is_signed` it needs an AWS signature beside its headers."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: Mapping[str, Any]
    is_signed: bool = False


class Stop(StrEnum):
    """Why a model stopped, in our words."""

    END = "end"
    LENGTH = "length"
    REFUSED = "refused"
    OTHER = "other"


class Text(NamedTuple):
    """A piece of the visible answer, never empty."""

    text: str


class Thought(NamedTuple):
    """A piece of what the model thinks before it answers; may be empty where it is hidden."""

    text: str


class Usage(NamedTuple):
    """Tokens by the vendor's count; `output` has the `reasoning` ones in it, `None` is what was not told."""

    input: int | None = None
    output: int | None = None
    reasoning: int | None = None


class Finish(NamedTuple):
    """The model has said why it stopped; `word` is the vendor's own."""

    stop: Stop
    word: str


class Fault(NamedTuple):
    """An error in place of an answer, or in its midst."""

    document: Document


class ServerTime(NamedTuple):
    """How long the vendor says that it took, in milliseconds."""

    total_ms: int
    load_ms: int | None = None


class Model(NamedTuple):
    """The model that answers, as the vendor names it."""

    name: str


class KeepAlive(NamedTuple):
    """A sign of life that says nothing."""


class Terminal(NamedTuple):
    """The stream says that it is complete."""


class Malformed(NamedTuple):
    """Something that cannot be read stands in the stream; `why` says what, for people."""

    why: str


Event = Text | Thought | Usage | Finish | Fault | ServerTime | Model | KeepAlive | Terminal | Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one model API is spoken.

    `read` makes the events of one document of a stream, or of a whole answer; the name is that of its event and
    may be empty. `needs_terminal` tells that a complete stream ends with an event that says so, `is_lines` that
    its documents stand one a line.
    """

    call: Callable[[Question], Call]
    read: Callable[[str, Document], Iterator[Event]]
    needs_terminal: bool = False
    is_lines: bool = False


def at(document: Any, *path: str | int) -> Any:
    """What stands at a path of keys and indexes, or `None`."""
    for step in path:
        if isinstance(step, int):
            document = document[step] if isinstance(document, list) and len(document) > step else None
        else:
            document = document.get(step) if isinstance(document, Mapping) else None
    return document


def text_in(content: Any, *kinds: str) -> str:
    """The text of a content: text itself, or the parts of a list that are of one of the `kinds` (any, without)."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = [part for part in content if isinstance(part, Mapping)]
    return "".join(
        text_in(part.get("text", part.get("thinking"))) for part in parts if not kinds or part.get("type") in kinds
    )


def count_in(value: Any) -> int | None:
    """A number of tokens or the like, if it is one."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None


def said(text: str) -> Iterator[Event]:
    """The event of a visible text, none where it is empty."""
    if text:
        yield Text(text)


def thought(text: str) -> Iterator[Event]:
    """The event of a thought, none where it is empty."""
    if text:
        yield Thought(text)


def finished(word: Any, stops: Mapping[str, Stop]) -> Iterator[Event]:
    """The event of a finish reason, none where there is no reason yet."""
    if isinstance(word, str) and word:
        yield Finish(stops.get(word, Stop.OTHER), word)


def spent(usage: Any, *, output: int | None, given: int | None, reasoning: int | None = None) -> Iterator[Event]:
    """The event of a usage, none where there is no such part in the document."""
    if isinstance(usage, Mapping):
        yield Usage(input=given, output=output, reasoning=reasoning)


def joined(base_url: str, path: str) -> str:
    """The address of `path` below `base_url`, where the base may already have the path's beginning in it.

    So `https://h/v1` and `/v1/messages` make `https://h/v1/messages`, and a whole address stays as it is. A query
    of the base is kept behind the path.
    """
    base, mark, query = base_url.partition("?")
    path, path_mark, path_query = path.partition("?")
    steps, wanted = base.rstrip("/").split("/"), path.strip("/").split("/")
    known = next((n for n in range(len(wanted), 0, -1) if steps[-n:] == wanted[:n]), 0)
    url = "/".join((*steps, *wanted[known:]))
    queries = [part for part in (path_query, query) if part]
    return f"{url}{(mark or path_mark) and '?'}{'&'.join(queries)}"


def bearer(key: str) -> Mapping[str, str]:
    """The header that carries a key, none without one."""
    return {"Authorization": f"Bearer {key}"} if key else {}
