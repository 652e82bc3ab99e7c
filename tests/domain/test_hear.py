"""What is heard from reading to reading of a status page, as timelines."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from app.domain.hear import MOST_SAID, hear, miss
from app.domain.said import Heard, PageState, SaidKind, SeenIncident
from app.domain.status import Status
from app.domain.vendor import Phase, VendorPage
from tests.build import minute
from tests.pages import a_maintenance, a_page, a_part, an_incident, an_update


class Listener:
    """Reads a page version by version, as the poller does, and keeps what it hears."""

    def __init__(self) -> None:
        self.state = PageState(key="acme")
        self.known: dict[str, SeenIncident] = {}

    def reads(self, page: VendorPage, at: float, *, is_history: bool = False) -> list[SaidKind]:
        return self._took(hear(self.state, page, minute(at), self.known, is_history=is_history))

    def misses(self, at: float, trouble: str = "Answered 503.") -> list[SaidKind]:
        return self._took(miss(self.state, trouble, minute(at)))

    def _took(self, heard: Heard) -> list[SaidKind]:
        self.state = heard.state
        self.known |= {seen.incident.id: seen for seen in heard.incidents}
        self.said = heard.said
        self.heard = heard
        return [said.kind for said in heard.said]

    @property
    def sentences(self) -> Sequence[str]:
        return [said.sentence for said in self.said]


INVESTIGATING = an_update(10)
IDENTIFIED = an_update(14, Phase.IDENTIFIED, "We know why.")
RESOLVED = an_update(30, Phase.RESOLVED, "It works again.")


def test_what_stands_there_at_the_first_reading_was_not_said_before_our_eyes() -> None:
    listener = Listener()
    assert listener.reads(a_page(an_incident("i1", INVESTIGATING)), 12) == [SaidKind.FIRST_READ]
    assert listener.sentences == [
        "the page was read for the first time: 2 parts, 1 open incidents; “All Systems Operational”"
    ]
    assert (listener.known["i1"].not_yet_at, listener.known["i1"].is_witnessed) == (None, False)


def test_an_incident_opens_is_told_of_and_resolved() -> None:
    listener = Listener()
    listener.reads(a_page(), 9)
    opened = a_page(an_incident("i1", INVESTIGATING), parts=(a_part("API", Status.DEGRADED), a_part("Web")))
    assert listener.reads(opened, 11) == [
        SaidKind.PART_CHANGED,
        SaidKind.INCIDENT_OPENED,
        SaidKind.UPDATE_ADDED,
    ]
    assert listener.state.part_since == {"api": minute(11)}
    again = replace(opened, incidents=(an_incident("i1", INVESTIGATING, IDENTIFIED),))
    assert listener.reads(again, 15) == [SaidKind.UPDATE_ADDED]
    assert listener.sentences == ["“Elevated errors”: identified: We know why."]
    listener.reads(again, 28)
    over = a_page(an_incident("i1", INVESTIGATING, IDENTIFIED, RESOLVED))
    assert listener.reads(over, 31) == [SaidKind.PART_CHANGED, SaidKind.UPDATE_ADDED, SaidKind.RESOLVED]
    assert listener.sentences[-1] == "“Elevated errors” resolved: after 20 min"
    seen = listener.known["i1"]
    assert (seen.is_open, seen.ended_at, seen.said_at) == (False, minute(30), minute(10))
    assert (seen.not_yet_at, seen.first_seen_at, seen.is_witnessed) == (minute(9), minute(11), True)


def test_the_same_reading_again_says_nothing() -> None:
    listener = Listener()
    page = a_page(an_incident("i1", INVESTIGATING), maintenances=(a_maintenance(100, 160),))
    listener.reads(page, 12)
    assert listener.reads(page, 15) == []
    assert (listener.heard.incidents, listener.heard.maintenances) == ((), ())
    assert (listener.state.read_at, listener.state.changed_at) == (minute(15), minute(12))


def test_an_incident_that_leaves_a_list_of_open_ones_is_taken_for_over() -> None:
    listener = Listener()
    listener.reads(a_page(), 9)
    listener.reads(a_page(an_incident("i1", INVESTIGATING)), 11)
    assert listener.reads(a_page(), 20) == [SaidKind.INCIDENT_GONE]
    assert (listener.known["i1"].is_open, listener.known["i1"].ended_at) == (False, minute(20))


def test_its_closing_words_may_be_found_later_in_the_history() -> None:
    listener = Listener()
    listener.reads(a_page(), 9)
    listener.reads(a_page(an_incident("i1", INVESTIGATING)), 11)
    listener.reads(a_page(), 31)
    over = a_page(an_incident("i1", INVESTIGATING, RESOLVED))
    assert listener.reads(over, 33, is_history=True) == [
        SaidKind.HISTORY_READ,
        SaidKind.UPDATE_ADDED,
        SaidKind.RESOLVED,
    ]
    assert listener.known["i1"].ended_at == minute(30)


def test_an_incident_that_is_listed_again_was_not_over() -> None:
    listener = Listener()
    listener.reads(a_page(), 9)
    page = a_page(an_incident("i1", INVESTIGATING))
    listener.reads(page, 11)
    listener.reads(a_page(), 12)
    assert listener.reads(page, 13) == [SaidKind.REOPENED]
    assert listener.known["i1"].is_open


def test_an_incident_that_a_list_reaches_back_past_was_deleted() -> None:
    over = [an_incident(f"old{n}", an_update(n), an_update(n + 1, Phase.RESOLVED, "Done.")) for n in range(3)]
    listener = Listener()
    told = an_incident("i1", INVESTIGATING, RESOLVED)
    listener.reads(a_page(told, *over), 40)
    assert listener.reads(a_page(*over), 43) == [SaidKind.INCIDENT_DELETED]
    assert listener.known["i1"].is_deleted


def test_what_falls_off_the_end_of_a_list_was_not_deleted() -> None:
    over = [an_incident(f"old{n}", an_update(n), an_update(n + 1, Phase.RESOLVED, "Done.")) for n in range(4)]
    listener = Listener()
    listener.reads(a_page(*over), 40)
    assert listener.reads(a_page(*over[1:]), 43) == []


def test_an_incident_told_only_when_it_was_over() -> None:
    listener = Listener()
    listener.reads(a_page(), 9)
    late = an_incident("i1", replace(RESOLVED, at=minute(60)), started_at=10)
    assert listener.reads(a_page(late), 61) == [
        SaidKind.NOT_LOOKED,
        SaidKind.INCIDENT_TOLD_AFTERWARDS,
        SaidKind.UPDATE_ADDED,
    ]
    assert "it lasted 50 min" in listener.sentences[1]


def test_history_from_before_we_looked_is_known_and_not_news() -> None:
    listener = Listener()
    listener.reads(a_page(), 100)
    over = an_incident("old", an_update(1), an_update(2, Phase.RESOLVED, "Done."))
    assert listener.reads(a_page(over), 101, is_history=True) == [SaidKind.HISTORY_READ]
    assert listener.sentences == ["past incidents were read back: 1 back to 2026-03-01 14:01:00 UTC"]
    assert [seen.incident.id for seen in listener.heard.incidents] == ["old"]


def test_one_failed_reading_is_chance_two_make_the_word_unknown_since_the_first() -> None:
    listener = Listener()
    listener.reads(a_page(), 0)
    assert (listener.misses(3), listener.state.unknown_since_at) == ([], None)
    assert listener.misses(4) == [SaidKind.UNREADABLE]
    assert listener.misses(6) == []
    assert (listener.state.unknown_since_at, listener.state.page) == (minute(3), a_page())
    assert listener.reads(a_page(), 8) == [SaidKind.READABLE_AGAIN]
    assert (listener.said[0].at, listener.state.unknown_since_at, listener.state.failures) == (minute(3), None, 0)


def test_a_page_that_was_not_read_for_long_is_a_time_when_nobody_looked() -> None:
    listener = Listener()
    listener.reads(a_page(), 0)
    assert listener.reads(a_page(an_incident("i1", INVESTIGATING)), 16)[0] is SaidKind.NOT_LOOKED
    assert listener.said[0].at == minute(0)
    assert not listener.known["i1"].is_witnessed


def test_a_page_that_becomes_another_product_is_new_ground() -> None:
    listener = Listener()
    listener.reads(a_page(an_incident("i1", INVESTIGATING)), 11)
    moved = a_page(an_incident("01JM", INVESTIGATING), kind="incidentio", parts=(a_part("API", part_id="01JMP"),))
    assert listener.reads(moved, 12) == [SaidKind.KIND_CHANGED, SaidKind.INCIDENT_GONE]
    assert listener.known["01JM"].not_yet_at is None


def test_parts_that_a_page_leaves_out_are_not_gone() -> None:
    listener = Listener()
    listener.reads(a_page(parts=(a_part("API"), a_part("Web")), has_all_components=False), 0)
    assert listener.reads(a_page(parts=(a_part("Web"), a_part("Login")), has_all_components=False), 3) == []


def test_parts_come_go_and_are_renamed() -> None:
    listener = Listener()
    listener.reads(a_page(parts=(a_part("API"), a_part("Web"))), 0)
    later = a_page(parts=(a_part("Platform API", part_id="api"), a_part("Login")))
    listener.reads(later, 3)
    assert listener.sentences == [
        "API is now called Platform API",
        "Login: new on the page, operational",
        "Web: no longer on the page, was operational",
    ]


def test_maintenance_is_announced_moved_and_dropped() -> None:
    listener = Listener()
    listener.reads(a_page(), 0)
    assert listener.reads(a_page(maintenances=(a_maintenance(60, 90),)), 3) == [SaidKind.MAINTENANCE_ANNOUNCED]
    assert listener.reads(a_page(maintenances=(a_maintenance(60, 120),)), 6) == [SaidKind.MAINTENANCE_CHANGED]
    assert len(listener.heard.maintenances) == 1
    assert listener.reads(a_page(), 9) == [SaidKind.MAINTENANCE_GONE]


def test_a_headline_that_changes_is_a_statement() -> None:
    listener = Listener()
    listener.reads(a_page(), 0)
    listener.reads(a_page(words="Minor Service Outage"), 3)
    assert listener.sentences == ["headline: “Minor Service Outage” (was “All Systems Operational”)"]


def test_an_open_incident_stays_open_while_a_document_does_not_speak_of_incidents() -> None:
    listener = Listener()
    listener.reads(a_page(an_incident("i1", INVESTIGATING)), 11)
    assert listener.reads(a_page(has_incidents=False), 12) == []


def test_a_flood_of_changes_is_bounded() -> None:
    listener = Listener()
    listener.reads(a_page(), 0)
    flood = [an_incident(f"i{n}", an_update(1)) for n in range(MOST_SAID)]
    kinds = listener.reads(a_page(*flood), 3)
    assert (len(kinds), kinds[-1]) == (MOST_SAID + 1, SaidKind.MORE_CHANGES)
    assert len(listener.known) == MOST_SAID


def test_the_first_word_is_no_earlier_than_a_reading_that_did_not_show_it() -> None:
    listener = Listener()
    listener.reads(a_page(), 20)
    backdated = an_incident("i1", an_update(2), started_at=0)
    listener.reads(a_page(backdated), 23)
    assert listener.known["i1"].said_at == minute(20)
    assert listener.known["i1"].first_seen_at - listener.known["i1"].said_at == timedelta(minutes=3)
