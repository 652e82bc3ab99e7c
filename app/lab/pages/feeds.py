"""Atom and RSS feeds of incidents, and the pages that publish nothing else.

Statuspage's history feeds print local wall time without a year inside escaped HTML; only `published`/`updated` and
`pubDate` are whole times.
"""

from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from app.lab.answer import Answer, Request, whole
from app.lab.chance import token
from app.lab.pages.state import Incident, PageState

_NEWEST = 25
_WORDS = {"in_progress": "In progress"}


def answer(request: Request, state: PageState, at: float) -> Answer:
    """A page with nothing for machines but `/feed.xml`."""
    if request.path in ("/feed.xml", "/feed", "/rss"):
        return whole(200, item_feed(state), "application/rss+xml; charset=utf-8", at=at)
    if request.path == "/":
        return whole(
            200, b"<!DOCTYPE html><html><title>Status</title></html>\n", "text/html; charset=utf-8", at=at
        )
    return whole(403, b"Forbidden", "text/plain", at=at)


def history_atom(state: PageState) -> bytes:
    """Statuspage's `/history.atom`."""
    entries = "".join(_atom_entry(incident, state) for incident in state.past_and_open()[:_NEWEST])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xml:lang="en-US" xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <id>tag:{state.vendor},2005:/history</id>\n"
        f'  <link rel="alternate" type="text/html" href={quoteattr(state.url)}/>\n'
        f'  <link rel="self" type="application/atom+xml" href={quoteattr(state.url + "/history.atom")}/>\n'
        f"  <title>{escape(state.name)} Status - Incident History</title>\n"
        f"  <updated>{_iso(state.changed_at)}</updated>\n"
        f"  <author>\n    <name>{escape(state.name)}</name>\n  </author>\n{entries}</feed>\n"
    ).encode()


def history_rss(state: PageState) -> bytes:
    """Statuspage's `/history.rss`."""
    items = "".join(
        f"    <item>\n      <title>{escape(incident.name)}</title>\n"
        f"      <description>{escape(_told_in_html(incident))}</description>\n"
        f"      <pubDate>{_rfc(incident.updates[-1].at)}</pubDate>\n"
        f"      <link>{escape(_link(incident, state))}</link>\n"
        f"      <guid>{escape(_link(incident, state))}</guid>\n"
        "    </item>\n"
        for incident in state.past_and_open()[:_NEWEST]
    )
    return _channel(f"{state.name} Status - Incident History", state, items)


def item_feed(state: PageState) -> bytes:
    """A feed of the kind xAI serves: the component in brackets, the state in categories and in the text."""
    items = "".join(_state_item(incident, state) for incident in state.past_and_open()[:_NEWEST])
    return _channel(f"{state.name} status", state, items)


def _channel(title: str, state: PageState, items: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0">\n  <channel>\n'
        f"    <title>{escape(title)}</title>\n    <link>{escape(state.url)}</link>\n"
        f"    <description>Status</description>\n    <pubDate>{_rfc(state.changed_at)}</pubDate>\n"
        f"{items}  </channel>\n</rss>\n"
    ).encode()


def _state_item(incident: Incident, state: PageState) -> str:
    names = {one.key: one.name for one in state.components}
    component = next((names[key] for key in incident.components), state.name)
    condition = "disruption" if incident.is_open else "resolved"
    told = "".join(
        f"<p><strong>{_rfc(one.at)}</strong> - {escape(one.text)}</p>" for one in reversed(incident.updates)
    )
    return (
        f"    <item>\n      <title>{escape(f'[{component}] {incident.name}')}</title>\n"
        f"      <description><![CDATA[<h3>Status: {condition.upper()}</h3>{told}]]></description>\n"
        f"      <category>{condition}</category>\n      <pubDate>{_rfc(incident.updates[0].at)}</pubDate>\n"
        f'      <guid isPermaLink="false">{_id(incident, state)}</guid>\n    </item>\n'
    )


def _atom_entry(incident: Incident, state: PageState) -> str:
    return (
        f"  <entry>\n    <id>tag:{state.vendor},2005:Incident/{_id(incident, state)}</id>\n"
        f"    <published>{_iso(incident.updates[0].at)}</published>\n"
        f"    <updated>{_iso(incident.updates[-1].at)}</updated>\n"
        f'    <link rel="alternate" type="text/html" href={quoteattr(_link(incident, state))}/>\n'
        f"    <title>{escape(incident.name)}</title>\n"
        f'    <content type="html">{escape(_told_in_html(incident))}</content>\n  </entry>\n'
    )


def _told_in_html(incident: Incident) -> str:
    return "".join(
        f"<p> <small>{one.at:%b} <var data-var='date'>{one.at:%d}</var>, "
        f"<var data-var='time'>{one.at:%H:%M}</var> UTC</small><br> "
        f"<strong>{_WORDS.get(one.status, one.status.capitalize())}</strong> - {escape(one.text)} </p>"
        for one in reversed(incident.updates)
    )


def _id(incident: Incident, state: PageState) -> str:
    return token(state.vendor, "incident", incident.number, length=12)


def _link(incident: Incident, state: PageState) -> str:
    return f"{state.url}/incidents/{_id(incident, state)}"


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _rfc(moment: datetime) -> str:
    return format_datetime(moment.replace(microsecond=0), usegmt=True)
