"""Estimates in the API: how long a trouble will probably last, and how good such estimates have been."""

from app.board.forecast import WHY_NOT, forecast
from app.board.model import Board, ServiceView
from app.domain.estimate import Estimate, HitRate, NoEstimate
from app.web.api.shape import MILLISECOND, Answer, Shape, Share


class EstimateOut(Shape):
    """How long a trouble will have lasted in all, counted from its beginning."""

    lasted_ms: int
    """How long it has lasted."""
    known: int
    """How many past incidents lasted at least as long: what the estimate rests on."""
    own: int
    """How many of them are of the same vendor."""
    likely_ms: int
    """The middle of the shortest span in which half of them ended."""
    half_ms: tuple[int, int]
    """The span in which the middle half of them ended."""
    most_ms: tuple[int, int]
    """The span in which the middle 80 % of them ended."""
    three_of_four_ms: int
    """Three of four of them were over by then."""


class ForecastOut(Shape):
    """What can be said of a trouble."""

    service_id: str
    """The service in trouble."""
    estimate: EstimateOut | None
    """The estimate; `null` where none can be made."""
    why_not: str | None
    """Why none can be made, in a sentence."""


class HitRateOut(Shape):
    """How good the estimates of past incidents would have been, each made from what was over before."""

    count: int
    """How many estimates were made."""
    half: Share
    """How many of them held the truth in the span of the middle half; 0.5 is right."""
    most: Share
    """How many held it in the span of the middle 80 %; 0.8 is right."""
    miss_ms: int
    """The median error of the likely duration."""
    vendor_miss_ms: int
    """The median error of the vendor's overall median duration, for comparison."""
    hour_miss_ms: int
    """The median error of "an hour", for comparison."""


class EstimatesOut(Answer):
    """The estimates of all troubles there are, and how good estimates have been."""

    estimates: tuple[ForecastOut, ...]
    """One for each service in trouble."""
    hit_rate: HitRateOut | None
    """`null` where no past incident is known."""


def estimates_out(board: Board, *, is_simulated: bool) -> EstimatesOut:
    """Of all services in trouble."""
    return EstimatesOut(
        simulated=is_simulated,
        estimates=tuple(_forecast(board, view) for view in board.troubled),
        hit_rate=_rate(board.durations.rate) if board.durations.rate is not None else None,
    )


def estimate_out(board: Board, view: ServiceView) -> EstimateOut | None:
    """Of one service, where there is one."""
    told = forecast(board, view)
    return _estimate(told) if isinstance(told, Estimate) else None


def _forecast(board: Board, view: ServiceView) -> ForecastOut:
    told = forecast(board, view)
    why_not = WHY_NOT[told] if isinstance(told, NoEstimate) else None
    return ForecastOut(service_id=view.service.id, estimate=estimate_out(board, view), why_not=why_not)


def _estimate(told: Estimate) -> EstimateOut:
    return EstimateOut(
        lasted_ms=told.lasted // MILLISECOND,
        known=told.known,
        own=told.own,
        likely_ms=told.likely // MILLISECOND,
        half_ms=(told.half[0] // MILLISECOND, told.half[1] // MILLISECOND),
        most_ms=(told.most[0] // MILLISECOND, told.most[1] // MILLISECOND),
        three_of_four_ms=told.three_of_four // MILLISECOND,
    )


def _rate(rate: HitRate) -> HitRateOut:
    return HitRateOut(
        count=rate.count,
        half=rate.half,
        most=rate.most,
        miss_ms=rate.miss // MILLISECOND,
        vendor_miss_ms=rate.vendor_miss // MILLISECOND,
        hour_miss_ms=rate.hour_miss // MILLISECOND,
    )
