"""`newsclaims archive`. What a command needs is imported when it is called."""

import logging
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.command_line import Json, log_to_stderr, show

if TYPE_CHECKING:
    from deploy.settings import Settings
    from pipelines.archive.store import ArchiveFile, ArchiveStore

archive = typer.Typer(no_args_is_help=True, help="Keep raw articles as compressed files, in a folder or in S3.")

Place = Annotated[
    str | None,
    typer.Option("--archive", help="Folder, or s3://BUCKET/FOLDER; default: the setting NEWSCLAIMS_ARCHIVE."),
]
Retention = Annotated[
    int | None,
    typer.Option("--retention", min=1, help="Days to keep; default: the setting NEWSCLAIMS_ARCHIVE_DAYS."),
]

PRUNE_SECONDS = 3600.0
"""How often a run deletes what is older than the retention."""


@archive.command("run")
def run_archive(
    place: Place = None,
    every: Annotated[str, typer.Option(help="How long a message waits for its file at most: 30s, 10m, 1h.")] = "10m",
    retention: Retention = None,
    until_caught_up: Annotated[bool, typer.Option(help="End at the current end of the topic.")] = False,
    as_json: Json = False,
) -> None:
    """Copy the topic raw-articles into files until it is stopped. Continues where it ended.

    SIGTERM and Ctrl-C write what was read, commit and end. It waits while the storage is unreachable.
    """
    import time

    from deploy.settings import Settings
    from deploy.signals import stop_signals
    from deploy.takedowns import TakedownList
    from pipelines import lifecycle
    from pipelines.archive.archiver import Archiver
    from schemas.durations import parse_duration

    log_to_stderr(logging.INFO)
    settings = Settings.load()
    store = open_store(settings, place)
    try:
        seconds = parse_duration(every)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--every") from error
    days = retention or settings.archive_days
    pruned_at = 0.0

    def prune_now_and_then() -> None:
        nonlocal pruned_at
        if days and (not pruned_at or time.monotonic() - pruned_at >= PRUNE_SECONDS):
            pruned_at = time.monotonic()
            delete_expired(store, days, dry_run=False)

    consumer = {**settings.kafka.client_options(), "group_id": f"{settings.group}-archive"}
    with stop_signals(lifecycle.stop_requested.set):
        archiver = Archiver(store, consumer, seconds, until_caught_up, TakedownList(settings).covers)
        done = archiver.run(prune_now_and_then)
    show(done, as_json, lambda done: done.describe())


@archive.command("list")
def list_archive(place: Place = None, as_json: Json = False) -> None:
    """Show the files of the archive: day, partition, offsets and size."""
    from deploy.settings import Settings

    show(open_store(Settings.load(), place).list_files(), as_json, render_files)


@archive.command("prune")
def prune_archive(
    place: Place = None,
    retention: Retention = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and delete nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Delete the files whose last message is older than the retention."""
    from deploy.settings import Settings

    settings = Settings.load()
    days = retention or settings.archive_days
    if days is None:
        raise typer.BadParameter("give the days, or set NEWSCLAIMS_ARCHIVE_DAYS", param_hint="--retention")
    show(delete_expired(open_store(settings, place), days, dry_run), as_json, render_files)


def open_store(settings: "Settings", place: str | None) -> "ArchiveStore":
    """Opens the archive of the option or of the settings. Raises `Permanent` if neither names one."""
    from pipelines.archive.store import ArchiveStore
    from schemas.errors import Permanent

    found = place or settings.archive
    if not found:
        raise Permanent("no archive is named: give --archive, or set NEWSCLAIMS_ARCHIVE")
    return ArchiveStore.open(found)


def delete_expired(store: "ArchiveStore", days: int, dry_run: bool) -> "list[ArchiveFile]":
    """Deletes what is older than the retention."""
    from datetime import UTC, datetime

    from pipelines.archive.retention import prune

    return prune(store, days, datetime.now(UTC).date(), dry_run)


def render_files(files: "list[ArchiveFile]") -> Any:
    """Renders files for a terminal, with their sum."""
    from rich.table import Table

    table = Table("day", "partition", "offsets", "bytes", "file", box=None, pad_edge=False)
    for file in files:
        table.add_row(str(file.day), str(file.partition), f"{file.first}–{file.last}", f"{file.size:,}", file.name)
    table.caption = f"{len(files):,} files, {sum(file.size for file in files):,} bytes"
    return table
