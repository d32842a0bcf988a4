"""Analysts' marks on claims, as the sink sets them on the claims and figures that it writes. Pure functions.

A mark is stored by itself, by the id of its claim. So it survives whatever writes the claim again: a redelivery, newer
revisions, other rules.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.ledger import WritePlan
from schemas.elasticsearch.indices import MARKS
from schemas.fields import MarkKind

INDEX: Final = MARKS.index("")

Marks = Mapping[str, MarkKind]
"""The marks of claims, by claim id."""


def list_claims(sets: Iterable[DocumentSet]) -> list[str]:
    """Returns the ids of the claims that the documents are, or belong to, each once."""
    return list(dict.fromkeys(document.claim_id for each in sets for document in each.documents if document.claim_id))


def read_marks(sources: Mapping[str, Any]) -> Marks:
    """Returns the marks of the stored documents of the family `marks`."""
    return {id: source["mark"] for id, source in sources.items()}


def set_marks(found: DocumentSet, marks: Marks) -> DocumentSet:
    """Returns the set whose claims and figures have these marks; the same set if they have them already."""
    documents = tuple(
        document if document.mark == (mark := marks.get(document.claim_id or "")) else replace(document, mark=mark)
        for document in found.documents
    )
    return found if documents == found.documents else replace(found, documents=documents)


def select_marked(plan: WritePlan, claims: Collection[str], marks: Marks) -> WritePlan:
    """Returns the plan for the documents of these claims only, with these marks, and without deletions."""
    written, announced = (
        set_marks(replace(each, documents=tuple(own for own in each.documents if own.claim_id in claims)), marks)
        if each
        else None
        for each in (plan.written, plan.announced)
    )
    return replace(plan, written=written, announced=announced, gone=())
