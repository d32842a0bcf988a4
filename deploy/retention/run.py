"""`newsclaims retention`: drops what is beyond its limit, in an order in which an interruption loses nothing.

Dead letters and health samples go first. Of articles, the readers of the topic `claims` get tombstones first, then the
indices go, then the entries of the ledger. What an interrupted run leaves, the next one does.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from elasticsearch import BadRequestError, Elasticsearch

from deploy.retention import lifecycle, thin_indices
from deploy.retention.ledger import count_entries, delete_entries, find_left_over
from deploy.retention.marked import MarkedClaims, export_marked
from deploy.retention.plan import Limits, Verdict, judge_all
from deploy.retention.replays import count_replays, delete_replays
from deploy.retention.stored import StoredIndex, find_newest, is_of_articles, list_indices
from deploy.retention.thin_indices import Thinning
from deploy.retention.tombstones import send_tombstones
from deploy.server_errors import handle_elasticsearch_errors
from deploy.settings import Settings
from schemas.elasticsearch.buckets import is_beyond
from schemas.elasticsearch.index_settings import SettingsOfFamilies
from schemas.elasticsearch.indices import ARTICLE_FAMILIES, DEAD_LETTERS, FAMILIES

TIMEOUT_SECONDS: Final = 120.0
"""Timeout of a request to Elasticsearch."""


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """What a run did, or would do.

    `ledger_entries` and `replays` are numbers of entries deleted, `tombstones` of messages sent, `exported` of marked
    claims written to a file. `lifecycle` is whether the server's lifecycle management runs.
    """

    dry_run: bool
    lifecycle: bool
    verdicts: tuple[Verdict, ...]
    thinned: tuple[Thinning, ...] = ()
    ledger_entries: int = 0
    replays: int = 0
    tombstones: int = 0
    exported: int = 0

    @property
    def dropped(self) -> tuple[Verdict, ...]:
        """The indices that are dropped."""
        return tuple(each for each in self.verdicts if each.action == "drop")


def find_limits(families: SettingsOfFamilies) -> dict[str, int | None]:
    """Returns the limit of each family in days, as in indices.yaml."""
    return {name: each.retention_days for name, each in families.items()}


def run_retention(
    settings: Settings, now: datetime, dry_run: bool = False, export: Path | None = None
) -> RetentionReport:
    """Drops and thins what is due, or only says what it would do.

    With `export`, marked claims are written to that file, and their buckets are dropped too. Raises `Retryable` if a
    server does not answer, and `Permanent` if something refuses; what was done before stays done.
    """
    families = settings.load_index_settings()
    options = settings.elasticsearch.client_options()
    with (
        Elasticsearch(**options, request_timeout=TIMEOUT_SECONDS, max_retries=0) as client,
        handle_elasticsearch_errors("drop what is beyond its limit"),
    ):
        return Retention(settings, client, families, now).run(dry_run, export)


class Retention:
    """One run. Raises the client's errors, and those of `run_retention`."""

    def __init__(self, settings: Settings, client: Elasticsearch, families: SettingsOfFamilies, now: datetime) -> None:
        self.settings = settings
        self.client = client
        self.families = families
        self.limits: Limits = find_limits(families)
        self.now = now

    def run(self, dry_run: bool, export: Path | None) -> RetentionReport:
        """Does what is due."""
        found: Sequence[StoredIndex] = list_indices(self.client)
        if dry_run:
            managed = lifecycle.has_lifecycle(self.client)
        else:
            managed, found = lifecycle.manage_if_possible(self.client, found, self.limits)
        marked = MarkedClaims(self.client)
        count_marked = marked.count if export is None else (lambda _index: 0)
        verdicts = judge_all(
            found, self.limits, self.now, lambda index: find_newest(self.client, index), count_marked
        )  # fmt: skip
        going = {each.index for each in verdicts if each.action == "drop"}
        dropped = [each for each in found if each.index in going]
        kept = [each for each in found if each.index not in going]
        report = RetentionReport(dry_run, managed, tuple(verdicts))
        return self.foresee(report, dropped, kept) if dry_run else self.do(report, dropped, kept, marked, export)

    def foresee(
        self, report: RetentionReport, dropped: Sequence[StoredIndex], kept: Sequence[StoredIndex]
    ) -> RetentionReport:
        """Returns what `do` would do."""
        due = thin_indices.plan_thinning(kept, self.now)
        return replace(
            report,
            thinned=tuple(
                Thinning(each.index, thin_indices.name_copy(each, step), each.documents) for each, step in due
            ),
            ledger_entries=sum(count for _, _, count in self.find_left_over(kept)),
            replays=count_replays(self.client, self.limits.get(DEAD_LETTERS.name), self.now),
            tombstones=sum(each.documents for each in self.choose_announced(dropped)),
        )

    def do(
        self,
        report: RetentionReport,
        dropped: Sequence[StoredIndex],
        kept: Sequence[StoredIndex],
        marked: MarkedClaims,
        export: Path | None,
    ) -> RetentionReport:
        """Drops and thins, and returns what it did."""
        of_articles = [each for each in dropped if is_of_articles(each)]
        self.drop([each for each in dropped if not is_of_articles(each)], kept)
        thinned = [
            thin_indices.thin_index(self.client, each, step)
            for each, step in thin_indices.plan_thinning(kept, self.now)
        ]
        claims = [each.index for each in self.choose_announced(of_articles)]
        exported = self.export(marked, claims, export) if export else 0
        tombstones = send_tombstones(self.settings, self.client, claims)
        self.drop(of_articles, kept)
        entries = [
            delete_entries(self.client, generation, bucket) for generation, bucket, _ in self.find_left_over(kept)
        ]
        return replace(
            report,
            thinned=tuple(thinned),
            ledger_entries=sum(entries),
            replays=delete_replays(self.client, self.limits.get(DEAD_LETTERS.name), self.now),
            tombstones=tombstones,
            exported=exported,
        )

    def choose_announced(self, dropped: Sequence[StoredIndex]) -> list[StoredIndex]:
        """Returns the indices whose claims get tombstones: the topic has the claims of the live generation."""
        return [each for each in dropped if each.family == "claims" and each.is_live]

    def export(self, marked: MarkedClaims, claims: Sequence[str], file: Path) -> int:
        """Writes the marked claims of these indices to a file, if there are any. Returns their number."""
        if not any(marked.count(index) for index in claims):
            return 0
        return export_marked(self.client, marked, claims, file)

    def drop(self, dropped: Sequence[StoredIndex], kept: Sequence[StoredIndex]) -> None:
        """Deletes indices. A family whose last index goes gets an empty one first: searches need the alias."""
        for family in dict.fromkeys(each.family for each in dropped if each.is_live):
            if not any(each.family == family and each.is_live for each in kept):
                generation = next(each.generation for each in dropped if each.family == family and each.is_live)
                bucket = self.families[family].buckets.find_bucket(self.now)
                with suppress(BadRequestError):  # a job was faster
                    self.client.indices.create(index=FAMILIES[family].index(bucket, generation))
        for each in dropped:
            self.client.options(ignore_status=404).indices.delete(index=each.index)

    def find_left_over(self, kept: Sequence[StoredIndex]) -> list[tuple[int, str, int]]:
        """Returns generation, bucket and number of the ledger's entries of which no documents are left."""
        of_articles = [each for each in list_indices(self.client) if is_of_articles(each)]
        generations = sorted({each.generation for each in of_articles})
        there = {(each.generation, each.bucket) for each in kept if is_of_articles(each)}
        return [
            (generation, bucket, count)
            for generation in generations
            for bucket, count in find_left_over(
                count_entries(self.client, generation),
                {bucket for own, bucket in there if own == generation},
                self.is_expired,
            ).items()
        ]

    def is_expired(self, bucket: str) -> bool:
        """Returns whether a bucket is beyond the limits of all families of articles."""
        return all(is_beyond(bucket, self.limits.get(family), self.now) for family in ARTICLE_FAMILIES)
