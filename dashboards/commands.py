"""The commands of the dashboards, which `newsclaims.py` adds to the command line.

Each package defines its own; those that concern the generated files of several packages are here.
"""

from pathlib import Path
from typing import Annotated

import typer

from dashboards.exports.commands import exports
from dashboards.grafana.commands import boards
from dashboards.kibana.commands import kibana
from dashboards.report.commands import report
from deploy.command_line import Json, say, show

__all__ = ["boards", "exports", "follow", "kibana", "report"]


def follow(
    words: Annotated[str, typer.Argument(help="Words of a dispute or claim, or the id of a dispute or assertion.")],
    as_json: Json = False,
) -> None:
    """Show who said which figure about one question, from the first on, how sure, and how often it was repeated."""
    from dashboards.terminal.follow import follow as find_timeline
    from dashboards.terminal.follow import render_timeline
    from deploy.settings import Settings

    show(find_timeline(Settings.load(), words), as_json, render_timeline)


@boards.command("build")
def build_boards(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the files.")] = Path("grafana-files"),
) -> None:
    """Write boards and provisioning files for Grafana: for a plain server, for Compose and for Kubernetes."""
    from dashboards.build import write_files
    from deploy.settings import Settings

    for path in write_files(output, Settings.load()):
        say(str(path))


@boards.command("check")
def check_boards() -> None:
    """Check boards and rules: fields, metrics, units, descriptions, generated files. Exits with 1 on a problem."""
    from dashboards.build import find_stale_files
    from dashboards.grafana.lint import count_checked, find_problems

    problems = [*find_problems(), *find_stale_files()]
    for problem in problems:
        say(problem, fg="red", err=True)
    say(f"{count_checked()} checked" + (f", {len(problems)} problems" if problems else ", no problems"))
    raise typer.Exit(1 if problems else 0)
