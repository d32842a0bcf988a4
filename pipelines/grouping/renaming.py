"""`newsclaims aliases`: stores decisions about names, and writes the names into the documents that are indexed.

A decision is stored first. Then the claimants and entities of the articles that it concerns are named again from their
written forms, as the job does, so that a decision that is taken back leaves no trace.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from deploy.settings import Settings
from pipelines.connections import make_sink_topics, open_elasticsearch, open_publisher
from pipelines.grouping.claimants.aliases import make_form_key
from pipelines.grouping.stored_aliases import load_aliases
from pipelines.grouping.stored_names import rename
from pipelines.groups import split_groups
from pipelines.io.elasticsearch.actions import delete, write
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.generations import read_only_generation
from pipelines.io.elasticsearch.stored import read_stored
from pipelines.rewriting import SetWriter
from schemas.codec import encode
from schemas.elasticsearch.aliases import ClaimantAlias
from schemas.elasticsearch.indices import ALIASES
from schemas.errors import Permanent
from schemas.suggestions import hint

ACTION = "name claimants"

BATCH = 100
"""Articles that are read and written together."""
CANDIDATES = 1_000
"""Claimants among which a suggestion is searched."""

Clause = dict[str, Any]
Selection = dict[str, Clause]
"""Articles: those that the query of `articles` finds, and those with claims that the query of `claims` finds."""


@dataclass(frozen=True, kw_only=True)
class DecisionReason:
    """Who decides, and why."""

    by: str | None = None
    note: str | None = None


@dataclass
class RenamingResult:
    """What was done: articles read, articles written again, and articles that a job was writing at the same time."""

    articles: int = 0
    changed: int = 0
    passed_over: int = 0

    def describe(self) -> str:
        """Returns the counts in words."""
        text = f"{self.articles:,} articles read, {self.changed:,} written again"
        if self.passed_over:
            text += f"; {self.passed_over:,} were being written by a job: run `newsclaims aliases apply`"
        return text


def merge(settings: Settings, one: str, other: str, reason: DecisionReason) -> RenamingResult:
    """Makes claimant `one` the same as `other`; both are given by id or by name.

    Raises `Permanent` for a claimant that no article has, and for two that are one already.
    """
    with connect(settings) as renamer:
        source, target = renamer.find_claimant(one), renamer.find_claimant(other)
        if source["id"] == target["id"]:
            raise Permanent(f"{one} and {other} are one claimant already ({target['id']}); nothing was changed")
        renamer.store(ClaimantAlias(
            alias_id=f"merge/{source['id']}", decision="merge", from_id=source["id"], to_id=target["id"],
            to_name=target["name"], by=reason.by, note=reason.note, at=datetime.now(UTC),
        ))  # fmt: skip
        return renamer.apply(select_ids([source["id"]]))


def split(settings: Settings, form: str, reason: DecisionReason) -> RenamingResult:
    """Takes a merge back, given by the id that was merged; or makes a written form a claimant of its own.

    Raises `Permanent` for a form that no article has.
    """
    with connect(settings) as renamer:
        merged = renamer.sender.read(ALIASES.index(""), [f"merge/{form}"]).get(f"merge/{form}")
        if merged:
            renamer.remove(f"merge/{form}")
            if merged["origin"] == "learned":
                # Or the same articles would show it again.
                renamer.store(make_split(merged["form"], reason))
            return renamer.apply(select_ids([merged["to_id"]]))
        renamer.check_form(form)
        renamer.store(make_split(form, reason))
        return renamer.apply(select_form(form))


def make_split(form: str, reason: DecisionReason) -> ClaimantAlias:
    """Returns the decision that a written form names somebody of its own."""
    return ClaimantAlias(
        alias_id=f"split/{make_form_key(form)}", decision="split", form=form, by=reason.by, note=reason.note,
        at=datetime.now(UTC),
    )  # fmt: skip


def forget(settings: Settings, alias_id: str) -> RenamingResult:
    """Removes a decision by its id. Raises `Permanent` if there is none with this id."""
    with connect(settings) as renamer:
        found = renamer.sender.read(ALIASES.index(""), [alias_id]).get(alias_id)
        if not found:
            raise Permanent(f"no decision has the id {alias_id!r}: see `newsclaims aliases list --decisions`")
        renamer.remove(alias_id)
        if found["decision"] == "merge":
            return renamer.apply(select_ids([found["to_id"]]))
        return renamer.apply(select_form(found["form"]))


def apply(settings: Settings) -> RenamingResult:
    """Names all claimants and entities again, also of articles of an earlier release. Safe to repeat."""
    with connect(settings) as renamer:
        return renamer.apply({"articles": {"match_all": {}}})


def select_ids(ids: Sequence[str]) -> Selection:
    """Selects the articles that have a claimant or an entity with one of these ids."""
    return {"claims": {"terms": {"claimant.id": ids}}, "articles": {"terms": {"entities.id": ids}}}


def select_form(form: str) -> Selection:
    """Selects the articles that write a claimant or an entity in this way, at least in these words."""
    return {
        "claims": {"match_phrase": {"claimant.written": form}},
        "articles": {"match_phrase": {"entities.written": form}},
    }


@contextmanager
def connect(settings: Settings) -> Iterator["Renamer"]:
    """Connects to both servers. Raises `Retryable` if one does not answer."""
    with open_elasticsearch(settings, ACTION) as client, open_publisher(settings, ACTION) as publisher:
        sender = BulkSender(client)
        generation = read_only_generation(
            sender, "a re-processing is not finished: name claimants after it (`newsclaims reprocess status`)"
        )
        topics = make_sink_topics(settings.kafka.client_options())
        yield Renamer(client, SetWriter(sender, publisher, topics.families["claims"], generation))


class Renamer:
    """Stores decisions, and names stored claimants and entities by them."""

    def __init__(self, client: Elasticsearch, writer: SetWriter) -> None:
        self.client = client
        self.sender = writer.sender
        self.writer = writer

    def find_claimant(self, given: str) -> dict[str, str]:
        """Returns id and name of the claimant or entity with this id or name. Raises `Permanent` if there is none."""
        self.client.indices.refresh(index="claims,articles")
        for field in ("claimant.id", "claimant.name.keyword"):
            hits = self.client.search(
                index="claims", size=1, query={"bool": {"filter": [{"term": {field: given}}, HAS_ID]}},
                source_includes=["claimant.id", "claimant.name"],
            )["hits"]["hits"]  # fmt: skip
            if hits:
                found: dict[str, str] = hits[0]["_source"]["claimant"]
                return found
        for field in ("id", "name"):
            if entity := self.find_entity(field, given):
                return entity
        near = hint(given, self.list_names())
        raise Permanent(f"no claimant and no entity has the id or name {given!r}{near}; nothing was changed")

    def find_entity(self, field: str, given: str) -> dict[str, str] | None:
        """Returns id and name of an entity that has this value in `field`, `id` or `name`; None if there is none."""
        path = {"id": "entities.id", "name": "entities.name.keyword"}[field]
        hits = self.client.search(
            index="articles", size=1, query={"bool": {"filter": [{"term": {path: given}}, HAS_ENTITY_ID]}},
            source_includes=["entities.id", "entities.name"],
        )["hits"]["hits"]  # fmt: skip
        named = (each for hit in hits for each in hit["_source"]["entities"] if each[field] == given and each["id"])
        return next(named, None)

    def list_names(self) -> list[str]:
        """Returns the most frequent names of claimants and entities."""
        found: list[str] = []
        for index, field in (("claims", "claimant.name.keyword"), ("articles", "entities.name.keyword")):
            names = {"names": {"terms": {"field": field, "size": CANDIDATES}}}
            answer = self.client.search(index=index, size=0, aggs=names)
            found += [bucket["key"] for bucket in answer["aggregations"]["names"]["buckets"]]
        return found

    def check_form(self, form: str) -> None:
        """Raises `Permanent` if no claimant and no entity has the written form."""
        self.client.indices.refresh(index="claims,articles")
        for index, field in (("claims", "claimant.written.keyword"), ("articles", "entities.written.keyword")):
            if self.client.count(index=index, query={"term": {field: form}})["count"]:
                return
        raise Permanent(
            f"{form!r} is neither a written form of a claimant or entity nor the id of one that was merged: "
            "see `newsclaims aliases list`; nothing was changed"
        )

    def store(self, alias: ClaimantAlias) -> None:
        """Writes a decision. Raises `Permanent` if Elasticsearch refuses it."""
        for refused in self.sender.send([write(ALIASES.index(""), alias.alias_id, encode(alias))]):
            raise Permanent(f"Elasticsearch refuses the decision ({refused.outcome.reason})")

    def remove(self, alias_id: str) -> None:
        """Deletes a decision."""
        self.sender.send([delete(ALIASES.index(""), alias_id)])

    def apply(self, selection: Selection) -> RenamingResult:
        """Names the claimants and entities of the selected articles again."""
        self.client.indices.refresh(index="aliases,claims,articles")
        aliases, done = load_aliases(self.sender), RenamingResult()
        owners = dict.fromkeys(
            hit["_source"]["article_id"]
            for index, query in selection.items()
            for hit in scan(self.client, index=index, query={"query": query, "_source": ["article_id"]})
        )
        for batch in split_groups(owners, BATCH):
            stored = read_stored(self.sender, batch, self.writer.generation)
            changed = [new for each in stored if (new := rename(each, aliases))]
            done.articles += len(batch)
            done.changed += self.writer.write(changed) if changed else 0
            done.passed_over += len(batch) - len(stored)
        self.writer.finish()
        self.client.indices.refresh(index="articles,claims,figures")
        return done


HAS_ID: Clause = {"exists": {"field": "claimant.id"}}
HAS_ENTITY_ID: Clause = {"exists": {"field": "entities.id"}}
