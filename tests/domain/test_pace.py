"""How often a page is read, row by row, and when it counts as dead."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.pace import JITTER, dead_because, first_reading_at, is_history_due, is_untouched, next_reading_at
from app.domain.said import PageState
from app.domain.status import Status
from tests.build import minute
from tests.pages import a_page, a_part, an_incident

BAD = a_page(parts=(a_part("API", Status.DOWN),))
CALM = PageState(key="acme", page=a_page(), first_read_at=minute(-900), read_at=minute(0), changed_at=minute(-900))
TROUBLED = replace(CALM, page=BAD, changed_at=minute(-5))

ROWS = [
    ("calm", CALM, False, 5.0),
    ("shortly after a change", replace(CALM, changed_at=minute(-30)), False, 2.0),
    ("in trouble", TROUBLED, False, 1.0),
    ("in a trouble that nobody speaks of for hours", replace(TROUBLED, changed_at=minute(-400)), False, 2.0),
    ("our own probes see trouble", CALM, True, 1.0),
    ("one failure", replace(CALM, failures=1), False, 1.0),
    ("three failures", replace(CALM, failures=3), False, 4.0),
    ("many failures", replace(CALM, failures=5000), True, 30.0),
]


@pytest.mark.parametrize(("state", "is_bad", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_pause_between_two_readings(state: PageState, *, is_bad: bool, expected: float) -> None:
    due_at = next_reading_at(state, minute(0), is_measured_bad=is_bad, retry_after=timedelta())
    pause = (due_at - minute(0)) / timedelta(minutes=expected)
    assert 1 - JITTER <= pause <= 1 + JITTER


def test_a_server_that_asks_us_to_wait_is_given_the_time() -> None:
    due_at = next_reading_at(CALM, minute(0), is_measured_bad=True, retry_after=timedelta(hours=2))
    assert due_at == minute(120)


def test_pages_are_spread_without_chance() -> None:
    def due(key: str) -> timedelta:
        state = replace(CALM, key=key)
        return next_reading_at(state, minute(0), is_measured_bad=False, retry_after=timedelta()) - minute(0)

    assert due("acme") == due("acme")
    assert len({due(f"page{number}") for number in range(40)}) == 40
    starts = [first_reading_at(f"page{number}", minute(0), timedelta(minutes=1)) for number in range(40)]
    assert minute(0) <= min(starts) < max(starts) < minute(1)
    assert len(set(starts)) == 40


def test_the_history_is_due_at_first_and_every_six_hours() -> None:
    assert is_history_due(CALM, minute(0))
    assert not is_history_due(replace(CALM, history_read_at=minute(0)), minute(359))
    assert is_history_due(replace(CALM, history_read_at=minute(0)), minute(360))


LONG_AGO = minute(-100 * 24 * 60)


def test_a_page_is_untouched_if_none_of_its_times_is_of_the_last_months() -> None:
    old = a_page(updated_at=LONG_AGO)
    fresh = replace(CALM, changed_at=CALM.first_read_at)
    assert is_untouched(fresh, old, minute(0))
    assert not is_untouched(fresh, a_page(updated_at=minute(-60)), minute(0))
    assert not is_untouched(fresh, replace(old, incidents=(an_incident(),)), minute(0))
    assert not is_untouched(replace(CALM, changed_at=minute(-30)), old, minute(0))
    assert not is_untouched(fresh, a_page(), minute(0)), "a page that tells no times may be alive"


def test_an_untouched_page_is_dead_only_if_something_speaks_against_it() -> None:
    old = a_page(updated_at=LONG_AGO)
    assert dead_because(old, minute(0), own_host_fails=False, down_since=None) is None
    assert dead_because(old, minute(0), own_host_fails=False, down_since=minute(-59)) is None
    assert dead_because(old, minute(0), own_host_fails=False, down_since=minute(-60)) == (
        "The page answers, but was last touched at 2025-11-21 14:00:00 UTC, "
        "and a service that is down since 2026-03-01 13:00:00 UTC is not mentioned."
    )
    assert dead_because(a_page(), minute(0), own_host_fails=True, down_since=None) == (
        "The page answers, but nobody has touched it for months, and its own address does not answer."
    )
