"""`stillup replay`: a recorded timeline of a status page, played in wound-up time, as the story that it tells."""

import textwrap
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median_low
from typing import Annotated

import typer

from app.catalogue.durations import parse_duration
from app.cli.ground import CatalogueOption, JsonFlag, catalogue_or_fail, settings_or_fail, show, spoken_for_or_fail
from app.cli.recordings import KindOption
from app.cli.timelines import MEASURED, load_looks, load_measured
from app.domain.incident import Incident
from app.domain.lag import First, LagEntry
from app.domain.mapping import Basis
from app.domain.plain import to_plain
from app.domain.replay import play
from app.domain.said import WITNESS_GAP, SaidKind, told_time
from app.domain.service import Service, StatusPage
from app.domain.span import spell
from app.domain.timeline import Step, Story, Timeline, ToldStory
from app.domain.watched import WatchedPage

LONGEST = 400
"""Letters of one step that are printed; all are in the JSON."""


def _span(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no span; write it as 2m or 30s") from error


def replay(  # noqa: PLR0917 - Typer calls it by names
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with versions of a page, by time.")],
    kind: KindOption = None,
    url: Annotated[str, typer.Option(help="The address of the page; some kinds need it.")] = "",
    pace: Annotated[
        timedelta | None,
        typer.Option(
            parser=_span,
            metavar="SPAN",
            help="Somebody looked this often and kept what changed; else only when a version was kept.",
        ),
    ] = None,
    service_id: Annotated[
        str | None,
        typer.Option("--service", help="Tell it for this service of the catalogue, not the whole page."),
    ] = None,
    measured: Annotated[
        Path | None, typer.Option(help="Readings of our own beside it.  [default: measured.jsonl in the folder]")
    ] = None,
    file: CatalogueOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Play a recorded timeline of a status page and print the story: what was said when, and how late."""
    looks = load_looks(folder, kind=kind, url=url)
    beside = measured or folder / MEASURED
    readings = load_measured(beside) if measured or beside.exists() else []
    watched, service = _chosen(folder, service_id, file)
    story = play(
        Timeline(
            watched=watched,
            service=service,
            looks=looks,
            measured=[each for each in readings if _is_of(each.check_id, service_id)],
            pace=pace,
        )
    )
    show(to_plain(story), as_json=as_json, text=lambda: _print(story, service))


def _chosen(folder: Path, service_id: str | None, file: Path | None) -> tuple[WatchedPage, Service]:
    """The page and the service that it is played for: the catalogue's, or one that is the whole page."""
    if service_id is None:
        name = folder.resolve().name
        service = Service(id=name, name="the page", vendor_id=name, capabilities=(), home="", checks=())
        page = WatchedPage(key=name, vendor_id=name, page=StatusPage(url=""), services=(service,))
        return page, service
    return spoken_for_or_fail(catalogue_or_fail(settings_or_fail(catalogue=file)), service_id)


def _is_of(check_id: str, service_id: str | None) -> bool:
    """Whether a check may speak of the service: one that names none does, and of the whole page all do."""
    return service_id is None or check_id.rpartition("/")[0] in ("", service_id)


def _print(story: Story, service: Service) -> None:
    failed = f", {story.failed} of them failed" if story.failed else ""
    typer.echo(
        f"{story.looks} versions from {told_time(story.first_at)} to {told_time(story.last_at)}{failed}; "
        f"read as {story.kind or 'nothing'}; told for {service.name}."
    )
    typer.echo(", ".join(f"{status} {spell(span)}" for status, span in story.spans.items() if span))
    typer.echo()
    for step in story.steps:
        if step.kind != SaidKind.NOT_LOOKED:
            typer.echo(_step_line(step))
    for heading, lines in (
        ("Not looked", _gap_lines(story)),
        ("Incidents", (line for told in story.incidents for line in _incident_lines(told))),
        ("Measured", (_own_line(ours) for ours in story.measured)),
        ("Lag", _lag_lines(story)),
    ):
        for number, line in enumerate(lines):
            typer.echo(f"  {line}" if number else f"\n{heading}\n  {line}")


def _gap_lines(story: Story) -> Iterator[str]:
    told = (step.said for step in story.steps if step.said and step.kind == SaidKind.NOT_LOOKED)
    gaps = [said.seen_at - said.at for said in told if said.at is not None]
    if gaps:
        yield f"{_count(len(gaps), 'time')} for more than {spell(WITNESS_GAP)}, the longest {spell(max(gaps))}"
        yield "if somebody did look and kept only what changed, --pace tells how often"


def _step_line(step: Step) -> str:
    back = "" if step.dated_back_by is None else f" [dated {spell(step.dated_back_by)} before a look without it]"
    edit = " [silent edit]" if step.is_quiet_edit else ""
    told = textwrap.shorten(step.sentence, LONGEST, placeholder=" …") + back + edit
    return f"{step.at:%Y-%m-%d %H:%M:%S}  {step.witness:<8}  {told}"


_BASES = {
    Basis.PART: "it names a part of this service",
    Basis.TITLE: "its title names this service",
    Basis.TEXT: "its updates name this service",
    Basis.NOTHING_NAMED: "it names nothing that is known, so it may concern this service",
}


def _incident_lines(told: ToldStory) -> Iterator[str]:
    impact = told.impact_words or told.impact
    yield f"“{told.title}” ({impact}, {told.id})"
    yield f"  {'; '.join(_times(told))}"
    facts = [_count(told.updates, "update")]
    facts += [_count(told.quiet_edits, "silent edit")] * bool(told.quiet_edits)
    facts += [f"{_count(told.dated_back, 'update')} dated back"] * bool(told.dated_back)
    facts += [_BASES[told.basis]] if told.basis in _BASES else []
    facts += list(told.oddities)
    yield f"  {'; '.join(facts)}"


def _times(told: ToldStory) -> Iterator[str]:
    yield f"began {told_time(told.started_at)}"
    known = " (it was there when the recording begins)" * told.was_known
    yield f"first said {told_time(told.said_at)}, {spell(told.told_after)} after that{known}"
    if told.ended_at is None or told.lasted is None:
        yield f"still open: {told.phase}"
    else:
        how = ", when it was no longer listed" * (told.ended_at == told.gone_at)
        yield f"resolved {told_time(told.ended_at)}{how}; lasted {spell(told.lasted)}"
    if told.is_deleted:
        yield f"deleted by {told_time(told.gone_at)}"


def _own_line(ours: Incident) -> str:
    if ours.closed_at is None:
        return f"{ours.worst} from {told_time(ours.opened_at)}, still open"
    lasted = spell(ours.closed_at - ours.opened_at)
    return f"{ours.worst} from {told_time(ours.opened_at)} to {told_time(ours.closed_at)}; lasted {lasted}"


_FIRST = {
    First.VENDOR_NOT_YET: "the vendor has not told of it yet",
    First.VENDOR_NEVER: "the vendor never told of it",
    First.WE_NOT_YET: "we have not seen it yet",
    First.WE_NEVER: "we never saw it",
    First.UNTOLD: "cannot be told: one of the two was not looking",
}


def _lag_lines(story: Story) -> Iterator[str]:
    """Who was first where both looked; else how late the vendor is by its own account, which is all there is."""
    yield from (_lag_line(entry) for entry in story.lags)
    late = [told.told_after for told in story.incidents if not told.was_known]
    if late:
        middle, most = spell(median_low(late)), spell(max(late))
        yield (
            f"by its own times, the vendor's first word came {middle} after the start that it tells of "
            f"(median of {len(late)}, at most {most})"
        )


def _lag_line(entry: LagEntry) -> str:
    title = f"“{entry.title}”" if entry.title else f"what we saw at {told_time(entry.our_first_at)}"
    if entry.lag is None:
        return f"{title}: {_FIRST[entry.first]}"
    said = f"the vendor said it {spell(abs(entry.lag))} {'after' if entry.first is First.WE else 'before'} us"
    end = entry.recovery_lag
    over = "" if end is None else f", and called it over {spell(abs(end))} {_side(end)} our first good reading"
    return f"{title}: {said}{over}"


def _side(lag: timedelta) -> str:
    return "before" if lag < timedelta() else "after"


def _count(number: int, of_what: str) -> str:
    return f"{number} {of_what}" if number == 1 else f"{number} {of_what}s"
