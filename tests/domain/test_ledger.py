"""Who told of a trouble first, as timelines: ours and the vendor's stories go in, entries come out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.incident import Incident
from app.domain.lag import First, LagEntry, judged
from app.domain.ledger import Ledger, Spell, Stories, fold_ledger, looked_at
from app.domain.said import SeenIncident
from app.domain.status import Status
from app.domain.vendor import Phase
from tests.build import minute
from tests.pages import an_incident, an_update

LONG_AFTER = minute(3 * 24 * 60)


def ours(opened: float, closed: float | None = None) -> Incident:
    return Incident(
        id=f"acme-api-{opened:g}",
        service_id="acme-api",
        opened_at=minute(opened),
        closed_at=None if closed is None else minute(closed),
        status=Status.DOWN,
        worst=Status.DOWN,
        events=(),
    )


def theirs(
    said: float,
    resolved: float | None = None,
    *,
    started: float | None = None,
    witnessed: bool = True,
    impact: Status = Status.DEGRADED,
    phase: Phase = Phase.INVESTIGATING,
) -> SeenIncident:
    updates = [an_update(said, phase)]
    if resolved is not None:
        updates.append(an_update(resolved, Phase.RESOLVED, "It works."))
    return SeenIncident(
        page_key="acme",
        incident=an_incident(f"v{said:g}", *updates, started_at=started, impact=impact),
        first_seen_at=minute(said + 1),
        not_yet_at=minute(said - 1) if witnessed else minute(said - 100),
    )


def told(*stories: Incident | SeenIncident, blind: Sequence[Spell] = (), planned: Sequence[Spell] = ()) -> Stories:
    return Stories(
        service_id="acme-api",
        page_key="acme",
        ours=[story for story in stories if isinstance(story, Incident)],
        theirs=[story for story in stories if isinstance(story, SeenIncident)],
        blind=blind,
        planned=planned,
    )


def seen(entries: Sequence[LagEntry], now: datetime) -> list[LagEntry]:
    """The entries as they stand once it is known that we probed all along."""
    return [judged(replace(entry, we_looked=True), now) for entry in entries]


def folded(stories: Stories, now: datetime = LONG_AFTER, entries: Sequence[LagEntry] = ()) -> list[LagEntry]:
    ledger = fold_ledger(entries, stories, now)
    kept = {entry.id: entry for entry in entries if entry.id not in ledger.struck}
    kept |= {entry.id: entry for entry in seen(ledger.kept, now)}
    return sorted(kept.values(), key=lambda entry: entry.began_at)


def minutes(*entries: LagEntry) -> list[tuple[First, float | None]]:
    return [(entry.first, None if entry.lag is None else entry.lag / timedelta(minutes=1)) for entry in entries]


WE_NEVER = (First.WE_NEVER, None)
VENDOR_NEVER = (First.VENDOR_NEVER, None)
UNSEEN = theirs(28, 70, witnessed=False)
HARMLESS = theirs(12, 50, impact=Status.UP)
NEWS = theirs(12, phase=Phase.INFORMATION)

ROWS = [
    ("the vendor follows us", [ours(10, 60), theirs(28, 70)], [(First.WE, 18)]),
    ("the vendor was first", [ours(10, 60), theirs(4, 70)], [(First.VENDOR, -6)]),
    ("the vendor never said it", [ours(10, 60)], [VENDOR_NEVER]),
    ("we never saw it", [theirs(10, 60)], [WE_NEVER]),
    ("said only afterwards, dated back", [ours(10, 60), theirs(80, 81, started=9)], [(First.WE, 70)]),
    ("two that are not of one trouble", [ours(10, 60), theirs(200, 230)], [VENDOR_NEVER, WE_NEVER]),
    ("the page was not being read when it was said", [ours(10, 60), UNSEEN], [(First.UNTOLD, None)]),
    ("a trouble of theirs that hurt nobody", [HARMLESS], []),
    ("their word counts even if they call it harmless", [ours(10, 60), HARMLESS], [(First.WE, 2)]),
    ("news are no word", [ours(10, 60), NEWS], [VENDOR_NEVER]),
    ("open for weeks", [ours(2000, 2060), theirs(10)], [(First.WE_NOT_YET, None), VENDOR_NEVER]),
    ("flapping of ours within one of theirs", [ours(10, 20), ours(30, 40), theirs(12, 70)], [(First.WE, 2)]),
    ("several of theirs within ours", [ours(10, 90), theirs(12, 30), theirs(40, 80)], [(First.WE, 2)]),
    ("of two, the one that began nearest", [ours(60, 90), theirs(4, 80), theirs(62, 88)], [(First.WE, 2)]),
]


@pytest.mark.parametrize(("stories", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_who_was_first(stories: list[Incident | SeenIncident], expected: list[tuple[First, float | None]]) -> None:
    assert minutes(*folded(told(*stories))) == expected


def test_never_is_said_only_a_day_after_the_end() -> None:
    assert minutes(*folded(told(ours(10)), minute(30))) == [(First.VENDOR_NOT_YET, None)]
    assert minutes(*folded(told(ours(10, 60)), minute(90))) == [(First.VENDOR_NOT_YET, None)]
    assert minutes(*folded(told(theirs(10, 60)), minute(90))) == [(First.WE_NOT_YET, None)]


def test_a_vendor_whose_page_could_not_be_read_is_not_called_silent() -> None:
    gap = Spell(start_at=minute(50), end_at=minute(55))
    assert minutes(*folded(told(ours(10, 60), blind=[gap]))) == [(First.UNTOLD, None)]
    later = Spell(start_at=minute(61), end_at=None)
    assert minutes(*folded(told(ours(10, 60), blind=[later]))) == [(First.VENDOR_NEVER, None)]


def test_nothing_is_claimed_where_we_did_not_probe() -> None:
    ledger = fold_ledger((), told(theirs(10, 60)), LONG_AFTER)
    assert [entry.first for entry in ledger.kept] == [First.UNTOLD]
    assert looked_at(ledger.kept[0], LONG_AFTER) == Spell(start_at=minute(-5), end_at=minute(60))
    (pair,) = fold_ledger((), told(ours(10, 60), theirs(28, 70)), LONG_AFTER).kept
    assert looked_at(pair, LONG_AFTER) == Spell(start_at=minute(-5), end_at=minute(10))


def test_a_trouble_within_announced_maintenance_needs_no_word() -> None:
    window = Spell(start_at=minute(0), end_at=minute(30))
    assert folded(told(ours(10, 60), planned=[window])) == []
    assert len(folded(told(ours(40, 60), planned=[window]))) == 1


def test_the_same_told_again_changes_nothing() -> None:
    stories = told(ours(10, 60), theirs(28, 70), ours(500, 560), theirs(900, 950))
    entries = folded(stories)
    assert len(entries) == 3
    assert fold_ledger(entries, stories, LONG_AFTER) == Ledger(kept=(), struck=())


def test_the_story_grows_as_it_is_told() -> None:
    entries: list[LagEntry] = []
    for stories, now, expected in (
        (told(ours(10)), minute(12), [(First.VENDOR_NOT_YET, None)]),
        (told(ours(10), theirs(28)), minute(30), [(First.WE, 18)]),
        (told(ours(10, 60), theirs(28)), minute(62), [(First.WE, 18)]),
        (told(ours(10, 60), theirs(28, 70)), minute(72), [(First.WE, 18)]),
    ):
        entries = folded(stories, now, entries)
        assert minutes(*entries) == expected
    assert entries[0].recovery_lag == timedelta(minutes=10)


def test_the_vendor_alone_becomes_a_pair_when_we_see_it_too() -> None:
    alone = folded(told(theirs(4)), minute(6))
    assert [entry.id for entry in alone] == ["acme-api/acme:v4"]
    pair = folded(told(theirs(4), ours(10)), minute(12), alone)
    assert [entry.id for entry in pair] == ["acme-api/acme-api-10"]
    assert minutes(*pair) == [(First.VENDOR, -6)]


def test_a_pair_stays_a_pair_when_half_of_it_is_too_old_to_be_told_again() -> None:
    pair = folded(told(ours(10, 60), theirs(28)))
    assert folded(told(theirs(28)), LONG_AFTER, pair) == pair
    assert folded(told(theirs(28), ours(4000, 4060)), LONG_AFTER, pair)[0] == pair[0]


def test_what_the_vendor_told_before_we_looked_has_no_entry() -> None:
    assert folded(told(replace(theirs(10, 60), not_yet_at=None))) == []
