"""The desk where visitors report a problem: each counts once, no address is kept, and a flood costs little."""

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from ipaddress import ip_address, ip_network

from app.clock import Clock
from app.domain.report import REPEAT_AFTER, Report, Symptom
from app.pipeline.bus import Bus, Change
from app.store.engine import Database
from app.store.reports import insert_report

MOST_OF_A_VISITOR = 10
"""So many reports, of all services, one visitor may make within an hour."""

MOST_A_MINUTE = 300
MOST_REMEMBERED = 50_000
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who reports, for as long as it takes to count: where from, and with which program."""

    address: str
    agent: str = ""


class TooManyError(Exception):
    """Somebody, or everybody together, reports too often; `again_after` tells when it may be tried again."""

    def __init__(self, again_after: timedelta) -> None:
        self.again_after = again_after
        super().__init__("Too many reports; try again later.")


class ReportDesk:
    """Takes reports. What tells visitors apart is salted anew every day and stands in memory alone."""

    def __init__(self, *, database: Database, clock: Clock, bus: Bus) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._lock = asyncio.Lock()
        self._day: date | None = None
        self._salt = b""
        self._counted: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._tries: OrderedDict[str, list[datetime]] = OrderedDict()
        self._minute: list[datetime] = []

    async def take(self, service_id: str, symptom: Symptom, region: str, visitor: Visitor) -> bool:
        """Count a report; `False` where this visitor was counted for the service within half an hour.

        Raises `TooManyError`, and `StoreError` where it could not be kept; then it is not counted either.
        """
        now = self._clock.now()
        async with self._lock:
            self._salted(now)
            who = self._hash(f"{visitor.address}|{visitor.agent}")
            self._admit(who, now)
            last = self._counted.get((service_id, who))
            if last is not None and now - last < REPEAT_AFTER:
                return False
            report = Report(at=now, symptom=symptom, network=self._hash(_network(visitor.address)))
            async with self._database.write() as tx:
                await insert_report(tx, service_id, report, region)
            self._counted[service_id, who] = now
            self._counted.move_to_end((service_id, who))
            while len(self._counted) > MOST_REMEMBERED:
                self._counted.popitem(last=False)
        self._bus.publish(Change(service_ids=frozenset({service_id})))
        return True

    def _admit(self, who: str, now: datetime) -> None:
        self._minute = [at for at in self._minute if now - at < MINUTE]
        if len(self._minute) >= MOST_A_MINUTE:
            raise TooManyError(MINUTE - (now - self._minute[0]))
        own = [at for at in self._tries.get(who, []) if now - at < HOUR]
        if len(own) >= MOST_OF_A_VISITOR:
            raise TooManyError(HOUR - (now - own[0]))
        self._minute.append(now)
        self._tries[who] = [*own, now]
        self._tries.move_to_end(who)
        while len(self._tries) > MOST_REMEMBERED:
            self._tries.popitem(last=False)

    def _salted(self, now: datetime) -> None:
        """A new salt with every day: then nobody, we neither, can tell whether two days saw the same visitor."""
        if now.date() != self._day:
            self._day, self._salt = now.date(), secrets.token_bytes(32)
            self._counted.clear()
            self._tries.clear()

    def _hash(self, text: str) -> str:
        return blake2b(text.encode(errors="replace"), key=self._salt, digest_size=9).hexdigest()


def _network(address: str) -> str:
    """The network of an address, which is about one household or office: a /24 of IPv4, a /48 of IPv6."""
    try:
        bits = 24 if ip_address(address).version == 4 else 48  # noqa: PLR2004 - the version's own number
        return str(ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        return address
