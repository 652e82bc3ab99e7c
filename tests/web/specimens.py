"""Every state that a partial of the pages can have: those of the scenes, and the rare ones that no scene has."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from app.board.alternatives import Offers
from app.board.choosing import Choice, kind_of
from app.board.history import HOUR, History, Window
from app.board.itsme import explained, headline_of
from app.board.load import BoardLoader
from app.board.model import Board, OwnHealth, ServiceView, Spending, Trouble
from app.board.overtime import Moment, OverTime
from app.catalogue.phrasebook import load_phrases
from app.domain.alternatives import Audience
from app.domain.check import Check
from app.domain.itsme import Outcome, Why, steps_for
from app.domain.phrases import Whose
from app.domain.report import People, Symptom
from app.domain.result import Region
from app.domain.said import SeenIncident
from app.domain.service import Catalogue
from app.domain.spend import Caps, Spent
from app.domain.status import Status
from app.web.itsme import WHOSE_WORDS, Judged
from app.web.moments import iso
from app.web.plots import plots_of
from app.web.staticcopy.model import Terms
from tests.web.scenes import NOW, SCENES, Scene, an_empty_database, furnished, the_catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """A partial, or a macro, in a state; `given` is what it is shown with, `wrapped` the class around it."""

    of: str
    state: str
    given: Mapping[str, Any]
    source: str = ""
    wrapped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The boards of all scenes, by name."""

    boards: Mapping[str, Board]

    @property
    def bad(self) -> Board:
        """The one that most is to be seen on."""
        return self.boards["bad"]

    def views(self) -> Iterator[ServiceView]:
        """Every service of every scene."""
        for board in self.boards.values():
            yield from board.services


async def the_world(folder: Path) -> World:
    """The boards of all scenes, made in databases in folders of their names in that folder."""
    catalogue, boards = the_catalogue(), {}
    for name, scene in SCENES.items():
        (folder / name).mkdir()
        boards[name] = await _board(folder / name, catalogue, scene)
    return World(boards=boards)


async def _board(folder: Path, catalogue: Catalogue, scene: Scene) -> Board:
    database = await furnished(an_empty_database(folder), catalogue, scene)
    board = await BoardLoader(database).load_whole(catalogue, scene.own, NOW)
    await database.close()
    return board


def specimens(world: World) -> Iterator[Specimen]:
    """All of them."""
    for made in (
        _marks,
        _answers,
        _cards,
        _rows,
        _checks,
        _words,
        _told,
        _people,
        _instead,
        _charts,
        _own,
        _me,
        _copied,
    ):
        yield from made(world)


def _marks(_world: World) -> Iterator[Specimen]:
    for status in Status:
        source = "{{ parts.mark(status) }} {{ status|word }}"
        yield Specimen(of="mark", state=status, given={"status": status}, source=source)


def _answers(world: World) -> Iterator[Specimen]:
    for name, board in world.boards.items():
        source = '<section class="answer {{ board.headline.status }}"><h1>{{ parts.mark(board.headline.status) }}<span>{{ sentence(board.headline, now) }}</span></h1></section>'  # noqa: E501 - as it stands in the page
        yield Specimen(of="answer", state=f"a day: {name}", given={"board": board}, source=source)


def _cards(world: World) -> Iterator[Specimen]:
    offers = Offers(world.bad)
    instead = {view.service.id: offers.instead_of(view.service.id, most=3) for view in world.bad.services}
    shared = {"board": world.bad, "instead": instead}
    for view in world.bad.troubled:
        yield Specimen(of="card", state=f"{view.status}, {view.reason}", given={"view": view, **shared})
    crowd = replace(world.bad.troubled[0], people=_crowd(42))
    alone = {**shared, "instead": {crowd.service.id: ()}}
    yield Specimen(of="card", state="people report it, nothing instead", given={"view": crowd, **alone})


def _rows(world: World) -> Iterator[Specimen]:
    shared = {"choice": Choice(), "kind_of": kind_of, "board": world.bad}
    for status in Status:
        view = next((each for each in world.views() if each.status is status), None) or _planned(world)
        yield Specimen(of="row", state=status, given={"view": view, **shared}, wrapped="services")
    first = world.boards["first"].services[0]
    yield Specimen(of="row", state="before the first probe", given={"view": first, **shared}, wrapped="services")


def _planned(world: World) -> ServiceView:
    view = world.bad.services[1]
    return replace(view, verdict=replace(view.verdict, status=Status.MAINTENANCE))


def _checks(world: World) -> Iterator[Specimen]:
    every = [check for view in world.views() for check in view.checks]
    states = {
        "down": _first(every, lambda each: each.status is Status.DOWN),
        "degraded": _first(every, lambda each: each.status is Status.DEGRADED),
        "up": _first(every, lambda each: each.status is Status.UP),
        "our problem": _first(every, lambda each: each.is_ours),
        "a part": _first(every, lambda each: each.check.impact is Status.DEGRADED),
        "a certificate": _first(every, lambda each: each.check.kind == "tls" and each.last is not None),
        "never asked": _first(every, lambda each: each.last is None),
    }
    up = states["up"]
    assert up.last is not None
    spoken = replace(up.last, figures={"ttft_ms": 412, "tpot_us": 12_500, "cost_nusd": 18_000})
    states["a model that spoke"] = replace(up, last=spoken)
    states["from elsewhere"] = replace(up, region=Region("fra"))
    for state, check in states.items():
        yield Specimen(of="check", state=state, given={"check": check}, wrapped="evidence")


def _words(world: World) -> Iterator[Specimen]:
    spoken = [view for view in world.views() if view.word is not None]
    for state, view in {
        "nothing to say": _first(spoken, lambda each: each.word.status is Status.UP and not each.word.incidents),
        "an incident": _first(spoken, lambda each: bool(each.word.incidents)),
        "planned work": _first(spoken, lambda each: bool(each.word.maintenances)),
        "cannot be read": _first(spoken, lambda each: each.word.status is Status.UNKNOWN),
    }.items():
        yield Specimen(of="word", state=state, given={"view": view, "board": world.bad})


def _told(world: World) -> Iterator[Specimen]:
    view = world.bad.by_id["codex"]
    seen: list[SeenIncident] = [each.seen for each in view.told]
    over = _first(seen, lambda each: not each.is_open)
    deleted = replace(over, is_deleted=True)
    for state, each in (("open", _first(seen, lambda each: each.is_open)), ("over", over), ("deleted", deleted)):
        yield Specimen(of="told", state=state, given={"seen": each, "view": view}, wrapped="stories")
        yield Specimen(of="vendor-incident", state=state, given={"seen": each, "view": view})
    for incident in (world.bad.incidents[0], world.bad.incidents[-1]):
        given = {"incident": incident, "name": "A service"}
        yield Specimen(of="story", state="open" if incident.is_open else "over", given=given, wrapped="stories")


def _people(world: World) -> Iterator[Specimen]:
    up, down = world.bad.by_id["claude"], world.bad.by_id["chatgpt"]
    for state, view, number, reported in (
        ("nobody", up, 0, None),
        ("one, just counted", up, 1, "counted"),
        ("many, counted before", up, 7, "again"),
        ("a crowd, and it is down", down, 120, "counted"),
    ):
        shown = replace(view, people=_crowd(number))
        yield Specimen(
            of="people", state=state, given={"view": shown, "reported": reported, "takes_reports": True}
        )
    yield Specimen(
        of="people", state="a site that takes none", given={"view": up, "reported": None, "takes_reports": False}
    )


def _crowd(number: int) -> People:
    symptoms = ((Symptom.ERROR, number - number // 3), (Symptom.LOGIN, number // 3))
    return People(last_hour=number, symptoms=tuple(each for each in symptoms if each[1]))


def _instead(world: World) -> Iterator[Specimen]:
    offers = Offers(world.bad)
    for state, service_id in (("it is down", "chatgpt"), ("it is up", "claude")):
        view = world.bad.by_id[service_id]
        yield Specimen(of="instead", state=state, given={"view": view, "instead": offers.instead_of(service_id)})
    yield Specimen(
        of="instead", state="there is nothing", given={"view": world.bad.by_id["chatgpt"], "instead": ()}
    )


def _charts(world: World) -> Iterator[Specimen]:
    for state, view, over in (
        ("all of them, with a gap", world.bad.by_id["chatgpt"], _over_time(world.bad.by_id["chatgpt"])),
        ("nothing yet", world.boards["first"].services[0], _over_time(world.boards["first"].services[0])),
    ):
        given = {
            "service": view.service,
            "over": over,
            "plots": plots_of(over, view.incidents),
            "windows": tuple(Window),
        }
        yield Specimen(of="charts", state=state, given=given)


def _over_time(view: ServiceView) -> OverTime:
    """A day in which the model slowed down before it failed, and three hours that nobody saw."""
    model: Check = view.checks[0].check
    moments = []
    for number, stretch in enumerate(view.hours):
        is_seen = stretch.was_watched and number not in (9, 10, 11)
        slow = 1 + max(0, number - 18) * 0.3
        shown = (
            stretch
            if is_seen or not stretch.was_watched
            else replace(stretch, status=Status.UNKNOWN, coverage=0.0)
        )
        figures: dict[str, Any] = {
            "latency_p50_ms": round(420 * slow),
            "latency_p95_ms": round(610 * slow),
            "first_token_p50_ms": round(350 * slow),
            "first_token_p95_ms": round(600 * slow),
            "speed_p50": 80 / slow,
            "speed_p05": 55 / slow,
            "reports": max(1, round(slow**4)),
            "usual_reports": 1.5 + number % 5 / 4,
        }
        moments.append(Moment(stretch=shown, **(figures if is_seen else {})))
    history = History(window=Window.DAY, stretches=tuple(each.stretch for each in moments), leading=view.leading)
    return OverTime(history=history, model=model, moments=tuple(moments))


def _own(world: World) -> Iterator[Specimen]:
    for name, board in world.boards.items():
        yield Specimen(of="own", state=f"a day: {name}", given={"board": board})
    paid = Spending(spent=Spent(month="2026-11", by_vendor={"openai": 210_000_000}), caps=Caps())
    own = OwnHealth(
        started_at=NOW,
        probing=False,
        storage_trouble="the disk is full.",
        catalogue_trouble="stillup.yaml, line 12: there is no kind “htpp”.",
        missed=3,
        spending=paid,
    )
    trouble = Trouble(since_at=NOW - timedelta(minutes=9), sentence="the database is locked.")
    stuck = replace(world.bad, own=own, trouble=trouble)
    yield Specimen(of="own", state="everything is wrong with us", given={"board": stuck})


def _me(world: World) -> Iterator[Specimen]:
    board = world.bad
    offers = Offers(board)
    shared = {"board": board, "possible": tuple, "whose_words": WHOSE_WORDS}
    for why in Why:
        view = board.by_id["chatgpt" if why.outcome is Outcome.THEM else "claude"]
        judged = Judged(
            why=why,
            headline=headline_of(why, view),
            explained=explained(why, board, view),
            steps=steps_for(why, Audience.PEOPLE),
            is_before_asking=why in (Why.TROUBLE, Why.WORKS),
        )
        yield Specimen(
            of="judged",
            state=why,
            given={**shared, "view": view, "offers": offers.instead_of(view.service.id)[:3], "judged": judged},
        )
    phrases = load_phrases()
    for whose in Whose:
        phrase = next(each for each in phrases if each.whose is whose)
        yield Specimen(of="meant", state=whose, given={**shared, "view": None, "offers": (), "phrase": phrase})
    yield Specimen(of="unknown-phrase", state="nobody knows it", given={})
    for name in ("good", "bad"):
        given = {"board": world.boards[name], "view": world.boards[name].by_id["claude"]}
        yield Specimen(of="choose", state=f"a day: {name}", given=given)


def _copied(_world: World) -> Iterator[Specimen]:
    made_at = Markup('<time datetime="{}">20 Nov 2026, 14:20 UTC</time>').format(iso(NOW))
    for state, terms in (
        ("made by hand", Terms(url="https://copy.example")),
        ("made every hour, of a server", Terms(url="https://c.example", live="https://live.example", every=HOUR)),
    ):
        copied = SimpleNamespace(terms=terms, as_of=made_at)
        yield Specimen(of="copied", state=state, given={"copied": copied})


def _first(every: Iterable[Any], is_it: Callable[[Any], bool]) -> Any:
    """The first of a kind; it is a mistake of the scenes if there is none."""
    return next(each for each in every if is_it(each))
