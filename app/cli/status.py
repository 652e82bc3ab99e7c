"""`stillup status`: how every service is, or those that are named."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.completion import complete_services
from app.cli.ground import CatalogueOption, ExitCode, JsonFlag, UrlOption, show
from app.cli.names import check_services
from app.cli.source import Source, ask_or_fail
from app.cli.statussheet import WORST_FIRST, Likely, status_sheet
from app.cli.terminal import open_terminal
from app.cli.watch import Seen, Watch
from app.domain.status import Status
from app.settings import environment

if TYPE_CHECKING:
    from app.web.api.schemas import ServicesOut

CODES = {
    Status.DOWN: ExitCode.BAD,
    Status.DEGRADED: ExitCode.DEGRADED,
    Status.UNKNOWN: ExitCode.UNKNOWN,
    Status.MAINTENANCE: ExitCode.MAINTENANCE,
}
"""What each status leaves with; 0 is `up`."""

SIGNALLED = 128
"""To this the number of the signal is added that ended it, as shells do."""


def status(  # noqa: PLR0917 - Typer calls it by names
    services: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SERVICE]...", help="Ids of services.  [default: all]", autocompletion=complete_services
        ),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Keep showing it, until Ctrl-C.")] = False,
    interval: Annotated[int, typer.Option(min=1, max=3600, help="With --watch: ask every so many seconds.")] = 5,
    url: UrlOption = None,
    file: CatalogueOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show how services are: status, since when, uptime over 24 hours, why, and how long it will last.

    Exit 0 if all are up, else by the worst: 1 down, 4 degraded, 3 unknown, 5 maintenance. Exit 6 if there is no
    such service, 7 if nobody answers.
    """
    wanted = tuple(dict.fromkeys(services or ()))
    terminal = open_terminal(environment())
    if watch:
        watching = Watch(partial(_seen, wanted=wanted), terminal, interval, as_json=as_json)
        raise typer.Exit(SIGNALLED + ask_or_fail(url, file, watching.run))
    answer = ask_or_fail(url, file, partial(_ask, wanted=wanted, is_for_people=not as_json))
    show(
        answer.plain,
        as_json=as_json,
        text=lambda: terminal.print(status_sheet(answer.told, answer.likely, wanted)),
    )
    raise typer.Exit(code_of(service.status for service in answer.told.services))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What was told, and the same as JSON; of the services that were asked for alone."""

    told: "ServicesOut"
    plain: dict[str, Any]
    likely: Likely


async def _ask(source: Source, wanted: Sequence[str], *, is_for_people: bool) -> _Answer:
    from app.web.api.estimates import EstimatesOut  # noqa: PLC0415 - slow to import
    from app.web.api.schemas import ServicesOut  # noqa: PLC0415 - see above

    told = await source.ask("/services", ServicesOut)
    check_services(wanted, told.answer)
    plain = told.plain
    if wanted:
        plain = {**plain, "services": [each for each in plain["services"] if each["id"] in wanted]}
    shown = ServicesOut.model_validate(plain)
    needs_estimates = is_for_people and any(service.status.is_bad for service in shown.services)
    estimates = (await source.ask("/estimates", EstimatesOut)).answer.estimates if needs_estimates else ()
    return _Answer(told=shown, plain=plain, likely={each.service_id: each for each in estimates})


async def _seen(source: Source, wanted: Collection[str]) -> Seen:
    answer = await _ask(source, tuple(wanted), is_for_people=True)
    return Seen(
        made_at=answer.told.made_at, plain=answer.plain, sheet=status_sheet(answer.told, answer.likely, wanted)
    )


def code_of(statuses: Iterable[Status]) -> int:
    """The exit code for the worst of them: nothing that is not known to be up leaves with 0."""
    worst = min(statuses, key=WORST_FIRST.index, default=Status.UNKNOWN)
    return CODES.get(worst, 0)
