"""A streamed answer as it was heard: what was said, and when. Takes pieces with their moments, judges nothing."""

from collections.abc import Mapping
from itertools import pairwise

from app.probes.framing import Unframer
from app.probes.listening import events_in
from app.probes.speech import (
    Dialect,
    Document,
    Event,
    Fault,
    Finish,
    KeepAlive,
    Malformed,
    Model,
    ServerTime,
    Terminal,
    Text,
    Thought,
    Usage,
)

_TEXT_LIMIT = 64 * 1024
_FEW_TOKENS = 8
"""With fewer visible tokens than this a speed would be noise."""


class Transcript:
    """What one stream said. All moments are seconds of one monotonic clock; `None` is what never happened."""

    def __init__(self, dialect: Dialect, content_type: str) -> None:
        self._dialect = dialect
        self._unframer = Unframer(content_type, is_lines=dialect.is_lines)
        self.text = ""
        self.usage = Usage()
        self.finish: Finish | None = None
        self.fault: Document | None = None
        self.malformed: str | None = None
        self.model: str | None = None
        self.server_time: ServerTime | None = None
        self.thoughts = self.events = self.keep_alives = 0
        self.said_at: list[float] = []
        """When each piece of visible text came."""
        self.content_at: list[float] = []
        """When each piece of text or thought came: what shows that the model is at work."""
        self.first_event_at: float | None = None
        self.first_thought_at: float | None = None
        self.first_text_at: float | None = None
        self.terminal_at: float | None = None

    def feed(self, data: bytes, at: float) -> None:
        """Take the next bytes of the body, unpacked, and the moment at which they arrived."""
        for frame in self._unframer.feed(data):
            for event in events_in(frame, self._dialect):
                self._take(event, at)

    def end(self, at: float) -> None:
        """The body has come to its end."""
        for frame in self._unframer.end():
            for event in events_in(frame, self._dialect):
                self._take(event, at)

    def _take(self, event: Event, at: float) -> None:
        if isinstance(event, KeepAlive):
            self.keep_alives += 1
            return
        self.events += 1
        if self.first_event_at is None:
            self.first_event_at = at
        match event:
            case Text(text):
                self._hear(text, at)
            case Thought():
                self._ponder(at)
            case Finish():
                self.finish = event
            case Terminal():
                self.terminal_at = at
            case _:
                self._note(event)

    def _note(self, event: Event) -> None:
        """What stands beside the answer; of troubles the first is kept."""
        match event:
            case Usage():
                known = zip(event, self.usage, strict=True)
                self.usage = Usage(*(before if new is None else new for new, before in known))
            case Fault(document):
                self.fault = document if self.fault is None else self.fault
            case Malformed(why):
                self.malformed = why if self.malformed is None else self.malformed
            case Model(name):
                self.model = name
            case ServerTime():
                self.server_time = event

    def _ponder(self, at: float) -> None:
        self.thoughts += 1
        self.content_at.append(at)
        if self.first_thought_at is None:
            self.first_thought_at = at

    def _hear(self, text: str, at: float) -> None:
        self.text = (self.text + text)[:_TEXT_LIMIT]
        self.said_at.append(at)
        self.content_at.append(at)
        if self.first_text_at is None and not text.isspace():
            self.first_text_at = at

    @property
    def is_over(self) -> bool:
        """Whether the stream has said that nothing more will come."""
        return self.terminal_at is not None or self.fault is not None

    @property
    def is_streamed(self) -> bool:
        """Whether the answer came as a stream: in pieces, or at least framed as events that need no last one.

        Bare JSON may be a reply in one piece, however many parts it has, so there the pieces must come apart.
        """
        if self._unframer.is_bare:
            return len(set(self.said_at)) > 1
        return len(self.said_at) > 1 or self.terminal_at is None

    @property
    def visible_tokens(self) -> int:
        """How many tokens of text there were: by the vendor's count, else as many as there were pieces."""
        if self.usage.output is None:
            return len(self.said_at)
        return max(self.usage.output - (self.usage.reasoning or 0), 0)

    @property
    def has_thought(self) -> bool:
        """Whether the model is known to have spent tokens on thinking."""
        return self.thoughts > 0 or bool(self.usage.reasoning)


def gaps_in(moments: list[float]) -> list[float]:
    """The seconds between one piece and the next, smallest first."""
    return sorted(after - before for before, after in pairwise(moments))


def figures_of(told: Transcript, *, began: float, sent: float) -> Mapping[str, int]:
    """The times and counts of a stream as whole numbers; what did not happen is absent.

    Spans are in milliseconds but for `tpot_us`, the microseconds for each token after the first. `first_event_ms`,
    `first_thought_ms` and `ttft_ms` are counted from when the request was sent, `ttft_e2e_ms` from the beginning.
    Gaps are those between pieces of the answer, not between tokens.
    """
    gaps = gaps_in(told.content_at)
    p95 = gaps[min(len(gaps) - 1, round(len(gaps) * 0.95))] if gaps else None
    spans = {
        "first_event_ms": _between(sent, told.first_event_at),
        "first_thought_ms": _between(sent, told.first_thought_at),
        "ttft_ms": _between(sent, told.first_text_at),
        "ttft_e2e_ms": _between(began, told.first_text_at),
        "gap_max_ms": gaps[-1] if gaps else None,
        "gap_p95_ms": p95,
        "tail_ms": _between(told.content_at[-1] if told.content_at else None, told.terminal_at),
    }
    counts = {
        "tpot_us": _per_token_us(told),
        "input_tokens": told.usage.input,
        "output_tokens": told.usage.output,
        "reasoning_tokens": told.usage.reasoning,
        "pieces": len(told.said_at),
        "keep_alives": told.keep_alives or None,
        "server_ms": told.server_time and told.server_time.total_ms,
        "load_ms": told.server_time and told.server_time.load_ms,
    }
    whole = {name: round(span * 1000) for name, span in spans.items() if span is not None}
    return whole | {name: count for name, count in counts.items() if count is not None}


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else max(end - start, 0.0)


def _per_token_us(told: Transcript) -> int | None:
    """The time for each visible token after the first, where there were enough and they came apart."""
    tokens = told.visible_tokens
    if tokens < _FEW_TOKENS or len(told.said_at) < 2:  # noqa: PLR2004 - a span has two ends
        return None
    return round((told.said_at[-1] - told.said_at[0]) / (tokens - 1) * 1_000_000) or None
