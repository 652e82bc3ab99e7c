"""Incidents and planned work as iCalendar (RFC 5545), for calendars that people subscribe to; pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from app.board.announced import Announced
from app.board.model import ServiceView
from app.board.words import listed
from app.domain.incident import Incident
from app.web.stories import headline_of, told

LINE = 75
"""Bytes; a longer line is folded."""

_HEAD = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Stillup//Stillup//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
    "X-PUBLISHED-TTL:PT15M",
)


def calendar(name: str, events: Iterable[Iterable[str]]) -> str:
    """The calendar of these events."""
    lines = [*_HEAD, f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def of_incident(incident: Incident, view: ServiceView | None, url: str, now: datetime) -> Iterator[str]:
    """A trouble, until it ended, or while it lasts until now."""
    changed_at = incident.events[-1].known_at
    yield f"UID:{_text(incident.id)}@incidents.stillup"
    yield f"SEQUENCE:{len(incident.events) - 1}"
    yield from _stamped(changed_at, incident.events[0].known_at)
    end_at = incident.closed_at or now.replace(second=0, microsecond=0)
    yield from _span(incident.opened_at, max(end_at, incident.opened_at))
    yield f"SUMMARY:{_text(headline_of(incident, view))}"
    yield f"DESCRIPTION:{_text(chr(10).join(told(event, view) for event in incident.events))}"
    yield f"URL:{_address(url)}"
    yield "CATEGORIES:INCIDENT"
    yield "TRANSP:TRANSPARENT"


def of_plan(plan: Announced, since_at: datetime) -> Iterator[str]:
    """What a vendor announces; `since_at` dates an announcement that tells no time of its own."""
    work = plan.maintenance
    said = [update.at for update in work.updates] or [since_at]
    names = listed([view.service.name for view in plan.views])
    yield f"UID:{_text(plan.id)}@plans.stillup"
    yield f"SEQUENCE:{max(0, len(work.updates) - 1)}"
    yield from _stamped(max(said), min(said))
    yield from _span(work.starts_at, max(work.ends_at, work.starts_at) if work.ends_at is not None else None)
    yield f"SUMMARY:{_text(f'{plan.views[0].vendor.name}: {work.title}')}"
    texts = [f"Announced for {names}.", *(update.text for update in work.updates)]
    yield f"DESCRIPTION:{_text(chr(10).join(texts))}"
    yield f"URL:{_address(plan.url)}"
    yield "CATEGORIES:MAINTENANCE"
    yield "TRANSP:TRANSPARENT"


def _stamped(changed_at: datetime, created_at: datetime) -> Iterator[str]:
    yield f"DTSTAMP:{_moment(changed_at)}"
    yield f"CREATED:{_moment(created_at)}"
    yield f"LAST-MODIFIED:{_moment(changed_at)}"


def _span(start_at: datetime, end_at: datetime | None) -> Iterator[str]:
    """An end has to be later than the start; one that is not, or unknown, is left out."""
    yield f"DTSTART:{_moment(start_at)}"
    if end_at is not None and end_at - start_at >= timedelta(seconds=1):
        yield f"DTEND:{_moment(end_at)}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """A text as a value: control characters but line breaks may not stand in it."""
    clean = "".join(letter for letter in text.replace("\r\n", "\n") if letter >= " " or letter in "\n\t")
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _address(url: str) -> str:
    return "".join(letter for letter in url if letter > " ")


def _folded(line: str) -> str:
    """The line in pieces of at most `LINE` bytes, none of which ends within a letter."""
    pieces, room = [""], LINE
    for letter in line:
        size = len(letter.encode(errors="replace"))
        if size > room:
            pieces.append("")
            room = LINE - 1
        pieces[-1] += letter
        room -= size
    return "\r\n ".join(pieces)
