"""Exports the documents that match filters to a file, or to standard output."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, Final, Literal

from elasticsearch import Elasticsearch
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from dashboards.ask.choices import find_unmatched
from dashboards.ask.filters import Filters
from dashboards.exports.documents import PAGES, DocumentPage, ExportedIndex, read_pages
from dashboards.exports.formats import FORMATS
from dashboards.output_files import STDOUT, open_output
from deploy.safe_console import SafeConsole
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import Permanent

FormatName = Literal["csv", "jsonl", "parquet"]
DEFAULT: Final[FormatName] = "csv"

Progress = Callable[[int, int], None]
"""Receives the number of documents written so far, and the total."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """What is exported, to where and how. `limit` is the maximum number of documents."""

    index: ExportedIndex
    filters: Filters = field(default_factory=Filters)
    format: FormatName = DEFAULT
    output: str = STDOUT
    """A path, or `-` for standard output."""
    limit: int | None = None
    newest_first: bool = False
    page_size: int | None = None


def choose_format(output: str, given: str | None) -> FormatName:
    """Returns the given format, or that of the file extension, or CSV. Raises `Permanent` if `given` is unknown."""
    name = given or Path(output).suffix.removeprefix(".").lower()
    for known in ("csv", "jsonl", "parquet"):
        if name == known:
            return known
    if given:
        raise Permanent(f"--format {given!r} is unknown: there are {', '.join(FORMATS)}")
    return DEFAULT


def ignore_progress(_done: int, _total: int) -> None:
    """Reports nothing."""


def run_export(client: Elasticsearch, export: Export, progress: Progress = ignore_progress) -> int:
    """Writes the documents, oldest first unless the export says otherwise, and returns their number.

    A file is written completely or not at all; standard output keeps what was written before a failure. Raises what
    `explain_errors` raises, and `Permanent` if the output cannot be written.
    """
    if export.format == "parquet" and export.output == STDOUT and sys.stdout.isatty():
        raise Permanent("Parquet is not readable in a terminal: write it to a file with --output, or pipe it")
    size = export.page_size or PAGES[export.index]
    clauses = export.filters.clauses(export.index)
    with closing(
        read_pages(
            client,
            export.index,
            clauses,
            newest_first=export.newest_first,
            size=min(size, export.limit or size),
        )
    ) as found:
        first = next(found)  # read before the file is created, so that an error leaves none
        with open_output(export.output) as stream:
            return write_pages(stream, export, limit_pages(chain([first], found), export.limit), progress)


def write_pages(stream: IO[bytes], export: Export, found: Iterable[DocumentPage], progress: Progress) -> int:
    """Writes the pages in the export's format, and returns the number of documents."""
    done = 0
    writer = FORMATS[export.format](stream, FAMILIES[export.index].record)
    try:
        for page in found:
            writer.write(page.documents)
            done += len(page.documents)
            progress(done, page.total)
    except BaseException:
        writer.abandon()
        raise
    writer.finish()
    return done


def limit_pages(found: Iterable[DocumentPage], limit: int | None) -> Iterator[DocumentPage]:
    """Yields the pages up to a number of documents."""
    left = limit
    for page in found:
        if left is None:
            yield page
            continue
        yield DocumentPage(page.documents[:left], min(page.total, limit or 0))
        left -= len(page.documents)
        if left <= 0:
            return


@contextmanager
def show_progress(export: Export) -> Iterator[Progress]:
    """Shows a progress bar on stderr, if stderr is a terminal and the documents are not written to one."""
    if not sys.stderr.isatty() or (export.output == STDOUT and sys.stdout.isatty()):
        yield ignore_progress
        return
    with Bar(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=SafeConsole(stderr=True), transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task(export.index, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def describe_result(client: Elasticsearch, export: Export, done: int) -> Iterator[str]:
    """Yields sentences about an export that wrote `done` documents."""
    yield from find_unmatched(client, export.index, export.filters)
    if not done:
        yield (
            f"no {export.index} match: the file has no rows" if export.output != STDOUT else f"no {export.index} match"
        )
    elif export.output != STDOUT:
        yield f"{done:,} {export.index if done > 1 else export.index[:-1]} written to {export.output}"
