"""What all commands share: an option, and how they show and log."""

import logging
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def show(report: Any, as_json: bool, render: Any) -> None:
    """Prints a report: as JSON, or as its own view."""
    if as_json:
        import msgspec

        typer.echo(msgspec.json.encode(report, enc_hook=str).decode())
    else:
        console().print(render(report))


def log_to_stderr(level: int) -> None:
    """Logs what our packages say from this level on, and warnings of others."""
    # By force: Beam configures logging while it is imported.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", force=True)
    logging.getLogger("pipelines").setLevel(level)


def console(stderr: bool = False) -> Any:
    """The terminal."""
    from rich.console import Console

    return Console(highlight=False, stderr=stderr)
