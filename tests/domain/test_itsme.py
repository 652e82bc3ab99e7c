"""Whose trouble it is: the whole table, and what is advised."""

from pathlib import Path

import pytest

from app.domain.alternatives import Audience
from app.domain.itsme import Known, Outcome, Reach, Step, Why, judge, steps_for

DOCS = Path(__file__).parents[2] / "docs" / "is-it-me.md"


def test_the_judgement_is_the_table_that_is_documented() -> None:
    lines = DOCS.read_text().partition("| what your browser reaches |")[2].partition("\n\n")[0].splitlines()
    head, _, *rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]
    told = {
        (Known(known), Reach(reach)): Why(why)
        for reach, *whys in rows
        for known, why in zip(head, whys, strict=True)
    }
    assert {(known, reach): judge(known, reach) for known in Known for reach in Reach} == told


@pytest.mark.parametrize(
    ("outcome", "whys"),
    [
        (Outcome.THEM, "trouble some_places planned"),
        (Outcome.YOU, "offline no_way_out slow_line works works_and_reached"),
        (Outcome.BETWEEN, "your_region shut_for_you some_shut slow_way"),
        (Outcome.CANNOT_TELL, "beginning door_only door_reached unseen unseen_shut"),
    ],
)
def test_every_reason_amounts_to_one_outcome(outcome: Outcome, whys: str) -> None:
    assert [why for why in Why if why.outcome is outcome] == [Why(why) for why in whys.split()]


def test_nobody_is_told_that_it_is_them_by_what_one_browser_does_not_reach() -> None:
    well = (Known.STIRRING, Known.AGREED, Known.DOOR, Known.BLIND)
    assert not any(judge(known, reach).outcome is Outcome.THEM for known in well for reach in Reach)


def test_cookies_are_cleared_only_where_it_works_for_others_and_the_way_is_open() -> None:
    assert [why for why in Why if Step.COOKIES in steps_for(why, Audience.PEOPLE)] == [Why.WORKS_AND_REACHED]
    assert not any(Step.COOKIES in steps_for(why, Audience.PROGRAMS) for why in Why)


@pytest.mark.parametrize(
    ("why", "audience", "steps"),
    [
        (Why.TROUBLE, Audience.PEOPLE, "nothing use_instead status_page report"),
        (Why.OFFLINE, Audience.PROGRAMS, "reconnect portal other_network again"),
        (Why.SHUT_FOR_YOU, Audience.PEOPLE, "other_network vpn blockers dns use_instead report"),
        (Why.SHUT_FOR_YOU, Audience.PROGRAMS, "other_network vpn firewall blockers dns use_instead report"),
        (Why.WORKS, Audience.CODERS, "error_text sign_in update limits vpn report"),
        (Why.WORKS_AND_REACHED, Audience.PROGRAMS, "error_text key billing model report"),
    ],
)
def test_what_to_try_fits_the_reason_and_who_uses_the_service(why: Why, audience: Audience, steps: str) -> None:
    assert steps_for(why, audience) == tuple(Step(step) for step in steps.split())


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("why", Why)
def test_there_is_always_something_to_try_and_nothing_twice(why: Why, audience: Audience) -> None:
    steps = steps_for(why, audience)
    assert len(steps) == len(set(steps)) >= 3
