"""What can be asked of services: how they are, were, and how fast."""

from http import HTTPStatus
from typing import Annotated

from fastapi import HTTPException, Path, Query

from app.board.alternatives import Offers
from app.board.history import Window
from app.board.latencies import load_latencies
from app.board.overtime import load_over_time
from app.board.ranges import Range, RangeError, Step, load_range, range_asked
from app.board.stretches import alone
from app.domain.check import Check
from app.domain.service import Service
from app.web.api.charts import ChartsOut, charts_out
from app.web.api.estimates import estimate_out
from app.web.api.history import HistoryOut, history_out
from app.web.api.latency import QUANTILES, LatencyOut, latency_out, shares_of
from app.web.api.operations.given import TheSite
from app.web.api.schemas import ServiceOut, ServicesOut
from app.web.api.shape import Moment
from app.web.api.tell import service_out, services_out
from app.web.problems import FieldError

ServiceId = Annotated[str, Path(description="The id of a service, such as `chatgpt`.")]


# Not a coroutine: with many services it is long, and then belongs in a thread.
def services(site: TheSite) -> ServicesOut:
    """All services: status, since when, why, latency, uptime; and the sentence that sums them up."""
    return services_out(site.board, is_simulated=site.is_simulated)


def service(service_id: ServiceId, site: TheSite) -> ServiceOut:
    """One service: its checks with their last probe, its 90 days, its incidents, and what to use instead."""
    view = site.service(service_id)
    board = site.board
    offers = Offers(board).instead_of(view.service.id)
    likely = estimate_out(board, view)
    return service_out(view, offers, likely, board.made_at, is_simulated=site.is_simulated)


async def history(
    *,
    service_id: ServiceId,
    site: TheSite,
    window: Annotated[
        Window | None,
        Query(description="How far back from `to`: `24h` if neither this nor `from` is given."),
    ] = None,
    from_at: Annotated[
        Moment | None, Query(alias="from", description="Where to begin, in place of `window`.")
    ] = None,
    to_at: Annotated[Moment | None, Query(alias="to", description="Where to end; now if not given.")] = None,
    step: Annotated[
        Step | None,
        Query(
            description="How long a bucket is; if not given, an hour over up to 2 days, 6 hours over up to "
            "14, else a UTC day. Shorter than an hour reaches over 2 days at most, than a day over 100."
        ),
    ] = None,
    check: Annotated[str | None, Query(description="The name of one check, such as `models`.")] = None,
) -> HistoryOut:
    """A service, or one check of it, over any span: status, uptime, coverage, counts, latencies."""
    watched = site.service(service_id).service
    chosen = _check(watched, check) if check is not None else None
    now = site.board.made_at
    try:
        asked: Range = range_asked(now, window=window, from_at=from_at, to_at=to_at, step=step)
    except RangeError as error:
        raise FieldError(error.field, str(error)) from error
    told = await load_range(site.database, alone(watched, chosen) if chosen else watched, asked, now)
    shown = None if from_at is not None else window or Window.DAY
    return history_out(service_id, chosen, shown, told, is_simulated=site.is_simulated)


async def latency(
    service_id: ServiceId,
    site: TheSite,
    window: Annotated[Window, Query(description="How far back.")] = Window.DAY,
    quantiles: Annotated[
        str, Query(pattern=QUANTILES, description="Up to 20 shares from 0 to 1, with commas between them.")
    ] = "0.5,0.9,0.95,0.99",
) -> LatencyOut:
    """How long the right answers took, each check for itself; of models the first token and the speed, too."""
    watched = site.service(service_id).service
    told = await load_latencies(site.database, watched, window, site.board.made_at)
    return latency_out(service_id, window, told, shares_of(quantiles), is_simulated=site.is_simulated)


async def charts(
    service_id: ServiceId,
    site: TheSite,
    window: Annotated[Window, Query(description="How far back.")] = Window.DAY,
) -> ChartsOut:
    """Exactly what the charts of its page are drawn of; `/services/{id}/charts.csv` is the same as a table."""
    view = site.service(service_id)
    over = await load_over_time(site.database, view, window, site.board.made_at)
    return charts_out(service_id, over, view.incidents, is_simulated=site.is_simulated)


def _check(service: Service, name: str) -> Check:
    for check in service.checks:
        if name in (check.name, check.id):
            return check
    raise HTTPException(HTTPStatus.NOT_FOUND, f"“{service.id}” has no check “{name}”.")
