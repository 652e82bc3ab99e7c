"""From reading to reading of a status page: what was said, what is known now, when its word counts as unknown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from app.domain.compare import compare_incidents, compare_maintenances, compare_parts, tell_incident
from app.domain.said import (
    WITNESS_GAP,
    Heard,
    PageState,
    Said,
    SaidKind,
    SeenIncident,
    SeenMaintenance,
    told_time,
)
from app.domain.vendor import VendorIncident, VendorPage

FAILURES_UNTIL_UNKNOWN = 2
"""One failed reading may be chance; after so many in a row the vendor's word is unknown since the first."""

OLDER_LISTED = 2
"""A list that still holds so many older incidents that are over did not drop one from its end: it was deleted."""

MOST_SAID = 200
"""More changes than this at once are no statements but another page; the document is kept, the rest is counted."""


def hear(
    state: PageState,
    page: VendorPage,
    at: datetime,
    known: Mapping[str, SeenIncident],
    *,
    is_history: bool = False,
) -> Heard:
    """What a good reading says anew.

    `known` holds the incidents of this page that are open or were listed on the reading before, and those listed
    on `page` that we ever saw, by id. `is_history` tells that past incidents were read along. What was there when
    we began to look, or when the page became another kind of page, is known without having been said to us.
    """
    is_new_ground = state.page is None or state.page.kind != page.kind
    listed = _listed(state, page, at, known, is_new_ground=is_new_ground)
    vanished = _vanished(page, at, known, is_new_ground=is_new_ground)
    old_maintenances = state.page.maintenances if state.page is not None else ()
    said = [
        *_about_us(state, page, at),
        *_about_page(state, page, at),
        *((Said(kind=SaidKind.HISTORY_READ, seen_at=at, after=_read_back(listed))),) * is_history,
        *([] if is_new_ground else compare_maintenances(old_maintenances, page.maintenances, at)),
        *chain.from_iterable(each.said for each in (*listed, *vanished)),
    ]
    return Heard(
        state=_state(state, page, at, said, is_history=is_history),
        said=_bounded(said, at),
        incidents=tuple(each.incident for each in (*listed, *vanished) if each.is_news),
        maintenances=tuple(
            SeenMaintenance(page_key=state.key, maintenance=each)
            for each in page.maintenances
            if each not in old_maintenances
        ),
    )


def miss(state: PageState, trouble: str, at: datetime) -> Heard:
    """What a failed reading says: nothing yet, or that the vendor's word is unknown since the first failure."""
    failing_since_at = state.failing_since_at or at
    failed = replace(state, failures=state.failures + 1, failing_since_at=failing_since_at, trouble=trouble)
    if state.unknown_since_at is not None or failed.failures < FAILURES_UNTIL_UNKNOWN:
        return Heard(state=failed)
    unreadable = Said(kind=SaidKind.UNREADABLE, seen_at=at, at=failing_since_at, after=trouble)
    return Heard(state=replace(failed, unknown_since_at=failing_since_at), said=(unreadable,))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """An incident after this reading; `is_news` tells that what is kept of it has to change."""

    incident: SeenIncident
    said: tuple[Said, ...] = ()
    is_news: bool = True
    is_read_back: bool = False


def _listed(
    state: PageState, page: VendorPage, at: datetime, known: Mapping[str, SeenIncident], *, is_new_ground: bool
) -> list[_Listed]:
    heard = []
    for incident in page.incidents:
        seen = known.get(incident.id)
        if seen is not None:
            heard.append(_heard_again(seen, incident, at))
            continue
        was_before_us = is_new_ground or _was_over_before(incident, state.first_read_at)
        new = SeenIncident(
            page_key=state.key,
            incident=incident,
            first_seen_at=at,
            not_yet_at=None if was_before_us else state.read_at,
        )
        said = () if was_before_us else tell_incident(incident, at)
        heard.append(_Listed(incident=new, said=said, is_read_back=was_before_us))
    return heard


def _heard_again(seen: SeenIncident, incident: VendorIncident, at: datetime) -> _Listed:
    compared = compare_incidents(seen.incident, incident, at)
    said = compared.said
    if seen.gone_at is not None and compared.incident.is_open and seen.incident.is_open:
        back = Said(
            kind=SaidKind.REOPENED,
            seen_at=at,
            subject_id=incident.id,
            subject=incident.title,
            before="no longer listed",
            after="listed again",
        )
        said = (back, *said)
    now = replace(seen, incident=compared.incident, gone_at=None, is_deleted=False)
    return _Listed(incident=now, said=said, is_news=now != seen)


def _was_over_before(incident: VendorIncident, first_read_at: datetime | None) -> bool:
    if first_read_at is None or incident.is_open:
        return False
    moments = (incident.started_at, incident.resolved_at, *(update.at for update in incident.updates))
    return all(moment is None or moment < first_read_at for moment in moments)


def _vanished(
    page: VendorPage, at: datetime, known: Mapping[str, SeenIncident], *, is_new_ground: bool
) -> list[_Listed]:
    """What is not listed any more: deleted if the list goes back past it, else taken for over if it was open."""
    if not page.has_incidents:
        return []
    listed = {incident.id for incident in page.incidents}
    over = [incident.started_at for incident in page.incidents if not incident.is_open]
    vanished = []
    for seen in known.values():
        if seen.incident.id in listed or seen.gone_at is not None:
            continue
        older = sum(started_at < seen.incident.started_at for started_at in over)
        is_deleted = older >= OLDER_LISTED and not is_new_ground
        if is_deleted or seen.is_open:
            kind = SaidKind.INCIDENT_DELETED if is_deleted else SaidKind.INCIDENT_GONE
            said = Said(
                kind=kind,
                seen_at=at,
                subject_id=seen.incident.id,
                subject=seen.incident.title,
                before=seen.incident.words or seen.incident.phase,
            )
            vanished.append(_Listed(incident=replace(seen, gone_at=at, is_deleted=is_deleted), said=(said,)))
    return vanished


def _about_us(state: PageState, page: VendorPage, at: datetime) -> Iterable[Said]:
    if state.page is None:
        told = f"{len(page.components)} parts, {len(page.open_incidents)} open incidents"
        yield Said(kind=SaidKind.FIRST_READ, seen_at=at, after=f"{told}; “{page.words}”" if page.words else told)
    if state.unknown_since_at is not None:
        yield Said(
            kind=SaidKind.READABLE_AGAIN,
            seen_at=at,
            at=state.unknown_since_at,
            before=told_time(state.unknown_since_at),
        )
    elif state.read_at is not None and at - state.read_at > WITNESS_GAP:
        yield Said(
            kind=SaidKind.NOT_LOOKED,
            seen_at=at,
            at=state.read_at,
            before=told_time(state.read_at),
            after=told_time(at),
        )


def _about_page(state: PageState, page: VendorPage, at: datetime) -> Iterable[Said]:
    before = state.page
    if before is None:
        return
    if before.kind != page.kind:
        yield Said(kind=SaidKind.KIND_CHANGED, seen_at=at, before=before.kind, after=page.kind)
        return
    if before.words != page.words and page.words:
        yield Said(kind=SaidKind.HEADLINE_CHANGED, seen_at=at, before=before.words, after=page.words)
    yield from compare_parts(before, page, at)


def _read_back(listed: Sequence[_Listed]) -> str:
    back = [each.incident.incident.started_at for each in listed if each.is_read_back]
    return f"{len(back)} back to {told_time(min(back))}" if back else "none that was not known"


def _state(
    state: PageState, page: VendorPage, at: datetime, said: Sequence[Said], *, is_history: bool
) -> PageState:
    since = {each.subject_id: at for each in said if each.kind is SaidKind.PART_CHANGED and each.subject_id}
    has_changed = state.page is None or any(each.kind not in _OURS for each in said)
    return PageState(
        key=state.key,
        page=page,
        first_read_at=state.first_read_at or at,
        read_at=at,
        changed_at=at if has_changed else state.changed_at,
        part_since={**state.part_since, **since},
        history_read_at=at if is_history else state.history_read_at,
    )


_OURS = frozenset({SaidKind.NOT_LOOKED, SaidKind.READABLE_AGAIN, SaidKind.HISTORY_READ, SaidKind.UNREADABLE})
"""Statements about our own looking, which say nothing of the vendor."""


def _bounded(said: Sequence[Said], at: datetime) -> tuple[Said, ...]:
    if len(said) <= MOST_SAID:
        return tuple(said)
    rest = Said(kind=SaidKind.MORE_CHANGES, seen_at=at, after=str(len(said) - MOST_SAID))
    return (*said[:MOST_SAID], rest)
