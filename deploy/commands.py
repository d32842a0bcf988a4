"""Commands for servers: set up, start, stop, check and monitor. Each imports what it needs when it is called."""

import logging
from typing import Annotated

import typer

from deploy.command_line import Json, console, log_lines, say, show, show_json


def init(as_json: Json = False) -> None:
    """Create topics, index templates and aliases, and add new fields to existing indices. Safe to repeat."""
    from deploy import bootstrap
    from deploy.settings import Settings

    report = bootstrap.init(Settings.load())
    show(report, as_json, bootstrap.render)


def up(
    fresh: Annotated[bool, typer.Option("--fresh", help="Erase the data of the embedded servers first.")] = False,
    kafka_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of Kafka.")] = None,
    elasticsearch_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of Elasticsearch.")] = None,
    controller_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of Kafka's controller.")] = None,
    as_json: Json = False,
) -> None:
    """Start Kafka and Elasticsearch on this machine, without Docker or root. The first start downloads them."""
    from deploy.local.report import render_changes, show_progress
    from deploy.local.stack import up as start
    from deploy.settings import Settings

    settings = Settings.load().with_ports(kafka_port, elasticsearch_port, controller_port)
    with show_progress(console(stderr=True)) as progress:
        changes = start(settings, fresh=fresh, progress=progress)
    show(changes, as_json, render_changes)


def down(as_json: Json = False) -> None:
    """Stop the embedded servers. Their data is kept for the next `up`."""
    from deploy.local.report import render_changes
    from deploy.local.stack import down as stop
    from deploy.settings import Settings

    show(stop(Settings.load()), as_json, render_changes)


def status(as_json: Json = False) -> None:
    """Show versions, addresses, health and sizes of the servers, and the runs: partitions, lag and counters of each.

    Counters are those of the last 24 hours. Exits with 1 if a server does not work.
    """
    from datetime import UTC, datetime

    from deploy.local.report import render_status
    from deploy.local.status import find_status
    from deploy.monitoring.run_list import find_runs
    from deploy.monitoring.run_table import render_runs
    from deploy.settings import Settings

    settings = Settings.load()
    servers = find_status(settings)
    is_working = all(server.state == "running" for server in servers)
    runs = find_runs(settings, datetime.now(UTC)) if is_working else None
    if as_json:
        show_json({"servers": servers, "runs": runs})
    else:
        for part in (render_status(servers), *(["", render_runs(runs)] if runs else [])):
            console().print(part)
    raise typer.Exit(0 if is_working else 1)


def logs(
    service: Annotated[str, typer.Argument(help="The server: kafka or elasticsearch.")],
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="Number of lines, counted from the end.")] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep printing new lines.")] = False,
) -> None:
    """Print the log of an embedded server."""
    from deploy.local.status import read_logs
    from deploy.settings import Settings

    for line in read_logs(Settings.load(), service, lines=lines, follow=follow):
        say(line)


def doctor(as_json: Json = False) -> None:
    """Check all prerequisites and connections, and say how to fix them. Exits with 1 if a check fails."""
    from deploy.doctor import examine, find_exit_code, render
    from deploy.settings import Settings

    findings = examine(Settings.load())
    show(findings, as_json, render)
    raise typer.Exit(find_exit_code(findings))


def monitor(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port for Prometheus and health checks.")] = 9464,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    interval: Annotated[str, typer.Option(help="Time between two rounds of checks, such as 30s or 5m.")] = "30s",
    once: Annotated[bool, typer.Option("--once", help="Run one round of checks, show it and exit.")] = False,
    retention: Annotated[
        bool, typer.Option("--retention/--no-retention", help="Run `newsclaims retention` once a day.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Measure servers, lag, freshness, sizes and alerts: for the index `health`, and for Prometheus.

    Runs until it is stopped. An unreachable server is reported and checked again in the next round. `--once` exits with
    1 if a check fails.
    """
    from deploy.monitoring import monitor as monitoring
    from deploy.monitoring.table import render
    from deploy.settings import Settings

    settings, seconds = Settings.load(), monitoring.parse_interval(interval)
    if not once:
        log_lines(logging.INFO)
        monitoring.monitor(settings, host, port, seconds, retention)
        return
    found = monitoring.monitor_once(settings)
    if as_json:
        show(found.make_report(), True, str)
    else:
        console().print(render(found))
    raise typer.Exit(1 if found.problems else 0)


alerts = typer.Typer(no_args_is_help=True, help="Show alerts and their thresholds.")


@alerts.command("list")
def list_alerts(as_json: Json = False) -> None:
    """Show every alert: its threshold, its value now, and whether it fires.

    `dashboards/RUNBOOKS.md` says what to do about each alert.
    """
    from datetime import UTC, datetime

    from deploy.monitoring.alert_list import find_alert_statuses, render
    from deploy.settings import Settings

    show(find_alert_statuses(Settings.load(), datetime.now(UTC)), as_json, render)
