"""Status feeds are read by the dialect of whoever made them."""

from datetime import timedelta

import pytest

from app.domain.status import Status
from app.domain.vendor import Phase, VendorPage
from app.vendors.feed import ATOM, AZURE_RSS, RSS
from app.vendors.reader import ReadError, ReadErrorKind
from tests.vendors.documents import at, document, incident, page, wrote

BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rss><channel><title>&b;</title></channel></rss>"""


def rss(items: str, *, channel: str = "<title>Plover</title>") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}{items}</channel></rss>'


def history() -> VendorPage:
    return page("atom", "feeds/statuspage-history.atom", read_at="2026-01-02 10:00")


def test_the_history_of_statuspage_tells_every_update_in_its_year() -> None:
    one = incident(history(), "open00000001")

    assert (one.title, one.phase, one.words, one.started_at, one.is_open, one.url) == (
        "Elevated errors in chat",
        Phase.IDENTIFIED,
        "Update",
        at("2025-12-31 23:55"),
        True,
        "https://status.heron.example/incidents/open00000001",
    )
    assert [(update.at, update.phase, update.words, update.text) for update in one.updates] == [
        (
            at("2026-01-02 08:40"),
            Phase.IDENTIFIED,
            "Update",
            "Still at it. See notes (https://heron.example/n).",
        ),
        (at("2026-01-02 07:10"), Phase.IDENTIFIED, "Identified", "Found."),
        (at("2025-12-31 23:55"), Phase.INVESTIGATING, "Investigating", "Looking."),
    ]


def test_the_history_of_statuspage_tells_when_it_was_over() -> None:
    one = incident(history(), "past00000001")

    assert (one.title, one.phase, one.started_at, one.resolved_at) == (
        "Slow & failing uploads",
        Phase.RESOLVED,
        at("2025-12-11 09:00"),
        at("2025-12-11 10:00"),
    )


def test_the_history_of_statuspage_announces_maintenance_in_its_own_zone() -> None:
    [planned] = history().maintenances

    assert (planned.id, planned.phase, planned.starts_at, planned.ends_at) == (
        "maint0000001",
        Phase.SCHEDULED,
        at("2026-01-11 06:00"),
        at("2026-01-11 09:00"),
    )


def test_an_open_incident_of_unsaid_impact_degrades_the_page() -> None:
    assert (history().status, history().has_all_components, history().drift) == (Status.DEGRADED, False, ())


def test_an_imitated_history_is_read_alike() -> None:
    told = page("rss", "feeds/imitated-history.rss", read_at="2026-08-28 12:00")

    assert [(one.id, one.phase, one.started_at, one.resolved_at, one.url) for one in told.incidents] == [
        (
            "n8d-Ze48m14W",
            Phase.INVESTIGATING,
            at("2026-08-28 02:15"),
            None,
            "https://status.wren.example/incidents/n8d-Ze48m14W",
        ),
        (
            "l4Gmz6NbAW1o",
            Phase.RESOLVED,
            at("2026-08-27 19:50"),
            at("2026-08-27 22:33"),
            "https://status.wren.example/incidents/l4Gmz6NbAW1o",
        ),
    ]
    assert told.incidents[0].updates[0].text == "Looking into it."


def test_incident_io_tells_the_state_and_the_parts_as_they_are() -> None:
    told = page("atom", "feeds/incidentio.atom", read_at="2026-09-03 15:00")
    [one] = told.open_incidents
    [planned] = told.maintenances
    past = incident(told, "uploads-were-slow")

    assert (told.status, one.title, one.phase, one.impact, one.impact_words, one.component_names) == (
        Status.DOWN,
        "Errors in answers & agents",
        Phase.INVESTIGATING,
        Status.DOWN,
        "Full outage",
        ("Answers", "Agents"),
    )
    assert [update.text for update in one.updates] == ["We are looking into it."]
    assert one.url == f"https://status.osprey.example/incidents/{one.id}"
    assert (past.phase, past.impact, past.resolved_at) == (
        Phase.RESOLVED,
        Status.UNKNOWN,
        at("2026-09-02 10:00"),
    )
    assert (planned.id, planned.phase) == ("moving", Phase.SCHEDULED)


def test_incident_io_tells_when_it_began_in_the_id() -> None:
    [one] = page("atom", "feeds/incidentio.atom", read_at="2026-09-03 15:00").open_incidents

    assert (one.id, one.started_at, one.published_at) == (
        "01M1KVCQG00000000000000000",
        at("2026-09-03 14:40"),
        at("2026-09-03 14:40"),
    )


def test_xai_tells_part_severity_and_state() -> None:
    told = page("rss", "feeds/xai.xml", read_at="2026-09-03 14:00")
    [one] = told.open_incidents

    assert (told.status, one.title, one.phase, one.words, one.impact, one.impact_words, one.started_at) == (
        Status.DOWN,
        "Models outage",
        Phase.INVESTIGATING,
        "ACTIVE",
        Status.DOWN,
        "outage",
        at("2026-09-03 13:30"),
    )
    assert [(update.at, update.text) for update in one.updates] == [
        (at("2026-09-03 13:50"), "We are restarting the cluster"),
        (at("2026-09-03 13:40"), "Models do not answer"),
    ]
    assert [(part.id, part.name, part.status) for part in told.components] == [
        ("api-us-east", "API (us-east)", Status.UP),
        ("raven-web", "Raven (Web)", Status.DOWN),
    ]


def test_xai_tells_the_end_apart_from_the_last_update() -> None:
    one = incident(page("rss", "feeds/xai.xml"), "INC00000002")

    assert (one.phase, one.resolved_at, one.updated_at, one.impact, one.impact_words) == (
        Phase.RESOLVED,
        at("2026-05-18 11:56"),
        at("2026-05-18 12:00"),
        Status.UNKNOWN,
        "available",
    )


def test_xai_without_part_updates_or_known_severity_is_read_and_noted() -> None:
    told = page("rss", "feeds/xai.xml")
    one = incident(told, "INC00000003")

    assert (one.title, one.component_ids, one.updates, one.phase, one.resolved_at, told.drift) == (
        "Without a part",
        (),
        (),
        Phase.RESOLVED,
        None,
        ("item[]: unknown severity 'weird'",),
    )


def test_volcengine_items_of_one_title_are_one_incident_until_a_day_lies_between() -> None:
    told = page("rss", "feeds/volcengine.rss", read_at="2025-09-20 02:00")

    assert [
        (one.title, one.phase, one.started_at, one.resolved_at, len(one.updates)) for one in told.incidents
    ] == [
        ("示例平台异常", Phase.INVESTIGATING, at("2025-09-20 01:00"), None, 1),
        ("示例平台异常", Phase.RESOLVED, at("2025-09-18 14:10"), at("2025-09-18 14:20"), 2),
    ]
    assert told.status is Status.DEGRADED


def test_azure_items_name_services_in_title_categories_and_text() -> None:
    told = page("azure-rss", "feeds/azure-trouble.xml", read_at="2026-07-31 10:30")

    assert [(one.id, one.phase, one.started_at, one.component_names) for one in told.incidents] == [
        (
            "ABCD-123",
            Phase.INVESTIGATING,
            at("2026-07-31 10:00"),
            ("Virtual Machines", "East US", "Azure OpenAI Service"),
        ),
        ("ABCD-122", Phase.RESOLVED, at("2026-07-31 05:00"), ("Storage", "West Europe")),
    ]
    assert (told.kind, told.status, told.updated_at) == ("azure-rss", Status.DEGRADED, at("2026-07-31 10:12"))


def test_microsoft_items_are_parts_and_no_incidents() -> None:
    told = page("rss", "feeds/microsoft.xml")

    assert (told.status, told.incidents, [(part.name, part.status, part.words) for part in told.components]) == (
        Status.DEGRADED,
        (),
        [("Admin Center", Status.DEGRADED, "ServiceDegradation")],
    )


def test_anyones_feed_tells_the_state_somewhere() -> None:
    told = page("rss", "feeds/anyones.rss", read_at="2026-03-03 12:00")

    assert [(one.title, one.phase, one.started_at, one.resolved_at) for one in told.incidents] == [
        ("Something may be wrong", Phase.INFORMATION, at("2026-03-03 11:00"), None),
        ("Search is slow", Phase.MONITORING, at("2026-03-03 10:30"), None),
        ("[Resolved] Login fails", Phase.RESOLVED, at("2026-03-02 11:00"), at("2026-03-02 12:00")),
        ("We have a new look", Phase.RESOLVED, at("2026-01-01 08:00"), at("2026-01-01 08:00")),
    ]
    assert told.incidents[-1].oddities == ("no end is told: taken as over a day after its last word",)


@pytest.mark.parametrize(
    ("item", "phase"),
    [
        pytest.param("<title>A</title><category>resolved</category>", Phase.RESOLVED, id="a category"),
        pytest.param(
            "<title>A</title><description>Status: Identified</description>", Phase.IDENTIFIED, id="a line"
        ),
        pytest.param(
            "<title>A</title><description>&lt;b&gt;Monitoring&lt;/b&gt;</description>", Phase.MONITORING, id="bold"
        ),
        pytest.param("<title>Resolved: login fails</title>", Phase.RESOLVED, id="the title's beginning"),
        pytest.param("<title>Login fails - Investigating</title>", Phase.INVESTIGATING, id="the title's end"),
        pytest.param(
            "<title>A</title><description>This incident has been resolved.</description>",
            Phase.RESOLVED,
            id="words",
        ),
        pytest.param(
            "<title>A</title><description>We resolved to sing.</description>", Phase.INFORMATION, id="no word"
        ),
    ],
)
def test_a_state_is_found_where_it_stands(item: str, phase: Phase) -> None:
    body = rss(f"<item>{item}<pubDate>Thu, 02 Apr 2026 10:00:00 GMT</pubDate></item>")

    assert [one.phase for one in RSS.parse(wrote(body)).incidents] == [phase]


@pytest.mark.parametrize(
    ("kind", "path", "status"),
    [
        pytest.param("azure-rss", "feeds/azure-quiet.xml", Status.UP, id="Azure is silent when all is well"),
        pytest.param("rss", "feeds/volcengine-quiet.rss", Status.UP, id="so is a region of Volcengine"),
    ],
)
def test_the_silence_of_who_is_known_to_be_silent_is_good(kind: str, path: str, status: Status) -> None:
    assert page(kind, path).status is status


def test_the_silence_of_anyone_else_is_unknown() -> None:
    assert RSS.parse(wrote(rss(""))).status is Status.UNKNOWN


def test_a_notice_that_may_be_mere_information_makes_no_status() -> None:
    body = rss("<item><title>News</title><pubDate>Thu, 02 Apr 2026 10:00:00 GMT</pubDate></item>")

    assert RSS.parse(wrote(body)).status is Status.UNKNOWN


def test_what_is_over_everywhere_is_up() -> None:
    body = rss("<item><title>[Resolved] A</title><pubDate>Thu, 02 Apr 2026 10:00:00 GMT</pubDate></item>")

    assert RSS.parse(wrote(body)).status is Status.UP


def test_a_feed_that_is_not_quite_xml_is_mended_and_noted() -> None:
    told = page("rss", "feeds/not-well-formed.rss", read_at="2026-03-03 12:00")

    assert (told.name, told.url, [(one.title, one.phase) for one in told.incidents], told.drift) == (
        "Plover & friends",
        "https://plover.example/status?a=1&b=2",
        [("Café search – down", Phase.IDENTIFIED)],
        ("the feed is not well-formed XML",),
    )


def test_a_feed_that_is_hardly_xml_is_guessed_at() -> None:
    body = rss("<item><title>[Resolved] A<br></title><pubDate>Thu, 02 Apr 2026 10:00:00 GMT</pubDate></item>")

    told = RSS.parse(wrote(body))

    assert ([one.phase for one in told.incidents], told.drift) == (
        [Phase.RESOLVED],
        ("the feed is not well-formed XML",),
    )


def test_a_feed_in_another_encoding_is_read() -> None:
    body = (
        document("feeds/volcengine.rss")
        .body.decode()
        .replace("<rss", '<?xml version="1.0" encoding="GBK"?><rss', 1)
    )

    assert RSS.parse(wrote(body.encode("gbk"))).incidents == page("rss", "feeds/volcengine.rss").incidents


def test_text_that_nobody_escaped_is_text() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title><entry><id>1</id><title>A</title>
        <updated>2026-04-02T10:00:00Z</updated><content type="xhtml"><div><p>Status: <b>Resolved</b></p>
        <a href="https://x.example/?a&amp;b">notes</a></div></content></entry></feed>"""

    [one] = ATOM.parse(wrote(body)).incidents

    assert (one.phase, one.updates[0].text) == (
        Phase.RESOLVED,
        "Status: Resolved\n\nnotes (https://x.example/?a&b)",
    )


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        pytest.param("", ReadErrorKind.NOT_THIS_FORMAT, "empty", id="nothing"),
        pytest.param('{"a": 1}', ReadErrorKind.NOT_THIS_FORMAT, "no XML", id="JSON"),
        pytest.param("<svg/>", ReadErrorKind.NOT_THIS_FORMAT, "the root is <svg>", id="other XML"),
        pytest.param(
            "<!DOCTYPE html><html><title>One moment</title></html>",
            ReadErrorKind.HTML_INSTEAD,
            "a web page instead of a feed",
            id="a page in between",
        ),
        pytest.param(
            '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html xmlns="x"></html>',
            ReadErrorKind.HTML_INSTEAD,
            "a web page instead of a feed",
            id="a page that is XML",
        ),
        pytest.param(BOMB, ReadErrorKind.UNPARSABLE, "declares entities of its own", id="a bomb"),
        pytest.param(
            BOMB.replace("<channel>", "<channel>&"), ReadErrorKind.UNPARSABLE, "entities", id="a bomb with a flaw"
        ),
        pytest.param("<rss>" + "<a>" * 200, ReadErrorKind.TOO_DEEP, "nested too deep", id="too deep"),
        pytest.param(
            "<rss><channel><item><title>A</title>", ReadErrorKind.UNPARSABLE, "cut off", id="cut off in an item"
        ),
        pytest.param(
            "<rss><channel><item><title>A</title></channel></rss>",
            ReadErrorKind.UNPARSABLE,
            "cut off",
            id="an item that never ends",
        ),
        pytest.param(
            rss("<item><pubDate>Thu, 02 Apr 2026 10:00:00 GMT</pubDate><guid>1</guid></item>"),
            ReadErrorKind.MISSING_FIELD,
            r"item\[0\].title: missing",
            id="no title",
        ),
        pytest.param(
            rss("<item><title>A</title></item>"),
            ReadErrorKind.MISSING_FIELD,
            r"item\[0\].published: neither published nor updated",
            id="no time",
        ),
        pytest.param(
            rss("<item><title>A</title><pubDate>soon</pubDate></item>"),
            ReadErrorKind.BAD_TIMESTAMP,
            r"item\[0\].published: 'soon' is no moment",
            id="a time that is none",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: str, kind: ReadErrorKind, message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        RSS.parse(wrote(body))
    assert caught.value.kind is kind


def test_a_page_in_between_is_never_taken_for_quiet() -> None:
    with pytest.raises(ReadError) as caught:
        AZURE_RSS.parse(wrote("<!DOCTYPE html><html><body>Checking your browser</body></html>"))
    assert caught.value.kind is ReadErrorKind.HTML_INSTEAD


def test_a_feed_without_end_is_read_from_its_beginning() -> None:
    item = "<item><title>A</title><guid>{}</guid><pubDate>Thu, 02 Apr 2026 10:00:00 GMT</pubDate></item>"
    told = RSS.parse(wrote(rss("".join(item.format(number) for number in range(2_001)))))
    read = len(told.incidents)

    assert 200 < read < 2_001
    assert told.drift == (f"more entries than a page has: read are the first {read}",)


@pytest.mark.parametrize(
    ("days", "status"),
    [
        pytest.param(
            range(2_000, 0, -1), Status.UP, id="what is left out of a feed that begins with the newest is old"
        ),
        pytest.param(range(2_000), Status.UNKNOWN, id="what is left out of any other feed may be open"),
    ],
)
def test_a_feed_without_end_is_up_only_where_the_newest_stands_first(days: range, status: Status) -> None:
    first = at("2020-01-01")
    items = (
        f"<item><title>[Resolved] A</title><guid>{day}</guid><pubDate>"
        f"{first + timedelta(days=day):%d %b %Y} 10:00 GMT</pubDate></item>"
        for day in days
    )

    assert RSS.parse(wrote(rss("".join(items)))).status is status


def test_an_entry_that_is_too_much_for_a_page_is_refused() -> None:
    text = "&lt;strong&gt;" * 30_000
    body = rss(
        f"<item><title>A</title><pubDate>2 Apr 2026 10:00 GMT</pubDate><description>{text}</description></item>"
    )

    with pytest.raises(ReadError, match="more to read than a page has"):
        RSS.parse(wrote(body))


def test_a_text_without_end_is_read_from_its_beginning() -> None:
    body = rss(
        "<item><title>A</title><pubDate>2 Apr 2026 10:00 GMT</pubDate>"
        f"<description>{'x' * 200_000}</description></item>"
    )

    assert RSS.parse(wrote(body)).drift == ("a text of more than 100000 letters: its end is not read",)
