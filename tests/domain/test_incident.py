from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.detector import Transition
from app.domain.incident import EventKind, Incident, as_measured, follow
from app.domain.mapping import Basis
from app.domain.result import LOCAL, CheckId
from app.domain.status import Status
from app.domain.vendorword import Concern, VendorWord
from app.domain.verdict import Claim, Measured, Witness, measured_alone, weigh
from tests.pages import an_incident

START = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)


def transition(after: Status, minute: int, before: Status = Status.UP) -> Transition:
    return Transition(
        check_id=CheckId("chat/web"),
        region=LOCAL,
        before=before,
        after=after,
        since_at=START + timedelta(minutes=minute),
        confirmed_at=START + timedelta(minutes=minute + 1),
        reason="answered 503",
    )


def told(*steps: tuple[Status, int]) -> Incident | None:
    incident: Incident | None = None
    for status, minute in steps:
        incident = followed(incident, status, minute)
    return incident


def followed(last: Incident | None, status: Status, minute: int) -> Incident | None:
    change = transition(status, minute)
    return follow(last, "chat", measured_alone(change, status), change.confirmed_at, change)


def test_good_news_about_a_service_without_trouble_is_no_story() -> None:
    assert told((Status.UP, 0), (Status.UNKNOWN, 5), (Status.UP, 9)) is None


def test_a_trouble_is_told_from_its_first_bad_reading_to_its_recovery() -> None:
    incident = told((Status.DEGRADED, 2), (Status.DOWN, 6), (Status.DEGRADED, 20), (Status.UP, 31))
    assert incident is not None
    assert [(event.kind, event.status, (event.at - START).seconds // 60) for event in incident.events] == [
        (EventKind.OPENED, Status.DEGRADED, 2),
        (EventKind.WORSENED, Status.DOWN, 6),
        (EventKind.EASED, Status.DEGRADED, 20),
        (EventKind.CLOSED, Status.UP, 31),
    ]
    assert (incident.opened_at, incident.closed_at) == (
        START + timedelta(minutes=2),
        START + timedelta(minutes=31),
    )
    assert (incident.worst, incident.status) == (Status.DOWN, Status.UP)


def test_losing_sight_of_a_trouble_does_not_end_it() -> None:
    incident = told((Status.DOWN, 0), (Status.UNKNOWN, 4))
    assert incident is not None
    assert incident.is_open
    assert incident.events[-1].kind is EventKind.LOST_SIGHT


def test_a_closed_incident_is_followed_by_a_new_one() -> None:
    closed = told((Status.DOWN, 0), (Status.UP, 4))
    opened = followed(closed, Status.DOWN, 50)
    assert opened is not None
    assert closed is not None
    assert opened.is_open
    assert opened.id != closed.id


def test_the_same_evidence_names_the_same_incident() -> None:
    first, second = told((Status.DOWN, 3)), told((Status.DOWN, 3))
    assert first is not None
    assert first == second
    assert first.id == "chat-20260301T140300"


def test_another_check_that_changes_nothing_about_the_service_is_not_a_step() -> None:
    incident = told((Status.DOWN, 0))
    assert followed(incident, Status.DOWN, 3) is incident


CALM = Measured(status=Status.UP, since_at=START - timedelta(days=1))
BROKEN = Measured(status=Status.DOWN, since_at=START + timedelta(minutes=10), reason="answered 503")
CROWD = Claim(
    witness=Witness.PEOPLE,
    status=Status.DEGRADED,
    since_at=START + timedelta(minutes=2),
    reason="31 people report trouble",
)


def word(status: Status, since: int, *ids: str) -> VendorWord:
    told = tuple(Concern(incident=an_incident(each, parts=("API",)), basis=Basis.PART) for each in ids)
    return VendorWord(
        service_id="chat",
        page_key="acme",
        url="https://status.acme.example/",
        status=status,
        last_status=status,
        since_at=START + timedelta(minutes=since),
        incidents=told,
    )


def story(*steps: tuple[int, Measured, VendorWord | None, Claim | None]) -> Incident:
    """What became of what the witnesses told at these minutes."""
    incident: Incident | None = None
    for minute, measured, said, crowd in steps:
        incident = follow(incident, "chat", weigh(measured, said, crowd), START + timedelta(minutes=minute))
    assert incident is not None
    return incident


def told_of(incident: Incident) -> list[tuple[EventKind, int, Status, Witness]]:
    return [
        (event.kind, (event.at - START) // timedelta(minutes=1), event.status, event.witness)
        for event in incident.events
    ]


def spans_of(incident: Incident) -> dict[Witness, tuple[int, int | None]]:
    return {
        each.witness: (
            (each.since_at - START) // timedelta(minutes=1),
            None if each.until_at is None else (each.until_at - START) // timedelta(minutes=1),
        )
        for each in incident.accounts
    }


def test_a_vendors_word_opens_one_our_probes_join_in_and_the_last_to_go_closes_it() -> None:
    reported, over = word(Status.DEGRADED, 4, "i1"), word(Status.UP, 40)
    incident = story(
        (5, CALM, reported, None),
        (12, BROKEN, reported, None),
        (31, replace(CALM, since_at=START + timedelta(minutes=30)), reported, None),
        (41, replace(CALM, since_at=START + timedelta(minutes=30)), over, None),
    )
    assert told_of(incident) == [
        (EventKind.OPENED, 4, Status.DEGRADED, Witness.VENDOR),
        (EventKind.WORSENED, 10, Status.DOWN, Witness.MEASURED),
        (EventKind.EASED, 30, Status.DEGRADED, Witness.VENDOR),
        (EventKind.CLOSED, 40, Status.UP, Witness.MEASURED),
    ]
    assert spans_of(incident) == {Witness.VENDOR: (4, 40), Witness.MEASURED: (10, 30)}
    assert incident.closed_at == START + timedelta(minutes=40)
    measured = as_measured(incident)
    assert measured is not None
    assert (measured.opened_at, measured.closed_at) == (
        START + timedelta(minutes=10),
        START + timedelta(minutes=30),
    )


def test_a_witness_that_joins_or_leaves_without_changing_the_status_is_a_step() -> None:
    incident = story(
        (11, BROKEN, None, None),
        (15, BROKEN, word(Status.DOWN, 14, "i1"), None),
        (16, BROKEN, word(Status.DOWN, 14, "i2"), None),
        (20, BROKEN, word(Status.UP, 19), None),
    )
    assert told_of(incident) == [
        (EventKind.OPENED, 10, Status.DOWN, Witness.MEASURED),
        (EventKind.JOINED, 14, Status.DOWN, Witness.VENDOR),
        (EventKind.LEFT, 19, Status.DOWN, Witness.VENDOR),
    ]
    said = incident.account_of(Witness.VENDOR)
    assert said is not None
    assert (said.page_key, said.incident_ids) == ("acme", ("i1", "i2"))


def test_a_vendor_that_cannot_be_heard_has_not_called_it_over() -> None:
    lost = replace(word(Status.UNKNOWN, 14), status=Status.UNKNOWN)
    incident = story((11, BROKEN, word(Status.DOWN, 14, "i1"), None), (20, BROKEN, lost, None))
    assert spans_of(incident)[Witness.VENDOR] == (11, None)


def test_a_surge_of_reports_opens_one() -> None:
    incident = story((3, CALM, None, CROWD), (50, CALM, None, None))
    assert told_of(incident) == [
        (EventKind.OPENED, 2, Status.DEGRADED, Witness.PEOPLE),
        (EventKind.CLOSED, 50, Status.UP, Witness.MEASURED),
    ]
    assert as_measured(incident) is None


def test_a_trouble_that_comes_back_soon_is_opened_again_and_later_it_is_another() -> None:
    again = told((Status.DOWN, 0), (Status.UP, 10), (Status.DOWN, 35), (Status.UP, 50))
    assert again is not None
    assert [event.kind for event in again.events] == [
        EventKind.OPENED,
        EventKind.CLOSED,
        EventKind.REOPENED,
        EventKind.CLOSED,
    ]
    assert spans_of(again) == {Witness.MEASURED: (0, 50)}
    other = told((Status.DOWN, 0), (Status.UP, 10), (Status.DOWN, 41))
    assert other is not None
    assert other.opened_at == START + timedelta(minutes=41)


def test_what_a_vendor_dates_long_ago_does_not_open_a_closed_story_twice() -> None:
    closed = story((5, CALM, word(Status.DEGRADED, 4, "i1"), None), (90, CALM, word(Status.UP, 80), None))
    verdict = weigh(CALM, word(Status.DEGRADED, 4, "i1"))
    opened = follow(closed, "chat", verdict, START + timedelta(minutes=200))
    assert opened is not None
    assert (opened.id, told_of(opened)[-1][0]) == (closed.id, EventKind.REOPENED)


def test_planned_work_opens_no_incident_and_ends_none() -> None:
    planned = word(Status.MAINTENANCE, 0)
    assert follow(None, "chat", weigh(BROKEN, planned), START + timedelta(minutes=11)) is None
    incident = story(
        (11, BROKEN, None, None), (12, BROKEN, planned, None), (30, BROKEN, word(Status.UP, 29), None)
    )
    assert [kind for kind, *_ in told_of(incident)] == [EventKind.OPENED, EventKind.PLANNED, EventKind.WORSENED]
    assert incident.is_open


def test_hearing_the_same_again_changes_nothing() -> None:
    reported = word(Status.DEGRADED, 4, "i1")
    incident = story((5, CALM, reported, None), (12, BROKEN, reported, CROWD))
    assert follow(incident, "chat", weigh(BROKEN, reported, CROWD), START + timedelta(minutes=20)) is incident
