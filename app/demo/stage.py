"""Where the demonstration plays: the lab's places for the catalogue, and what its vendors have said before."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from app.demo.past import Episode, Usual
from app.domain.check import Check
from app.domain.result import CheckId
from app.domain.service import Catalogue
from app.domain.status import Status
from app.lab.face import Pace
from app.lab.scenario import IncidentEntry
from app.lab.world import World
from app.probes.http import HttpSpec
from app.probes.inference import InferenceSpec

CATALOGUE = Path(__file__).with_name("catalogue.yaml")
PREFIX = "sim-"
"""What ids of the demonstration begin with, so that they never meet those of the shipped catalogue."""

_PARTS = {"API": "api", "Web app": "web", "Image generation": "images"}
_ON_THE_WAY_MS, _AT_THE_DOOR_MS = 5, 3
_WITH_CERTIFICATES = ("openai", "anthropic", "gemini")


def places(world: World, folder: Path) -> Mapping[str, str]:
    """What the catalogue leaves open, by name; the lab's certificate authority is written into `folder`."""
    authority = folder / "authority.pem"
    authority.write_bytes(world.authority)
    ports = {
        f"LAB_TLS_{vendor.upper()}": str(world.ports.get(f"tls_{vendor}", 443)) for vendor in _WITH_CERTIFICATES
    }
    return {
        "LAB": world.origin,
        "LAB_PORT": world.origin.rpartition(":")[2],
        "LAB_DNS": str(world.ports["dns"]),
        "LAB_TLS": "true" if world.authority else "false",
        "LAB_CA": str(authority),
        **ports,
    }


def usual_of(world: World, catalogue: Catalogue) -> Mapping[CheckId, Usual]:
    """How each check is usually answered."""
    vendors = {PREFIX + vendor.id: vendor.pace for vendor in world.vendors.values()}
    return {
        check.id: _usual(check, vendors[service.vendor_id])
        for service in catalogue.services
        for check in service.checks
    }


def _usual(check: Check, pace: Pace) -> Usual:
    match check.spec:
        case InferenceSpec():
            first = round(pace.first * 1000)
            return Usual(latency_ms=first + _ON_THE_WAY_MS, first_token_ms=first, tokens_per_s=pace.rate)
        case HttpSpec():
            return Usual(latency_ms=round(pace.head * 1000) + _ON_THE_WAY_MS)
        case _:
            return Usual(latency_ms=_AT_THE_DOOR_MS)


def told_before(world: World, episodes: Sequence[Episode], now: datetime) -> Iterator[IncidentEntry]:
    """What the lab's vendors said of those troubles of the past that they spoke of, oldest first."""
    for episode in episodes:
        vendor = world.vendors[episode.service.vendor_id.removeprefix(PREFIX)]
        if vendor.page and episode.said_after is not None:
            yield _told(vendor.id, episode, episode.said_after, now)


def _told(vendor: str, episode: Episode, said_after: timedelta, now: datetime) -> IncidentEntry:
    named = episode.service.components.names
    parts = [_PARTS[name] for name in named] or list(_PARTS.values())
    said = "major_outage" if episode.status is Status.DOWN else "degraded_performance"
    began = episode.began_at + said_after - now
    ended = max(episode.ended_at - now, began) + timedelta(minutes=12)
    return IncidentEntry.model_validate(
        {
            "vendor": vendor,
            "name": episode.title,
            "impact": "major" if episode.status is Status.DOWN else "minor",
            "updates": [
                {
                    "at": began,
                    "status": "investigating",
                    "text": "We are looking into reports of trouble.",
                    "components": dict.fromkeys(parts, said),
                },
                {"at": ended, "status": "resolved", "text": "This is resolved. All works as usual."},
            ],
        }
    )
