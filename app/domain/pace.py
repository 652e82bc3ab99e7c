"""How often a status page is read, and when a page that still answers is nevertheless dead."""

from datetime import datetime, timedelta
from hashlib import blake2b

from app.domain.said import PageState, told_time
from app.domain.saying import say
from app.domain.vendor import VendorPage

TROUBLED = timedelta(minutes=1)
LIVELY = timedelta(minutes=2)
CALM = timedelta(minutes=5)
"""While there is trouble; for a while after a change, and in a trouble that nobody works on; else."""

LIVELY_FOR = timedelta(hours=1)
TROUBLED_FOR = timedelta(hours=6)
"""A trouble about which nothing was said for so long is no reason to ask every minute."""

LONGEST_PAUSE = timedelta(minutes=30)
"""A page that cannot be read is asked ever more seldom, down to this."""

JITTER = 0.1
HISTORY_EVERY = timedelta(hours=6)
"""How often past incidents are read again: what is edited or deleted in the past shows only there."""

UNTOUCHED_FOR = timedelta(days=90)
IGNORED_FOR = timedelta(hours=1)


def next_reading_at(state: PageState, at: datetime, *, is_measured_bad: bool, retry_after: timedelta) -> datetime:
    """When to read a page again that was read, or failed to be, at `at`.

    `is_measured_bad` tells that our own probes see trouble of one of its services. What a server asks us to wait
    is waited. Pages are spread without chance, by a hash of their key and the moment.
    """
    pause = _pause(state, at, is_measured_bad=is_measured_bad)
    digest = blake2b(f"{state.key}|{at.timestamp():.0f}".encode(), digest_size=4).digest()
    share = int.from_bytes(digest) / 2**32
    return at + max(pause * (1 + JITTER * (2 * share - 1)), retry_after)


def first_reading_at(key: str, now: datetime, within: timedelta) -> datetime:
    """When to read a page first after a start: somewhere within a span, so that not all are read at once."""
    digest = blake2b(key.encode(), digest_size=4).digest()
    return now + within * (int.from_bytes(digest) / 2**32)


def is_history_due(state: PageState, now: datetime) -> bool:
    """Whether past incidents are to be read along."""
    return state.history_read_at is None or now - state.history_read_at >= HISTORY_EVERY


def is_untouched(state: PageState, page: VendorPage, now: datetime) -> bool:
    """Whether nobody has touched a page for months, as far as it tells its times and we have watched it."""
    signs = [page.updated_at, *(each.updated_at for each in page.incidents)]
    signs += [update.at for incident in page.incidents for update in incident.updates]
    signs += [update.at for maintenance in page.maintenances for update in maintenance.updates]
    if state.changed_at != state.first_read_at:
        signs.append(state.changed_at)
    dated = [sign for sign in signs if sign is not None]
    return bool(dated) and now - max(dated) >= UNTOUCHED_FOR


def dead_because(
    page: VendorPage, now: datetime, *, own_host_fails: bool, down_since: datetime | None
) -> str | None:
    """Why an untouched page speaks for nobody any more, `None` if it may just have had nothing to tell.

    `own_host_fails` tells that the address under which people know the page does not answer; `down_since` is since
    when our own probes find one of its services down.
    """
    untouched = say("The page answers, but nobody has touched it for months")
    if page.updated_at is not None:
        untouched = say("The page answers, but was last touched at {at}", at=told_time(page.updated_at))
    if own_host_fails:
        return say("{untouched}, and its own address does not answer.", untouched=untouched)
    if down_since is not None and now - down_since >= IGNORED_FOR:
        return say(
            "{untouched}, and a service that is down since {since} is not mentioned.",
            untouched=untouched,
            since=told_time(down_since),
        )
    return None


def _pause(state: PageState, at: datetime, *, is_measured_bad: bool) -> timedelta:
    if state.failures:
        doublings = min(state.failures - 1, 10)
        return min(TROUBLED * (1 << doublings), LONGEST_PAUSE)
    silent_for = at - state.changed_at if state.changed_at else timedelta()
    is_troubled = state.page is not None and state.page.status.is_bad
    if is_measured_bad or (is_troubled and silent_for < TROUBLED_FOR):
        return TROUBLED
    return LIVELY if is_troubled or silent_for < LIVELY_FOR else CALM
