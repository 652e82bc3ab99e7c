"""The public AWS Health Dashboard tells of regions and services, in three shapes, and only of what is amiss."""

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorComponent, VendorPage
from app.vendors.aws import READER
from app.vendors.reader import ReadError, Source, Sources
from tests.vendors.documents import at, document, wrote

PAST = "https://history-events-eu-west-1-prod.s3.amazonaws.com/historyevents.json"


def current() -> VendorPage:
    return READER.parse(document("aws-health/currentevents.json"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"])
def test_the_encoding_does_not_matter(encoding: str) -> None:
    text = document("aws-health/currentevents.json").body.decode()
    mark = "\ufeff" if encoding in ("utf-16-be", "utf-16-le") else ""
    encoded = wrote((mark + text).encode(encoding))

    assert READER.parse(encoded) == current()
    assert READER.looks_like(encoded)


def test_every_service_that_an_event_names_is_a_part_with_its_region() -> None:
    def part(service: str, name: str, status: Status, words: str, region: str) -> VendorComponent:
        return VendorComponent(id=service, name=name, status=status, words=words, group=region)

    assert current().components == (
        part("sts-us-west-2", "AWS Security Token Service", Status.UP, "resolved", "Oregon"),
        part("bedrock-us-west-2", "Amazon Bedrock", Status.UP, "resolved", "Oregon"),
        part("signin-me-central-1", "AWS Sign-In", Status.DEGRADED, "degradation", "UAE"),
        part("bedrock-me-central-1", "Amazon Bedrock", Status.DOWN, "disruption", "UAE"),
    )
    assert not current().has_all_components


def test_an_event_may_stay_open_for_months() -> None:
    [_, _, event] = current().incidents

    assert (event.title, event.phase, event.words) == ("Increased Error Rates", Phase.UNKNOWN, "disruption")
    assert (event.impact, event.impact_words) == (Status.DOWN, "disruption")
    assert (event.started_at, event.resolved_at) == (at("2026-02-25 06:13:20"), None)
    assert event.component_ids == ("signin-me-central-1", "bedrock-me-central-1")
    assert [update.text for update in event.updates] == [
        "We are investigating. See this post (https://repost.example/x)."
    ]


def test_a_resolved_event_keeps_its_worst_and_loses_its_prefix() -> None:
    [_, event, _] = current().incidents

    assert (event.title, event.phase) == ("Increased API Error Rates", Phase.RESOLVED)
    assert (event.impact, event.impact_words) == (Status.DEGRADED, "degradation")
    assert (event.started_at, event.resolved_at) == (at("2026-08-29 10:40"), at("2026-08-29 12:10"))
    assert [update.phase for update in event.updates] == [Phase.RESOLVED, Phase.UNKNOWN]


def test_an_event_of_one_service_names_it() -> None:
    [event, _, _] = current().incidents

    assert (event.component_ids, event.phase, event.impact) == (
        ("bedrock-us-east-1",),
        Phase.INFORMATION,
        Status.UP,
    )


def test_all_events_have_their_log_within_the_json() -> None:
    page = READER.parse(document("aws-health/events.json"))
    [global_event, bedrock] = page.incidents

    assert (bedrock.title, bedrock.id) == ("Model access", "AWS_BEDROCK_OPERATIONAL_ISSUE us-east-1 1781300000000")
    assert (bedrock.started_at, bedrock.resolved_at) == (at("2026-06-12 21:33:20"), at("2026-06-15 05:06:40"))
    assert bedrock.component_ids == ("bedrock-us-east-1",)
    assert [update.text for update in bedrock.updates] == ["The models are back.", "Two models are unavailable."]
    assert (global_event.component_ids, global_event.is_open) == (("cloudfront",), True)
    assert page.drift == ("[].metadata.EVENT_LOG: not JSON",)


def test_the_history_tells_of_an_event_once() -> None:
    page = READER.parse(document("aws-health/historyevents.json"))
    [event] = page.incidents

    assert (page.status, event.title, event.component_ids) == (
        Status.UP,
        "Throttled requests",
        ("bedrock-eu-west-1",),
    )
    assert (event.started_at, event.resolved_at) == (at("2026-02-02 02:40"), at("2026-02-02 03:40"))


def test_the_history_names_every_service_under_which_an_event_stands() -> None:
    event = (
        '{"arn": "arn:aws:health:eu-west-1::event/X/Y/Z", "date": "1770000000", "status": "2", "summary": "Slow"}'
    )

    [incident] = READER.parse(wrote(f'{{"s3-eu-west-1": [{event}], "ec2-eu-west-1": [{event}]}}')).incidents

    assert incident.component_ids == ("s3-eu-west-1", "ec2-eu-west-1")


def test_no_event_is_a_quiet_page() -> None:
    page = READER.parse(wrote(b"\xfe\xff\x00[\x00]"))

    assert (page.status, page.incidents, page.components) == (Status.UP, (), ())


@pytest.mark.parametrize("body", ["{}", "null", '"quiet"', "7"])
def test_what_lists_no_events_is_not_taken_for_quiet(body: str) -> None:
    with pytest.raises(ReadError, match=r"wanted (a list of events|an object), got"):
        READER.parse(wrote(body))


def test_a_code_that_is_new_is_noted() -> None:
    event = '{"arn": "arn:x", "date": "1770000000", "status": "9", "summary": "Odd"}'

    page = READER.parse(wrote(f"[{event}]"))

    assert [(incident.impact, incident.words) for incident in page.incidents] == [(Status.UNKNOWN, "9")]
    assert page.drift == ("[].status: unknown word '9'",)


@pytest.mark.parametrize(
    ("url", "now", "history"),
    [
        (
            "https://health.aws.amazon.com/health/status",
            "https://health.aws.amazon.com/public/currentevents",
            PAST,
        ),
        ("https://health.aws.amazon.com/public/events", "https://health.aws.amazon.com/public/events", PAST),
        ("https://mirror.example/", "https://mirror.example/public/currentevents", None),
    ],
)
def test_current_events_are_polled_and_the_history_is_read_once(url: str, now: str, history: str | None) -> None:
    assert READER.sources(url) == Sources(
        now=(Source(url=now),), history=(Source(url=history, optional=True),) if history else ()
    )


def test_the_kind_is_told_from_the_document_or_from_its_address() -> None:
    assert READER.looks_like(document("aws-health/events.json"))
    assert READER.looks_like(wrote("[]", url="https://health.aws.amazon.com/public/currentevents"))
    assert not READER.looks_like(wrote("[]"))
