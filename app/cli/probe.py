"""`stillup probe`: ask once what no catalogue knows, and print everything that was met."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from app.catalogue.interpolate import interpolate
from app.cli.asking import PHASES, as_json
from app.cli.ground import ExitCode, JsonFlag, fail, settings_or_fail, show
from app.cli.terminal import MARKS
from app.clock import SystemClock
from app.domain.check import Check
from app.domain.result import CheckId, ProbeResult, Region, reading
from app.domain.status import Status
from app.pipeline.ask import Asker
from app.probes.dialects.registry import DialectName
from app.probes.inference import InferenceSpec, Patience
from app.settings import Settings, environment
from app.wiring import KINDS, run, user_agent

probe = typer.Typer(name="probe", help="Ask once, without a catalogue.", no_args_is_help=True)

_MICROSECONDS = 1_000_000
_NANODOLLARS = 1_000_000_000


@probe.callback()
def _group() -> None:
    """Ask once, without a catalogue."""


@probe.command()
def inference(
    *,
    dialect: Annotated[DialectName, typer.Option(help="How the API is spoken to.")],
    base_url: Annotated[str, typer.Option(help="The address that the vendor's own SDK is given.")],
    model: Annotated[str, typer.Option(help="Which model to ask.")],
    key_env: Annotated[
        str | None, typer.Option(metavar="NAME", help="Environment variable (or NAME_FILE) that has the key.")
    ] = None,
    prompt: Annotated[str | None, typer.Option(help="What to ask; without it, to repeat a new word.")] = None,
    expect: Annotated[str | None, typer.Option(metavar="TEXT|any", help="What the answer must contain.")] = None,
    max_tokens: Annotated[int, typer.Option(min=1, max=4096, help="At most so many tokens are spent.")] = 16,
    timeout: Annotated[float, typer.Option(min=0.1, max=600, help="Seconds, all together.")] = 60.0,
    ca_file: Annotated[str | None, typer.Option(help="A PEM file of roots to trust besides.")] = None,
    as_json_flag: JsonFlag = False,
) -> None:
    """Ask a model once and print reading, blame, failure, phases and token timings.

    Exit 1 if it is degraded or down, 3 if that cannot be told.
    """
    settings = settings_or_fail()
    try:
        key = interpolate(f"${{{key_env}}}", environment()) if key_env else None
        spec = InferenceSpec(
            dialect=dialect,
            base_url=base_url,
            model=model,
            key=key,
            prompt=prompt,
            expect=expect,
            max_tokens=max_tokens,
            timeouts=Patience(total=timedelta(seconds=timeout)),
            ca_file=ca_file,
        )
    except ValueError as error:
        fail(ExitCode.USAGE, str(error))
    _ask(_check(spec), settings, as_json_flag=as_json_flag)


def _check(spec: InferenceSpec) -> Check:
    # Whoever types an address vouches for it, private ones included.
    check_id = CheckId("cli/inference")
    return Check(id=check_id, service_id="cli", name="inference", kind="inference", spec=spec, allow_private=True)


def _ask(asked: Check, settings: Settings, *, as_json_flag: bool) -> None:
    result = run(_asked(asked, settings))
    show(_told(asked, result), as_json=as_json_flag, text=lambda: _print(asked, result))
    status = reading(result, asked.thresholds).status
    if status.is_bad:
        raise typer.Exit(ExitCode.BAD)
    if status is Status.UNKNOWN:
        raise typer.Exit(ExitCode.UNKNOWN)


async def _asked(asked: Check, settings: Settings) -> ProbeResult:
    clock = SystemClock()
    asker = Asker(kinds=KINDS, clock=clock, region=Region(settings.region), user_agent=user_agent(settings))
    return await asker.ask(asked, clock.now())


def _told(asked: Check, result: ProbeResult) -> dict[str, Any]:
    told = as_json(asked, result)
    failure = result.failure
    return {
        **told,
        "blame": failure and failure.blame,
        "failure_kind": failure and failure.kind,
        "tokens_per_s": _per_second(result.figures),
        "cost_usd": _cost(result.figures),
    }


def _per_second(figures: Mapping[str, int]) -> float | None:
    return round(_MICROSECONDS / figures["tpot_us"], 2) if figures.get("tpot_us") else None


def _cost(figures: Mapping[str, int]) -> float | None:
    return figures["cost_nusd"] / _NANODOLLARS if "cost_nusd" in figures else None


def _print(asked: Check, result: ProbeResult) -> None:
    console = Console(highlight=False)
    judged = reading(result, asked.thresholds)
    mark, colour = MARKS[judged.status]
    console.print(Text.assemble((f"{mark} {judged.status.value:<9}", colour), asked.spec.target))
    console.print(f"  {judged.reason}", markup=False)
    if result.failure is not None:
        console.print(f"  {result.failure.kind}, blame {result.failure.blame}", markup=False)
    phases = {name: value for name in PHASES if (value := getattr(result.phases, name)) is not None}
    derived = {"tokens_per_s": _per_second(result.figures), "cost_usd": _cost(result.figures)}
    for name, value in {**phases, **result.figures, **derived, **result.evidence}.items():
        if value is not None:
            console.print(f"  {name:<18} {value}", markup=False, soft_wrap=True)
