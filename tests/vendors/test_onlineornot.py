"""OnlineOrNot tells how things are in its summary, and the stories behind in the stream of its page."""

import json

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorIncident, VendorPage, VendorUpdate, merge_pages
from app.vendors.onlineornot import READER
from app.vendors.reader import ReadError, Source, Sources
from tests.vendors.documents import at, document, wrote

DURING = "2026-04-02 11:00"


def summary() -> VendorPage:
    return READER.parse(document("onlineornot/summary-trouble.json", read_at=DURING))


def page() -> VendorPage:
    return READER.parse(document("onlineornot/page.html", read_at=DURING))


@pytest.mark.parametrize("told", [summary(), page()], ids=["summary", "page"])
def test_both_documents_tell_how_the_parts_are(told: VendorPage) -> None:
    assert [(part.id, part.name, part.status, part.words) for part in told.components] == [
        ("cChat", "Chat (/v1/chat)", Status.DEGRADED, "PARTIAL_OUTAGE"),
        ("cHomeEast", "Homepage (us east)", Status.UP, "OPERATIONAL"),
        ("cHomeWest", "Homepage (us west)", Status.MAINTENANCE, "UNDER_MAINTENANCE"),
    ]
    assert (told.status, told.name, told.url) == (Status.DEGRADED, "Sluice", "https://status.sluice.example")
    assert [(planned.id, planned.phase, planned.ends_at) for planned in told.maintenances] == [
        ("mWest", Phase.IN_PROGRESS, at("2026-04-02 12:00"))
    ]
    assert told.drift == ()


def test_the_summary_tells_of_an_incident_without_a_word_of_what_was_said() -> None:
    assert summary().words == "Minor Service Outage"
    assert summary().incidents == (
        VendorIncident(
            id="iChat",
            title="Elevated 429s on chat",
            phase=Phase.UNKNOWN,
            words="",
            impact=Status.DEGRADED,
            impact_words="PARTIAL_OUTAGE",
            started_at=at("2026-04-02 10:20"),
            published_at=at("2026-04-02 10:31"),
            updated_at=at("2026-04-02 10:44"),
        ),
    )


def test_the_page_tells_the_story_of_an_open_incident() -> None:
    [incident] = page().open_incidents

    assert (incident.phase, incident.words, incident.published_at) == (
        Phase.IDENTIFIED,
        "IDENTIFIED",
        at("2026-04-02 10:31"),
    )
    assert incident.updates == (
        VendorUpdate(
            id="2026-04-02T10:44:00+00:00 IDENTIFIED",
            at=at("2026-04-02 10:44"),
            phase=Phase.IDENTIFIED,
            words="IDENTIFIED",
            text="An upstream limit was hit.",
        ),
        VendorUpdate(
            id="2026-04-02T10:20:00+00:00 INVESTIGATING",
            at=at("2026-04-02 10:20"),
            phase=Phase.INVESTIGATING,
            words="INVESTIGATING",
            text="We are looking into it.",
        ),
    )


def test_the_bars_of_the_page_tell_of_months_and_of_whom_it_hit() -> None:
    assert [
        (incident.id, incident.impact, incident.impact_words, incident.component_ids, incident.resolved_at)
        for incident in page().incidents
        if not incident.is_open
    ] == [
        ("iOld", Status.UNKNOWN, "", (), at("2026-03-28 22:33:41.231")),
        ("iTold", Status.UP, "NO_IMPACT", ("cChat",), at("2026-03-28 02:15:31.399")),
        ("iFeb", Status.DOWN, "MAJOR_OUTAGE", ("cChat", "cHomeEast"), at("2026-02-17 06:10:44.355")),
    ]


def test_together_they_tell_it_once() -> None:
    merged = merge_pages([summary(), page()])

    assert [incident.id for incident in merged.incidents] == ["iChat", "iOld", "iTold", "iFeb"]
    assert (merged.incidents[0].phase, len(merged.incidents[0].updates)) == (Phase.IDENTIFIED, 2)


def streamed(*chunks: str) -> str:
    calls = "".join(
        f"window.__reactRouterContext.streamController.enqueue({json.dumps(each)});" for each in chunks
    )
    return f"<!DOCTYPE html><html><body><script>{calls}</script></body></html>"


def test_the_stream_may_come_in_pieces() -> None:
    whole = '[{"_1":2},"loaderData",{"_3":4},"root",{"_5":6},"result",{"_7":8,"_9":8,"_10":8},'
    rest = '"components",[],"activeIncidents","scheduledMaintenance"]\nP1:[]'

    told = READER.parse(wrote(streamed(whole, rest)))

    assert (told.status, told.components, told.has_incidents, told.drift) == (Status.UNKNOWN, (), True, ())


def test_an_older_page_lists_its_parts_in_the_bars_alone() -> None:
    routes = '[{"_1":2},"loaderData",{"_3":4},"root",{"_5":6},"result",{"_7":8},"uptime",[9],'
    bar = '{"_10":11,"_12":13,"_14":15},"componentId","a","componentName","API","componentStatus","OPERATIONAL"]'

    told = READER.parse(wrote(streamed(routes + bar)))

    assert [(part.id, part.name, part.status) for part in told.components] == [("a", "API", Status.UP)]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (
            document("onlineornot/summary-refused.json").body.decode(),
            "result: missing (missing_field)",
        ),
        ("<html><body>Just a moment</body></html>", "a web page without the data of a status page (html_instead)"),
        (
            streamed("{"),
            "not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1) (unparsable)",
        ),
        (streamed("{}"), "the data within the page is no list of slots (not_this_format)"),
        (streamed(("[" + " " * 20) * 5_000), "nested too deep (too_deep)"),
        (streamed("[" * 100_000), "100000 brackets and 0 commas are no page (too_large)"),
    ],
)
def test_a_page_without_its_data_is_refused(body: str, problem: str) -> None:
    with pytest.raises(ReadError) as raised:
        READER.parse(wrote(body))

    assert str(raised.value) == problem


def test_days_that_share_their_entries_without_end_are_refused() -> None:
    """A kilobyte can stand for a million entries: a thousand bars that share a list of days."""
    days = [0, *[9] * 600]
    bars = [8] * 600
    slots = [
        {"_1": 2}, "loaderData", {"_3": 4}, "root", {"_5": 6}, "result", {"_7": 10}, "uptime",
        {"_12": 11}, {}, bars, {"_13": 14}, "data", "incidents", days,
    ]  # fmt: skip

    with pytest.raises(ReadError, match="more to read than a page has"):
        READER.parse(wrote(streamed(json.dumps(slots))))


@pytest.mark.parametrize(
    ("url", "name"),
    [("https://status.sluice.example", "status.sluice.example"), ("https://sluice.onlineornot.com", "sluice")],
)
def test_the_page_may_be_unreadable_but_not_the_summary(url: str, name: str) -> None:
    api = f"https://api.onlineornot.com/v1/status_pages/{name}/summary"

    assert READER.sources(url) == Sources(now=(Source(url=url, optional=True), Source(url=api)))
    assert READER.sources(api) == Sources(now=(Source(url=api),))


def test_the_kind_is_told_from_either_document() -> None:
    assert READER.looks_like(document("onlineornot/summary-trouble.json"))
    assert READER.looks_like(document("onlineornot/page.html"))
    assert not READER.looks_like(document("checkly/page.html"))
