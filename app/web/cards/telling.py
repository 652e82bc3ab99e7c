"""What the cards of the board say; pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.board.model import Board, ServiceView, Story
from app.board.witness import STATE_WORDS
from app.board.words import clock, in_percent
from app.domain.saying import Saying, say
from app.domain.status import Status
from app.domain.verdict import Witness
from app.web.answers import WITH_ITS_DAY, Answer, answer_of_all, answer_of_incident, answer_of_service
from app.web.cards.letters import named_anew, writable
from app.web.cards.model import Bit, Card, Paint, Row, Tally
from app.web.charts import QUARTERS, TOLD, WIDE, Lane, cell_of, lanes
from app.web.words import STATUS_WORDS, witness_words

GAP: Final = 0.24
"""Between two cells, as a share of their pitch."""

LEAST: Final = 0.1
"""How high a day is before the service was watched."""

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

    def card(
        self,
        answer: Answer,
        *,
        rows: tuple[Row, ...],
        axis: tuple[str, str, str] = ("", "", ""),
        tallies: tuple[Tally, ...] = (),
    ) -> Card:
        """An answer as a card; where its claim cannot be written, the status alone stands there."""
        left, middle, right = map(self.tell, axis)
        as_of = say("As of {at}", at=clock(answer.as_of, WITH_ITS_DAY)) if answer.as_of is not None else ""
        written = (self.line(text) for text in answer.lines)
        return Card(
            status=answer.status,
            claim=self.line(answer.claim) or self.tell(STATUS_WORDS[answer.status]),
            lines=tuple(line for line in written if line),
            rows=rows,
            axis=(left, middle, right),
            tallies=tallies,
            note=self.tell(as_of),
            simulated=self.tell(say("Simulated")) if self.is_simulated else "",
            is_over=answer.as_of is None,
        )


def voice_of(board: Board, tell: Callable[[str], str] = str, *, is_simulated: bool = False) -> Voice:
    """The voice of the cards of a board."""
    ids = {view.service.name: view.service.id for view in board.services}
    vendors = {view.vendor.name: view.vendor.id for view in board.services}
    return Voice(tell=tell, ids=vendors | ids, is_simulated=is_simulated)


def card_of_all(board: Board, voice: Voice) -> Card:
    """The board at a glance: a cell for each service, what is not well first."""
    shown = [status for status in ORDER for _ in range(board.counts[status])]
    pitch = 1 / (len(shown) - GAP) if shown else 1.0
    return voice.card(
        answer_of_all(board),
        rows=(Row(bits=tuple(_cell(number, pitch, Paint(status)) for number, status in enumerate(shown))),),
        tallies=tuple(
            Tally(status=each, words=voice.tell(_counted(board, each))) for each in ORDER if board.counts[each]
        ),
    )


def card_of_service(board: Board, view: ServiceView, voice: Voice) -> Card:
    """One service: its status, on what evidence, and its 90 days."""
    uptime = say("{share} up", share=in_percent(view.uptime)) if view.uptime is not None else ""
    return voice.card(
        answer_of_service(board, view),
        rows=(Row(bits=tuple(_days(view))),),
        axis=(say("90 days ago"), uptime, say("today")),
    )


def card_of_incident(board: Board, story: Story, voice: Voice) -> Card:
    """One trouble, as every witness told it; of one that is over, for good."""
    told, view = answer_of_incident(board, story), board.by_id.get(story.incident.service_id)
    shown = lanes(story, told.as_of or board.made_at)
    return voice.card(
        told,
        rows=tuple(_lane(lane, view, voice) for lane in shown.lanes),
        axis=(clock(shown.start_at, WITH_ITS_DAY), "", clock(shown.end_at, shown.start_at)),
    )


def _lane(lane: Lane, view: ServiceView | None, voice: Voice) -> Row:
    label = voice.line(witness_words(lane.witness, view)) or voice.tell(witness_words(lane.witness, None))
    end = min(1.0, (lane.x + lane.width) / WIDE)
    bit = Bit(start=lane.x / WIDE, end=end, paint=PAINTS.get(lane.witness, Paint(lane.status)))
    return Row(label=label, bits=(bit,))


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
