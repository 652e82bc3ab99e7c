"""The `stillup` command: one file a command, every one with `--json` and an exit code that means something."""

from app.cli.program import program


def main() -> None:
    """Run the command line."""
    program(prog_name="stillup")
