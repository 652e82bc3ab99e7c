"""What the stations counted since the process began, as it is at one moment: beside the board, for metrics."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.board.model import OwnHealth
from app.domain.counts import Counts
from app.domain.histogram import Histogram
from app.domain.result import CheckId, Region
from app.store.engine import StoreErrorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How we are at this moment, which is newer than the board's word, and what was counted since the start.

    `lateness` is how late slots were told, `storing` how long each batch of results took to be stored, and
    `making` how long each board took to be made, in seconds. `under_way` are probes that wait for a seat or an
    answer, of at most `seats` at once; `waiting` are results that are not stored yet.
    """

    own: OwnHealth
    counts: Mapping[tuple[CheckId, Region], Counts] = field(default_factory=dict)
    lateness: Histogram
    storing: Histogram
    making: Histogram
    under_way: int = 0
    seats: int = 0
    waiting: int = 0
    store_errors: Mapping[StoreErrorKind, int] = field(default_factory=dict)
