"""`make bench`: measure speed and size on loopback, both sides of a ratio in one run; write docs/benchmarks.md."""

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import canary, engine, listening, probing, reading, scraping, serving, storage
from tests.bench.figures import Figure, Section, pin

SECTIONS: dict[str, Callable[[Path], Section]] = {
    "probing": probing.section,
    "canary": canary.section,
    "engine": engine.section,
    "storage": storage.section,
    "serving": serving.section,
    "reading": reading.section,
    "scraping": scraping.section,
    "listening": listening.section,
}
PAGE = Path("docs/benchmarks.md")
MARKS = {True: "✓", False: "✗", None: "–"}


def main(wanted: Sequence[str]) -> None:
    """Measure the wanted sections, or all of them; only a whole run rewrites the page."""
    pin(0)
    sections = []
    for name in wanted or SECTIONS:
        with tempfile.TemporaryDirectory(prefix="stillup-bench-") as folder:
            sections.append(SECTIONS[name](Path(folder)))
        print(_written(sections[-1]))  # noqa: T201 - this is a command
    if not wanted:
        PAGE.write_text(_page(sections))


def _page(sections: Sequence[Section]) -> str:
    about = (
        "# Benchmarks\n\n"
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}. Ratios are what counts: "
        "both sides were measured in one run on loopback. "
        f"The load average was {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores.\n"
    )
    return about + "".join(f"\n{_written(section)}" for section in sections)


def _written(section: Section) -> str:
    lines = [
        f"## {section.title}\n",
        f"{section.about}\n",
        "| what | ours | against | result | goal | met |",
        "|---|---|---|---|---|---|",
        *(f"| {' | '.join(_cells(figure))} |" for figure in section.figures),
    ]
    return "\n".join(lines) + "\n"


def _cells(figure: Figure) -> tuple[str, ...]:
    return figure.what, figure.ours, figure.reference, figure.result, figure.goal, MARKS[figure.met]


if __name__ == "__main__":
    main(sys.argv[1:])
