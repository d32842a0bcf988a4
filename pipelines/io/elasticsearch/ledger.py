"""Decides what to write for an article, given the ledger entry of what was written last. Pure functions.

A batch may hold several revisions of one article. Folding them gives the same result as writing them one by one. It
keeps the children of the revisions in between: a run that died before it wrote the ledger may have written them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

import msgspec

from pipelines.io.elasticsearch.documents import DocumentSet
from schemas.elasticsearch.buckets import Buckets, is_beyond
from schemas.elasticsearch.indices import ARTICLE_FAMILIES, GENERATION
from schemas.errors import Permanent
from schemas.identity import digest
from schemas.records import LedgerEntry

Decision = Literal["write", "older", "unchanged", "teaser"]

CHILD_FIELDS = {"claims": "claim_ids", "figures": "figure_ids"}
"""Families whose documents are an article's children, and the ledger's field for their ids."""

INCOMPLETE = ""
"""Content hash of an entry whose set was not written completely: no revision counts as unchanged against it."""

EXPIRED = "expired"
"""The outcome of a set of which nothing is written because its bucket is beyond its retention, as it is counted."""

Child = tuple[str, str]
"""Family and id."""


@dataclass(frozen=True, slots=True)
class WritePlan:
    """What to do for one article.

    `written` is the set to write into `bucket`, or None; `gone` are the children to delete. `announced` is a set that
    is written already and whose claims are published again, because the run that wrote it may have died before it
    published them. `skipped` has a reason for each set that changes nothing: a decision, `superseded`, or `taken_down`.
    `generation` is that of the indices that the plan is for. `removal` is the revision at which an article that was
    taken down is deleted; 0 for any other. `entry` is what the ledger knew, `revisions` are all sets of the article.
    """

    owner_id: str
    bucket: str = ""
    written: DocumentSet | None = None
    gone: tuple[Child, ...] = ()
    announced: DocumentSet | None = None
    skipped: tuple[str, ...] = ()
    incomplete: bool = False
    generation: int = GENERATION
    removal: int = 0
    entry: LedgerEntry | None = None
    revisions: tuple[DocumentSet, ...] = ()

    @property
    def place(self) -> tuple[str, int]:
        """Bucket and generation of the indices."""
        return self.bucket, self.generation

    @property
    def is_late(self) -> bool:
        """Whether the ledger knew a newer revision than one of these."""
        return self.entry is not None and any(each.revision < self.entry.revision for each in self.revisions)

    def list_outcomes(self) -> tuple[str, ...]:
        """Returns the outcome of each revision, under the name it is counted by."""
        if self.written is None:
            return self.skipped
        return (*self.skipped, "incomplete" if self.incomplete else "written")

    def make_entry(self, now: datetime) -> LedgerEntry:
        """Returns the ledger entry after the plan is carried out. Raises `ValueError` if nothing is written."""
        if self.written is None:
            raise ValueError(f"nothing is written for {self.owner_id}")
        done = make_entry(self.written, self.bucket, now)
        return msgspec.structs.replace(done, content_hash=INCOMPLETE) if self.incomplete else done


def decide(entry: LedgerEntry | None, found: DocumentSet) -> Decision:
    """Returns whether a revision is written over what the ledger knows, or why not.

    The same revision with other tags is written: the watches have changed since then. Unchanged content that was only
    fetched again is not written, whatever its tags are now: with its new time it would look like news. A backfill gives
    the article its current tags.
    """
    if entry is None:
        return "write"
    if found.revision < entry.revision:
        return "older"
    if found.content_hash == entry.content_hash:
        if found.rules_version == entry.rules_version:
            return "unchanged"
        if found.revision > entry.revision and parse_rules(found.rules_version) == parse_rules(entry.rules_version):
            return "unchanged"
    if found.content_scope == "teaser" and entry.content_scope == "full":
        return "teaser"
    return "write"


def make_tagged_version(rules_version: str, tags: Mapping[str, Sequence[str]]) -> str:
    """Returns the version of the rules and, after a `+`, a digest of the documents' tags, given by document id.

    The digest is of the tags, not of the watches: a new or changed watch affects only what it matches.
    """
    rules, given = parse_rules(rules_version), sorted((id, *sorted(names)) for id, names in tags.items() if names)
    return f"{rules}+{digest(*('/'.join(each) for each in given))[:8]}" if given else rules


def parse_rules(rules_version: str) -> str:
    """Returns the version of the rules alone."""
    return rules_version.partition("+")[0]


def make_plan(owner_id: str, revisions: Sequence[DocumentSet], entry: LedgerEntry | None, now: datetime) -> WritePlan:
    """Folds the revisions of one article, in order, into one plan."""
    current = entry
    accepted: list[DocumentSet] = []
    skipped: list[str] = []
    announced: DocumentSet | None = None
    bucket = entry.bucket if entry else revisions[0].bucket
    for found in revisions:
        decision = decide(current, found)
        if decision == "write":
            accepted.append(found)
            current = make_entry(found, bucket, now)
            continue
        skipped.append(decision)
        if decision == "unchanged" and current is entry and entry and found.revision == entry.revision:
            announced = found
    if not accepted:
        return WritePlan(owner_id, bucket, announced=announced, skipped=tuple(skipped))
    before = dict.fromkeys(
        [*list_known_children(entry), *(child for each in accepted for child in list_children(each))]
    )
    kept = set(list_children(accepted[-1]))
    gone = tuple(child for child in before if child not in kept)
    skipped += ["superseded"] * (len(accepted) - 1)
    return WritePlan(owner_id, bucket, accepted[-1], gone, skipped=tuple(skipped))


def make_plans(
    sets: Iterable[DocumentSet], entries: Mapping[str, LedgerEntry], now: datetime, generation: int = GENERATION
) -> list[WritePlan]:
    """Returns one plan for each article of a batch, in the order of first appearance.

    `entries` are those of the ledger of the generation.
    """
    by_owner: dict[str, list[DocumentSet]] = {}
    for each in sets:
        by_owner.setdefault(each.owner_id, []).append(each)
    return [
        replace(
            make_plan(owner, revisions, entries.get(owner), now),
            generation=generation, entry=entries.get(owner), revisions=tuple(revisions),
        )
        for owner, revisions in by_owner.items()
    ]  # fmt: skip


def plan_again(plan: WritePlan, entry: LedgerEntry | None, now: datetime) -> WritePlan:
    """Returns the plan for the same revisions, given what another writer has put into the ledger meanwhile."""
    again = make_plan(plan.owner_id, plan.revisions, entry, now)
    return replace(again, generation=plan.generation, entry=entry, revisions=plan.revisions)


def mark_incomplete(plan: WritePlan) -> WritePlan:
    """Marks a plan of which a part was rejected: what was accepted stays, and a replay writes the set again."""
    return replace(plan, incomplete=True)


def make_entry(found: DocumentSet, bucket: str, now: datetime) -> LedgerEntry:
    """Returns the ledger entry of a set."""
    ids: dict[str, list[str]] = {field: [] for field in CHILD_FIELDS.values()}
    for family, id in list_children(found):
        ids[CHILD_FIELDS[family]].append(id)
    return LedgerEntry(
        article_id=found.owner_id,
        revision=found.revision,
        rules_version=found.rules_version,
        content_scope=found.content_scope,  # type: ignore[arg-type]
        content_hash=found.content_hash,
        bucket=bucket,
        claim_ids=tuple(ids["claim_ids"]),
        figure_ids=tuple(ids["figure_ids"]),
        written_at=now,
    )


def list_children(found: DocumentSet) -> list[Child]:
    """Returns the children of a set."""
    return [(document.family, document.id) for document in found.documents if document.family in CHILD_FIELDS]


def list_known_children(entry: LedgerEntry | None) -> list[Child]:
    """Returns the children that the ledger knows."""
    return [(family, id) for family, field in CHILD_FIELDS.items() for id in getattr(entry, field, ())]


def read_entries(sources: Mapping[str, Any]) -> dict[str, LedgerEntry]:
    """Returns the ledger entries that Elasticsearch found. Raises `Permanent` for an entry of another release."""
    try:
        return {id: msgspec.convert(source, LedgerEntry) for id, source in sources.items()}
    except msgspec.ValidationError as error:
        raise Permanent(
            f"The ledger holds an entry of another release ({error}): process the articles again"
        ) from error


@dataclass(frozen=True)
class Periods:
    """How the sink uses buckets: those of dead letters, and for how many days after a bucket each family is kept.

    A family without a number of days is kept without end. `newsclaims retention` drops a bucket that is beyond its
    limits, and the ledger entries of its articles. So nothing is written there: otherwise an old article that is
    delivered again would come back, one document in an index of its own. It is written again once the limit is raised.
    """

    dead_letters: Buckets = field(default_factory=Buckets)
    days: Mapping[str, int | None] = field(default_factory=dict)

    def list_expired(self, bucket: str, now: datetime) -> frozenset[str]:
        """Returns the families that are not written into a bucket any more."""
        return frozenset(
            family for family in ARTICLE_FAMILIES if is_beyond(bucket, self.days.get(family), now)
        )  # fmt: skip

    def choose(
        self, sets: Sequence[DocumentSet], entries: Mapping[str, LedgerEntry], now: datetime
    ) -> tuple[list[DocumentSet], list[DocumentSet]]:
        """Returns the sets to write, without the documents of families that are expired, and sets that are expired.

        An article stays in the bucket of its first write, which the ledger knows.
        """
        if not any(self.days.get(family) for family in ARTICLE_FAMILIES):
            return list(sets), []
        fresh, old = [], []
        for each in sets:
            entry = entries.get(each.owner_id)
            expired = self.list_expired(entry.bucket if entry else each.bucket, now)
            if len(expired) == len(ARTICLE_FAMILIES):
                old.append(each)
            else:
                kept = tuple(document for document in each.documents if document.family not in expired)
                fresh.append(replace(each, documents=kept) if expired else each)
        return fresh, old

    def restrict(self, plan: WritePlan, now: datetime) -> WritePlan:
        """Returns the plan without deletions in indices that are dropped: a deletion would create them again."""
        expired = self.list_expired(plan.bucket, now) if plan.gone and plan.written else ()
        return replace(plan, gone=tuple(child for child in plan.gone if child[0] not in expired)) if expired else plan


def skip(expired: DocumentSet) -> WritePlan:
    """Returns the plan that writes nothing of a set, and counts it."""
    return WritePlan(expired.owner_id, expired.bucket, skipped=(EXPIRED,))
