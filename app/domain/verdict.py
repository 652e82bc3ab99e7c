"""From the states of a service's checks to the status of the service (first form: measured alone)."""

from collections.abc import Iterable, Mapping

from app.domain.detector import CheckState
from app.domain.result import CheckId
from app.domain.service import Service
from app.domain.status import Status, capped, worst_of


def measured(service: Service, states: Mapping[CheckId, Iterable[CheckState]]) -> Status:
    """What our probes say of a service: the worst its checks may say, over all regions.

    A check says no worse than its `impact`, and one with impact `up` only informs: it neither hurts the
    service nor vouches for it.
    """
    return worst_of(
        capped(state.status, check.impact)
        for check in service.checks
        if check.impact is not Status.UP
        for state in states.get(check.id, ())
    )
