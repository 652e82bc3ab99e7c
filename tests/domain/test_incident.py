from datetime import UTC, datetime, timedelta

from app.domain.detector import Transition
from app.domain.incident import EventKind, Incident, follow
from app.domain.result import LOCAL, CheckId
from app.domain.status import Status

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
        incident = follow(incident, "chat", status, transition(status, minute))
    return incident


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
    opened = follow(closed, "chat", Status.DOWN, transition(Status.DOWN, 50))
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
    assert follow(incident, "chat", Status.DOWN, transition(Status.DOWN, 3)) is incident
