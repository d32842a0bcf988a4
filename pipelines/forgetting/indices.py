"""What Elasticsearch has of a page, in all generations: finds it and deletes it."""

from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan, streaming_bulk

from deploy.assertions.refreshing import count_named
from pipelines.forgetting.pages import ForgottenPage
from pipelines.io.elasticsearch.takedowns import find_addresses
from schemas.elasticsearch.indices import ALIASES, ASSERTIONS, DEAD_LETTERS, FAMILIES, HEALTH, REPLAYS, Family

ALERT = "newsclaims_alert"
"""The metric of an alert, whose `detail` may quote a claim."""
AT_ONCE = 1_000
"""Ids in one query."""


@dataclass
class StoredPage:
    """The documents of a page: `hits` by place, and the ids of its claims, also of those that only the ledger names."""

    hits: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    claim_ids: set[str] = field(default_factory=set)

    def count(self) -> Counter[str]:
        """Returns the number of documents by place."""
        return Counter({place: len(found) for place, found in self.hits.items() if found})

    @property
    def articles(self) -> list[Mapping[str, Any]]:
        """The articles."""
        return [hit["_source"] for hit in self.hits.get("articles", ())]


def match_generations(family: Family) -> str:
    """Returns the pattern of the indices of a family in every generation."""
    return f"{family.name}-g*"


def find_stored(client: Elasticsearch, page: ForgottenPage) -> StoredPage:
    """Returns all documents of a page that were written before this call."""
    found = StoredPage()
    articles = [hit for hit in find_articles(client, page) if page.covers_article(hit["_source"])]
    found.hits["articles"] = articles
    owners = sorted({str(hit["_source"]["article_id"]) for hit in articles} | page.ids)
    for name in ("claims", "figures", "ledger", "marks"):
        found.hits[name] = list(find_by_ids(client, FAMILIES[name], "article_id", owners))
    # A learned alias quotes an article of its evidence. The next pass learns it again from others.
    found.hits["aliases"] = list(find_by_ids(client, ALIASES, "evidence", owners))
    found.hits["assertions"] = list(find_by_ids(client, ASSERTIONS, "article_ids", owners))
    found.claim_ids = {hit["_id"] for hit in found.hits["claims"]}
    found.claim_ids |= {id for hit in found.hits["ledger"] for id in hit["_source"].get("claim_ids", ())}
    found.hits["dead_letters"] = [hit for hit in find_letters(client) if covers_letter(page, hit["_source"])]
    found.hits["replays"] = [hit for hit in find_replays(client) if covers_replay(page, hit["_source"])]
    found.hits["alerts"] = [hit for hit in find_alerts(client, page) if page.covers((), (hit["_source"].get("url"),))]
    return found


def find_articles(client: Elasticsearch, page: ForgottenPage) -> Iterator[Mapping[str, Any]]:
    """Yields the articles that may belong to the page; their addresses have to be compared."""
    ids = sorted(page.ids)
    clauses: list[dict[str, Any]] = [{"terms": {"article_id": ids}}, {"terms": {"parent_id": ids}}]
    clauses += [match_start(name, address) for name in ("url", "canonical_url") for address in page.addresses]
    yield from search(
        client, FAMILIES["articles"], any_of(clauses), ["article_id", "parent_id", "url", "canonical_url"]
    )


def find_by_ids(client: Elasticsearch, family: Family, name: str, ids: list[str]) -> Iterator[Mapping[str, Any]]:
    """Yields the documents of a family whose field has one of these ids."""
    for first in range(0, len(ids), AT_ONCE):
        yield from search(
            client, family, {"terms": {name: ids[first : first + AT_ONCE]}}, ["claim_ids", "assertion_id"]
        )


def find_letters(client: Elasticsearch) -> Iterator[Mapping[str, Any]]:
    """Yields all open dead letters: their bytes cannot be searched."""
    yield from search(client, DEAD_LETTERS, {"match_all": {}}, ["key", "original"])


def covers_letter(page: ForgottenPage, source: Mapping[str, Any]) -> bool:
    """Whether a dead letter is of this page, by its key or by the address in its message."""
    return page.covers((source.get("key"),), find_addresses(b64decode(source.get("original") or "")))


def find_replays(client: Elasticsearch) -> Iterator[Mapping[str, Any]]:
    """Yields the history of the dead letters that were sent back in: its errors may quote the message."""
    yield from search(client, REPLAYS, {"match_all": {}}, ["key", "addresses"])


def covers_replay(page: ForgottenPage, source: Mapping[str, Any]) -> bool:
    """Whether a replay was of this page, by the key or an address of its message."""
    return page.covers((source.get("key"),), source.get("addresses", ()))


def find_alerts(client: Elasticsearch, page: ForgottenPage) -> Iterator[Mapping[str, Any]]:
    """Yields the alerts that may be about the page; their addresses have to be compared."""
    if page.addresses:
        clauses = any_of([match_start("url", address) for address in page.addresses])
        yield from search(client, HEALTH, {"bool": {"filter": [{"term": {"metric": ALERT}}, clauses]}}, ["url"])


def match_start(name: str, start: str) -> dict[str, Any]:
    """Matches a keyword that starts like this, in capitals or not."""
    return {"prefix": {name: {"value": start, "case_insensitive": True}}}


def any_of(clauses: list[dict[str, Any]]) -> dict[str, Any]:
    """Matches what one of the clauses matches."""
    return {"bool": {"should": clauses, "minimum_should_match": 1}}


def search(
    client: Elasticsearch, family: Family, query: dict[str, Any], fields: list[str]
) -> Iterator[Mapping[str, Any]]:
    """Yields the documents of a family in every generation, with their versions and the fields."""
    index = match_generations(family)
    client.indices.refresh(index=index, ignore_unavailable=True, allow_no_indices=True)
    body = {"query": query, "_source": fields, "version": True, "sort": ["_doc"]}
    yield from scan(client, index=index, query=body, size=AT_ONCE, ignore_unavailable=True, allow_no_indices=True)


def delete_stored(client: Elasticsearch, hits: Iterable[Mapping[str, Any]]) -> int:
    """Deletes documents, each only at the version that was found. Returns how many were there and are gone.

    One that has a newer version by now stays: look again.
    """
    actions = ({"_op_type": "delete", "_index": hit["_index"], "_id": hit["_id"], **find_version(hit)} for hit in hits)
    outcomes = streaming_bulk(client, actions, raise_on_error=False, max_retries=5)
    return sum(done for done, _ in outcomes)


def count_again(client: Elasticsearch, ids: Iterable[str]) -> None:
    """Counts the assertions that a page said from the claims of others; those without any are deleted."""
    client.indices.refresh(index="claims,assertions")
    count_named(client, ids)


def find_version(hit: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the options that delete a document of an article only if it is not newer than found.

    Other documents are written without a version of ours, and only once.
    """
    family = hit["_index"].partition("-g")[0]
    versioned = family in ("articles", "claims", "figures", "ledger")
    return {"version": hit["_version"], "version_type": "external_gte"} if versioned else {}
