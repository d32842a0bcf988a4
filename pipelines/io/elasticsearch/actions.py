"""Turns documents into the actions of a bulk request. Pure functions, without a server."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from pipelines.io.elasticsearch.documents import Document, DocumentSet
from schemas.codec import encode
from schemas.elasticsearch.buckets import Buckets
from schemas.elasticsearch.indices import DEAD_LETTERS, FAMILIES, LEDGER
from schemas.records import INDEXED_BYTES, DeadLetter, LedgerEntry

_encode = msgspec.json.Encoder().encode

Place = tuple[str, int]
"""Bucket and generation of an index."""


@dataclass(frozen=True, slots=True, eq=False)
class BulkAction:
    """One action of a bulk request, with its document if it has one. `subject` is what it was made from."""

    kind: Literal["index", "delete"]
    index: str
    id: str
    payload: bytes
    subject: Any = None

    @property
    def size(self) -> int:
        """Its bytes in the request."""
        return len(self.payload)


def write(index: str, id: str, source: bytes, version: int | None = None, subject: Any = None) -> BulkAction:
    """Returns the action that writes a whole document; with a version, only if no newer one exists (`external_gte`)."""
    # JSON escapes line breaks inside strings, so one found here is white space; in a bulk request it ends a line.
    one_line = source.replace(b"\n", b" ")
    return BulkAction("index", index, id, _header("index", index, id, version) + b"\n" + one_line + b"\n", subject)


def delete(index: str, id: str, version: int | None = None, subject: Any = None) -> BulkAction:
    """Returns the action that deletes a document; with a version, unless it is newer than that."""
    return BulkAction("delete", index, id, _header("delete", index, id, version) + b"\n", subject)


def write_document(document: Document, owner: DocumentSet, place: Place, now: datetime) -> BulkAction:
    """Returns the action that writes one document of a set, with `indexed_at` if its family has that field."""
    family = FAMILIES[document.family]
    stamp = {"indexed_at": document.indexed_at or now} if family.stamped else {}
    source = add_fields(document.source, stamp | name_mark(document))
    return write(family.index(*place), document.id, source, owner.revision, (owner, (document.family, document.id)))


def make_message_value(document: Document) -> bytes:
    """Returns the document as it is published: with its mark, and without `indexed_at`."""
    return add_fields(document.source, name_mark(document))


def name_mark(document: Document) -> dict[str, Any]:
    """Returns the mark of a document as a field; none without a mark."""
    return {"mark": document.mark} if document.mark else {}


def write_ledger(entry: LedgerEntry, owner: DocumentSet, generation: int) -> BulkAction:
    """Returns the action that writes the ledger entry of a set."""
    subject = (owner, (LEDGER.name, entry.article_id))
    return write(LEDGER.index("", generation), entry.article_id, encode(entry), entry.revision, subject)


def write_dead_letter(letter: DeadLetter, buckets: Buckets) -> BulkAction:
    """Returns the action that writes a dead letter, with as much of the original as the index keeps."""
    indexed = msgspec.structs.replace(letter, original=letter.original[:INDEXED_BYTES])
    index = DEAD_LETTERS.index(buckets.find_bucket(letter.failed_at))
    return write(index, letter.dead_letter_id, encode(indexed), subject=letter)


def delete_dead_letter(letter: DeadLetter, buckets: Buckets) -> BulkAction:
    """Returns the action that deletes a dead letter."""
    index, id = DEAD_LETTERS.index(buckets.find_bucket(letter.failed_at)), letter.dead_letter_id
    return BulkAction("delete", index, id, _header("delete", index, id, None) + b"\n", letter)


def add_fields(source: bytes, fields: Mapping[str, Any]) -> bytes:
    """Adds fields at the start of a JSON object, without decoding it. Raises `ValueError` for anything else."""
    inner = source.lstrip()
    if not inner.startswith(b"{"):
        raise ValueError(f"a document must be a JSON object, but this one starts with {inner[:20]!r}")
    if not fields:
        return source
    rest = inner[1:].lstrip()
    comma = b"" if rest.startswith(b"}") else b","
    return _encode(fields)[:-1] + comma + rest


def _header(kind: str, index: str, id: str, version: int | None) -> bytes:
    meta: dict[str, Any] = {"_index": index, "_id": id}
    if version is not None:
        meta |= {"version": version, "version_type": "external_gte"}
    return _encode({kind: meta})
