"""`stillup check`: probe now, and print what was met."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from app.cli.asking import PHASES, Answers, as_json, ask_all
from app.cli.completion import complete_services
from app.cli.ground import CatalogueOption, ExitCode, JsonFlag, catalogue_or_fail, fail, settings_or_fail, show
from app.cli.terminal import MARKS
from app.domain.check import Check
from app.domain.network import NetworkView
from app.domain.result import reading
from app.domain.service import Catalogue
from app.domain.status import Status, worst_of


def check(
    ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...",
            help="Services (`claude-api`) or checks (`claude-api/models`).",
            autocompletion=complete_services,
        ),
    ],
    file: CatalogueOption = None,
    as_json_flag: JsonFlag = False,
) -> None:
    """Probe services or single checks now; print phases and reading.

    Exit 1 if one is down, 3 if none can be told.
    """
    settings = settings_or_fail(catalogue=file)
    catalogue = catalogue_or_fail(settings)
    checks = _chosen(ids, catalogue)
    answers, network = ask_all(checks, catalogue, settings)
    show(
        {"network": network.sentence, "results": [as_json(asked, result) for asked, result in answers]},
        as_json=as_json_flag,
        text=lambda: _print(answers, network),
    )
    statuses = [reading(result, asked.thresholds).status for asked, result in answers]
    if Status.DOWN in statuses:
        raise typer.Exit(ExitCode.BAD)
    if worst_of(statuses) is Status.UNKNOWN:
        raise typer.Exit(ExitCode.UNKNOWN)


def _chosen(ids: Sequence[str], catalogue: Catalogue) -> list[Check]:
    by_id: dict[str, Sequence[Check]] = {each.id: each.checks for each in catalogue.services}
    by_id |= {check_id: [known] for check_id, known in catalogue.check_by_id.items()}
    chosen: dict[str, Check] = {}
    for wanted in ids:
        if wanted not in by_id:
            close = get_close_matches(wanted, by_id, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else "; `stillup catalogue list` lists them all."
            fail(ExitCode.USAGE, f"There is no service or check {wanted!r}{hint}")
        # Whoever names a target on the command line vouches for it, private addresses included.
        chosen |= {found.id: replace(found, allow_private=True) for found in by_id[wanted]}
    return list(chosen.values())


def _print(answers: Answers, network: NetworkView) -> None:
    console = Console(highlight=False)
    if network.works is False:
        console.print(f"Our own network is failing: {network.sentence}", style="bold")
    for asked, result in answers:
        judged = reading(result, asked.thresholds)
        mark, colour = MARKS[judged.status]
        console.print(
            Text.assemble(
                (f"{mark} {judged.status.value:<9}", colour), (asked.id, "bold"), f"  {asked.spec.target}"
            )
        )
        console.print(f"            {judged.reason}", markup=False)
        steps = [
            f"{name.removesuffix('_ms').replace('_', ' ')} {value} ms"
            for name in PHASES
            if (value := getattr(result.phases, name)) is not None
        ]
        address = f"  {result.address} ({result.family})" if result.address else ""
        console.print(f"            {' · '.join(steps)}{address}", style="bright_black", markup=False)
