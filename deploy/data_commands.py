"""Commands for data that is kept: backups and retention. Each imports what it needs when it is called."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.capacity.commands import capacity as capacity
from deploy.command_line import Json, console, say, show

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from deploy.settings import Settings


def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be dropped and why, and drop nothing.")
    ] = False,
    export_marked: Annotated[
        Path | None,
        typer.Option(help="Write claims that analysts marked to this new file, and drop their buckets too."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Drop indices that are beyond their `retention_days` in indices.yaml, and thin old health samples.

    A bucket with marked claims is kept. `newsclaims monitor` does the same once a day.
    """
    from datetime import UTC, datetime

    from deploy.retention.report import render
    from deploy.retention.run import run_retention
    from deploy.settings import Settings

    show(run_retention(Settings.load(), datetime.now(UTC), dry_run, export_marked), as_json, render)


assertions = typer.Typer(no_args_is_help=True, help="First appearance and repeats of what is claimed.")


@assertions.command("refresh")
def refresh_assertions(
    full: Annotated[bool, typer.Option("--full", help="Count from all claims.")] = False,
    as_json: Json = False,
) -> None:
    """Count the assertions again whose claims have changed. Safe to repeat, also while a job runs.

    `newsclaims monitor` does the same once a minute, and `--full` once a day.
    """
    from deploy.assertions.refreshing import PassResult, refresh
    from deploy.settings import Settings

    show(refresh(Settings.load(), full), as_json, PassResult.describe)


backup = typer.Typer(no_args_is_help=True, help="Store the indices as snapshots of Elasticsearch, and restore them.")


@backup.command("create")
def create_backup(
    name: Annotated[str | None, typer.Argument(help="Name of the snapshot; without it, the time.")] = None,
    location: Annotated[
        str | None,
        typer.Option(help="Directory of a new repository, below path.repo of every node; default: its name."),
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Then delete the oldest, so that this many whole ones are left.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Take a snapshot of all indices while everything runs. Only what changed since the last one is copied."""
    from datetime import UTC, datetime

    from deploy.backup import snapshots
    from deploy.backup.report import render_snapshots
    from deploy.settings import Settings

    settings = Settings.load()
    repository = settings.backup_repository
    with connect(settings) as client, console(stderr=True).status("Storing the indices …") as status:
        snapshots.ensure_repository(client, repository, location)
        found = snapshots.create_snapshot(
            client, repository, name or snapshots.make_name(datetime.now(UTC)), status.update
        )
        deleted = snapshots.delete_old(client, repository, keep) if keep else []
    show([found], as_json, render_snapshots)
    for old in deleted:
        say(f"deleted {old}", err=True)


@backup.command("list")
def list_backups(as_json: Json = False) -> None:
    """Show the snapshots that `newsclaims backup create` took, the oldest first."""
    from deploy.backup import snapshots
    from deploy.backup.report import render_snapshots
    from deploy.settings import Settings

    settings = Settings.load()
    with connect(settings) as client:
        show(snapshots.list_snapshots(client, settings.backup_repository), as_json, render_snapshots)


@backup.command("restore")
def restore_backup(
    name: Annotated[str, typer.Argument(help="Name of the snapshot, or latest.")],
    prefix: Annotated[
        str, typer.Option(help="Restore next to the live indices: names and aliases begin with this, such as old-.")
    ] = "",
    index: Annotated[
        list[str] | None, typer.Option(help="Only these indices, such as 'claims-g1-2024*'. Repeat for more.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Restore a snapshot into a server without our documents, or next to them with --prefix.

    Stop the job first. Afterwards, `newsclaims offsets reset --to TIME` makes it read what came after the snapshot.
    """
    import re

    from deploy.backup import restoring
    from deploy.backup.report import render_restored
    from deploy.settings import Settings
    from schemas.errors import Permanent

    if not re.fullmatch(r"([a-z][a-z0-9_-]{0,40})?", prefix):
        raise Permanent(f"--prefix is {prefix!r}: it must begin with a letter, and have a-z, 0-9, _ and - only")
    settings = Settings.load()
    with connect(settings) as client, console(stderr=True).status("Restoring …"):
        snapshot = restoring.find_snapshot(client, settings.backup_repository, name)
        chosen = restoring.choose_indices(snapshot, index or ())
        families = settings.load_index_settings()
        restored = restoring.restore(client, settings.backup_repository, snapshot, chosen, prefix, families)
    show(restored, as_json, render_restored)
    if not prefix:
        began = f"{snapshot.started_at:%Y-%m-%dT%H:%M:%SZ}"
        say(f"To read what came after it: newsclaims offsets reset --to {began}", err=True)


@contextmanager
def connect(settings: "Settings") -> Iterator["Elasticsearch"]:
    """Yields a client with time for slow requests."""
    from elasticsearch import Elasticsearch

    with Elasticsearch(**settings.elasticsearch.client_options(), request_timeout=120, max_retries=0) as client:
        yield client
