"""newsclaims: the command line. It only puts the commands together; each is in the `commands` of its package."""

import logging
import os
import sys
from collections.abc import Collection

import typer

import connectors.commands
import dashboards.commands
import deploy.command_line
import deploy.commands
import deploy.data_commands
import deploy.security.commands
import pipelines.commands.takedowns
from pipelines.commands import (
    aliases,
    archive,
    dead_letters,
    demo,
    extract,
    job,
    marks,
    offsets,
    reprocess,
    stories,
    watches,
)  # fmt: skip
from schemas.errors import NewsclaimsError

app = typer.Typer(
    name="newsclaims",
    help="Turns news feeds into a live, searchable record of claims: who says what, with which figure, and how sure.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
)

TRY, STACK, RUN = "Try it", "Embedded servers", "Run it"

COMMANDS = (
    (TRY, extract.extract),
    (TRY, demo.demo),
    (RUN, deploy.commands.init),
    (RUN, connectors.commands.publish),
    (STACK, deploy.commands.up),
    (STACK, deploy.commands.down),
    (STACK, deploy.commands.status),
    (STACK, deploy.commands.logs),
    (STACK, deploy.commands.doctor),
    (RUN, job.run),
    (RUN, pipelines.commands.takedowns.forget),
    (RUN, deploy.commands.monitor),
    (RUN, deploy.data_commands.retention),
    (RUN, dashboards.commands.report),
    (RUN, dashboards.commands.follow),
    (RUN, deploy.data_commands.capacity),
)
GROUPS = (
    ("dead-letters", dead_letters.letters),
    ("backup", deploy.data_commands.backup),
    ("offsets", offsets.offsets),
    ("archive", archive.archive),
    ("reprocess", reprocess.reprocess),
    ("alerts", deploy.commands.alerts),
    ("feeds", connectors.commands.feeds),
    ("export", dashboards.commands.exports),
    ("takedowns", pipelines.commands.takedowns.takedowns),
    ("watches", watches.watches),
    ("stories", stories.stories),
    ("marks", marks.marks),
    ("aliases", aliases.aliases),
    ("assertions", deploy.data_commands.assertions),
    ("kibana", dashboards.commands.kibana),
    ("dashboards", dashboards.commands.boards),
    ("roles", deploy.security.commands.roles),
)


@app.callback()
def pass_unit_classes(context: typer.Context) -> None:
    """Passes `list_unit_classes` to the commands of the dashboards, which do not import the text rules."""
    context.obj = list_unit_classes


def list_unit_classes() -> Collection[str]:
    """Returns every class that the unit of a figure may have."""
    from pipelines.text.figures import units

    return units.standard_units().classes


for panel, command in COMMANDS:
    app.command(rich_help_panel=panel)(command)
for name, group in GROUPS:
    app.add_typer(group, name=name, rich_help_panel=RUN)


def main() -> None:
    """Entry point of the `newsclaims` command: errors we raise on purpose are one sentence, not a traceback."""
    # The commands report in their own words what these clients log as errors, or wait until it has passed.
    for chatty in ("kafka", "elastic_transport", "elasticsearch"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    try:
        app()
    except NewsclaimsError as error:
        deploy.command_line.say(f"newsclaims: {error}", fg="red", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader (`| head`) has gone; Python would complain once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
