"""Days to look at: the shipped catalogue in a real database with pretended evidence, the same at every run."""

import os
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.board.model import OwnHealth
from app.catalogue.load import BUILTIN, load_catalogue
from app.domain.check import Check
from app.domain.detector import CheckState, Transition
from app.domain.evidence import Link, chain
from app.domain.incident import Incident, follow
from app.domain.lag import First, LagEntry
from app.domain.ledger import Ledger
from app.domain.network import NetworkView
from app.domain.result import (
    LOCAL,
    Blame,
    CheckId,
    Failure,
    FailureKind,
    Phases,
    ProbeResult,
    Reading,
    Recorded,
    reading,
)
from app.domain.rollup import Rollup, Strip, Tally
from app.domain.said import SeenIncident
from app.domain.schedule import next_slot, slots_between
from app.domain.sequential import Chart, Evidence
from app.domain.service import Catalogue
from app.domain.sketch import Sketch
from app.domain.status import Status
from app.domain.verdict import measured_alone
from app.domain.watched import watched_pages
from app.probes.registry import PROBERS
from app.settings import resource
from app.store.engine import Database, WriteTx, open_database
from app.store.evidence import insert_records
from app.store.incidents import save_incidents
from app.store.lag import save_ledger
from app.store.migrate import upgrade
from app.store.results import insert_results
from app.store.rollups import save_folded_until, save_rollups, save_strip
from app.store.series import ensure_series, load_numbers
from app.store.states import save_states
from app.store.tables import days, hours
from app.store.vendor_incidents import save_vendor_incidents
from app.store.vendor_pages import save_page_state
from tests.web.vendorscenes import VendorDay, statements_of, states_of
from tests.web.vendorscenes import incidents_of as vendor_incidents_of

NOW = datetime(2026, 11, 20, 14, 20, 40, tzinfo=UTC)
FOLDED_UNTIL = NOW.replace(minute=0, second=0)
WATCHED_SINCE = datetime(2026, 8, 9, 9, 30, tzinfo=UTC)
DOWN_SINCE = datetime(2026, 11, 20, 14, 2, 11, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

CALM = NetworkView(works=True, seen_at=NOW, sentence="4 of 4 control targets answer from here.")
DARK = NetworkView(works=False, seen_at=NOW, sentence="4 of 4 unrelated control targets do not answer from here.")

OUTAGE = Failure(
    kind=FailureKind.SERVER_ERROR,
    blame=Blame.VENDOR,
    verdict=Status.DOWN,
    sentence="answered 503 Service Unavailable instead of 405",
)
OVERLOAD = Failure(
    kind=FailureKind.OVERLOADED,
    blame=Blame.VENDOR_CAPACITY,
    verdict=Status.DEGRADED,
    sentence="answered 529 Overloaded: it is overloaded",
)
WALL = Failure(
    kind=FailureKind.BOT_CHALLENGE,
    blame=Blame.BOT_WALL,
    verdict=Status.UNKNOWN,
    sentence="hides behind a check for bots (answered 403 Forbidden): the service was not seen",
)
NO_NETWORK = Failure(
    kind=FailureKind.OWN_NETWORK,
    blame=Blame.US_NETWORK,
    verdict=Status.UNKNOWN,
    sentence=f"Our own network was failing: {DARK.sentence}",
)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a day is like: which services' checks fail since when, by service id; `ours` is the failure of all."""

    troubles: dict[str, Failure] = field(default_factory=dict)
    ours: Failure | None = None
    network: NetworkView | None = CALM
    is_empty: bool = False
    said: VendorDay = field(default_factory=VendorDay)

    def failure_of(self, check: Check) -> Failure | None:
        if self.ours is not None:
            return self.ours
        return (
            self.troubles.get(check.service_id) if check.impact is not Status.UP and check.kind == "http" else None
        )

    @property
    def own(self) -> OwnHealth:
        started_at = NOW if self.is_empty else NOW - 3 * DAY
        return OwnHealth(
            started_at=started_at,
            probing=True,
            network=None if self.is_empty else self.network,
            late_p99_ms=None if self.is_empty else 3.2,
        )


TALKATIVE = VendorDay(
    troubles={"codex": DOWN_SINCE + timedelta(minutes=12), "github-copilot": DOWN_SINCE - timedelta(hours=1)},
    unread_since={"xai": NOW - timedelta(hours=3)},
    planned=("mistral",),
)
SCENES = {
    "good": Scene(),
    "bad": Scene(
        troubles={"chatgpt": OUTAGE, "codex": OUTAGE, "claude-api": OVERLOAD, "perplexity": WALL}, said=TALKATIVE
    ),
    "unknown": Scene(
        ours=NO_NETWORK, network=DARK, said=VendorDay(unread_since={"*": NOW - timedelta(minutes=35)})
    ),
    "first": Scene(is_empty=True, said=VendorDay(first_read_at=NOW)),
}


def the_catalogue() -> Catalogue:
    return load_catalogue(BUILTIN, None, PROBERS, os.environ)


def an_empty_database(folder: Path) -> str:
    """The URL of a new database in that folder, with its tables."""
    url = f"sqlite+aiosqlite:///{folder / 'stillup.sqlite3'}"
    upgrade(url, resource("migrations"))
    return url


async def furnished(url: str, catalogue: Catalogue, scene: Scene) -> Database:
    """The database at that URL, with all that the scene pretends."""
    database = open_database(url)
    checks = list(catalogue.check_by_id.values())
    async with database.write() as tx:
        await ensure_series(tx, checks, LOCAL, NOW if scene.is_empty else WATCHED_SINCE)
        await _save_words(tx, catalogue, scene)
    if scene.is_empty:
        return database
    async with database.write() as tx:
        numbers = await load_numbers(tx)
        for check in checks:
            past = Past.of(check)
            number = numbers[check.id, LOCAL]
            await save_rollups(tx, days, number, past.days)
            await save_rollups(tx, hours, number, past.hours)
            await save_strip(tx, number, past.strip)
            results = list(live_results(check, scene.failure_of(check), past.usual_ms))
            await insert_results(tx, results)
            await save_states(tx, [state_of(check, scene.failure_of(check), results)])
        await save_incidents(tx, list(incidents_of(catalogue, scene)))
        await save_folded_until(tx, FOLDED_UNTIL)
    return database


async def _save_words(tx: WriteTx, catalogue: Catalogue, scene: Scene) -> None:
    for state in states_of(catalogue, scene.said, NOW):
        await save_page_state(tx, state, is_page_new=True)
    seen = list(vendor_incidents_of(catalogue, scene.said, NOW))
    await save_vendor_incidents(tx, seen)
    for watched in watched_pages(catalogue):
        if not scene.is_empty:
            await insert_records(tx, chain(watched.key, Link(), statements_of(watched, seen), ()))
    await save_ledger(tx, Ledger(kept=tuple(_lags_of(seen)), struck=()))


def _lags_of(seen: Iterable[SeenIncident]) -> Iterable[LagEntry]:
    """The open incident of Codex beside its vendor's."""
    for each in seen:
        if each.incident.id == "open-codex":
            yield LagEntry(
                id="codex-lag",
                service_id="codex",
                page_key=each.page_key,
                our_incident_id=f"codex-{DOWN_SINCE:%Y%m%dT%H%M%S}",
                vendor_incident_id=each.incident.id,
                our_first_at=DOWN_SINCE,
                vendor_started_at=each.incident.started_at,
                vendor_said_at=each.said_at,
                vendor_looked=True,
                we_looked=True,
                first=First.WE,
            )


@dataclass(frozen=True, kw_only=True)
class Past:
    """What is folded of a check: mostly good days, now and then a bad one, and one on which nobody looked."""

    days: list[Rollup]
    hours: list[Rollup]
    usual_ms: int

    @classmethod
    def of(cls, check: Check) -> "Past":
        draw = random.Random(check.id)  # noqa: S311 - pretended evidence, not a secret
        usual = 20 if check.kind in ("tls", "dns", "tcp") else draw.randint(70, 640)
        first = FOLDED_UNTIL.replace(hour=0) - 89 * DAY
        told = [cls._day(check, draw, first + number * DAY, usual) for number in range(90)]
        last = [
            _rollup(check, FOLDED_UNTIL - number * HOUR, HOUR, _swing(draw, usual, number), "")
            for number in range(24 * 7, 0, -1)
        ]
        return cls(days=told, hours=last, usual_ms=usual)

    @staticmethod
    def _day(check: Check, draw: random.Random, start_at: datetime, usual: int) -> Rollup:
        chance = draw.random()
        fate = "down" if chance < 0.008 else "degraded" if chance < 0.02 else ""
        ago = (NOW.date() - start_at.date()).days
        if ago in (31, 32):
            fate = "dark" if ago == 31 else "half"
        span = min(DAY, FOLDED_UNTIL - start_at)
        return _rollup(check, start_at, span, _swing(draw, usual, 0), fate)

    @property
    def strip(self) -> Strip:
        return Strip(ends_on=NOW.date(), days=tuple(day.tally for day in self.days))


def _swing(draw: random.Random, usual: int, number: int) -> list[int]:
    busy = 1.35 if (FOLDED_UNTIL - number * HOUR).hour in range(13, 19) else 1.0
    return [
        round(usual * busy * draw.uniform(0.9, 1.15) * (1.8 if draw.random() < 0.04 else 1)) for _ in range(24)
    ]


def _rollup(check: Check, start_at: datetime, span: timedelta, values: list[int], fate: str) -> Rollup:
    due = slots_between(check.id, check.cadence, LOCAL, start_at, start_at + span)
    bad = max(2, due // 12) if due > 3 else 0
    tally = {
        "": Tally(due=due, up=due),
        "down": Tally(due=due, up=due - bad, down=bad),
        "degraded": Tally(due=due, up=due - bad, degraded=bad),
        "dark": Tally(due=due),
        "half": Tally(due=due, up=due // 2),
    }[fate]
    return Rollup(start_at=start_at, tally=tally, sketch=Sketch.of(values if tally.up else []))


def live_results(check: Check, failure: Failure | None, usual: int) -> Iterable[Recorded]:
    """What came back since the last folded hour."""
    draw = random.Random(check.id + " live")  # noqa: S311 - pretended evidence, not a secret
    slot_at = next_slot(check.id, check.cadence, LOCAL, FOLDED_UNTIL)
    # The catalogue's longest interval is hours: those were asked a while ago.
    if slot_at > NOW:
        slot_at = NOW - timedelta(minutes=draw.randint(3, 12))
    while slot_at <= NOW:
        yield _recorded(
            check, slot_at, failure if slot_at >= DOWN_SINCE else None, round(usual * draw.uniform(0.9, 1.3))
        )
        slot_at += check.cadence.interval
    if failure is not None and failure.verdict.is_bad:
        yield _recorded(check, DOWN_SINCE, failure, usual)


def _recorded(check: Check, at: datetime, failure: Failure | None, total: int) -> Recorded:
    dns, connect, tls = 4, total // 7, total // 4
    body = 3
    phases = Phases(
        total_ms=total,
        dns_ms=dns,
        connect_ms=connect,
        tls_ms=tls if check.kind in ("http", "tls") else None,
        send_ms=0 if check.kind == "http" else None,
        first_byte_ms=total - dns - connect - tls - body if check.kind == "http" else None,
        body_ms=body if check.kind == "http" else None,
    )
    code = {OUTAGE: 503, OVERLOAD: 529, WALL: 403, NO_NETWORK: None, None: 401}[failure]
    result = ProbeResult(
        check_id=check.id,
        slot_at=at,
        started_at=at,
        phases=phases,
        status_code=code if check.kind == "http" else None,
        family="ipv4",
        address="203.0.113.7",
        failure=failure,
        figures={"expires_in_days": 61} if check.kind == "tls" else {},
        evidence={"retry-after": "30", "x-request-id": "req_8f2c", "body": "upstream connect error"}
        if failure
        else {},
    )
    return Recorded(result=result, status=reading(result, check.thresholds).status)


def state_of(check: Check, failure: Failure | None, results: list[Recorded]) -> CheckState:
    draw = random.Random(check.id + " since")  # noqa: S311 - pretended evidence, not a secret
    since_at = DOWN_SINCE if failure is not None else NOW - timedelta(hours=draw.randint(30, 1600))
    last = max(results, key=lambda each: each.result.started_at)
    told = reading(last.result, check.thresholds)
    return CheckState(
        check_id=check.id,
        region=LOCAL,
        status=failure.verdict if failure is not None else Status.UP,
        since_at=since_at,
        evidence=_evidence(told, results) if told.status.is_bad else Evidence(),
        last_at=last.result.started_at,
        last=told,
    )


def _evidence(told: Reading, results: list[Recorded]) -> Evidence:
    since = [each for each in results if each.result.started_at >= DOWN_SINCE]
    episode = Chart(asked=len(since), failed=sum(each.status.is_bad for each in since), began_at=DOWN_SINCE)
    return Evidence(status=told.status, since_at=DOWN_SINCE, episode=episode, why=told.reason)


def incidents_of(catalogue: Catalogue, scene: Scene) -> Iterable[Incident]:
    """The open ones of the scene, and some that are over."""
    for service_id, failure in scene.troubles.items():
        if failure.verdict.is_bad:
            yield _opened(catalogue, service_id, failure, DOWN_SINCE)
    for service_id, failure, ago, lasted in (
        ("openai-api", OUTAGE, timedelta(days=2, hours=5), timedelta(minutes=47)),
        ("gemini", OVERLOAD, timedelta(days=4, hours=1), timedelta(hours=3, minutes=20)),
        ("chatgpt", OVERLOAD, timedelta(days=9, hours=11), timedelta(minutes=26)),
    ):
        opened = _opened(catalogue, service_id, failure, DOWN_SINCE - ago)
        check = catalogue.service_by_id[service_id].checks[0]
        over = _followed(opened, service_id, Status.UP, _transition(check.id, None, opened.opened_at + lasted))
        assert over is not None
        yield over


def _opened(catalogue: Catalogue, service_id: str, failure: Failure, at: datetime) -> Incident:
    check = catalogue.service_by_id[service_id].checks[0]
    incident = _followed(None, service_id, failure.verdict, _transition(check.id, failure, at))
    assert incident is not None
    return incident


def _followed(last: Incident | None, service_id: str, status: Status, change: Transition) -> Incident | None:
    return follow(last, service_id, measured_alone(change, status), change.confirmed_at, change)


def _transition(check_id: CheckId, failure: Failure | None, at: datetime) -> Transition:
    return Transition(
        check_id=check_id,
        region=LOCAL,
        before=Status.UP,
        after=failure.verdict if failure else Status.UP,
        since_at=at,
        confirmed_at=at + timedelta(seconds=3),
        reason=failure.sentence if failure else "answered rightly after 214 ms",
        failure_kind=failure.kind if failure else None,
    )
