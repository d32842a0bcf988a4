"""`newsclaims run`. What the command needs is imported when it is called."""

import logging
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

import typer

from deploy.command_line import Json, log_to_stderr, show


class Runner(StrEnum):
    """What runs the job: worker processes of this machine, or a Flink cluster."""

    local = "local"
    flink = "flink"


def run(  # noqa: PLR0913 - typer takes one parameter for each option
    workers: Annotated[int, typer.Option(min=1, help="Worker processes, which share the topic's partitions.")] = 1,
    until_caught_up: Annotated[bool, typer.Option(help="End at the current end of the topic.")] = False,
    start: Annotated[
        str, typer.Option(help="Where to start: committed, earliest, latest, or a time such as 2024-10-28T12:00Z.")
    ] = "committed",
    dead_letter_limit: Annotated[
        str | None,
        typer.Option(
            metavar="PERCENT|off",
            help="Stop if more of the recent messages become dead letters. Default: NEWSCLAIMS_DEAD_LETTER_LIMIT, or "
            "50%.",
        ),
    ] = None,
    max_bundles: Annotated[int, typer.Option(min=1, help="Replace a worker after this many bundles.")] = 4000,
    max_megabytes: Annotated[int, typer.Option(min=300, help="Replace a worker that uses this much memory.")] = 1024,
    metrics_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Serve the run's Prometheus metrics and /healthz here.")
    ] = None,
    metrics_host: Annotated[str, typer.Option(help="Address to serve them at; 0.0.0.0 for all.")] = "127.0.0.1",
    runner: Annotated[Runner, typer.Option(help="Run on this machine, or on the cluster at FLINK_URL.")] = Runner.local,
    restore: Annotated[
        str,
        typer.Option(
            metavar="auto|none|PATH",
            help="Flink: continue from the last savepoint or complete checkpoint, from the offsets of the group, or "
            "from this savepoint or checkpoint.",
        ),
    ] = "auto",
    checkpoint_seconds: Annotated[float, typer.Option(min=1, help="Flink: time between checkpoints.")] = 30,
    checkpoint_limit: Annotated[
        float, typer.Option(min=0.5, help="Flink: start afresh from the group's offsets at this size, in megabytes.")
    ] = 200,
    turn_seconds: Annotated[
        float, typer.Option(min=0.1, max=60, help="Flink: how long a partition is read at a time.")
    ] = 5,
    as_json: Json = False,
) -> None:
    """Run the job until it is stopped: raw articles become articles, claims and figures in Elasticsearch.

    SIGTERM and Ctrl-C finish the current bundle, commit and end. The job waits while Elasticsearch is unreachable.
    Exits with 65 if too many messages become dead letters. On Flink, --workers is the parallelism, a stop takes a
    savepoint, and the next run continues from it.
    """
    from dataclasses import replace
    from functools import partial

    from deploy import bootstrap
    from deploy.settings import Settings
    from deploy.settings.limits import parse_dead_letter_limit
    from pipelines.run.catching_up import refresh_less_while_behind
    from pipelines.run.health import record_health
    from pipelines.run.options import make_run_options, parse_start
    from pipelines.run.supervisor import RunLimits
    from pipelines.run.supervisor import run as supervise
    from schemas.errors import Permanent

    log_to_stderr(logging.INFO)
    settings = Settings.load()
    if dead_letter_limit is not None:
        settings = replace(
            settings, dead_letter_limit=parse_dead_letter_limit(dead_letter_limit, "--dead-letter-limit")
        )
    if runner is Runner.flink and until_caught_up:
        raise Permanent("--until-caught-up is not for --runner flink: a job on Flink runs until it is stopped.")
    bootstrap.check(settings)
    begin = parse_start(start)
    job: Callable[..., dict[str, Any]]
    if runner is Runner.flink:
        from pipelines.flink.options import make_flink_options
        from pipelines.flink.runner import run as run_on_flink

        on_flink = make_flink_options(
            settings, workers, begin, restore, checkpoint_seconds, checkpoint_limit, turn_seconds
        )
        job = partial(run_on_flink, on_flink)
    else:
        limits = RunLimits(bundles=max_bundles, megabytes=max_megabytes)
        job = partial(supervise, make_run_options(settings, workers, until_caught_up, begin, limits))
    address = (metrics_host, metrics_port) if metrics_port else None
    with record_health(settings, address=address) as record, refresh_less_while_behind(settings) as follow_lag:
        summary = job(watch=pass_to(record, follow_lag))
    if as_json:
        show(summary, True, str)


def pass_to(*watchers: Callable[[Any], None]) -> Callable[[Any], None]:
    """Returns a function that passes a status of the run to each of these."""

    def watch(status: Any) -> None:
        for watcher in watchers:
            watcher(status)

    return watch
