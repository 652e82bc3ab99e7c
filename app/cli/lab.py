"""`stillup lab`: the simulated outside world, to rehearse in, until told to stop."""

import json
from typing import Annotated, Any

import typer

from app.cli.ground import ExitCode, JsonFlag, fail
from app.lab.clock import LabClock
from app.lab.scenario import Scenario, ScenarioError, load_scenario, scenario_names
from app.lab.vendors import pretended_vendors
from app.lab.world import World, serve
from app.wiring import run

WITHOUT_CERTIFICATES = (
    "Ports with certificates are left out: install trustme for them (`pip install 'stillup[lab]'`)."
)

ScenarioOption = Annotated[
    str | None, typer.Option("--scenario", "-s", metavar="NAME|FILE", help="What happens: by name, or your own.")
]
SeedOption = Annotated[int, typer.Option(help="The same seed gives the same draws to the same requests.")]


def lab(
    *,
    scenario: ScenarioOption = None,
    speed: Annotated[
        float, typer.Option(min=0, max=3600, help="How many times faster than life the script runs; 0: by hand.")
    ] = 1,
    host: Annotated[str, typer.Option(help="Address of this machine to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on; 0 takes a free one.")] = 8800,
    trouble_ports: Annotated[
        bool,
        typer.Option("--trouble-ports/--no-trouble-ports", help="Open ports for TLS, TCP and DNS trouble too."),
    ] = True,
    seed: SeedOption = 1,
    listing: Annotated[
        bool, typer.Option("--list", help="List the scenarios that come with it, and leave.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Serve a simulated outside world: model APIs, web apps and status pages that fail in all their real ways.

    It is controlled at /lab on its own port. Nothing in it is run by, or says anything about, a real vendor.
    """
    try:
        if listing:
            return _list(as_json=as_json)
        script = load_scenario(scenario, pretended_vendors()) if scenario else None
        serving = serve(
            script,
            clock=LabClock(rate=speed),
            seed=seed,
            host=host,
            port=port,
            trouble_ports=trouble_ports,
            ready=lambda world: _tell(world, as_json=as_json, wants_certificates=trouble_ports),
        )
        return run(serving)
    except (ScenarioError, OSError) as error:
        fail(ExitCode.USAGE, f"Cannot open the lab: {error}")


def _list(*, as_json: bool) -> None:
    known = {name: load_scenario(name, pretended_vendors()) for name in scenario_names()}
    if as_json:
        typer.echo(json.dumps({"scenarios": [_described(name, one) for name, one in known.items()]}, indent=2))
        return
    for name, one in known.items():
        typer.echo(f"{name:<24}{one.summary}")


def _described(name: str, scenario: Scenario) -> dict[str, Any]:
    return {
        "name": name,
        "title": scenario.title,
        "summary": scenario.summary,
        "duration_s": scenario.duration.total_seconds(),
    }


def _tell(world: World, *, as_json: bool, wants_certificates: bool) -> None:
    """Say where everybody is, once it listens: one line of JSON for programs, a table for people."""
    if as_json:
        addresses = {
            one.id: {surface.value: world.url(one.id, surface) for surface in one.surfaces()}
            for one in world.vendors.values()
        }
        told = {"control": f"{world.origin}/lab", "ports": world.ports, "vendors": addresses}
        typer.echo(json.dumps(told))
        return
    typer.echo(f"{world.scenario.title}: {world.scenario.summary}")
    for one in world.vendors.values():
        typer.echo(f"  {one.name:<26}{world.base_url(one.id)}{_page(world, one.id)}")
    for name, number in world.ports.items():
        typer.echo(f"  {name:<26}port {number}")
    if wants_certificates and not world.authority:
        typer.echo(WITHOUT_CERTIFICATES)
    typer.echo(f"Look and turn the knobs at {world.origin}/lab. Everything here is simulated. Stop with Ctrl+C.")


def _page(world: World, vendor: str) -> str:
    return f"   status page {world.url(vendor, 'status')}" if world.vendors[vendor].page else ""
