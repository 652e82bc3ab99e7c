"""Latencies in the API, as quantiles; shapes and how they are filled."""

from collections.abc import Sequence
from datetime import datetime

from app.board.history import Window
from app.board.latencies import Latencies
from app.board.ranges import Range
from app.domain.sketch import ERROR, Sketch
from app.web.api.shape import Answer, Shape, Share

MOST_QUANTILES = 20
A_SHARE = r"(0(\.[0-9]{1,6})?|1(\.0{1,6})?)"
QUANTILES = rf"^{A_SHARE}(,{A_SHARE}){{0,{MOST_QUANTILES - 1}}}$"


class QuantileOut(Shape):
    """The time that a share of the answers took no longer than."""

    share: Share
    """The share, as it was asked for."""
    ms: int | None
    """The time in milliseconds; `null` where there was no answer."""


class SpeedOut(Shape):
    """The speed that a share of the answers came no faster than."""

    share: Share
    """The share, as it was asked for: 0.05 tells of the slow ones."""
    tokens_per_s: float | None
    """Visible tokens a second, after the first one; `null` where there was no answer."""


class StreamOut(Shape):
    """How a model’s streamed answers came."""

    count: int
    """How many answers told when their first token came."""
    first_token: tuple[QuantileOut, ...]
    """From the sending of the request to the first token."""
    speed_count: int
    """How many answers were long enough to tell a speed."""
    speed: tuple[SpeedOut, ...]
    """How fast the tokens came after the first."""


class CheckLatencyOut(Shape):
    """What one check measured."""

    check_id: str
    """The check."""
    kind: str
    """How it asks."""
    is_leading: bool
    """Whether its latency stands for the service."""
    count: int
    """How many right answers there were."""
    quantiles: tuple[QuantileOut, ...]
    """From the start of the connection to the end of the answer; of a model, to its first token."""
    stream: StreamOut | None
    """How its tokens came; `null` where no model is asked."""


class LatencyOut(Answer):
    """How long the right answers of a service took over a window."""

    service_id: str
    """Whose answers."""
    window: Window
    """How far back."""
    from_at: datetime
    """The start of the window: of an hour or a day."""
    to_at: datetime
    """The end of the hour or day that holds this moment."""
    relative_error: float
    """A time is right to within this share of itself, and half a millisecond for rounding: values are counted in
    buckets that grow by a constant factor, so a quantile over any number of hours is as right as over one."""
    checks: tuple[CheckLatencyOut, ...]
    """Every check of the service."""


def shares_of(asked: str) -> tuple[float, ...]:
    """The shares of a question that matches `QUANTILES`, each once, in its order."""
    return tuple(dict.fromkeys(map(float, asked.split(","))))


def latency_out(
    service_id: str,
    window: Window,
    told: tuple[Range, Sequence[Latencies]],
    shares: Sequence[float],
    *,
    is_simulated: bool,
) -> LatencyOut:
    """The quantiles of a service over a window."""
    asked, checks = told
    return LatencyOut(
        simulated=is_simulated,
        service_id=service_id,
        window=window,
        from_at=asked.start_at,
        to_at=asked.end_at,
        relative_error=ERROR,
        checks=tuple(
            CheckLatencyOut(
                check_id=each.check.id,
                kind=each.check.kind,
                is_leading=each.is_leading,
                count=each.latency.count,
                quantiles=_quantiles(each.latency, shares),
                stream=_stream(each, shares),
            )
            for each in checks
        ),
    )


def _quantiles(sketch: Sketch, shares: Sequence[float]) -> tuple[QuantileOut, ...]:
    return tuple(QuantileOut(share=share, ms=sketch.quantile(share)) for share in shares)


def _stream(told: Latencies, shares: Sequence[float]) -> StreamOut | None:
    if told.first_token is None or told.speed is None:
        return None
    speeds = [(share, told.speed.quantile(share)) for share in shares]
    return StreamOut(
        count=told.first_token.count,
        first_token=_quantiles(told.first_token, shares),
        speed_count=told.speed.count,
        speed=tuple(
            SpeedOut(share=share, tokens_per_s=speed / 1000 if speed is not None else None)
            for share, speed in speeds
        ),
    )
