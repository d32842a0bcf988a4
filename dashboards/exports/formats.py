"""The formats of an export: CSV and Parquet as tables, JSON Lines as indexed documents.

A format receives documents page by page and holds at most one row group of them.
"""

import csv
import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import IO, Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from dashboards.exports.columns import Document, ExportColumn, build_columns, parse_time

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Spreadsheets run a cell that begins like this as a formula; its text may come from anybody."""
ROW_GROUP_BYTES: Final = 32 << 20
"""Size of a Parquet row group before compression: large enough to compress well, small enough for memory."""


class Format(ABC):
    """Writes documents of one record to a binary stream. At the end, either `finish` or `abandon` is called."""

    def __init__(self, stream: IO[bytes], record: type[msgspec.Struct]) -> None:
        self.stream = stream
        self.columns: Sequence[ExportColumn] = build_columns(record)

    @abstractmethod
    def write(self, documents: Sequence[Document]) -> None:
        """Writes the next documents."""

    def finish(self) -> None:  # noqa: B027 - most formats hold nothing
        """Writes what is still held, which completes the stream."""

    def abandon(self) -> None:  # noqa: B027 - most formats hold nothing
        """Discards what is held, so that the stream does not look complete."""


class JsonLines(Format):
    """One document per line, as indexed."""

    def write(self, documents: Sequence[Document]) -> None:
        self.stream.write(msgspec.json.Encoder().encode_lines(documents))


class Csv(Format):
    """A header and a line for each document (RFC 4180, but with line feeds), in UTF-8 without a byte order mark.

    Missing values are empty, lists are JSON, and times are in RFC 3339 form. Text that a spreadsheet would run as a
    formula gets an apostrophe in front.
    """

    def __init__(self, stream: IO[bytes], record: type[msgspec.Struct]) -> None:
        super().__init__(stream, record)
        self.lines = io.StringIO()
        self.writer = csv.writer(self.lines, lineterminator="\n")
        self.writer.writerow([column.name for column in self.columns])
        self._flush()

    def write(self, documents: Sequence[Document]) -> None:
        self.writer.writerows([format_cell(column, document) for column in self.columns] for document in documents)
        self._flush()

    def _flush(self) -> None:
        self.stream.write(self.lines.getvalue().encode())
        self.lines.seek(0)
        self.lines.truncate()


def format_cell(column: ExportColumn, document: Document) -> Any:
    """Returns a column's value for CSV."""
    value = column.read(document)
    if isinstance(value, bool):
        return str(value).lower()
    if column.is_list:
        return "" if value is None else msgspec.json.encode(value).decode()
    if column.is_text and isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


class Parquet(Format):
    """A table of typed columns, compressed with Zstandard. Times are in UTC; lists remain lists."""

    def __init__(self, stream: IO[bytes], record: type[msgspec.Struct]) -> None:
        super().__init__(stream, record)
        version = str(next(f.default for f in msgspec.structs.fields(record) if f.name == "schema_version"))
        self.schema = pa.schema(
            [(column.name, column.type) for column in self.columns],
            metadata={"newsclaims.record": record.__name__, "newsclaims.schema_version": version},
        )
        self.sink = CountingStream(stream)
        self.writer = pq.ParquetWriter(self.sink, self.schema, compression="zstd")
        self.held: list[pa.RecordBatch] = []

    def write(self, documents: Sequence[Document]) -> None:
        arrays = [pa.array([convert_value(column, each) for each in documents], column.type) for column in self.columns]
        self.held.append(pa.record_batch(arrays, schema=self.schema))
        if sum(batch.nbytes for batch in self.held) >= ROW_GROUP_BYTES:
            self._write_group()

    def _write_group(self) -> None:
        table = pa.Table.from_batches(self.held, self.schema)
        self.writer.write_table(table, row_group_size=max(1, table.num_rows))
        self.held = []

    def finish(self) -> None:
        if self.held:
            self._write_group()
        self.writer.close()

    def abandon(self) -> None:
        # Closing writes a footer, which would make the file look complete; an open writer would write it at exit.
        self.sink.stream = io.BytesIO()
        self.writer.close()


def convert_value(column: ExportColumn, document: Document) -> Any:
    """Returns a column's value for Arrow."""
    value = column.read(document)
    return parse_time(value) if column.is_time else value


class CountingStream(io.RawIOBase):
    """A stream that knows its position, which Parquet needs and a pipe does not provide."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.stream.write(data)
        size = memoryview(data).nbytes
        self.written += size
        return size

    def tell(self) -> int:
        return self.written


FORMATS: Final[dict[str, Callable[[IO[bytes], type[msgspec.Struct]], Format]]] = {
    "csv": Csv,
    "jsonl": JsonLines,
    "parquet": Parquet,
}
