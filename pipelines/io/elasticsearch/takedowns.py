"""What the sink does with articles that were taken down: it writes nothing of them, and deletes what is there.

The sink looks before it writes and once more afterwards. `newsclaims forget` stores the takedown first and deletes
afterwards. So whichever of the two is later sees what the other did, and nothing remains.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.ledger import WritePlan, list_children, list_known_children
from schemas.elasticsearch.indices import GENERATION, LEDGER, TAKEDOWNS
from schemas.elasticsearch.takedowns import list_takedown_ids
from schemas.records import DeadLetter, LedgerEntry

TAKEN_DOWN = "taken_down"
"""The outcome of an element that a takedown covers, as it is counted."""

INDEX = TAKEDOWNS.index("")
"""The index of the takedowns."""

_ARTICLE_ID = re.compile(rb'"article_id"\s*:\s*"([0-9a-f]{24})"')
_URL = re.compile(rb'"url"\s*:\s*"([^"\\]{1,4000})"')


def list_ids(element: DocumentSet | DeadLetter) -> tuple[str, ...]:
    """Returns the ids of all takedowns that would cover a set or a dead letter.

    The address in a dead letter is found even if its message is broken.
    """
    if isinstance(element, DocumentSet):
        return tuple(dict.fromkeys((element.owner_id, *element.takedown_ids)))
    return list_takedown_ids((element.key,), find_addresses(element.original))


def find_addresses(message: bytes) -> tuple[str, ...]:
    """Returns the values of `url` in a message of the topic `raw-articles`, even if the message is broken."""
    return tuple(found[1].decode("utf-8", "replace") for found in _URL.finditer(message))


def find_article_ids(message: bytes) -> tuple[str, ...]:
    """Returns the values of `article_id` in a message of the topic `raw-articles`, even if the message is broken."""
    return tuple(found[1].decode() for found in _ARTICLE_ID.finditer(message))


@dataclass(frozen=True)
class TakedownsInForce:
    """The takedowns that a read has found, as the ids that they cover."""

    ids: frozenset[str]

    def cover(self, element: DocumentSet | DeadLetter) -> bool:
        """Whether a takedown covers the set or the dead letter."""
        return bool(self.ids) and not self.ids.isdisjoint(list_ids(element))


def read_takedowns(sources: Mapping[str, Any]) -> TakedownsInForce:
    """Returns the takedowns in force among the documents that Elasticsearch found; a lifted one does not count."""
    return TakedownsInForce(frozenset(id for id, source in sources.items() if not source.get("lifted_at")))


def collect_ids(elements: Iterable[DocumentSet | DeadLetter]) -> list[str]:
    """Returns the ids to read for these elements, each once."""
    # An id that is too long for Elasticsearch cannot be that of a takedown.
    return [id for id in dict.fromkeys(id for each in elements for id in list_ids(each)) if len(id.encode()) <= 512]


def plan_removals(
    sets: Iterable[DocumentSet], entries: Mapping[str, LedgerEntry], generation: int = GENERATION
) -> list[WritePlan]:
    """Returns one plan for each article of these sets, which deletes all that is known of it."""
    by_owner: dict[str, list[DocumentSet]] = {}
    for each in sets:
        by_owner.setdefault(each.owner_id, []).append(each)
    return [plan_removal(owner, revisions, entries.get(owner), generation) for owner, revisions in by_owner.items()]


def plan_removal(
    owner_id: str, revisions: Sequence[DocumentSet], entry: LedgerEntry | None, generation: int = GENERATION
) -> WritePlan:
    """Returns the plan that deletes an article: its documents, those that a run which died may have written, and its
    ledger entry."""
    children = [*list_known_children(entry), *(child for each in revisions for child in list_children(each))]
    return WritePlan(
        owner_id,
        entry.bucket if entry else revisions[0].bucket,
        gone=(("articles", owner_id), *dict.fromkeys(children), (LEDGER.name, owner_id)),
        removal=max([each.revision for each in revisions] + ([entry.revision] if entry else [])),
        skipped=(TAKEN_DOWN,) * len(revisions),
        generation=generation,
    )


def revoke(plan: WritePlan, in_force: TakedownsInForce) -> WritePlan:
    """Returns the plan that deletes what a plan has written, if a takedown covers it by now; else the same plan."""
    found = plan.written or plan.announced
    if found is None or not in_force.cover(found):
        return plan
    removal = plan_removal(plan.owner_id, [found], None, plan.generation)
    return replace(removal, bucket=plan.bucket, skipped=(*plan.skipped, TAKEN_DOWN))
