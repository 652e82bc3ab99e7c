"""`stillup demo`: the whole program over a simulated world in trouble, with ninety days behind it."""

import asyncio
import socket
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from app.cli.ground import ExitCode, fail
from app.cli.lab import WITHOUT_CERTIFICATES, SeedOption
from app.cli.serve import serve_runtime
from app.demo.furnish import furnish
from app.demo.past import draw_episodes
from app.demo.rounds import in_round, keep_telling, quiet_after
from app.demo.stage import CATALOGUE, places, told_before, usual_of
from app.lab.scenario import Scenario, ScenarioError, load_scenario
from app.lab.vendors import pretended_vendors
from app.lab.world import World, lab_world
from app.settings import Settings
from app.store.engine import open_database
from app.web.server import listen
from app.wiring import read_catalogue, run, upgrade_database

STORY = "image-launch-overload"
SPEND_PER_VENDOR, SPEND_TOTAL = Decimal(5), Decimal(20)
"""Pretended USD a month: enough for canaries that are asked forty times as often as in life."""


_MINUTE = timedelta(minutes=1)


def demo(
    *,
    scenario: Annotated[
        str, typer.Option("--scenario", "-s", metavar="NAME|FILE", help="What happens: by name, or your own.")
    ] = STORY,
    speed: Annotated[float, typer.Option(min=0.1, max=60, help="How many times faster than life it goes.")] = 10,
    host: Annotated[str, typer.Option(help="Address to show the dashboard at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port to show the dashboard at; 0 takes a free one.")
    ] = 8000,
    seed: SeedOption = 1,
) -> None:
    """Show everything at work without a key and without the internet: a simulated world, and a vendor in trouble.

    All of it is pretended and says so on every page. It keeps to a database of its own, which is gone afterwards.
    """
    try:
        story = load_scenario(scenario, pretended_vendors()).hastened(speed)
        with listen(host, port) as listening, tempfile.TemporaryDirectory(prefix="stillup-demo-") as folder:
            settings = Settings(
                data=Path(folder),
                catalogue=CATALOGUE,
                host=host,
                port=port,
                spend_per_vendor=SPEND_PER_VENDOR,
                spend_total=SPEND_TOTAL,
                simulated=True,
            )
            upgrade_database(settings)
            run(_played(settings, story, listening, seed))
    except (ScenarioError, OSError) as error:
        fail(ExitCode.USAGE, f"Cannot start: {error}")


async def _played(settings: Settings, story: Scenario, listening: socket.socket, seed: int) -> None:
    async with lab_world(seed=seed, trouble_ports=True) as world:
        environ = places(world, settings.data)
        full_story = await _furnish(settings, environ, world, story, seed)
        world.play(in_round(full_story, 0))
        _tell(world, listening)
        telling = asyncio.create_task(keep_telling(full_story, world.play, world.clock))
        try:
            await serve_runtime(settings, environ, listening)
        finally:
            telling.cancel()


async def _furnish(
    settings: Settings, environ: Mapping[str, str], world: World, story: Scenario, seed: int
) -> Scenario:
    """Store the past; the answer is the story after what its vendors said of that."""
    catalogue, now = read_catalogue(settings, environ), world.clock.start
    episodes = draw_episodes(catalogue, now, seed)
    database = open_database(settings.database_url)
    try:
        usual = usual_of(world, catalogue)
        await furnish(database, catalogue=catalogue, episodes=episodes, usual=usual, now=now, seed=seed)
    finally:
        await database.close()
    return story.after(list(told_before(world, episodes, now)))


def _tell(world: World, listening: socket.socket) -> None:
    host, port = listening.getsockname()[:2]
    typer.echo(f"{world.scenario.title}: {world.scenario.summary}")
    typer.echo(f"  the dashboard    http://{f'[{host}]' if ':' in host else host}:{port}")
    typer.echo(f"  the lab          {world.origin}/lab   (make more trouble there, see docs/lab.md)")
    if not world.authority:
        typer.echo(WITHOUT_CERTIFICATES)
    lasts, rests = world.scenario.duration / _MINUTE, quiet_after(world.scenario) / _MINUTE
    again = f"it takes {lasts:.0f} minutes, and begins anew after {rests:.0f} quiet ones"
    typer.echo(f"Everything is simulated. The story: {again}. Stop with Ctrl+C.")
