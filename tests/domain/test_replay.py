"""Recordings in few looks, and what may be claimed of the time between them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app.domain.lag import First
from app.domain.replay import play
from app.domain.result import CheckId, Reading
from app.domain.service import Service, StatusPage
from app.domain.status import Status
from app.domain.timeline import Look, Measured, Story, Teller, Timeline
from app.domain.vendor import Phase, VendorIncident, VendorPage, VendorUpdate
from app.domain.watched import WatchedPage

SERVICE = Service(id="heron", name="Heron", vendor_id="heron", capabilities=(), home="", checks=())
PAGE = WatchedPage(key="heron", vendor_id="heron", page=StatusPage(url=""), services=(SERVICE,))
PACE = timedelta(minutes=2)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(f"2026-04-02T{moment}:00").replace(tzinfo=UTC)


def quiet(moment: str) -> Look:
    return Look(at=at(moment), page=VendorPage(kind="statuspage", status=Status.UP, words="fine"))


def trouble(moment: str, *said: str) -> Look:
    """A page with one open incident, updated at these moments; it says that it began at the first."""
    updates = tuple(
        VendorUpdate(id=each, at=at(each), phase=Phase.INVESTIGATING, words="investigating", text=each)
        for each in reversed(said)
    )
    incident = VendorIncident(
        id="i1",
        title="Errors",
        phase=Phase.INVESTIGATING,
        words="investigating",
        impact=Status.DEGRADED,
        impact_words="minor",
        started_at=at(said[0]),
        updates=updates,
    )
    page = VendorPage(kind="statuspage", status=Status.DEGRADED, words="trouble", incidents=(incident,))
    return Look(at=at(moment), page=page)


def measured(**readings: Status) -> list[Measured]:
    return [
        Measured(
            at=at(moment[1:].replace("_", ":")),
            reading=Reading(status=status, reason="measured"),
            check_id=CheckId("heron/api"),
        )
        for moment, status in readings.items()
    ]


def told(looks: Sequence[Look], readings: Sequence[Measured] = (), pace: timedelta | None = None) -> Story:
    return play(Timeline(watched=PAGE, service=SERVICE, looks=looks, measured=readings, pace=pace))


DOWN = {
    "t10_00": Status.UP,
    "t10_01": Status.UP,
    "t10_05": Status.DOWN,
    "t10_06": Status.DOWN,
    "t10_07": Status.DOWN,
}


def test_between_two_looks_nobody_saw_what_was_said_when() -> None:
    [entry] = told([quiet("09:00"), trouble("10:20", "10:10")], measured(**DOWN)).lags
    assert (entry.first, entry.lag) == (First.UNTOLD, None)


def test_a_pace_tells_that_somebody_looked_all_the_time() -> None:
    [entry] = told([quiet("09:00"), trouble("10:20", "10:10")], measured(**DOWN), PACE).lags
    assert (entry.first, entry.lag) == (First.WE, timedelta(minutes=13))


def test_an_update_that_a_look_did_not_show_was_dated_back() -> None:
    looks = [quiet("10:00"), trouble("10:10", "10:09"), trouble("10:30", "10:09", "10:02", "10:12", "10:29")]
    backs = {
        step.said.after: step.dated_back_by
        for step in told(looks).steps
        if step.said is not None and step.kind == "update_added"
    }
    assert backs == {
        "investigating: 10:09": None,
        "investigating: 10:02": timedelta(minutes=8),
        "investigating: 10:12": None,
        "investigating: 10:29": None,
    }


def test_a_page_served_from_a_cache_is_not_blamed() -> None:
    looks = [quiet("10:00"), quiet("10:10"), trouble("10:12", "10:05")]
    assert [step.dated_back_by for step in told(looks).steps if step.kind == "update_added"] == [None]


def test_one_failure_that_stood_for_long_was_met_again() -> None:
    looks = [quiet("10:00"), Look(at=at("10:02"), trouble="Answered 502."), quiet("10:40")]
    words = [(step.at, step.kind) for step in told(looks, pace=PACE).steps if step.witness is Teller.WORD]
    assert words == [(at("10:00"), "up"), (at("10:04"), "unknown"), (at("10:40"), "up")]
    assert [step.kind for step in told(looks).steps if step.witness is Teller.WORD] == ["up"]


def test_what_was_over_before_the_recording_is_not_its_story() -> None:
    past = trouble("09:00", "08:00").page
    assert past is not None
    [incident] = past.incidents
    over = VendorIncident(
        id="old",
        title="Past",
        phase=Phase.RESOLVED,
        words="resolved",
        impact=incident.impact,
        impact_words="minor",
        started_at=at("07:00"),
        resolved_at=at("07:30"),
    )
    page = VendorPage(kind="statuspage", status=Status.UP, words="fine", incidents=(incident, over))
    assert [each.id for each in told([Look(at=at("09:00"), page=page)]).incidents] == ["i1"]


def test_an_incident_that_is_no_longer_listed_ended_then() -> None:
    [incident] = told([quiet("10:00"), trouble("10:10", "10:09"), quiet("10:40")]).incidents
    assert (incident.ended_at, incident.gone_at) == (at("10:40"), at("10:40"))
    assert (incident.lasted, incident.is_deleted) == (timedelta(minutes=31), False)


def test_a_recording_of_failures_alone_has_a_story_too() -> None:
    story = told([Look(at=at("10:00"), trouble="Answered 502."), Look(at=at("10:05"), trouble="Answered 502.")])
    assert (story.looks, story.failed, story.kind, story.incidents) == (2, 2, "", ())
    assert [(step.kind, step.sentence) for step in story.steps] == [
        ("unknown", "Heron is unknown: Answered 502."),
        ("unreadable", "the page cannot be read: Answered 502."),
    ]


def test_nobody_vouches_for_a_word_that_is_stale() -> None:
    looks = [quiet("10:00"), quiet("10:20"), quiet("12:20")]
    minutes = {status: span // timedelta(minutes=1) for status, span in told(looks).spans.items()}
    assert minutes == {Status.UP: 20 + 30, Status.UNKNOWN: 90}
    assert told(looks, pace=PACE).spans[Status.UP] == timedelta(minutes=140)
