"""How long a trouble will probably last, in words; pure."""

from datetime import timedelta

from app.board.model import Board, ServiceView
from app.board.words import MINUTE, spell
from app.domain.estimate import Estimate, NoEstimate
from app.domain.saying import Saying, say, say_many, together

WHY_NOT = {
    NoEstimate.TOO_FEW: say("No estimate: too few past incidents are known."),
    NoEstimate.OUTLASTED: say("No estimate: it has lasted longer than nearly every incident that is known."),
}


def forecast(board: Board, view: ServiceView) -> Estimate | NoEstimate | None:
    """How long a service's trouble will probably last; `None` where it has none, or nobody knows since when."""
    incident = view.open_incident
    began_at = incident.opened_at if incident is not None else view.since_at
    if not view.status.is_bad or began_at is None:
        return None
    return board.durations.of(view.vendor.id, began_at, board.made_at)


def forecast_sentence(board: Board, view: ServiceView) -> str:
    """The answer to "how long will it last?": one sentence with its range; empty where there is no trouble."""
    told = forecast(board, view)
    if told is None:
        return ""
    if isinstance(told, NoEstimate):
        return WHY_NOT[told]
    return still(told.lasted, told.likely, told.most)


def still(lasted: timedelta, likely: timedelta, most: tuple[timedelta, timedelta]) -> Saying:
    """How much longer it will last: `likely` in all, and for 8 of 10 such cases within `most`."""
    low, high = (max(end - lasted, timedelta(0)) for end in most)
    remaining = max(likely - lasted, timedelta(0))
    if remaining < MINUTE:
        return say(
            "It may be over any moment; in 8 of 10 such cases between {low} and {high} more.",
            low=spell(low),
            high=spell(high),
        )
    return say(
        "Likely about {likely} more; in 8 of 10 such cases between {low} and {high} more.",
        likely=spell(remaining),
        low=spell(low),
        high=spell(high),
    )


def made_how(told: Estimate, vendor: str) -> Saying:
    """How the estimate was made, in two sentences."""
    lasted = say(
        "3 of 4 incidents like this were over within {most}, half of them between {low} and {high}; "
        "this one has lasted {lasted}.",
        most=spell(told.three_of_four),
        low=spell(told.half[0]),
        high=spell(told.half[1]),
        lasted=spell(told.lasted),
    )
    known = say_many(
        "That is by {count} past incident that lasted at least as long, {own} of them of {vendor}.",
        "That is by {count} past incidents that lasted at least as long, {own} of them of {vendor}.",
        told.known,
        own=told.own,
        vendor=vendor,
    )
    return together(lasted, known)
