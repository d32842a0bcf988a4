"""Renders what retention did, or would do, for a terminal."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from deploy.retention.run import RetentionReport

STYLES = {"drop": "yellow", "keep": "", "lifecycle": "cyan"}


def render(report: RetentionReport) -> RenderableType:
    """Renders an index in each row, with the reason, and then what else was done."""
    table = Table("index", "documents", "MB", "", "reason", box=None, pad_edge=False)
    for each in report.verdicts:
        action = Text({"drop": "drop", "keep": "keep", "lifecycle": "server"}[each.action], style=STYLES[each.action])
        table.add_row(each.index, f"{each.documents:,}", f"{each.size / 1e6:,.1f}", action, each.reason)
    return Group(table, *describe(report))


def describe(report: RetentionReport) -> Iterator[str]:
    """Yields the totals as lines."""
    would = "would be " if report.dry_run else ""
    dropped = report.dropped
    documents, size = sum(each.documents for each in dropped), sum(each.size for each in dropped)
    yield f"{len(dropped)} indices with {documents:,} documents and {size / 1e6:,.1f} MB {would}dropped"
    for each in report.thinned:
        after = "" if each.after is None else f", {each.after:,} are left in {each.copy}"
        yield f"{each.index}: {each.before:,} health samples {would}thinned{after}"
    if report.tombstones:
        yield f"{report.tombstones:,} tombstones {would}sent to the topic claims"
    if report.ledger_entries:
        yield f"{report.ledger_entries:,} entries of the ledger {would}deleted"
    if report.replays:
        yield f"{report.replays:,} entries of the history of dead letters {would}deleted"
    if report.exported:
        yield f"{report.exported:,} marked claims were written to the file"
    if not report.lifecycle:
        yield "the server has no index lifecycle management: newsclaims drops everything itself"
