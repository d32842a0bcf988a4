"""`newsclaims aliases list`: the stored decisions, and who has several names in the index."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from deploy.server_errors import handle_elasticsearch_errors
from deploy.settings import Settings
from pipelines.grouping.claimants.spelling import clean

MOST_ARTICLES = 10_000
"""Articles whose entities are read for one list, the newest."""
PAGE = 1_000
"""Articles in one answer."""


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
    query = match_names(matching, ["claimant.name", "claimant.written"])
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


def list_entities(settings: Settings, limit: int, matching: str | None) -> list[dict[str, Any]]:
    """Returns the entities that articles name in several ways, those in the most articles first: id, name, forms.

    They are those of the newest articles, up to `MOST_ARTICLES`, that name one with these words.
    """
    query = match_names(matching, ["entities.name", "entities.written"])
    fields = ["article_id", "entities.id", "entities.name", "entities.written"]
    newest = {
        "query": query,
        "_source": fields,
        "sort": [{"published_at": "desc"}, {"article_id": "asc"}],
        "size": PAGE,
    }
    names: dict[str, str] = {}
    articles: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    with (
        Elasticsearch(**settings.elasticsearch.client_options()) as client,
        handle_elasticsearch_errors("read the names of entities"),
    ):
        for entities in read_entities(client, newest):
            for each in entities:
                names.setdefault(each["id"], each["name"])
                forms[each["id"]].update(each["written"])
            articles.update({each["id"] for each in entities})
    wanted = (matching or "").casefold().split()
    return [
        {"id": id, "name": names[id], "articles": count, "forms": dict(forms[id].most_common())}
        for id, count in articles.most_common()
        if (is_about(" ".join((names[id], *forms[id])), wanted) if wanted else len(forms[id]) > 1)
    ][:limit]


def read_entities(client: Elasticsearch, search: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """Yields the named entities of each article that the search finds, up to `MOST_ARTICLES`."""
    after: dict[str, Any] = {}
    for _ in range(MOST_ARTICLES // PAGE):
        hits = client.search(index="articles", body=search | after)["hits"]["hits"]
        for hit in hits:
            yield [each for each in hit["_source"].get("entities", ()) if each.get("id")]
        if len(hits) < PAGE:
            return
        after = {"search_after": hits[-1]["sort"]}


def is_about(names: str, wanted: Sequence[str]) -> bool:
    """Returns whether all words, in lower case, begin words of the names."""
    words = clean(names).casefold().replace("'", " ").split()
    return all(any(word.startswith(each) for word in words) for each in wanted)


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
