"""What to write for one article, given what the ledger says was written last: pure, and the reading of the ledger.

The fold over a batch's revisions of one article gives what writing them one by one would have given, and remembers the
children of revisions in between: those may have been written by a run that died before it wrote the ledger.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import msgspec

from pipelines.io.elasticsearch.documents import DocumentSet
from schemas.errors import Permanent
from schemas.identity import digest
from schemas.records import LedgerEntry

Decision = Literal["write", "older", "unchanged", "teaser"]

CHILD_FIELDS = {"claims": "claim_ids", "figures": "figure_ids"}
"""Families whose documents are an article's children, and the ledger's field for their ids."""

INCOMPLETE = ""
"""Content hash of an entry whose set was not written in full: no revision counts as unchanged against it."""

Child = tuple[str, str]
"""Family and id."""


@dataclass(frozen=True, slots=True)
class WritePlan:
    """What to do for one article.

    `written` is the set to write into `bucket`, none where nothing is to be written; `gone` are children to delete.
    `announced` is a set that is there already and whose claims are published again, as the run that wrote it may have
    died before it published them. `skipped` says of each set that changes nothing why: a decision, or `superseded`.
    """

    owner_id: str
    bucket: str = ""
    written: DocumentSet | None = None
    gone: tuple[Child, ...] = ()
    announced: DocumentSet | None = None
    skipped: tuple[str, ...] = ()
    incomplete: bool = False

    def list_outcomes(self) -> tuple[str, ...]:
        """What became of each revision, as it is counted."""
        if self.written is None:
            return self.skipped
        return (*self.skipped, "incomplete" if self.incomplete else "written")

    def make_entry(self, now: datetime) -> LedgerEntry:
        """The ledger's entry once the plan is carried out. Raises `ValueError` where nothing is written."""
        if self.written is None:
            raise ValueError(f"nothing is written for {self.owner_id}")
        done = make_entry(self.written, self.bucket, now)
        return msgspec.structs.replace(done, content_hash=INCOMPLETE) if self.incomplete else done


def decide(entry: LedgerEntry | None, found: DocumentSet) -> Decision:
    """Whether a revision is to be written over what the ledger says is there.

    The same revision with other tags is written: the watches have changed since. The same content that was only fetched
    again is not, whatever its tags are now, as it would pass for news with its new time; the article's tags of today
    come with a backfill.
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
    """The version of the rules and, behind a `+`, a name for the tags of the documents, given by document id.

    Of the tags and not of the watches that gave them: a watch that is new or changed concerns only what it matches.
    """
    rules, given = parse_rules(rules_version), sorted((id, *sorted(names)) for id, names in tags.items() if names)
    return f"{rules}+{digest(*('/'.join(each) for each in given))[:8]}" if given else rules


def parse_rules(rules_version: str) -> str:
    """The version of the rules alone."""
    return rules_version.partition("+")[0]


def make_plan(owner_id: str, revisions: Sequence[DocumentSet], entry: LedgerEntry | None, now: datetime) -> WritePlan:
    """Folds a batch's revisions of one article, in order, into what is to be done."""
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


def make_plans(sets: Iterable[DocumentSet], entries: Mapping[str, LedgerEntry], now: datetime) -> list[WritePlan]:
    """One plan for each article of a batch, in the order of their first appearance."""
    by_owner: dict[str, list[DocumentSet]] = {}
    for each in sets:
        by_owner.setdefault(each.owner_id, []).append(each)
    return [make_plan(owner, revisions, entries.get(owner), now) for owner, revisions in by_owner.items()]


def mark_incomplete(plan: WritePlan) -> WritePlan:
    """The plan after a part of its set was rejected: what was accepted stays, and a replay writes the set again."""
    return replace(plan, incomplete=True)


def make_entry(found: DocumentSet, bucket: str, now: datetime) -> LedgerEntry:
    """The ledger's entry of a set."""
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
    """The children of a set."""
    return [(document.family, document.id) for document in found.documents if document.family in CHILD_FIELDS]


def list_known_children(entry: LedgerEntry | None) -> list[Child]:
    """The children that the ledger knows."""
    return [(family, id) for family, field in CHILD_FIELDS.items() for id in getattr(entry, field, ())]


def read_entries(sources: Mapping[str, Any]) -> dict[str, LedgerEntry]:
    """The ledger's entries from what Elasticsearch returned. Raises `Permanent` for one of another release."""
    try:
        return {id: msgspec.convert(source, LedgerEntry) for id, source in sources.items()}
    except msgspec.ValidationError as error:
        raise Permanent(
            f"the ledger holds an entry of another release ({error}): process the articles again"
        ) from error
