"""The answer of a page in a few lines, for whoever meets a link to it: as a picture, or in words; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from app.board.basis import measured_sentence
from app.board.headline import claim_of, rest_of
from app.board.model import Board, ServiceView, Story
from app.board.witness import STATE_WORDS, silent_vendors, vendor_sentence
from app.board.words import as_sentence, clock
from app.domain.incident import Incident
from app.domain.saying import say
from app.domain.status import Status
from app.web.moments import duration
from app.web.words import lag_sentence

ANEW_EVERY: Final = timedelta(minutes=5)
"""An answer is as of the last full five minutes, unless it tells of something newer."""

WITH_ITS_DAY: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Seen from here every moment is told with its day and year: an answer may be read on any later day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`claim` is without its full stop, `lines` are what it rests on, in sentences.

    `as_of` is when all of it was so; `None` for what is over, and stays as it was.
    """

    status: Status
    claim: str
    lines: tuple[str, ...]
    as_of: datetime | None


def answer_of_all(board: Board) -> Answer:
    """What is true of all services together."""
    told = board.headline
    lines = (
        *board.own.troubles,
        silent_vendors(board.troubled),
        rest_of(board.services),
        say("Measured by our own probes.") if told.status is Status.UP else None,
    )
    return Answer(
        status=told.status,
        claim=_since(told.claim, told.since_at, board.made_at),
        lines=tuple(filter(None, lines)),
        as_of=as_of(board, (view.since_at for view in board.services)),
    )


def answer_of_service(board: Board, view: ServiceView) -> Answer:
    """What is true of one service."""
    return Answer(
        status=view.status,
        claim=_since(claim_of(view), view.since_at if view.status.is_bad else None, board.made_at),
        lines=tuple(_evidence(view, board.made_at)),
        as_of=as_of(board, _moments(view)),
    )


def answer_of_incident(board: Board, story: Story) -> Answer:
    """What a trouble is, or was."""
    incident, view = story.incident, board.by_id.get(story.incident.service_id)
    status = incident.status if incident.is_open else incident.worst
    name = view.service.name if view is not None else incident.service_id
    vendor = view.vendor.name if view is not None else say("The vendor")
    claim, first = _told(incident, name, STATE_WORDS[status], board.made_at)
    late = (lag_sentence(story.lag, vendor),) if story.lag is not None else ()
    now = as_of(board, (each.at for each in incident.events))
    return Answer(status=status, claim=claim, lines=(first, *late), as_of=now if incident.is_open else None)


def as_of(board: Board, moments: Iterable[datetime | None]) -> datetime:
    """A moment, seldom a new one, at which all was as the board has it, given the moments that are told of."""
    full = board.made_at - (board.made_at - WITH_ITS_DAY) % ANEW_EVERY
    return max([full, *(moment for moment in moments if moment is not None and moment <= board.made_at)])


def _since(claim: str, since_at: datetime | None, now: datetime) -> str:
    return claim if since_at is None else say("{claim} since {since}", claim=claim, since=clock(since_at, now))


def _told(incident: Incident, name: str, state: str, now: datetime) -> tuple[str, str]:
    """What an incident is, or was, and the first thing to know of it."""
    if incident.closed_at is None:
        claim = _since(say("{name} is {state}", name=name, state=state), incident.opened_at, now)
        return claim, as_sentence(incident.events[0].reason)
    span = duration(incident.closed_at - incident.opened_at)
    start, end = clock(incident.opened_at, WITH_ITS_DAY), clock(incident.closed_at, incident.opened_at)
    claim = say("{name} was {state} for {span}", name=name, state=state, span=span)
    return claim, say("From {start} to {end}. It is over.", start=start, end=end)


def _evidence(view: ServiceView, now: datetime) -> Iterable[str]:
    if view.status is Status.UP and view.since_at is not None:
        yield say("Up since {since}, by our own probes.", since=clock(view.since_at, now))
    elif view.status is not Status.UP:
        yield measured_sentence(view) if view.status.is_bad else as_sentence(view.reason)
    if view.word is not None and (view.status is not Status.UP or view.word.status.is_bad):
        yield say("{vendor}: {told}", vendor=view.vendor.name, told=vendor_sentence(view, now))


def _moments(view: ServiceView) -> Iterable[datetime | None]:
    """Whatever the answer of a service may tell of."""
    yield view.since_at
    yield view.word.since_at if view.word is not None else None
    for each in view.told:
        yield each.seen.said_at
        yield each.seen.ended_at
