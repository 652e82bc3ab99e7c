"""How figures are written."""

from datetime import UTC, datetime, timedelta

import pytest
from markupsafe import escape

from app.web.moments import at, duration, every, since
from app.web.words import host, marked, milliseconds, percent, speech

NOW = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("share", "written"),
    [(None, "–"), (1.0, "100 %"), (0.99999, "99.99 %"), (0.5, "50.00 %"), (0.0, "0 %"), (0.00001, "0.00 %")],
)
def test_a_share_is_never_rounded_up_to_perfection(share: float | None, written: str) -> None:
    assert percent(share) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, "–"), (0, "0 ms"), (1234, "1,234 ms"), (12345, "12.3 s")],
)
def test_a_latency_has_its_unit(value: int | None, written: str) -> None:
    assert milliseconds(value) == written


@pytest.mark.parametrize(
    ("interval", "written"),
    [
        (timedelta(seconds=30), "every 30 s"),
        (timedelta(seconds=0.5), "every 0.5 s"),
        (timedelta(minutes=2), "every 2 min"),
        (timedelta(minutes=90), "every 90 min"),
        (timedelta(hours=6), "every 6 h"),
        (timedelta(days=1), "every 1 d"),
    ],
)
def test_an_interval_is_said_in_its_own_unit(interval: timedelta, written: str) -> None:
    assert every(interval) == written


def test_a_moment_is_there_for_people_and_for_machines() -> None:
    assert at(NOW, NOW) == '<time datetime="2026-03-01T14:00:00Z">14:00 UTC</time>'
    assert since(NOW - timedelta(minutes=5), NOW) == (
        '<time datetime="2026-03-01T13:55:00Z" data-ago="long">5 min</time>'
    )
    assert at(None, NOW) == escape("–")


def test_what_stands_between_backticks_is_code_and_the_rest_is_escaped() -> None:
    assert marked("a <b> of `c<d>`.") == "a &lt;b&gt; of <code>c&lt;d&gt;</code>."


def test_a_short_span_that_is_over_is_said_in_seconds() -> None:
    assert [duration(timedelta(seconds=3)), duration(timedelta(minutes=3))] == ["3 s", "3 min"]


def test_an_address_is_said_without_its_scheme() -> None:
    assert [host("https://chatgpt.com/"), host("https://a.example/b")] == ["chatgpt.com", "a.example/b"]


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        (
            {"ttft_ms": 420, "tpot_us": 11_800, "gap_max_ms": 60, "cost_nusd": 9_600},
            "first token after 420 ms, 85 tokens a second, longest pause 60 ms, for 0.0000096 USD",
        ),
        ({"ttft_ms": 420}, "first token after 420 ms"),
        ({"expires_in_days": 61}, ""),
    ],
)
def test_how_a_model_spoke_is_said_with_what_is_known(figures: dict[str, int], told: str) -> None:
    assert speech(figures) == told
