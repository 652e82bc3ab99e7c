"""Metrics as Prometheus' text format 0.0.4 and OpenMetrics 1.0 write them; pure.

The lines of the samples are the same in both; what differs is how a family is announced, and how it all ends.
Written here and not by a library, because a scrape of the shipped catalogue has nine thousand lines (see
`docs/decisions/0008-metrics-are-scraped-and-written-by-ourselves.md`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.histogram import Histogram

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"

_ENDINGS: Final = {"counter": "_total", "info": "_info"}
"""What the name of a sample has that the name of its family in OpenMetrics has not."""


@dataclass(frozen=True, slots=True)
class Family:
    """The samples of one name, which has its `_total` or `_info` in it; `about` is one line."""

    name: str
    kind: str
    about: str
    lines: list[str]


def labelled(**labels: str) -> str:
    """The labels as they stand between the braces."""
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())


def gauge(name: str, about: str, samples: Iterable[tuple[str, float | None]]) -> Family:
    """What may rise and fall, by labels; `None` leaves a sample out."""
    return Family(name, "gauge", about, _lines(name, samples))


def counter(name: str, about: str, samples: Iterable[tuple[str, float]]) -> Family:
    """What only grows, by labels."""
    return Family(name, "counter", about, _lines(name, samples))


def info(name: str, about: str, labels: Iterable[str]) -> Family:
    """What is worth knowing in words: always 1."""
    return Family(name, "info", about, _lines(name, ((each, 1) for each in labels)))


def moments(name: str, about: str, samples: Iterable[tuple[str, datetime | None]]) -> Family:
    """When something happened, in seconds since 1970."""
    seconds = ((labels, None if moment is None else moment.timestamp()) for labels, moment in samples)
    return gauge(name, about, seconds)


def states(
    name: str, about: str, options: type[StrEnum], samples: Iterable[tuple[str, StrEnum]], *, label: str = "status"
) -> Family:
    """Which one of some states holds: 1 for that one, 0 for all others."""
    endings = [(option, f',{label}="{option}"}} ') for option in options]
    return Family(
        name,
        "gauge",
        about,
        [
            f"{name}{{{labels}{ending}{1 if option is now else 0}\n"
            for labels, now in samples
            for option, ending in endings
        ],
    )


def histogram(name: str, about: str, samples: Iterable[tuple[str, Histogram]]) -> Family:
    """How often values fell below each bound, by labels."""
    lines: list[str] = []
    for labels, told in samples:
        reached, before = 0, f"{labels}," if labels else ""
        for bound, count in zip((*told.bounds, "+Inf"), told.counts, strict=True):
            reached += count
            lines.append(f'{name}_bucket{{{before}le="{bound}"}} {reached}\n')
        braces = f"{{{labels}}}" if labels else ""
        lines += [f"{name}_count{braces} {reached}\n", f"{name}_sum{braces} {told.total!r}\n"]
    return Family(name, "histogram", about, lines)


def is_openmetrics(accept: str) -> bool:
    """Whether an `Accept` asks for OpenMetrics; what nobody asks for nobody gets."""
    for offer in accept.lower().split(","):
        kind, *parameters = (part.strip() for part in offer.split(";"))
        if kind == "application/openmetrics-text" and not {"q=0", "q=0.0", "version=0.0.1"} & set(parameters):
            return True
    return False


def written(families: Iterable[Family], *, openmetrics: bool) -> bytes:
    """All of it, in one of the two formats."""
    parts: list[str] = []
    for family in families:
        name, kind = family.name, family.kind
        if openmetrics:
            name = name.removesuffix(_ENDINGS.get(kind, ""))
        elif kind == "info":
            kind = "gauge"
        parts.append(f"# HELP {name} {family.about}\n# TYPE {name} {kind}\n")
        parts += family.lines
    if openmetrics:
        parts.append("# EOF\n")
    return "".join(parts).encode()


def _lines(name: str, samples: Iterable[tuple[str, float | None]]) -> list[str]:
    return [
        f"{name}{{{labels}}} {value!r}\n" if labels else f"{name} {value!r}\n"
        for labels, value in samples
        if value is not None
    ]


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
