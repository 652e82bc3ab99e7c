"""The past that never was: the same for the same seed, without contradictions, and counted as if it were true."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from app.catalogue.load import BUILTIN, load_catalogue
from app.cli.demo import SPEND_PER_VENDOR, SPEND_TOTAL
from app.demo.past import BLIND, DAY, HOUR, Episode, Usual, draw_episodes, floor, incident_of, past_of, spent_until
from app.demo.stage import CATALOGUE
from app.domain.result import FailureKind
from app.domain.rollup import STRIP_DAYS, merge_tallies
from app.domain.service import Catalogue
from app.domain.spend import NUSD, Caps, Spent, month_of, why_not
from app.domain.status import Status
from app.probes.registry import PROBERS
from tests.demo.places import PLACES

NOW = datetime(2026, 11, 23, 9, 41, tzinfo=UTC)
QUICK = Usual(latency_ms=40)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(BUILTIN, CATALOGUE, PROBERS, PLACES)


def an_episode(catalogue: Catalogue, ago: timedelta, lasted: timedelta) -> Episode:
    return Episode(
        service=catalogue.service_by_id["sim-chatgpt"],
        began_at=NOW - ago,
        ended_at=NOW - ago + lasted,
        status=Status.DOWN,
        kind=FailureKind.OVERLOADED,
        sentence="answered 503",
        said_after=None,
    )


def the_past(catalogue: Catalogue, *episodes: Episode, check: str = "app") -> "Sequence[tuple[int, int]]":
    """How many readings of each of the last 90 days were down, and how many told nothing."""
    (found,) = [one for one in catalogue.service_by_id["sim-chatgpt"].checks if one.name == check]
    past = past_of(found, episodes, QUICK, NOW, 1)
    assert len(past.days) == STRIP_DAYS
    return [(day.tally.down, day.tally.due - day.tally.judged) for day in past.days]


def test_the_same_seed_gives_the_same_troubles_and_another_gives_others(catalogue: Catalogue) -> None:
    drawn = draw_episodes(catalogue, NOW, 1)
    assert draw_episodes(catalogue, NOW, 1) == drawn
    assert draw_episodes(catalogue, NOW, 2) != drawn


@pytest.mark.parametrize("seed", range(20))
def test_troubles_lie_in_the_ninety_days_and_those_of_a_service_apart(catalogue: Catalogue, seed: int) -> None:
    drawn = draw_episodes(catalogue, NOW, seed)
    assert list(drawn) == sorted(drawn, key=lambda episode: episode.began_at)
    assert all(NOW - 90 * DAY < one.began_at < one.ended_at < NOW for one in drawn)
    for service in catalogue.services:
        own = [one for one in drawn if one.service is service]
        assert all(before.ended_at < after.began_at for before, after in pairwise(own))


def test_a_trouble_is_counted_on_its_day_for_as_long_as_it_lasted(catalogue: Catalogue) -> None:
    days = the_past(catalogue, an_episode(catalogue, timedelta(days=20), timedelta(minutes=30)))
    assert [(STRIP_DAYS - 1 - place, down) for place, (down, _) in enumerate(days) if down] == [(20, 360)]


def test_a_trouble_of_this_week_is_in_its_hours_and_in_its_day_alike(catalogue: Catalogue) -> None:
    episode = an_episode(catalogue, timedelta(days=2), timedelta(minutes=45))
    past = past_of(catalogue.service_by_id["sim-chatgpt"].checks[0], [episode], QUICK, NOW, 1)
    hours = {hour.start_at: hour.tally.down for hour in past.hours if hour.tally.down}
    assert hours == {floor(episode.began_at, HOUR): 19 * 12, floor(episode.ended_at, HOUR): 26 * 12}
    (day,) = [day for day in past.days if day.tally.down]
    assert day.tally.down == 45 * 12
    assert day.tally.failures == {FailureKind.OVERLOADED: 45 * 12}


def test_the_edge_stays_well_while_the_application_fails(catalogue: Catalogue) -> None:
    episode = an_episode(catalogue, timedelta(days=20), timedelta(hours=3))
    assert sum(down for down, _ in the_past(catalogue, episode, check="edge")) == 0


def test_a_canary_feels_the_trouble_of_its_service(catalogue: Catalogue) -> None:
    api = catalogue.service_by_id["sim-claude-api"]
    episode = replace(an_episode(catalogue, timedelta(days=20), timedelta(hours=1)), service=api)
    (canary,) = [check for check in api.checks if check.kind == "inference"]
    past = past_of(canary, [episode], Usual(latency_ms=800), NOW, 1)
    assert sum(day.tally.down for day in past.days) == HOUR // canary.cadence.interval


def test_a_canary_speaks_at_its_vendors_pace_and_another_check_does_not(catalogue: Catalogue) -> None:
    api = catalogue.service_by_id["sim-claude-api"]
    usual = Usual(latency_ms=500, first_token_ms=400, tokens_per_s=80)
    by_kind = {check.kind: past_of(check, [], usual, NOW, 1) for check in api.checks}
    quiet = next(hour for hour in by_kind["inference"].hours if hour.start_at.hour == 3)
    assert 368 * 0.97 <= (quiet.first_token.quantile(0.5) or 0) <= 480 * 1.03
    assert 66_000 * 0.97 <= (quiet.speed.quantile(0.5) or 0) <= 87_000 * 1.03
    assert by_kind["http"].hours[0].first_token.count == by_kind["http"].hours[0].speed.count == 0


@pytest.mark.parametrize("day", [1, 2, 15, 30])
@pytest.mark.parametrize("hour", [0, 12, 23])
def test_what_canaries_have_cost_never_stops_them(catalogue: Catalogue, day: int, hour: int) -> None:
    now = NOW.replace(day=day, hour=hour)
    by_vendor = spent_until(catalogue, now)
    spent = Spent(month=month_of(now), by_vendor=by_vendor)
    caps = Caps(vendor_nusd=int(SPEND_PER_VENDOR * NUSD), total_nusd=int(SPEND_TOTAL * NUSD))
    assert len(by_vendor) == 8
    assert {why_not(spent, caps, vendor, by_vendor[vendor] // 20, now) for vendor in by_vendor} == {None}


def test_where_nobody_looked_nothing_is_known(catalogue: Catalogue) -> None:
    dark = sum(unknown for _, unknown in the_past(catalogue))
    assert dark == BLIND[1] // timedelta(seconds=5)


def test_hours_and_days_end_with_the_last_full_hour_and_the_state_goes_on_from_there(catalogue: Catalogue) -> None:
    episode = an_episode(catalogue, timedelta(days=3), timedelta(hours=1))
    past = past_of(catalogue.service_by_id["sim-chatgpt"].checks[0], [episode], QUICK, NOW, 1)
    assert past.hours[-1].start_at == floor(NOW, HOUR) - HOUR
    assert past.strip.ends_on == NOW.date()
    assert merge_tallies([past.days[-1].tally]).due == 9 * 720
    assert (past.state.status, past.state.since_at) == (Status.UP, episode.ended_at)


def test_a_trouble_is_an_incident_that_is_over(catalogue: Catalogue) -> None:
    episode = an_episode(catalogue, timedelta(days=3), timedelta(hours=1))
    told = incident_of(episode)
    assert told is not None
    assert (told.opened_at, told.closed_at) == (episode.began_at, episode.ended_at)
    assert [event.status for event in told.events] == [Status.DOWN, Status.UP]


def test_a_service_of_the_demonstration_has_certificates_only_where_they_can_be_made(catalogue: Catalogue) -> None:
    without = load_catalogue(BUILTIN, Path(CATALOGUE), PROBERS, {**PLACES, "LAB_TLS": "false"})
    gone = set(catalogue.check_by_id) - set(without.check_by_id)
    assert gone == {f"sim-{vendor}-api/certificate" for vendor in ("openai", "claude", "gemini")}
