"""`stillup incidents`: what failed, newest first."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from app.board.words import spell
from app.cli.completion import complete_services
from app.cli.ground import CatalogueOption, JsonFlag, UrlOption, show
from app.cli.names import ask_about
from app.cli.source import Asked, Source, Told, ask_or_fail
from app.cli.terminal import MUTED, Column, Row, Sheet, clean, day_or_time, marked, open_terminal, zone
from app.settings import environment

if TYPE_CHECKING:
    from app.web.api.stories import IncidentLine, IncidentsOut


def incidents(  # noqa: PLR0917 - Typer calls it by names
    only_open: Annotated[bool, typer.Option("--open", help="Only those that are not over.")] = False,
    service: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Only those of this service.", autocompletion=complete_services),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many.")] = 20,
    url: UrlOption = None,
    file: CatalogueOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show incidents, newest first: how bad, of what, since when, how long, and who told of them.

    Exit 6 if there is no such service, 7 if nobody answers.
    """
    asked: Asked = {
        "limit": limit,
        **({"open": "true"} if only_open else {}),
        **({"service": service} if service is not None else {}),
    }
    told = ask_or_fail(url, file, partial(_ask, asked=asked, service=service))
    show(
        told.plain,
        as_json=as_json,
        text=lambda: open_terminal(environment()).print(incidents_sheet(told.answer)),
    )


async def _ask(source: Source, asked: Asked, service: str | None) -> "Told[IncidentsOut]":
    from app.web.api.stories import IncidentsOut  # noqa: PLC0415 - slow to import

    return await ask_about(source, [service] if service is not None else [], "/incidents", IncidentsOut, asked)


def incidents_sheet(told: "IncidentsOut") -> Sheet:
    """A page of incidents."""
    if not told.incidents:
        return Sheet(head=(Text("There is none."),))
    more = (Text(), Text("There are more; --limit shows up to 100.", MUTED)) if told.next is not None else ()
    return Sheet(
        columns=(
            Column(heading="WORST"),
            Column(heading="SERVICE"),
            Column(heading=f"BEGAN ({zone(told.made_at)})", least=44),
            Column(heading="LASTED"),
            Column(heading="TOLD BY", least=84),
        ),
        rows=tuple(_row(each, told.made_at) for each in told.incidents),
        long="INCIDENT",
        foot=more,
    )


def _row(told: "IncidentLine", now: datetime) -> Row:
    lasted = spell((told.closed_at or now) - told.opened_at)
    witnesses = dict.fromkeys(each.witness.value for each in told.accounts)
    return Row(
        cells=(
            marked(told.worst),
            Text(clean(told.service_id), "" if told.closed_at else "bold"),
            Text(_began(told.opened_at, now)),
            Text(lasted) if told.closed_at else Text(f"{lasted}, open", "bold"),
            Text(", ".join(witnesses)),
        ),
        long=Text(clean(told.id), MUTED),
    )


def _began(moment: datetime, now: datetime) -> str:
    """The day and the time, of today the time alone."""
    day = day_or_time(moment, now)
    time = f"{moment.astimezone():%H:%M}"
    return time if day == time else f"{day}, {time}"
