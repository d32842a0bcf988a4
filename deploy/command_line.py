"""Shared by all commands: the option `--json`, and how they print and log."""

import getpass
import logging
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.safe_text import LineFormatter, escape_json, escape_line, remove_controls

LOG_FORMAT = "%(levelname)s %(name)s: %(message)s"

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def show(report: Any, as_json: bool, render: Any) -> None:
    """Prints a report, as JSON or as `render` renders it."""
    if as_json:
        show_json(report)
    else:
        console().print(render(report))


def show_json(report: Any) -> None:
    """Prints a report as JSON, in one line."""
    import msgspec

    typer.echo(escape_json(msgspec.json.encode(report, enc_hook=str).decode()))


def say(text: object, *, fg: str | None = None, err: bool = False, nl: bool = True) -> None:
    """Prints text for people, in a colour if one is given. All commands print with this, `show` or `console`.

    The text may come from the stream: a terminal shows it, and does not obey it.
    """
    typer.secho(remove_controls(str(text)), fg=fg, err=err, nl=nl)


def log_to_stderr(level: int) -> None:
    """Logs to stderr: records of `pipelines` from this level on, and warnings of other packages."""
    log_lines(logging.WARNING)
    logging.getLogger("pipelines").setLevel(level)


def log_lines(level: int) -> None:
    """Logs to stderr from this level on, each record as one line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter(LOG_FORMAT))
    # Force it, because Beam configures logging when it is imported.
    logging.basicConfig(level=level, handlers=[handler], force=True)


def console(stderr: bool = False) -> Any:
    """Returns the terminal: stdout, or stderr. It shows text of the stream as it is."""
    from deploy.safe_console import SafeConsole

    return SafeConsole(stderr=stderr)


def print_refusal(place: str, why: str) -> None:
    """Reports a refused input on stderr, with its place and the reason."""
    say(escape_line(f"{place}: {why}"), fg="red", err=True)


def find_program_name() -> str:
    """Returns what to type to call this program: its name if the shell finds it, else its path from here."""
    called = Path(sys.argv[0]).absolute()
    if shutil.which("newsclaims") == str(called) or called.name != "newsclaims":
        return "newsclaims"
    return os.path.relpath(called)


def find_user() -> str | None:
    """Returns the name of the user who is logged in; None if the system has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None
