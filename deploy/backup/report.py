"""Renders offsets and snapshots for a terminal."""

from collections.abc import Sequence

from rich.table import Table

from deploy.backup.group_offsets import GroupOffset, OffsetMove
from deploy.backup.restoring import Restored
from deploy.backup.snapshots import Snapshot
from schemas.durations import format_duration


def render_offsets(found: Sequence[GroupOffset]) -> Table:
    """Renders the offsets of a group: a row for each partition, and the sum of the lag."""
    table = Table("partition", "committed", "first", "end", "not read", box=None, pad_edge=False)
    for each in found:
        committed = "none" if each.committed is None else f"{each.committed}"
        table.add_row(f"{each.topic}[{each.partition}]", committed, f"{each.first}", f"{each.end}", f"{each.lag:,}")
    table.caption = f"{sum(each.lag for each in found):,} records are not read"
    return table


def render_moves(moves: Sequence[OffsetMove]) -> Table:
    """Renders where a group is moved."""
    table = Table("partition", "before", "after", box=None, pad_edge=False)
    for move in moves:
        before = "none" if move.before is None else f"{move.before}"
        table.add_row(f"{move.topic}[{move.partition}]", before, f"{move.after}")
    return table


def render_snapshots(found: Sequence[Snapshot]) -> Table:
    """Renders snapshots: a row for each."""
    table = Table("snapshot", "state", "began", "took", "indices", "MB", "release", box=None, pad_edge=False)
    for each in found:
        size = "" if each.size is None else f"{each.size / 1e6:,.1f}"
        began = f"{each.started_at:%Y-%m-%d %H:%M:%S} UTC"
        took, count = format_duration(each.seconds), f"{len(each.indices)}"
        table.add_row(each.name, each.state, began, took, count, size, each.release)
    return table


def render_restored(found: Sequence[Restored]) -> Table:
    """Renders what was restored: a row for each index."""
    table = Table("index", "restored as", "documents", box=None, pad_edge=False)
    for each in found:
        table.add_row(each.index, each.name, f"{each.documents:,}")
    return table
