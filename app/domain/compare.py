"""Two readings of one thing on a status page compared: what was said anew, and what of the old was changed.

What a document does not tell is no change: several documents of unequal detail speak of the same incident. Nor is
what changes without meaning: bulk touches of `updated_at`, links, order, markup, the live join of parts to
incidents that are long over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.said import Said, SaidKind, told_time
from app.domain.span import spell
from app.domain.status import Status
from app.domain.vendor import Phase, VendorComponent, VendorIncident, VendorMaintenance, VendorPage, VendorUpdate

JITTER = timedelta(minutes=1)
"""Documents that tell times to the minute differ by less than this from those that tell them exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What is now known of an incident, and what was said since it was known last."""

    incident: VendorIncident
    said: tuple[Said, ...]


def compare_incidents(before: VendorIncident, after: VendorIncident, seen_at: datetime) -> Compared:
    """What `after` says anew of the incident known as `before`; what only `before` knows is kept."""
    after = replace(after, phase=before.phase, words=before.words) if after.phase is Phase.UNKNOWN else after
    updates = _compare_updates(before, after, seen_at)
    said = [
        *updates.said,
        *_turns(before, after, updates.added, seen_at),
        *_edits(before, after, seen_at),
    ]
    known = replace(
        after,
        impact=before.impact if _is_silent(after) else after.impact,
        impact_words=before.impact_words if _is_silent(after) else after.impact_words,
        started_at=before.started_at if _is_same(before.started_at, after.started_at) else after.started_at,
        published_at=before.published_at or after.published_at,
        resolved_at=after.resolved_at or (None if after.is_open else before.resolved_at),
        component_ids=after.component_ids or before.component_ids,
        component_names=after.component_names or before.component_names,
        updates=updates.known,
        url=after.url or before.url,
    )
    return Compared(incident=known, said=tuple(said))


def tell_incident(incident: VendorIncident, seen_at: datetime) -> tuple[Said, ...]:
    """The statements of an incident that was not there at the last reading."""
    kind = SaidKind.INCIDENT_OPENED if incident.is_open else SaidKind.INCIDENT_TOLD_AFTERWARDS
    told = [incident.words or incident.phase, incident.impact_words and f"impact {incident.impact_words}"]
    if incident.resolved_at is not None:
        told.append(f"it lasted {spell(incident.resolved_at - incident.started_at)}")
    opened = Said(
        kind=kind,
        seen_at=seen_at,
        at=incident.started_at,
        subject_id=incident.id,
        subject=incident.title,
        after=", ".join(filter(None, told)),
    )
    return (opened, *(_added(incident, update, seen_at) for update in reversed(incident.updates)))


def compare_parts(before: VendorPage, after: VendorPage, seen_at: datetime) -> Iterator[Said]:
    """What changed about the parts of a page; a part that is left out is gone only if nothing may be left out."""
    known = {part.id: part for part in before.components}
    for part in after.components:
        old = known.get(part.id)
        if old is None:
            if before.has_all_components and before.components:
                yield _of_part(SaidKind.PART_ADDED, part, seen_at, "", part.words)
            continue
        if old.name != part.name:
            yield _of_part(SaidKind.PART_RENAMED, part, seen_at, old.name, part.name)
        if (old.status, _essence(old.words)) != (part.status, _essence(part.words)):
            yield _of_part(
                SaidKind.PART_CHANGED, part, seen_at, old.words or old.status, part.words or part.status
            )
    if after.has_all_components and after.components:
        there = {part.id for part in after.components}
        for part in before.components:
            if part.id not in there:
                yield _of_part(SaidKind.PART_REMOVED, part, seen_at, part.words, "")


def compare_maintenances(
    before: Sequence[VendorMaintenance], after: Sequence[VendorMaintenance], seen_at: datetime
) -> Iterator[Said]:
    """What was announced, changed, and is no longer listed although its vendor has not called it over."""
    known = {each.id: each for each in before}
    for each in after:
        old = known.pop(each.id, None)
        if old is None:
            yield _of_maintenance(SaidKind.MAINTENANCE_ANNOUNCED, each, seen_at, "", _planned(each))
        elif _planned(old) != _planned(each):
            yield _of_maintenance(SaidKind.MAINTENANCE_CHANGED, each, seen_at, _planned(old), _planned(each))
    for each in known.values():
        if not each.phase.is_over:
            yield _of_maintenance(SaidKind.MAINTENANCE_GONE, each, seen_at, _planned(each), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Updates:
    known: tuple[VendorUpdate, ...]
    added: tuple[VendorUpdate, ...]
    said: tuple[Said, ...]


def _compare_updates(before: VendorIncident, after: VendorIncident, seen_at: datetime) -> _Updates:
    old = {update.id: update for update in before.updates}
    added, pairs = [], []
    for update in after.updates:
        match = old.pop(update.id, None)
        pairs.append((match, update)) if match is not None else added.append(update)
    for update in tuple(added):
        # A feed that names updates by their text gives an edited one a new name.
        match = next((each for each in old.values() if each.at == update.at), None)
        if match is not None:
            del old[match.id]
            added.remove(update)
            pairs.append((match, update))
    earliest = min((update.at for update in after.updates), default=None)
    removed = [update for update in old.values() if earliest is not None and earliest < update.at]
    kept = [update for update in old.values() if update not in removed]
    said = [_added(after, update, seen_at) for update in sorted(added, key=lambda each: each.at)]
    for match, update in pairs:
        said += _edits_of_update(after, match, update, seen_at)
    for update in removed:
        said.append(_of(SaidKind.UPDATE_REMOVED, after, seen_at, _spoken(update), "", at=update.at))
    told = [_fuller(match, update) for match, update in pairs]
    known = sorted([*told, *added, *kept], key=lambda update: update.at, reverse=True)
    return _Updates(known=tuple(known), added=tuple(added), said=tuple(said))


def _fuller(before: VendorUpdate, after: VendorUpdate) -> VendorUpdate:
    return after if after.text or not before.text else replace(after, text=before.text)


def _edits_of_update(
    incident: VendorIncident, before: VendorUpdate, after: VendorUpdate, seen_at: datetime
) -> Iterator[Said]:
    if after.text and not _reads_same(before.text, after.text):
        yield _of(SaidKind.UPDATE_EDITED, incident, seen_at, _spoken(before), _spoken(after), at=after.at)
    if not _is_same(before.at, after.at):
        yield _of(
            SaidKind.UPDATE_REDATED, incident, seen_at, told_time(before.at), told_time(after.at), at=after.at
        )


def _turns(
    before: VendorIncident, after: VendorIncident, added: Sequence[VendorUpdate], seen_at: datetime
) -> Iterator[Said]:
    """Resolved, reopened, or of another phase without an update that says so."""
    newest = max(added, key=lambda update: update.at, default=None)
    if before.is_open and not after.is_open:
        ended_at = after.resolved_at or (newest.at if newest else None)
        lasted = "" if ended_at is None else f"after {spell(ended_at - min(before.started_at, after.started_at))}"
        yield _of(SaidKind.RESOLVED, after, seen_at, before.words, lasted or after.words, at=ended_at)
    elif after.is_open and not before.is_open:
        at = newest.at if newest else None
        yield _of(SaidKind.REOPENED, after, seen_at, before.words, after.words or after.phase, at=at)
    elif before.phase is not after.phase and not any(update.phase is after.phase for update in added):
        yield _of(SaidKind.PHASE_CHANGED, after, seen_at, before.words or before.phase, after.words or after.phase)


def _edits(before: VendorIncident, after: VendorIncident, seen_at: datetime) -> Iterator[Said]:
    if after.title and not _reads_same(before.title, after.title):
        yield _of(SaidKind.RETITLED, after, seen_at, before.title, after.title)
    if not _is_silent(after) and _impact(before) != _impact(after):
        yield _of(SaidKind.IMPACT_CHANGED, after, seen_at, _impact(before), _impact(after))
    if _hits_others(before, after):
        yield _of(SaidKind.PARTS_CHANGED, after, seen_at, _hit(before), _hit(after))
    if not _is_same(before.started_at, after.started_at):
        moved = told_time(before.started_at), told_time(after.started_at)
        yield _of(SaidKind.START_MOVED, after, seen_at, *moved, at=after.started_at)
    ends = before.resolved_at, after.resolved_at
    if not before.is_open and not after.is_open and None not in ends and not _is_same(*ends):
        moved = told_time(before.resolved_at), told_time(after.resolved_at)
        yield _of(SaidKind.END_MOVED, after, seen_at, *moved, at=after.resolved_at)


def _hits_others(before: VendorIncident, after: VendorIncident) -> bool:
    if after.component_ids and before.component_ids:
        return set(after.component_ids) != set(before.component_ids)
    if after.component_ids or before.component_ids:
        return not (before.component_ids or before.component_names)
    return bool(after.component_names) and set(after.component_names) != set(before.component_names)


def _hit(incident: VendorIncident) -> str:
    return ", ".join(incident.component_names or incident.component_ids) or "no part by name"


def _impact(incident: VendorIncident) -> str:
    return incident.impact_words or incident.impact


def _is_silent(incident: VendorIncident) -> bool:
    """Whether nothing is told of the impact."""
    return incident.impact is Status.UNKNOWN and not incident.impact_words


def _planned(each: VendorMaintenance) -> str:
    until = "" if each.ends_at is None else f" to {told_time(each.ends_at)}"
    return f"{each.words or each.phase}, {told_time(each.starts_at)}{until}"


def _added(incident: VendorIncident, update: VendorUpdate, seen_at: datetime) -> Said:
    return _of(SaidKind.UPDATE_ADDED, incident, seen_at, "", _spoken(update), at=update.at)


def _spoken(update: VendorUpdate) -> str:
    return ": ".join(filter(None, (update.words or update.phase, update.text)))


def _of(
    kind: SaidKind,
    incident: VendorIncident,
    seen_at: datetime,
    before: str,
    after: str,
    *,
    at: datetime | None = None,
) -> Said:
    return Said(
        kind=kind,
        seen_at=seen_at,
        at=at,
        subject_id=incident.id,
        subject=incident.title,
        before=before,
        after=after,
    )


def _of_part(kind: SaidKind, part: VendorComponent, seen_at: datetime, before: str, after: str) -> Said:
    return Said(kind=kind, seen_at=seen_at, subject_id=part.id, subject=part.name, before=before, after=after)


def _of_maintenance(kind: SaidKind, each: VendorMaintenance, seen_at: datetime, before: str, after: str) -> Said:
    return Said(
        kind=kind,
        seen_at=seen_at,
        at=each.starts_at,
        subject_id=each.id,
        subject=each.title,
        before=before,
        after=after,
    )


def _is_same(before: datetime | None, after: datetime | None) -> bool:
    if before is None or after is None:
        return before is after
    return abs(after - before) < JITTER


def _reads_same(before: str, after: str) -> bool:
    return before == after or _essence(before) == _essence(after)


def _essence(text: str) -> str:
    """The letters and digits of a text: what is left when markup, spacing and case are not minded."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
