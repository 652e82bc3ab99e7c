"""How long a trouble will probably last, in words; pure."""

from datetime import timedelta

from app.board.model import Board, ServiceView
from app.board.words import MINUTE, counted, spell
from app.domain.estimate import Estimate, NoEstimate

WHY_NOT = {
    NoEstimate.TOO_FEW: "No estimate: too few past incidents are known.",
    NoEstimate.OUTLASTED: "No estimate: it has lasted longer than nearly every incident that is known.",
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
    low, high = (max(end - told.lasted, timedelta(0)) for end in told.most)
    remaining = max(told.likely - told.lasted, timedelta(0))
    soon = "It may be over any moment" if remaining < MINUTE else f"Likely about {spell(remaining)} more"
    return f"{soon}; in 8 of 10 such cases between {spell(low)} and {spell(high)} more."


def made_how(told: Estimate, vendor: str) -> str:
    """How the estimate was made, in a sentence."""
    return (
        f"3 of 4 incidents like this were over within {spell(told.three_of_four)}, half of them between "
        f"{spell(told.half[0])} and {spell(told.half[1])}; this one has lasted {spell(told.lasted)}. "
        f"That is by {counted(told.known, 'past incident')} that lasted at least as long, {told.own} of them "
        f"of {vendor}."
    )
