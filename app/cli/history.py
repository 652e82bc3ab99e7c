"""`stillup history`: how a service was, span by span."""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import quote

import typer
from rich.text import Text

from app.board.history import Window
from app.board.ranges import Step
from app.board.words import in_milliseconds, in_percent
from app.cli.completion import complete_services
from app.cli.ground import CatalogueOption, JsonFlag, UrlOption, show
from app.cli.names import ask_about
from app.cli.source import Asked, Source, Told, ask_or_fail
from app.cli.terminal import MARKS, MUTED, NOTHING, Column, Row, Sheet, marked, open_terminal, zone
from app.settings import environment

if TYPE_CHECKING:
    from app.web.api.history import Bucket, HistoryOut

DAY_MS: Final = timedelta(days=1) // timedelta(milliseconds=1)


def history(  # noqa: PLR0917 - Typer calls it by names
    service: Annotated[str, typer.Argument(help="The id of a service.", autocompletion=complete_services)],
    window: Annotated[Window, typer.Option(help="How far back.")] = Window.DAY,
    step: Annotated[
        Step | None,
        typer.Option(
            help="How long a span is.  [default: an hour over up to 2 days, 6 over up to 14, else a day]"
        ),
    ] = None,
    url: UrlOption = None,
    file: CatalogueOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show how a service was, span by span: status, uptime, how much of it is known, and latency.

    Exit 6 if there is no such service, 7 if nobody answers.
    """
    asked: Asked = {"window": window.value, **({"step": step.value} if step is not None else {})}
    told = ask_or_fail(url, file, partial(_ask, asked=asked, service=service))
    show(
        told.plain,
        as_json=as_json,
        text=lambda: open_terminal(environment()).print(history_sheet(told.answer)),
    )


async def _ask(source: Source, asked: Asked, service: str) -> "Told[HistoryOut]":
    from app.web.api.history import HistoryOut  # noqa: PLC0415 - slow to import

    path = f"/services/{quote(service, safe='')}/history"
    return await ask_about(source, [service], path, HistoryOut, asked)


def history_sheet(told: "HistoryOut") -> Sheet:
    """All spans, oldest first: in a row of marks, and one by one."""
    by_days = told.bucket_ms >= DAY_MS
    heading = "DAY (UTC)" if by_days else f"FROM ({zone(told.to_at)})"
    return Sheet(
        head=(Text("").join(Text(*MARKS[each.status]) for each in told.buckets), Text()),
        columns=(
            Column(heading=heading),
            Column(heading="STATUS"),
            Column(heading="UPTIME", is_right=True),
            Column(heading="KNOWN", is_right=True, least=48),
            Column(heading="P50", is_right=True, least=58),
            Column(heading="P95", is_right=True, least=68),
        ),
        rows=tuple(_row(each, by_days=by_days) for each in told.buckets),
        foot=_foot(told),
    )


def _row(told: "Bucket", *, by_days: bool) -> Row:
    start = f"{told.start_at:%Y-%m-%d}" if by_days else f"{told.start_at.astimezone():%Y-%m-%d %H:%M}"
    return Row(
        cells=(
            Text(start),
            marked(told.status),
            _share(told.uptime),
            _share(told.coverage),
            _latency(told.p50_ms),
            _latency(told.p95_ms),
        )
    )


def _foot(told: "HistoryOut") -> tuple[Text, ...]:
    notes = []
    if told.latency_of is not None:
        notes.append(f"Latencies are those of {told.latency_of}.")
    if told.kept_since_at is not None and told.kept_since_at > told.from_at:
        notes.append(f"Spans as short as these are kept since {_moment(told.kept_since_at)}.")
    return (Text(), *(Text(each, MUTED) for each in notes)) if notes else ()


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M} {zone(moment)}"


def _share(share: float | None) -> Text:
    return Text(NOTHING if share is None else in_percent(share))


def _latency(value: int | None) -> Text:
    return Text(NOTHING if value is None else in_milliseconds(value))
