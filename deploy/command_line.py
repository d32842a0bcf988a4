"""Shared by all commands: the option `--json`, and how they print and log."""

import logging
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def show(report: Any, as_json: bool, render: Any) -> None:
    """Prints a report, as JSON or as `render` renders it."""
    if as_json:
        import msgspec

        typer.echo(msgspec.json.encode(report, enc_hook=str).decode())
    else:
        console().print(render(report))


def log_to_stderr(level: int) -> None:
    """Logs to stderr: records of `pipelines` from this level on, and warnings of other packages."""
    # Force it, because Beam configures logging when it is imported.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", force=True)
    logging.getLogger("pipelines").setLevel(level)


def console(stderr: bool = False) -> Any:
    """Returns the terminal: stdout, or stderr."""
    from rich.console import Console

    return Console(highlight=False, stderr=stderr)


def print_refusal(place: str, why: str) -> None:
    """Reports a refused input on stderr, with its place and the reason."""
    typer.secho(f"{place}: {why}", fg="red", err=True)


def find_program_name() -> str:
    """Returns what to type to call this program: its name if the shell finds it, else its path from here."""
    called = Path(sys.argv[0]).absolute()
    if shutil.which("newsclaims") == str(called) or called.name != "newsclaims":
        return "newsclaims"
    return os.path.relpath(called)
