"""How the lag ledger is kept: our incidents and the vendor's put side by side, the same again changing nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.incident import Incident
from app.domain.lag import LagEntry, judged
from app.domain.said import WITNESS_GAP, SeenIncident
from app.domain.status import Status
from app.domain.vendor import Phase
from app.domain.verdict import Witness

SLACK = timedelta(minutes=30)
"""Two stories that miss each other by no more than this are told of one trouble."""

FARTHEST_START = timedelta(hours=12)
"""A vendor's incident that began this long before or after ours is another one, even if it is still open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """From one moment to another; without an end it goes on."""

    start_at: datetime
    end_at: datetime | None

    def overlaps(self, start_at: datetime, end_at: datetime) -> bool:
        """Whether any of it lies within [start_at, end_at]."""
        return self.start_at <= end_at and (self.end_at is None or self.end_at >= start_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What changes in the ledger: entries to keep in place of those of their ids, and ids to strike out."""

    kept: tuple[LagEntry, ...]
    struck: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """What both witnesses tell of one service: its incidents, the vendor's that concern it, and when nobody read.

    `planned` are maintenances that the vendor announced: a trouble that begins within one needs no word. `blind`
    are the times in which the vendor's page was not read, of which the first ends with the first reading.
    """

    service_id: str
    page_key: str
    ours: Sequence[Incident]
    theirs: Sequence[SeenIncident]
    planned: Sequence[Spell] = ()
    blind: Sequence[Spell] = ()


def fold_ledger(entries: Sequence[LagEntry], told: Stories, now: datetime) -> Ledger:
    """The entries of a service after what is told now; the same stories told again change nothing.

    Pairs that stand in the ledger stay pairs. One vendor's incident goes with the first of our troubles it covers;
    later ones within it are its continuation, as are further incidents of the vendor within one of ours. What the
    vendor had told before we began to look has no entry of its own.
    """
    standing = {entry.id: entry for entry in entries}
    pairs = _standing_pairs(entries, told)
    taken = {entry.vendor_incident_id for entry in entries if entry.our_incident_id is not None}
    done = {entry.our_incident_id for entry in entries if entry.vendor_incident_id is not None}
    alone: list[Incident] = []
    for ours in sorted(told.ours, key=lambda each: each.opened_at):
        if ours.id in done or _is_planned(ours, told.planned):
            continue
        match = _match(ours, [each for each in told.theirs if each.incident.id not in taken], now)
        if match is not None:
            pairs.append((ours, match))
            taken.add(match.incident.id)
        elif not any(_covers(theirs, ours, now) for _, theirs in pairs):
            alone.append(ours)
    troubles = [(ours.opened_at, ours.closed_at or now) for ours, _ in pairs]
    lone = [
        each
        for each in told.theirs
        if each.not_yet_at is not None and each.incident.id not in taken and not _is_within(each, troubles)
    ]
    new = [
        *(_entry(told, ours, theirs, now) for ours, theirs in pairs),
        *(_entry(told, ours, None, now) for ours in alone),
        *(_entry(told, None, theirs, now) for theirs in lone if _is_trouble(theirs)),
    ]
    kept = tuple(_with_looks(entry, standing.get(entry.id), now) for entry in new)
    gone = _struck(entries, told, {entry.id for entry in kept})
    return Ledger(kept=tuple(entry for entry in kept if standing.get(entry.id) != entry), struck=gone)


def looked_at(entry: LagEntry, now: datetime) -> Spell:
    """When we must have probed for `we_looked`: just before the first word, or all through what we did not see."""
    if entry.our_first_at is None and entry.vendor_said_at is not None:
        return Spell(start_at=entry.vendor_said_at - WITNESS_GAP, end_at=entry.vendor_resolved_at or now)
    return Spell(start_at=entry.began_at - WITNESS_GAP, end_at=entry.began_at)


def _standing_pairs(entries: Iterable[LagEntry], told: Stories) -> list[tuple[Incident, SeenIncident]]:
    ours = {each.id: each for each in told.ours}
    theirs = {each.incident.id: each for each in told.theirs}
    return [
        (ours[entry.our_incident_id], theirs[entry.vendor_incident_id])
        for entry in entries
        if entry.our_incident_id in ours and entry.vendor_incident_id in theirs
    ]


def _match(ours: Incident, theirs: Iterable[SeenIncident], now: datetime) -> SeenIncident | None:
    """The vendor's incident that began nearest to ours among those that tell of the same time."""
    near = [
        each
        for each in theirs
        if _is_within(each, [(ours.opened_at, ours.closed_at or now)])
        and abs(_begin(each) - ours.opened_at) <= FARTHEST_START
        and _is_word(each)
    ]
    return min(near, key=lambda each: abs(_begin(each) - ours.opened_at), default=None)


def _is_within(theirs: SeenIncident, spans: Iterable[tuple[datetime, datetime]]) -> bool:
    story = Spell(start_at=_begin(theirs), end_at=theirs.ended_at)
    return any(story.overlaps(start_at - SLACK, end_at + SLACK) for start_at, end_at in spans)


def _covers(theirs: SeenIncident, ours: Incident, now: datetime) -> bool:
    return _begin(theirs) <= ours.opened_at <= (theirs.ended_at or now)


def _begin(theirs: SeenIncident) -> datetime:
    return min(theirs.incident.started_at, theirs.said_at)


def _is_trouble(theirs: SeenIncident) -> bool:
    """Whether the vendor tells of a trouble that should have been seen, not of news or of what hurts nobody."""
    return _is_word(theirs) and theirs.incident.impact not in (Status.UP, Status.MAINTENANCE)


def _is_word(theirs: SeenIncident) -> bool:
    return theirs.incident.phase is not Phase.INFORMATION


def _is_planned(ours: Incident, planned: Iterable[Spell]) -> bool:
    return any(spell.overlaps(ours.opened_at, ours.opened_at) for spell in planned)


def _entry(told: Stories, ours: Incident | None, theirs: SeenIncident | None, now: datetime) -> LagEntry:
    named = ours.id if ours is not None else f"{told.page_key}:{theirs.incident.id if theirs else ''}"
    return LagEntry(
        id=f"{told.service_id}/{named}",
        service_id=told.service_id,
        page_key=told.page_key,
        title=theirs.incident.title if theirs else "",
        our_incident_id=ours.id if ours else None,
        vendor_incident_id=theirs.incident.id if theirs else None,
        our_first_at=ours.opened_at if ours else None,
        our_recovery_at=ours.closed_at if ours else None,
        report_at=_reported_at(ours),
        vendor_started_at=theirs.incident.started_at if theirs else None,
        vendor_said_at=theirs.said_at if theirs else None,
        vendor_resolved_at=theirs.ended_at if theirs else None,
        vendor_looked=_vendor_looked(told, ours, theirs, now),
    )


def _reported_at(ours: Incident | None) -> datetime | None:
    """Since when visitors told of it, where enough of them did."""
    told = ours.account_of(Witness.PEOPLE) if ours is not None else None
    return told.since_at if told is not None else None


def _vendor_looked(told: Stories, ours: Incident | None, theirs: SeenIncident | None, now: datetime) -> bool:
    if theirs is not None:
        return theirs.is_witnessed
    return ours is not None and not any(
        spell.overlaps(ours.opened_at, ours.closed_at or now) for spell in told.blind
    )


def _with_looks(entry: LagEntry, standing: LagEntry | None, now: datetime) -> LagEntry:
    """What only the moment could tell is kept from the entry that stands."""
    if standing is not None:
        entry = replace(entry, we_looked=standing.we_looked, report_at=entry.report_at or standing.report_at)
    return judged(entry, now)


def _struck(entries: Iterable[LagEntry], told: Stories, kept: set[str]) -> tuple[str, ...]:
    """Entries of one witness alone, whose story is told and has come to stand elsewhere."""
    ours = {each.id for each in told.ours}
    theirs = {each.incident.id for each in told.theirs}
    return tuple(
        entry.id
        for entry in entries
        if entry.id not in kept
        and (entry.our_incident_id is None or entry.our_incident_id in ours)
        and (entry.vendor_incident_id is None or entry.vendor_incident_id in theirs)
    )
