"""`newsclaims aliases`: stores decisions about claimants, and writes the names into the claims that are indexed.

A decision is stored first. Then the claimants of the articles that it concerns are named again from their written
forms, as the job does, so that a decision that is taken back leaves no trace.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from deploy.server_errors import handle_elasticsearch_errors
from deploy.settings import Settings
from pipelines.connections import make_sink_topics, open_publisher
from pipelines.grouping.claimants.aliases import Aliases, make_form_key
from pipelines.grouping.claimants.naming import name_claimants
from pipelines.grouping.stored_aliases import load_aliases
from pipelines.groups import split_groups
from pipelines.io.elasticsearch.actions import delete, write
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.generations import read_only_generation
from pipelines.io.elasticsearch.stored import StoredSet, read_stored
from pipelines.rewriting import SetWriter
from schemas.codec import encode
from schemas.elasticsearch.aliases import ClaimantAlias
from schemas.elasticsearch.indices import ALIASES
from schemas.errors import Permanent
from schemas.records import Article, Claim
from schemas.suggestions import hint
from schemas.text import ArticleText

BATCH = 100
"""Articles that are read and written together."""
CANDIDATES = 1_000
"""Claimants among which a suggestion is searched."""

Clause = dict[str, Any]


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

    Raises `Permanent` for a claimant that no claim has, and for two that are one already.
    """
    with connect(settings) as renamer:
        source, target = renamer.find_claimant(one), renamer.find_claimant(other)
        if source["id"] == target["id"]:
            raise Permanent(f"{one} and {other} are one claimant already ({target['id']}); nothing was changed")
        renamer.store(ClaimantAlias(
            alias_id=f"merge/{source['id']}", decision="merge", from_id=source["id"], to_id=target["id"],
            to_name=target["name"], by=reason.by, note=reason.note, at=datetime.now(UTC),
        ))  # fmt: skip
        return renamer.apply({"term": {"claimant.id": source["id"]}})


def split(settings: Settings, form: str, reason: DecisionReason) -> RenamingResult:
    """Takes a merge back, given by the id that was merged; or makes a written form a claimant of its own.

    Raises `Permanent` for a form that no claim has.
    """
    with connect(settings) as renamer:
        merged = renamer.sender.read(ALIASES.index(""), [f"merge/{form}"]).get(f"merge/{form}")
        if merged:
            renamer.remove(f"merge/{form}")
            if merged["origin"] == "learned":
                # Or the same articles would show it again.
                renamer.store(make_split(merged["form"], reason))
            return renamer.apply({"term": {"claimant.id": merged["to_id"]}})
        renamer.check_form(form)
        renamer.store(make_split(form, reason))
        return renamer.apply({"match_phrase": {"claimant.written": form}})


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
            return renamer.apply({"term": {"claimant.id": found["to_id"]}})
        return renamer.apply({"match_phrase": {"claimant.written": found["form"]}})


def apply(settings: Settings) -> RenamingResult:
    """Names the claimants of all indexed claims again, also of those of an earlier release. Safe to repeat."""
    with connect(settings) as renamer:
        return renamer.apply({"match_all": {}})


@contextmanager
def connect(settings: Settings) -> Iterator["Renamer"]:
    """Connects to both servers. Raises `Retryable` if one does not answer."""
    with (
        Elasticsearch(**settings.elasticsearch.client_options()) as client,
        handle_elasticsearch_errors("name claimants"),
    ):
        sender = BulkSender(client)
        generation = read_only_generation(
            sender, "a re-processing is not finished: name claimants after it (`newsclaims reprocess status`)"
        )
        topics = make_sink_topics(settings.kafka.client_options())
        with open_publisher(topics) as publisher:
            yield Renamer(client, SetWriter(sender, publisher, topics.families["claims"], generation))


class Renamer:
    """Stores decisions, and names stored claimants by them."""

    def __init__(self, client: Elasticsearch, writer: SetWriter) -> None:
        self.client = client
        self.sender = writer.sender
        self.writer = writer

    def find_claimant(self, given: str) -> dict[str, str]:
        """Returns id and name of the claimant with this id or name. Raises `Permanent` if no claim has it."""
        self.client.indices.refresh(index="claims")
        for field in ("claimant.id", "claimant.name.keyword"):
            hits = self.client.search(
                index="claims", size=1, query={"bool": {"filter": [{"term": {field: given}}, HAS_ID]}},
                source_includes=["claimant.id", "claimant.name"],
            )["hits"]["hits"]  # fmt: skip
            if hits:
                found: dict[str, str] = hits[0]["_source"]["claimant"]
                return found
        near = hint(given, self.list_names())
        raise Permanent(f"no claimant has the id or name {given!r}{near}; nothing was changed")

    def list_names(self) -> list[str]:
        """Returns the most frequent names of claimants."""
        names = {"names": {"terms": {"field": "claimant.name.keyword", "size": CANDIDATES}}}
        answer = self.client.search(index="claims", size=0, aggs=names)
        return [bucket["key"] for bucket in answer["aggregations"]["names"]["buckets"]]

    def check_form(self, form: str) -> None:
        """Raises `Permanent` if no claim has the written form."""
        self.client.indices.refresh(index="claims")
        if not self.client.count(index="claims", query={"term": {"claimant.written.keyword": form}})["count"]:
            raise Permanent(
                f"{form!r} is neither a written form of a claimant nor the id of one that was merged: "
                "see `newsclaims aliases list`; nothing was changed"
            )

    def store(self, alias: ClaimantAlias) -> None:
        """Writes a decision. Raises `Permanent` if Elasticsearch refuses it."""
        for refused in self.sender.send([write(ALIASES.index(""), alias.alias_id, encode(alias))]):
            raise Permanent(f"Elasticsearch refuses the decision ({refused.outcome.reason})")

    def remove(self, alias_id: str) -> None:
        """Deletes a decision."""
        self.sender.send([delete(ALIASES.index(""), alias_id)])

    def apply(self, query: Clause) -> RenamingResult:
        """Names the claimants of the articles again whose claims the query finds."""
        self.client.indices.refresh(index="aliases,claims")
        aliases, done = load_aliases(self.sender), RenamingResult()
        hits = scan(self.client, index="claims", query={"query": query, "_source": ["article_id"]})
        owners = dict.fromkeys(hit["_source"]["article_id"] for hit in hits)
        for batch in split_groups(owners, BATCH):
            stored = read_stored(self.sender, batch, self.writer.generation)
            changed = [new for each in stored if (new := rename(each, aliases))]
            done.articles += len(batch)
            done.changed += self.writer.write(changed) if changed else 0
            done.passed_over += len(batch) - len(stored)
        self.writer.finish()
        self.client.indices.refresh(index="claims,figures")
        return done


HAS_ID: Clause = {"exists": {"field": "claimant.id"}}


def rename(stored: StoredSet, aliases: Aliases) -> StoredSet | None:
    """Returns the set with the claimants named again; None if that changes nothing. Raises as `read_text`."""
    claims = dict(zip(stored.documents["claims"], name_claimants(read_text(stored), aliases).claims, strict=True))
    changed: dict[str, dict[str, dict[str, Any]]] = {"claims": {}, "figures": {}}
    for id, source in stored.documents["claims"].items():
        named = msgspec.to_builtins(claims[id].claimant)
        if named != source.get("claimant"):
            changed["claims"][id] = source | {"claimant": named}
    for id, source in stored.documents["figures"].items():
        owner = claims.get(source.get("claim_id") or "")
        given = make_figure_fields(msgspec.to_builtins(owner.claimant) if owner else None)
        if any(source.get(name) != value for name, value in given.items()):
            changed["figures"][id] = source | given
    if not changed["claims"] and not changed["figures"]:
        return None
    return replace(stored, documents={
        family: found | changed.get(family, {}) for family, found in stored.documents.items()
    })  # fmt: skip


def make_figure_fields(claimant: dict[str, Any] | None) -> dict[str, str | None]:
    """Returns the fields of a figure that follow from the claimant of its claim."""
    own = claimant or {}
    return {"claimant": own.get("name"), "claimant_id": own.get("id"), "claimant_written": own.get("written")}


def read_text(stored: StoredSet) -> ArticleText:
    """Returns the article as the naming of claimants needs it. Raises `Permanent` for documents of another release."""
    try:
        article = msgspec.convert(stored.article, Article)
        claims: Sequence[Claim] = [msgspec.convert(each, Claim) for each in stored.documents["claims"].values()]
    except msgspec.ValidationError as error:
        raise Permanent(
            f"Article {stored.entry.article_id} was indexed by another release ({error}): process it again"
        ) from error
    return ArticleText(title=article.title, body=article.body, entities=article.entities, claims=tuple(claims))


def list_decisions(settings: Settings, limit: int) -> list[dict[str, Any]]:
    """Returns the newest stored decisions."""
    with (
        Elasticsearch(**settings.elasticsearch.client_options()) as client,
        handle_elasticsearch_errors("read the decisions about claimants"),
    ):
        client.indices.refresh(index="aliases")
        answer = client.search(index="aliases", size=limit, sort=[{"at": "desc"}])
        return [hit["_source"] for hit in answer["hits"]["hits"]]


def list_claimants(settings: Settings, limit: int, matching: str | None) -> list[dict[str, Any]]:
    """Returns the claimants that articles name in several ways, those with the most claims first: id, name, forms."""
    forms = {"terms": {"field": "claimant.written.keyword", "size": 50}}
    name = {"terms": {"field": "claimant.name.keyword", "size": 1}}
    query: Clause = {"multi_match": {"query": matching, "fields": ["claimant.name", "claimant.written"],
                                     "operator": "and"}} if matching else {"match_all": {}}  # fmt: skip
    with (
        Elasticsearch(**settings.elasticsearch.client_options()) as client,
        handle_elasticsearch_errors("read the names of claimants"),
    ):
        answer = client.search(
            index="claims", size=0, query=query,
            aggs={"ids": {"terms": {"field": "claimant.id", "size": 10_000},
                          "aggs": {"forms": forms, "name": name}}},
        )  # fmt: skip
    found = [read_claimant(bucket) for bucket in answer["aggregations"]["ids"]["buckets"]]
    return [each for each in found if matching or len(each["forms"]) > 1][:limit]


def read_claimant(bucket: dict[str, Any]) -> dict[str, Any]:
    """Reads a bucket of `list_claimants`."""
    names: Iterable[dict[str, Any]] = bucket["name"]["buckets"]
    return {
        "id": bucket["key"],
        "name": next((each["key"] for each in names), bucket["key"]),
        "claims": bucket["doc_count"],
        "forms": {each["key"]: each["doc_count"] for each in bucket["forms"]["buckets"]},
    }
