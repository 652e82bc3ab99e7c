"""How much one client may ask within a minute; pure but for what it remembers, which is bounded."""

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from math import ceil

WINDOW_SECONDS = 60
MOST_REMEMBERED = 20_000
POLICY = "default"
_HOUSEHOLD = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What is left to a client: `remaining` within the next `seconds`; `is_exceeded` where this was too much."""

    remaining: int
    seconds: int
    is_exceeded: bool


class RateLimit:
    """Counts by address within a minute that begins with a client's first question.

    Addresses stand in memory alone and leave it within a minute or when too many others come; an IPv6 client
    is known by its /64 network, all of which is its own.
    """

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def take(self, address: str, now_s: float) -> Quota:
        """Count a question of this address, at so many seconds on a clock that only grows."""
        self._forget(now_s)
        who = _client(address)
        began_s, count = self._counts.get(who, (now_s, 0))
        is_exceeded = count >= self.per_minute
        self._counts[who] = (began_s, count + (not is_exceeded))
        return Quota(
            remaining=max(0, self.per_minute - count - 1),
            seconds=max(1, ceil(began_s + WINDOW_SECONDS - now_s)),
            is_exceeded=is_exceeded,
        )

    @property
    def policy(self) -> str:
        """The value of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11)."""
        return f'"{POLICY}";q={self.per_minute};w={WINDOW_SECONDS}'

    def _forget(self, now_s: float) -> None:
        """Those whose minute is over, and the longest known where there are too many; they stand in that order."""
        while self._counts:
            began_s, _ = next(iter(self._counts.values()))
            if began_s + WINDOW_SECONDS > now_s and len(self._counts) < MOST_REMEMBERED:
                return
            self._counts.popitem(last=False)


def left(quota: Quota) -> str:
    """The value of `RateLimit`."""
    return f'"{POLICY}";r={quota.remaining};t={quota.seconds}'


def _client(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return address if known.version == 4 else str(ip_network((known, _HOUSEHOLD), strict=False))  # noqa: PLR2004 - IPv4
