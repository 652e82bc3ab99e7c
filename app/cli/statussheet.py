"""How the status of services is laid out for people; pure."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from rich.text import Text

from app.board.words import in_percent
from app.cli.terminal import MUTED, NOTHING, Column, Row, Sheet, clean, marked, when, zone
from app.domain.status import Status

if TYPE_CHECKING:
    from app.web.api.estimates import ForecastOut
    from app.web.api.schemas import ServiceLine, ServicesOut

WORST_FIRST: Final = (Status.DOWN, Status.DEGRADED, Status.UNKNOWN, Status.MAINTENANCE, Status.UP)
"""Here unknown comes before up: whoever asks has to see what nobody can vouch for."""

MILLISECOND: Final = timedelta(milliseconds=1)

Likely = Mapping[str, "ForecastOut"]
"""How long troubles will last, by the id of the service."""


def status_sheet(told: "ServicesOut", likely: Likely, wanted: Collection[str]) -> Sheet:
    """The services of an answer, the worst first; the sentence is of all, and left out where some are `wanted`."""
    now = told.made_at
    ordered = sorted(told.services, key=lambda service: WORST_FIRST.index(service.status))
    return Sheet(
        head=() if wanted else (Text(clean(told.sentence), "bold"), Text()),
        columns=(
            Column(heading="STATUS"),
            Column(heading="SERVICE"),
            Column(heading=f"SINCE ({zone(now)})", least=60),
            Column(heading="24 H", is_right=True, least=48),
        ),
        rows=tuple(_row(service, likely.get(service.id), now) for service in ordered),
        long="WHY",
        foot=_foot(told),
    )


def _row(service: "ServiceLine", likely: "ForecastOut | None", now: datetime) -> Row:
    is_up = service.status is Status.UP
    uptime = in_percent(service.uptime_24h) if service.uptime_24h is not None else NOTHING
    return Row(
        cells=(
            marked(service.status),
            Text(clean(service.id), "" if is_up else "bold"),
            when(service.since_at, now),
            Text(uptime),
        ),
        long=Text(clean(service.reason), MUTED if is_up else ""),
        below=(_likely(likely),) if likely is not None else (),
        matters=not is_up,
    )


def _likely(told: "ForecastOut") -> str:
    """How much longer it will last, or why nobody says."""
    known = told.estimate
    if known is None:
        return clean(told.why_not or "")
    from app.board.forecast import still  # noqa: PLC0415 - slow to import, and only for what is in trouble

    low, high = known.most_ms
    return still(
        known.lasted_ms * MILLISECOND, known.likely_ms * MILLISECOND, (low * MILLISECOND, high * MILLISECOND)
    )


def _foot(told: "ServicesOut") -> tuple[Text, ...]:
    as_of = f"As of {told.made_at.astimezone():%H:%M:%S} {zone(told.made_at)}."
    pretended = " All of it is simulated." if told.simulated else ""
    troubles = (Text(f"! {clean(each)}", "bold") for each in told.own.troubles)
    return (Text(), *troubles, Text(as_of + pretended, MUTED))
