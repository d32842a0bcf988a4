"""`newsclaims aliases list`: the stored decisions, and who has several names in the index."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch

from deploy.searches.paging import iterate_hits
from deploy.settings import Settings
from pipelines.connections import open_elasticsearch
from pipelines.grouping.claimants.spelling import clean

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
MOST_ARTICLES = 10_000
"""Articles whose entities are read for one list, the newest."""
PAGE = 1_000
"""Articles in one answer."""


def list_decisions(settings: Settings, limit: int) -> list[dict[str, Any]]:
    """Returns the newest stored decisions."""
    with open_elasticsearch(settings, "read the decisions about claimants") as client:
        client.indices.refresh(index="aliases")
        answer = client.search(index="aliases", size=limit, sort=[{"at": "desc"}])
        return [hit["_source"] for hit in answer["hits"]["hits"]]


def list_claimants(settings: Settings, limit: int, matching: str | None) -> list[dict[str, Any]]:
    """Returns the claimants that articles name in several ways, those with the most claims first: id, name, forms."""
    forms = {"terms": {"field": "claimant.written.keyword", "size": 50}}
    name = {"terms": {"field": "claimant.name.keyword", "size": 1}}
    query = match_names(matching, ["claimant.name", "claimant.written"])
    with open_elasticsearch(settings, "read the names of claimants") as client:
        answer = client.search(
            index="claims", size=0, query=query,
            aggs={"ids": {"terms": {"field": "claimant.id", "size": 10_000},
                          "aggs": {"forms": forms, "name": name}}},
        )  # fmt: skip
    found = [read_claimant(bucket) for bucket in answer["aggregations"]["ids"]["buckets"]]
    return [each for each in found if matching or len(each["forms"]) > 1][:limit]


def list_entities(settings: Settings, limit: int, matching: str | None) -> list[dict[str, Any]]:
    """Returns the entities that articles name in several ways, those in the most articles first: id, name, forms.

    With words, those that have all of them in the name or in one of the forms. The newest articles are counted, up to
    `MOST_ARTICLES`.
    """
    with open_elasticsearch(settings, "read the names of entities") as client:
        client.indices.refresh(index="articles")
        if not matching:
            return [each for each in count_entities(client, {"match_all": {}}) if len(each["forms"]) > 1][:limit]
        found = count_entities(client, match_names(matching, ["entities.name", "entities.written"]))
        ids = [
            each["id"] for each in found if list_words(matching) <= list_words(" ".join((each["name"], *each["forms"])))
        ][:limit]
        return [each for each in count_entities(client, {"terms": {"entities.id": ids}}) if each["id"] in ids]


def count_entities(client: Elasticsearch, query: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the entities of the newest articles that a query finds, each with its forms, the most frequent first."""
    names: dict[str, str] = {}
    articles: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for entities in read_entities(client, query):
        for each in entities:
            names.setdefault(each["id"], each["name"])
            forms[each["id"]].update(each["written"])
        articles.update({each["id"] for each in entities})
    return [
        {"id": id, "name": names[id], "articles": count, "forms": dict(forms[id].most_common())}
        for id, count in articles.most_common()
    ]


def read_entities(client: Elasticsearch, query: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """Yields the named entities of the newest articles that a query finds, up to `MOST_ARTICLES`."""
    hits = iterate_hits(
        client, "articles", query, [{"published_at": "desc"}, "article_id"], PAGE,
        source_includes=["entities.id", "entities.name", "entities.written"],
    )  # fmt: skip
    for hit in islice(hits, MOST_ARTICLES):
        yield [each for each in hit["_source"].get("entities", ()) if each.get("id")]


def list_words(text: str) -> set[str]:
    """Returns the words of a text in lower case, nearly as Elasticsearch takes them apart."""
    return set(_WORD.findall(clean(text).casefold()))


def match_names(matching: str | None, fields: Sequence[str]) -> dict[str, Any]:
    """Returns the query for documents with all words in one of the fields; of all documents without words."""
    if not matching:
        return {"match_all": {}}
    return {"multi_match": {"query": matching, "fields": list(fields), "operator": "and"}}


def read_claimant(bucket: dict[str, Any]) -> dict[str, Any]:
    """Reads a bucket of `list_claimants`."""
    names: Iterable[dict[str, Any]] = bucket["name"]["buckets"]
    return {
        "id": bucket["key"],
        "name": next((each["key"] for each in names), bucket["key"]),
        "claims": bucket["doc_count"],
        "forms": {each["key"]: each["doc_count"] for each in bucket["forms"]["buckets"]},
    }
