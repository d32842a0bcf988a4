"""How long an archive keeps its files."""

from datetime import date, timedelta

from pipelines.archive.store import ArchiveFile, ArchiveStore


def find_expired(store: ArchiveStore, days: int, today: date) -> list[ArchiveFile]:
    """Returns the files whose last message is more than so many days old. Raises as the store does."""
    first_kept = today - timedelta(days=days)
    return [file for file in store.list_files() if file.day < first_kept]


def prune(store: ArchiveStore, days: int, today: date, dry_run: bool = False) -> list[ArchiveFile]:
    """Deletes the expired files and returns them; with `dry_run`, only returns them. Raises as the store does."""
    expired = find_expired(store, days, today)
    for file in () if dry_run else expired:
        store.delete(file)
    return expired
