"""`newsclaims export`: the documents that a board's filters choose, as a file for other programs."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, Final, Literal

from elasticsearch import Elasticsearch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from dashboards.ask.choices import find_unmatched
from dashboards.ask.filters import Filters
from dashboards.exports.documents import PAGES, DocumentPage, ExportedIndex, read_pages
from dashboards.exports.formats import FORMATS
from dashboards.output_files import STDOUT, open_output
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import Permanent

FormatName = Literal["csv", "jsonl", "parquet"]
DEFAULT: Final[FormatName] = "csv"

Progress = Callable[[int, int], None]
"""Is told how many documents are written, of how many."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """What is exported, where to and how. `limit` ends it after so many documents."""

    index: ExportedIndex
    filters: Filters = field(default_factory=Filters)
    format: FormatName = DEFAULT
    output: str = STDOUT
    """A path, or `-` for standard output."""
    limit: int | None = None
    newest_first: bool = False
    page_size: int | None = None


def choose_format(output: str, given: str | None) -> FormatName:
    """The format: as given, else after the file's ending, else CSV. Raises `Permanent` where it is none."""
    name = given or Path(output).suffix.removeprefix(".").lower()
    for known in ("csv", "jsonl", "parquet"):
        if name == known:
            return known
    if given:
        raise Permanent(f"--format {given!r} is unknown: there are {', '.join(FORMATS)}")
    return DEFAULT


def run_export(client: Elasticsearch, export: Export, progress: Progress = lambda done, total: None) -> int:
    """Writes the documents, oldest first, and returns how many they were.

    A file is there whole or not at all; what went to standard output before something failed has gone there. Raises
    what `asking` raises, and `Permanent` where the output cannot be written.
    """
    if export.format == "parquet" and export.output == STDOUT and sys.stdout.isatty():
        raise Permanent("Parquet says nothing in a terminal: name a file with --output, or pipe it on")
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
        first = next(found)  # asked before the file is touched
        with open_output(export.output) as stream:
            return write_pages(stream, export, limit_pages(chain([first], found), export.limit), progress)


def write_pages(stream: IO[bytes], export: Export, found: Iterable[DocumentPage], progress: Progress) -> int:
    """Writes the pages in the export's format, and returns how many documents they had."""
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
    """The pages up to so many documents."""
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
    """A progress bar on stderr where that is a terminal, and the documents do not go to one."""
    if not sys.stderr.isatty() or (export.output == STDOUT and sys.stdout.isatty()):
        yield lambda done, total: None
        return
    with Bar(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task(export.index, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def describe_result(client: Elasticsearch, export: Export, done: int) -> Iterator[str]:
    """What the user should know of an export that wrote `done` documents, in sentences."""
    yield from find_unmatched(client, export.index, export.filters)
    if not done:
        yield (
            f"no {export.index} match: the file has no rows" if export.output != STDOUT else f"no {export.index} match"
        )
    elif export.output != STDOUT:
        yield f"{done:,} {export.index if done > 1 else export.index[:-1]} written to {export.output}"
