"""Reads the pages that a command is given: files, folders, or JSON lines on standard input."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from connectors.kit import RefusedItem
from connectors.sources.files import read_paths
from deploy.command_line import print_refusal
from pipelines.text.json_lines import parse_page
from pipelines.transforms.articles import make_page
from schemas.errors import BadRecord
from schemas.text import Page


def read_pages(files: list[Path], refused: list[str]) -> Iterator[Page]:
    """Yields the pages of the files, or of standard input if there are none or `-` is one.

    Anything that cannot be read as a page is reported on stderr, and its place is added to `refused`.
    """

    def refuse(place: str, why: str) -> None:
        refused.append(place)
        print_refusal(place, why)

    if not files or files == [Path("-")]:
        yield from _read_lines("stdin", sys.stdin.buffer, refuse)
    for file in files:
        if file.suffix == ".jsonl" and file.is_file():
            with file.open("rb") as stream:
                yield from _read_lines(str(file), stream, refuse)
        elif str(file) != "-":
            for found in read_paths([str(file)], sys.stdin.buffer):
                if isinstance(found, RefusedItem):
                    refuse(found.place, found.why)
                else:
                    yield make_page(found.article)


def _read_lines(name: str, stream: Iterable[bytes], refuse: Callable[[str, str], None]) -> Iterator[Page]:
    for number, line in enumerate(stream, 1):
        if line.strip():
            try:
                yield parse_page(line)
            except BadRecord as error:
                refuse(f"{name}:{number}", str(error))
