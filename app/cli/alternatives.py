"""`stillup alternatives`: what works now for what is wanted."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from app.board.words import in_milliseconds, in_percent
from app.cli.completion import complete_capabilities, complete_services
from app.cli.ground import CatalogueOption, ExitCode, JsonFlag, UrlOption, show
from app.cli.names import ask_about, check_capability
from app.cli.source import Asked, Source, Told, ask_or_fail
from app.cli.terminal import MUTED, NOTHING, Column, Row, Sheet, clean, open_terminal
from app.settings import environment

if TYPE_CHECKING:
    from app.web.api.alternatives import AlternativeOut, AlternativesOut


def alternatives(
    capability: Annotated[
        str, typer.Argument(help="What is wanted, such as `chat-api`.", autocompletion=complete_capabilities)
    ],
    avoided: Annotated[
        list[str] | None,
        typer.Option(
            "--not",
            metavar="ID",
            help="A service to be replaced; may be repeated.",
            autocompletion=complete_services,
        ),
    ] = None,
    url: UrlOption = None,
    file: CatalogueOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show what works now, the best first, each proven to be up by its own evidence.

    Exit 1 if nothing does, 6 if there is no such capability or service, 7 if nobody answers.
    """
    told = ask_or_fail(url, file, partial(_ask, capability=capability, avoided=avoided or []))
    show(
        told.plain,
        as_json=as_json,
        text=lambda: open_terminal(environment()).print(alternatives_sheet(told.answer)),
    )
    if not told.answer.alternatives:
        raise typer.Exit(ExitCode.BAD)


async def _ask(source: Source, capability: str, avoided: list[str]) -> "Told[AlternativesOut]":
    from app.web.api.alternatives import AlternativesOut  # noqa: PLC0415 - slow to import

    wanted = check_capability(capability)
    asked: Asked = {"capability": wanted.value, "not": avoided}
    return await ask_about(source, avoided, "/alternatives", AlternativesOut, asked)


def alternatives_sheet(told: "AlternativesOut") -> Sheet:
    """What works, the best first, and what is left out."""
    wanted, many = ", ".join(told.capabilities), len(told.alternatives)
    works = {0: "nothing is known to work", 1: "1 service works"}.get(many, f"{many} services work")
    instead = f" (instead of {clean(', '.join(told.replaced))})" if told.replaced else ""
    return Sheet(
        head=(Text(f"For {wanted}{instead} {works} now.", "bold"), Text()),
        columns=(
            Column(heading="#", is_right=True),
            Column(heading="SERVICE"),
            Column(heading="PROVEN", least=44),
            Column(heading="90 D", is_right=True, least=56),
            Column(heading="LATENCY", is_right=True, least=66),
        )
        if told.alternatives
        else (),
        rows=tuple(map(_row, told.alternatives)),
        long="WHY",
        foot=_left_out(told),
    )


def _row(told: "AlternativeOut") -> Row:
    return Row(
        cells=(
            Text(str(told.rank)),
            Text(clean(told.id), "bold"),
            Text(told.evidence),
            Text(in_percent(told.uptime_90d) if told.uptime_90d is not None else NOTHING),
            Text(in_milliseconds(told.latency_ms) if told.latency_ms is not None else NOTHING),
        ),
        long=Text(clean(told.sentence)),
    )


def _left_out(told: "AlternativesOut") -> tuple[Text, ...]:
    if not told.left_out:
        return ()
    names = ", ".join(f"{clean(each.id)} ({each.why.replace('_', ' ')})" for each in told.left_out)
    return (Text(), Text(f"Left out: {names}.", MUTED))
