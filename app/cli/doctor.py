"""`stillup doctor`: is the catalogue still true? Asks everything once and names what has drifted."""

from collections.abc import Sequence
from typing import Any

import typer

from app.cli.asking import Answers, as_json, ask_all
from app.cli.ground import CatalogueOption, ExitCode, JsonFlag, catalogue_or_fail, settings_or_fail, show
from app.cli.pages import PageFound, read_pages
from app.domain.network import NetworkView
from app.domain.result import Blame

DRIFT = (Blame.US_CONFIG, Blame.US_REQUEST)
"""Failures that say that our question is out of date, not that the service is broken."""


def doctor(file: CatalogueOption = None, as_json_flag: JsonFlag = False) -> None:
    """Measure the whole catalogue anew and print drift: which healthy answers and which status pages changed.

    Exit 1 if something drifted, 3 if our own network fails.
    """
    settings = settings_or_fail(catalogue=file)
    catalogue = catalogue_or_fail(settings)
    answers, network = ask_all(list(catalogue.check_by_id.values()), catalogue, settings)
    drifted = [
        (asked, result)
        for asked, result in answers
        if result.failure is not None and result.failure.blame in DRIFT
    ]
    # What cannot be reached from here says nothing of the pages.
    pages = [] if network.works is False else read_pages(catalogue, settings)
    show(
        _found(answers, drifted, network) | {"status_pages": [_page(each) for each in pages]},
        as_json=as_json_flag,
        text=lambda: _print(answers, drifted, network, pages),
    )
    if network.works is False:
        raise typer.Exit(ExitCode.UNKNOWN)
    if drifted or any(each.drift for each in pages):
        raise typer.Exit(ExitCode.BAD)


def _found(answers: Answers, drifted: Answers, network: NetworkView) -> dict[str, Any]:
    return {
        "network": {"works": network.works, "sentence": network.sentence},
        "asked": len(answers),
        "as_described": sum(result.failure is None for _, result in answers),
        "drift": [as_json(asked, result) for asked, result in drifted],
        "other_failures": [
            as_json(asked, result)
            for asked, result in answers
            if result.failure is not None and result.failure.blame not in DRIFT
        ],
    }


def _page(found: PageFound) -> dict[str, Any]:
    page = found.watched.page
    return {"page": found.watched.key, "url": page.url, "kind": page.kind, "drift": list(found.drift)}


def _print(answers: Answers, drifted: Answers, network: NetworkView, pages: Sequence[PageFound]) -> None:
    if network.works is False:
        typer.echo(f"Our own network is failing, so nothing can be said. {network.sentence}")
        return
    typer.echo(network.sentence)
    for asked, result in drifted:
        seen = f"last seen as described on {asked.verified_on}" if asked.verified_on else "never verified"
        sentence = result.failure.sentence if result.failure else ""
        typer.echo(f"DRIFT  {asked.id}  {asked.spec.target}\n       {sentence} ({seen})")
    for asked, result in answers:
        if result.failure is not None and result.failure.blame not in DRIFT:
            typer.echo(f"{result.failure.verdict.value.upper():<7}{asked.id}  {result.failure.sentence}")
    for found in pages:
        for sentence in found.drift:
            typer.echo(f"DRIFT  {found.watched.key}  {found.watched.page.url}\n       {sentence}")
    fine = sum(result.failure is None for _, result in answers)
    typer.echo(f"{fine} of {len(answers)} checks answer as the catalogue says; {len(drifted)} drifted.")
    read = sum(not found.drift for found in pages)
    typer.echo(f"{read} of {len(pages)} status pages are as the catalogue and their format say.")
