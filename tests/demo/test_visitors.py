"""The reports that never were: the same for the same seed, and about the troubles alone."""

from datetime import UTC, datetime

from app.catalogue.load import BUILTIN, load_catalogue
from app.demo.past import draw_episodes
from app.demo.stage import CATALOGUE
from app.demo.visitors import CROWD, LINGERS, visitors_of
from app.probes.registry import PROBERS
from tests.demo.places import PLACES

NOW = datetime(2026, 11, 23, 9, 41, tzinfo=UTC)


def test_people_report_while_a_trouble_lasts_and_shortly_after() -> None:
    episodes = draw_episodes(load_catalogue(BUILTIN, CATALOGUE, PROBERS, PLACES), NOW, 1)
    told = list(visitors_of(episodes, 1))
    assert told == list(visitors_of(episodes, 1))
    assert told != list(visitors_of(episodes, 2))
    assert len(episodes) < len(told) <= CROWD[1] * len(episodes)
    for service_id, report in told:
        own = [each for each in episodes if each.service.id == service_id]
        assert any(each.began_at <= report.at < each.ended_at + LINGERS for each in own)
