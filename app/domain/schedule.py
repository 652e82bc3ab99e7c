"""When a check is due: slots computed from its id, so that they never drift and need no memory."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from app.domain.check import Cadence
from app.domain.result import CheckId, Region

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@lru_cache(maxsize=65_536)
def offset(check_id: CheckId, interval: timedelta, region: Region) -> timedelta:
    """How far after each full interval since the epoch a check is due, in whole milliseconds.

    Taken from a hash of check and region, so that checks spread over the interval without chance, every
    restart finds the same slots, and the regions of one check ask at different moments.
    """
    digest = blake2b(f"{check_id}|{region}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % (interval // _MILLISECOND) * _MILLISECOND


def next_slot(check_id: CheckId, cadence: Cadence, region: Region, after: datetime) -> datetime:
    """The first slot strictly later than `after`."""
    shift = offset(check_id, cadence.interval, region)
    passed = (after - EPOCH - shift) // cadence.interval
    return EPOCH + shift + (passed + 1) * cadence.interval


def slots_between(
    check_id: CheckId, cadence: Cadence, region: Region, start_at: datetime, end_at: datetime
) -> int:
    """How many slots lie in [start_at, end_at): how many probes were due."""
    shift = offset(check_id, cadence.interval, region)
    before_start = -((EPOCH + shift - start_at) // cadence.interval)
    before_end = -((EPOCH + shift - end_at) // cadence.interval)
    return max(0, before_end - before_start)
