"""Commands for servers: set up, start, stop, check and monitor. What a command needs is imported when it is called."""

import logging
from typing import Annotated

import typer

from deploy.command_line import Json, console, show


def init(as_json: Json = False) -> None:
    """Create topics, index templates and aliases. Safe to repeat; adds new fields to existing indices."""
    from deploy import bootstrap
    from deploy.settings import Settings

    report = bootstrap.init(Settings.load())
    show(report, as_json, bootstrap.render)


def up(
    fresh: Annotated[bool, typer.Option("--fresh", help="Start empty: erases what the embedded servers hold.")] = False,
    kafka_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of Kafka.")] = None,
    elasticsearch_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of Elasticsearch.")] = None,
    controller_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of Kafka's controller.")] = None,
    as_json: Json = False,
) -> None:
    """Start Kafka and Elasticsearch on this machine: no Docker, no root. The first start downloads them, once."""
    from deploy.local.report import live_progress, render_changes
    from deploy.local.stack import up as start
    from deploy.settings import Settings

    settings = Settings.load().with_ports(kafka_port, elasticsearch_port, controller_port)
    with live_progress(console(stderr=True)) as progress:
        changes = start(settings, fresh=fresh, progress=progress)
    show(changes, as_json, render_changes)


def down(as_json: Json = False) -> None:
    """Stop the embedded servers. Their data stays for the next `up`."""
    from deploy.local.report import render_changes
    from deploy.local.stack import down as stop
    from deploy.settings import Settings

    show(stop(Settings.load()), as_json, render_changes)


def status(as_json: Json = False) -> None:
    """Show versions, addresses, health and sizes of the servers. Exits with 1 where one does not work."""
    from deploy.local.report import render_status
    from deploy.local.status import status as look
    from deploy.settings import Settings

    report = look(Settings.load())
    show(report, as_json, render_status)
    raise typer.Exit(0 if all(server.state == "running" for server in report) else 1)


def logs(
    service: Annotated[str, typer.Argument(help="kafka or elasticsearch.")],
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of the last lines.")] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is written from now on.")] = False,
) -> None:
    """Print the log of an embedded server."""
    from deploy.local.status import logs as read
    from deploy.settings import Settings

    for line in read(Settings.load(), service, lines=lines, follow=follow):
        typer.echo(line)


def doctor(as_json: Json = False) -> None:
    """Check every prerequisite and connection, and say what to do. Exits with 1 where something is missing."""
    from deploy.doctor import examine, exit_code, render
    from deploy.settings import Settings

    findings = examine(Settings.load())
    show(findings, as_json, render)
    raise typer.Exit(exit_code(findings))


def monitor(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port for Prometheus and health checks.")] = 9464,
    host: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 for all.")] = "127.0.0.1",
    interval: Annotated[str, typer.Option(help="Time between two rounds, such as 30s or 5m.")] = "30s",
    once: Annotated[bool, typer.Option("--once", help="Make one round, show it and end.")] = False,
    as_json: Json = False,
) -> None:
    """Watch lag, freshness, sizes and servers: into the index `health`, and as Prometheus metrics on a port.

    Runs until stopped; a server that is away is told and asked again. `--once` exits with 1 where something is wrong.
    """
    from deploy.monitoring import monitor as monitoring
    from deploy.monitoring.table import render
    from deploy.settings import Settings

    settings, seconds = Settings.load(), monitoring.parsed_interval(interval)
    if not once:
        logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
        monitoring.monitor(settings, host, port, seconds)
        return
    found = monitoring.look_once(settings)
    if as_json:
        show(found.report(), True, str)
    else:
        console().print(render(found))
    raise typer.Exit(1 if found.problems else 0)


alerts = typer.Typer(no_args_is_help=True, help="See what alerts say, with their thresholds.")


@alerts.command("list")
def list_alerts(as_json: Json = False) -> None:
    """Show every alert, its threshold and its number now, and whether it fires.

    `dashboards/RUNBOOKS.md` says what to do about each.
    """
    from datetime import UTC, datetime

    from deploy.monitoring.alert_list import render, standings
    from deploy.settings import Settings

    show(standings(Settings.load(), datetime.now(UTC)), as_json, render)
