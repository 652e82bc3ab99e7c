"""Reads status feeds, RSS and Atom, by the dialect of whoever made them.

A feed knows incidents and, in some dialects, the parts they hit; it never lists all parts, and rarely says how
bad it is: an open incident of unsaid impact makes the page degraded.
"""

from itertools import pairwise

from app.domain.status import Status
from app.domain.vendor import Phase, VendorPage, derived_status
from app.vendors.feeds.azure import AZURE
from app.vendors.feeds.dialect import Dialect, Events, last_told
from app.vendors.feeds.history import HISTORY
from app.vendors.feeds.incidentio import INCIDENTIO
from app.vendors.feeds.microsoft import MICROSOFT
from app.vendors.feeds.plain import PLAIN
from app.vendors.feeds.volcengine import VOLCENGINE
from app.vendors.feeds.xai import XAI
from app.vendors.feedxml import Feed
from app.vendors.reader import Document, Reader, Source, Sources
from app.vendors.shape import Drift
from app.vendors.syndication import is_feed, load_feed
from app.vendors.text import web_address

# The first that recognises a feed reads it.
_DIALECTS = (AZURE, VOLCENGINE, XAI, INCIDENTIO, HISTORY, MICROSOFT, PLAIN)


def _parse_rss(document: Document) -> VendorPage:
    return _parse(document, RSS.kind)


def _parse_atom(document: Document) -> VendorPage:
    return _parse(document, ATOM.kind)


def _parse_azure(document: Document) -> VendorPage:
    drift = Drift()
    return _page(load_feed(document, drift), AZURE, document, AZURE_RSS.kind, drift)


def _parse(document: Document, kind: str) -> VendorPage:
    drift = Drift()
    feed = load_feed(document, drift)
    dialect = next(dialect for dialect in _DIALECTS if dialect.recognises(feed))
    return _page(feed, dialect, document, kind, drift)


def _page(feed: Feed, dialect: Dialect, document: Document, kind: str, drift: Drift) -> VendorPage:
    events = dialect.read(feed, document.read_at, drift)
    return VendorPage(
        kind=kind,
        status=_status(events, feed) if feed.entries else dialect.when_empty,
        words="",
        name=feed.title or None,
        url=web_address(feed.link),
        updated_at=feed.built_at,
        components=events.components,
        incidents=tuple(sorted(events.incidents, key=lambda incident: incident.started_at, reverse=True)),
        maintenances=tuple(sorted(events.maintenances, key=lambda planned: planned.starts_at, reverse=True)),
        has_all_components=False,
        drift=drift.notes,
    )


def _status(events: Events, feed: Feed) -> Status:
    """Up if nothing is open; degraded if something of unsaid impact is; unknown if it may be mere information.

    What was left out of a feed that is too long may be open, unless the newest stands first.
    """
    status = _told(events)
    return Status.UNKNOWN if status is Status.UP and not (feed.is_whole or _stands_newest_first(feed)) else status


def _stands_newest_first(feed: Feed) -> bool:
    told = [last_told(entry) for entry in feed.entries]
    return all(later >= earlier for later, earlier in pairwise(told))


def _told(events: Events) -> Status:
    status = derived_status(events.components, events.incidents)
    if status is not Status.UNKNOWN:
        return status
    phases = {incident.phase for incident in events.incidents if incident.is_open}
    if phases:
        return Status.UNKNOWN if phases == {Phase.INFORMATION} else Status.DEGRADED
    return Status.UNKNOWN if events.components else Status.UP


def _is_rss(document: Document) -> bool:
    return is_feed(document) in ("rss", "rdf:RDF")


def _is_atom(document: Document) -> bool:
    return is_feed(document) == "feed"


def _is_azure(document: Document) -> bool:
    return _is_rss(document) and (b"azure.status.microsoft" in document.body or b">Azure Status<" in document.body)


def _sources(url: str) -> Sources:
    return Sources(now=(Source(url=url),))


RSS = Reader(kind="rss", looks_like=_is_rss, parse=_parse_rss, sources=_sources)
"""Any RSS feed."""
ATOM = Reader(kind="atom", looks_like=_is_atom, parse=_parse_atom, sources=_sources)
"""Any Atom feed."""
AZURE_RSS = Reader(kind="azure-rss", looks_like=_is_azure, parse=_parse_azure, sources=_sources)
"""Azure's status feed."""
