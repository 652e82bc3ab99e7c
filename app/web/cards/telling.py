"""What the cards of the board say; pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from app.board.basis import measured_sentence
from app.board.headline import claim_of, rest_of
from app.board.model import Board, ServiceView, Story
from app.board.witness import STATE_WORDS, silent_vendors, vendor_sentence
from app.board.words import as_sentence, clock, in_percent
from app.domain.incident import Incident
from app.domain.saying import Saying, say
from app.domain.status import Status
from app.domain.verdict import Witness
from app.web.cards.letters import named_anew, writable
from app.web.cards.model import Bit, Card, Paint, Row, Tally
from app.web.charts import QUARTERS, TOLD, WIDE, Lane, cell_of, lanes
from app.web.moments import duration
from app.web.words import STATUS_WORDS, lag_sentence, witness_words

ANEW_EVERY: Final = timedelta(minutes=5)
"""What a card says is as of the last full five minutes, unless it tells of something newer."""

WITH_ITS_DAY: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Seen from here every moment is told with its day and year: a picture may be looked at on any later day."""

GAP: Final = 0.24
"""Between two cells, as a share of their pitch."""

ORDER: Final = (Status.DOWN, Status.DEGRADED, Status.MAINTENANCE, Status.UNKNOWN, Status.UP)
"""In which the services of a board are told: what is not well first."""

PAINTS: Final = {Witness.VENDOR: Paint.VENDOR, Witness.PEOPLE: Paint.PEOPLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How texts are told on a card: in a language, and a name for which there are no letters by its id."""

    tell: Callable[[str], str] = str
    ids: Mapping[str, str] = field(default_factory=dict)
    is_simulated: bool = False

    def line(self, text: str) -> str | None:
        """The text, if it can be written."""
        return writable(named_anew(self.tell(text), self.ids))

    def lines(self, *texts: str | None) -> tuple[str, ...]:
        """Those of the texts that can be written."""
        told = (self.line(text) for text in texts if text)
        return tuple(line for line in told if line)

    def claim(self, text: str, status: Status) -> str:
        """The answer; where it cannot be written, the status alone."""
        return self.line(text) or self.tell(STATUS_WORDS[status])

    def note(self, as_of: datetime) -> str:
        """Of when a card is."""
        return self.tell(say("As of {at}", at=clock(as_of, WITH_ITS_DAY)))

    @property
    def simulated(self) -> str:
        """That all of it is pretended, where it is."""
        return self.tell(say("Simulated")) if self.is_simulated else ""


def voice_of(board: Board, tell: Callable[[str], str] = str, *, is_simulated: bool = False) -> Voice:
    """The voice of the cards of a board."""
    ids = {view.service.name: view.service.id for view in board.services}
    vendors = {view.vendor.name: view.vendor.id for view in board.services}
    return Voice(tell=tell, ids=vendors | ids, is_simulated=is_simulated)


def card_of_all(board: Board, voice: Voice) -> Card:
    """The board at a glance: a cell for each service, the worst first."""
    told = board.headline
    since = [view.since_at for view in board.services]
    shown = [status for status in ORDER for _ in range(board.counts[status])]
    pitch = 1 / (len(shown) - GAP) if shown else 1.0
    cells = tuple(_cell(number, pitch, Paint(status)) for number, status in enumerate(shown))
    return Card(
        status=told.status,
        claim=voice.claim(_since(told.claim, told.since_at, board.made_at), told.status),
        lines=voice.lines(
            *board.own.troubles,
            silent_vendors(board.troubled),
            rest_of(board.services),
            say("Measured by our own probes.") if told.status is Status.UP else None,
        ),
        rows=(Row(bits=cells),),
        tallies=tuple(
            Tally(status=each, words=voice.tell(_counted(board, each))) for each in ORDER if board.counts[each]
        ),
        note=voice.note(as_of(board, since)),
        simulated=voice.simulated,
    )


def card_of_service(board: Board, view: ServiceView, voice: Voice) -> Card:
    """One service: its status, on what evidence, and its 90 days."""
    is_bad = view.status.is_bad
    claim = _since(claim_of(view), view.since_at if is_bad else None, board.made_at)
    uptime = say("{share} up", share=in_percent(view.uptime)) if view.uptime is not None else ""
    return Card(
        status=view.status,
        claim=voice.claim(claim, view.status),
        lines=voice.lines(*_evidence(view, board.made_at)),
        rows=(Row(bits=tuple(_days(view))),),
        axis=(voice.tell(say("90 days ago")), voice.tell(uptime), voice.tell(say("today"))),
        note=voice.note(as_of(board, _moments(view))),
        simulated=voice.simulated,
    )


def card_of_incident(board: Board, story: Story, voice: Voice) -> Card:
    """One trouble, as every witness told it; of one that is over, for good."""
    incident, view = story.incident, board.by_id.get(story.incident.service_id)
    now = as_of(board, [each.at for each in incident.events])
    shown = lanes(story, now)
    status = incident.status if incident.is_open else incident.worst
    claim, first = _told(incident, status, view, now)
    vendor = view.vendor.name if view is not None else say("The vendor")
    start, end = clock(shown.start_at, WITH_ITS_DAY), clock(shown.end_at, shown.start_at)
    return Card(
        status=status,
        claim=voice.claim(claim, status),
        lines=voice.lines(first, lag_sentence(story.lag, vendor) if story.lag is not None else None),
        rows=tuple(_lane(lane, view, voice) for lane in shown.lanes),
        axis=(voice.tell(start), "", voice.tell(end)),
        note=voice.note(now) if incident.is_open else "",
        simulated=voice.simulated,
        is_over=not incident.is_open,
    )


def as_of(board: Board, moments: Iterable[datetime | None]) -> datetime:
    """A moment, seldom a new one, at which all was as the board has it, given the moments that are told of."""
    made_at = board.made_at
    full = made_at - (made_at - WITH_ITS_DAY) % ANEW_EVERY
    return max([full, *(moment for moment in moments if moment is not None and moment <= made_at)])


def _since(claim: str, since_at: datetime | None, now: datetime) -> str:
    return claim if since_at is None else say("{claim} since {since}", claim=claim, since=clock(since_at, now))


def _told(incident: Incident, status: Status, view: ServiceView | None, now: datetime) -> tuple[str, str]:
    """What an incident was, or is, and the first thing to know of it."""
    name = view.service.name if view is not None else incident.service_id
    state = STATE_WORDS[status]
    if incident.closed_at is None:
        claim = _since(say("{name} is {state}", name=name, state=state), incident.opened_at, now)
        return claim, as_sentence(incident.events[0].reason)
    span = duration(incident.closed_at - incident.opened_at)
    start, end = clock(incident.opened_at, WITH_ITS_DAY), clock(incident.closed_at, incident.opened_at)
    claim = say("{name} was {state} for {span}", name=name, state=state, span=span)
    return claim, say("From {start} to {end}. It is over.", start=start, end=end)


def _lane(lane: Lane, view: ServiceView | None, voice: Voice) -> Row:
    label = voice.line(witness_words(lane.witness, view)) or voice.tell(witness_words(lane.witness, None))
    end = min(1.0, (lane.x + lane.width) / WIDE)
    bit = Bit(start=lane.x / WIDE, end=end, paint=PAINTS.get(lane.witness, Paint(lane.status)))
    return Row(label=label, bits=(bit,))


def _evidence(view: ServiceView, now: datetime) -> Iterable[str | None]:
    if view.status is Status.UP and view.since_at is not None:
        yield say("Up since {since}, by our own probes.", since=clock(view.since_at, now))
    elif view.status is not Status.UP:
        yield measured_sentence(view) if view.status.is_bad else as_sentence(view.reason)
    if view.word is not None and (view.status is not Status.UP or view.word.status.is_bad):
        yield say("{vendor}: {told}", vendor=view.vendor.name, told=vendor_sentence(view, now))


def _moments(view: ServiceView) -> Iterable[datetime | None]:
    """Whatever the card of a service may tell of."""
    yield view.since_at
    yield view.word.since_at if view.word is not None else None
    for each in view.told:
        yield each.seen.said_at
        yield each.seen.ended_at


def _counted(board: Board, status: Status) -> Saying:
    return say("{number} {state}", number=board.counts[status], state=STATE_WORDS[status])


def _cell(number: int, pitch: float, paint: Paint, height: float = 1.0) -> Bit:
    return Bit(start=number * pitch, end=(number + 1 - GAP) * pitch, paint=paint, height=height)


def _days(view: ServiceView) -> Iterable[Bit]:
    """The cells of the 90-day bar; of a day that was half seen, the rest is hatched."""
    pitch = 1 / (len(view.days) - GAP)
    for number, day in enumerate(view.days):
        name, quarters = cell_of(day, view.told_days)
        is_told = name.endswith(TOLD)
        if 0 < quarters < QUARTERS and not is_told:
            yield _cell(number, pitch, Paint.UNKNOWN)
        yield _cell(number, pitch, Paint(name.removesuffix(TOLD)), quarters / QUARTERS or LEAST)


LEAST: Final = 0.1
"""How high a day is before the service was watched."""
