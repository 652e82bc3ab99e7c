"""What others publish on npm, asked by tests: `make test` installs it into `tests/node`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "node"
NEEDS_NODE = pytest.mark.skipif(not (FOLDER / "node_modules").is_dir(), reason="`make node` has not been run")


def asked(*command: str, **env: str) -> bytes:
    """What a program says, by Node as the environment of the tests has it; anything but success is an error."""
    folders = (FOLDER / "node_modules" / ".bin", Path(sys.executable).parent)
    path = os.pathsep.join([*map(str, folders), os.environ["PATH"]])
    done = subprocess.run(  # noqa: S603 - commands of tests
        command, cwd=FOLDER, env={**os.environ, **env, "PATH": path}, capture_output=True, check=False, timeout=180
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout
