"""Where the files of an archive are: a folder, or a bucket of S3 or of a server that speaks its protocol.

A file is `<day>/raw-articles-<partition>-<first offset>-<last offset>.jsonl.gz`: the raw articles of one partition of
the topic, one per line, exactly as in the topic. The day (UTC) is that of its last message.
"""

import gzip
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pyarrow import fs

from schemas.errors import Permanent, Retryable

NAME = re.compile(r"(\d{4}-\d\d-\d\d)/raw-articles-(\d+)-(\d{20})-(\d{20})\.jsonl\.gz")
UNFINISHED = ".unfinished"
"""Suffix of a file that is being written. Readers of folders do not know it, so they pass it over."""


@dataclass(frozen=True, order=True)
class ArchiveFile:
    """One file: the messages of a partition from offset `first` to `last`. `size` is in bytes."""

    partition: int
    first: int
    last: int
    day: date
    size: int = 0

    @property
    def name(self) -> str:
        """Its path in the archive."""
        return f"{self.day.isoformat()}/raw-articles-{self.partition}-{self.first:020}-{self.last:020}.jsonl.gz"


class ArchiveStore:
    """The files of one archive. Its methods raise `Retryable` if the storage does not do what they ask."""

    def __init__(self, filesystem: Any, root: str, place: str) -> None:
        self.filesystem = filesystem
        self.root = root
        self.place = place
        """The archive's address without its query, for messages."""

    @classmethod
    def open(cls, place: str) -> Self:
        """Opens a folder, or `s3://bucket/folder`. Raises `Permanent` for an address that cannot be one."""
        if "://" not in place:
            return cls(fs.LocalFileSystem(), str(Path(place).expanduser().absolute()), place)
        parts = urlsplit(place)
        if parts.scheme != "s3" or not parts.hostname:
            raise Permanent(f"the archive {parts._replace(query='').geturl()} must be a folder or s3://BUCKET/FOLDER")
        if parts.username or parts.password:
            raise Permanent("the archive's address has a key in it: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        try:
            filesystem, root = fs.FileSystem.from_uri(place)
        except (OSError, ValueError) as error:
            raise Permanent(f"the archive's address cannot be used: {error}") from error
        return cls(filesystem, root, parts._replace(query="").geturl())

    def list_files(self) -> list[ArchiveFile]:
        """Returns all finished files by partition and offset. An archive that does not exist yet has none."""
        with self._convert_errors("listed"):
            found = self.filesystem.get_file_info(fs.FileSelector(self.root, recursive=True, allow_not_found=True))
        files = []
        for each in found:
            if parsed := NAME.fullmatch(each.path.removeprefix(self.root).lstrip("/")):
                day, partition, first, last = parsed.groups()
                day_of_last = date.fromisoformat(day)
                files.append(ArchiveFile(int(partition), int(first), int(last), day_of_last, each.size))
        return sorted(files)

    def write(self, file: ArchiveFile, data: bytes) -> None:
        """Writes a file: it is there whole, or not at all."""
        with self._convert_errors("written"):
            path = self._find_path(file)
            self.filesystem.create_dir(path.rpartition("/")[0])
            if not isinstance(self.filesystem, fs.LocalFileSystem):
                with self.filesystem.open_output_stream(
                    path, compression=None
                ) as stream:  # S3 shows an object once it is whole
                    stream.write(data)
                return
            with open(path + UNFINISHED, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(path + UNFINISHED).replace(path)
            sync_folder(Path(path).parent)

    def read_lines(self, file: ArchiveFile) -> Iterator[bytes]:
        """Yields the lines of a file: raw articles."""
        with (
            self._convert_errors("read"),
            self.filesystem.open_input_stream(self._find_path(file), compression=None) as packed,
        ):
            yield from gzip.GzipFile(fileobj=packed)

    def rewrite(self, file: ArchiveFile, keep: Callable[[bytes], bool]) -> int:
        """Writes a file again without the lines that `keep` returns False for. Returns their number.

        The file keeps its name, even without any line: it says which offsets are archived.
        """
        lines = list(self.read_lines(file))
        kept = [line for line in lines if keep(line)]
        if len(kept) < len(lines):
            self.write(file, pack(kept))
        return len(lines) - len(kept)

    def delete(self, file: ArchiveFile) -> None:
        """Deletes a file."""
        with self._convert_errors("deleted"):
            self.filesystem.delete_file(self._find_path(file))

    def _find_path(self, file: ArchiveFile) -> str:
        return f"{self.root}/{file.name}"

    @contextmanager
    def _convert_errors(self, done: str) -> Iterator[None]:
        try:
            yield
        except (OSError, EOFError) as error:
            raise Retryable(f"The archive {self.place} cannot be {done}: {error}") from error


def pack(lines: Iterable[bytes]) -> bytes:
    """Returns the lines, which have their line ends, as gzip. The same lines give the same bytes."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream:
        stream.writelines(lines)
    return packed.getvalue()


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder survive a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
