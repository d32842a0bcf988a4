"""Carries analysts' marks over to claims that have another id under today's rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from elasticsearch.helpers import scan

from pipelines.groups import split_groups
from pipelines.io.elasticsearch.actions import write, write_document
from pipelines.io.elasticsearch.marks import set_marks
from pipelines.io.elasticsearch.stored import StoredSet, read_stored
from pipelines.reprocess.comparing import AT_ONCE, GenerationPair
from pipelines.transforms.retagging import copy_stored
from schemas.codec import encode
from schemas.elasticsearch.indices import MARKS
from schemas.elasticsearch.marks import ClaimMark
from schemas.fields import MarkKind


@dataclass(frozen=True)
class LostMark:
    """A mark whose claim the new generation does not have: neither by its id nor by its words."""

    claim_id: str
    article_id: str
    mark: str
    text: str


def carry_marks(pair: GenerationPair) -> tuple[int, list[LostMark]]:
    """Gives the marks of claims that the target lacks to the same claims of the target.

    A claim is the same if its article has one with the same sentence and the same content. The mark of the old id
    stays, for a rollback. Returns the number of marks that were carried over, and those that were not.
    """
    carried, lost = 0, []
    for group in split_groups(iterate_marks(pair), AT_ONCE):
        owners = list(dict.fromkeys(mark["article_id"] for mark in group))
        before = {each.entry.article_id: each for each in read_stored(pair.sender, owners, pair.source)}
        after = {each.entry.article_id: each for each in read_stored(pair.sender, owners, pair.target)}
        marked: dict[str, dict[str, MarkKind]] = {}
        for mark in group:
            id, article_id = mark["claim_id"], mark["article_id"]
            there = after.get(article_id)
            if there and id in there.documents["claims"]:
                if there.documents["claims"][id].get("mark") != mark["mark"]:
                    marked.setdefault(article_id, {})[id] = mark["mark"]
                continue
            old = before.get(article_id)
            if old is None or id not in old.documents["claims"]:
                continue  # it was gone before
            twin = find_twin(old.documents["claims"][id], there) if there else None
            if twin is None:
                lost.append(LostMark(id, article_id, mark["mark"], mark.get("text", "")))
                continue
            if pair.sender.read(MARKS.index(""), [twin]):
                continue  # carried over already, or marked by an analyst since then
            record = msgspec.convert({**mark, "claim_id": twin}, ClaimMark)
            pair.sender.send([write(MARKS.index(""), twin, encode(record))])
            marked.setdefault(article_id, {})[twin] = mark["mark"]
            carried += 1
        pair.client.indices.refresh(index=MARKS.index(""))  # the sink, which may be writing, finds marks by search
        for article_id, marks in marked.items():
            set_stored_marks(pair, after[article_id], marks)
    return carried, lost


def set_stored_marks(pair: GenerationPair, stored: StoredSet, marks: Mapping[str, MarkKind]) -> None:
    """Writes the claims of the target, and their figures, with these marks."""
    copied = set_marks(copy_stored(stored), marks)
    place, now = (copied.bucket, pair.target), datetime.now(UTC)
    own = [document for document in copied.documents if document.claim_id in marks]
    pair.sender.send(write_document(document, copied, place, now) for document in own)


def iterate_marks(pair: GenerationPair) -> Iterator[dict[str, Any]]:
    """Yields all marks."""
    pair.client.indices.refresh(index=MARKS.index(""))
    yield from (hit["_source"] for hit in scan(pair.client, index=MARKS.index(""), query={"query": {"match_all": {}}}))


def find_twin(claim: Mapping[str, Any], there: StoredSet) -> str | None:
    """Returns the id of the claim with the same sentence and content; of several, or of none, None."""
    same = [id for id, other in there.documents["claims"].items() if read_words(other) == read_words(claim)]
    return same[0] if len(same) == 1 else None


def read_words(claim: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """Returns the field, the sentence, and the words that are claimed."""
    text, start = claim["text"], claim["start"]
    spans = tuple(text[max(0, first - start) : last - start] for first, last in claim.get("content") or ())
    return claim["field"], text, spans
