"""What nobody would think of, asked of the running API over real HTTP by schemathesis.

`python -m tests.web.fuzz` (`make fuzz`) asks at least `WANTED` generated questions, or as many as fit into
`PATIENCE_S`, and fails where an answer breaks what the description promises.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.web.scenes import SCENES, the_catalogue
from tests.web.serving import served

WANTED: Final = 20_000
PATIENCE_S: Final = 40 * 60
OF_EACH: Final = 600
DESCRIBED: Final = {"/api/v1": "/api/v1", "/api/v2": ""}
"""Where descriptions are, and below which address what they describe."""
CONFIG: Final = Path(__file__).with_name("schemathesis.toml")
PROGRAM: Final = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one run of schemathesis came to: how many questions it generated, and what went wrong in its words."""

    asked: int
    trouble: str


def ask(url: str, folder: Path, *, seed: int, of_each: int, seconds: int, api: str = "/api/v1") -> Round:
    """Have it ask so many questions of each operation, beside the edges of every parameter."""
    report = folder / f"round-{seed}-{Path(api).name}.json"
    arguments = [
        *("--config-file", str(CONFIG), "run", f"{url}{api}/openapi.json", "--url", f"{url}{DESCRIBED[api]}"),
        *("--checks", "all", "--phases", "examples,coverage,fuzzing", "--warnings", "off"),
        *("--max-examples", str(of_each), "--seed", str(seed)),
        *("--report", "json", "--report-json-path", str(report)),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", PROGRAM, *arguments],
            cwd=folder,
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Round(asked=0, trouble=f"not done within {seconds} s")
    told = json.loads(report.read_text()) if report.is_file() else {}
    return Round(asked=_asked(told), trouble="" if done.returncode == 0 else done.stdout[-20_000:] + done.stderr)


def _asked(report: dict[str, dict[str, int]]) -> int:
    return report.get("test_cases", {}).get("generated", 0)


def main() -> int:
    """Ask in rounds, each with a seed of its own, until enough was asked; 1 where something went wrong."""
    began, asked, rounds = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as made, served(Path(made), the_catalogue(), SCENES["bad"]) as url:
        while asked < WANTED and time.monotonic() - began < PATIENCE_S:
            rounds += 1
            for api in DESCRIBED:
                told = ask(url, Path(made), seed=rounds, of_each=OF_EACH, seconds=PATIENCE_S, api=api)
                asked += told.asked
                took = time.monotonic() - began
                sys.stdout.write(f"{api}: {asked:,} questions after {took:.0f} s\n{told.trouble}")
                sys.stdout.flush()
                if told.trouble:
                    return 1
    return 0 if asked >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
