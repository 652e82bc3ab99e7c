"""How long a scrape of the shipped catalogue takes, against the mere writing of it by Prometheus' own client."""

import asyncio
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.openmetrics import exposition, parser
from prometheus_client.registry import Collector

from app.board.figures import Figures
from app.board.load import BoardLoader
from app.board.model import Board
from app.domain.counts import Counts, counted
from app.domain.histogram import Histogram
from app.domain.result import CheckId, Region
from app.pipeline.record import STORING_BOUNDS
from app.pipeline.schedule import LATENESS_BOUNDS
from app.web.metrics.exposition import written
from app.web.metrics.route import families
from tests.bench.figures import Figure, Section, interleaved
from tests.web.scenes import NOW, SCENES, an_empty_database, furnished, live_results, the_catalogue

MOST_MS = 50
ROUNDS = 5
SCENE = SCENES["bad"]


class Known(Collector):
    """Metrics that stand already."""

    def __init__(self, known: list[Metric]) -> None:
        self._known = known

    def collect(self) -> list[Metric]:
        return self._known


def section(folder: Path) -> Section:
    """One scrape of `/metrics`."""
    board, counts = asyncio.run(_board(folder)), _counts()
    nothing = Histogram.of(STORING_BOUNDS)
    figures = Figures(
        own=SCENE.own, counts=counts, lateness=Histogram.of(LATENESS_BOUNDS), storing=nothing, making=nothing
    )

    def ours() -> bytes:
        return written(families(board, figures, {}, is_simulated=False), openmetrics=True)

    text = ours().decode()
    known = Known(list(parser.text_string_to_metric_families(text)))  # type: ignore[no-untyped-call] # it has no types
    ours_ms, theirs_ms = interleaved(
        ROUNDS,
        lambda: _ms(ours),
        lambda: _ms(lambda: exposition.generate_latest(known)),  # type: ignore[no-untyped-call] # it has no types
    )
    return Section(
        title="Metrics",
        about=(
            f"One scrape of the shipped catalogue in OpenMetrics, {len(text.splitlines())} lines, from board to "
            f"bytes; against the writing alone of the same by `prometheus_client`. The median of {ROUNDS}."
        ),
        figures=(
            Figure(
                what="a scrape",
                ours=f"{ours_ms:.1f} ms",
                reference=f"{theirs_ms:.1f} ms (`prometheus_client`, writing alone)",
                result=f"{ours_ms / theirs_ms:.0%}",
                goal=f"≤ {MOST_MS} ms",
                met=ours_ms <= MOST_MS,
            ),
        ),
    )


async def _board(folder: Path) -> Board:
    catalogue = the_catalogue()
    database = await furnished(an_empty_database(folder), catalogue, SCENE)
    try:
        return await BoardLoader(database).load(catalogue, SCENE.own, NOW)
    finally:
        await database.close()


def _counts() -> Mapping[tuple[CheckId, Region], Counts]:
    """What the scene's results of the running hour amount to."""
    counts: dict[tuple[CheckId, Region], Counts] = {}
    for check in the_catalogue().check_by_id.values():
        for each in live_results(check, SCENE.failure_of(check), 200):
            key = each.result.check_id, each.result.region
            counts[key] = counted(counts.get(key, Counts()), each)
    return counts


def _ms(work: Callable[[], object]) -> float:
    """Milliseconds, the median of three."""
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)
