"""Which articles the demo shows: all of them, or those of the reader's own texts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from dashboards.ask.filters import HAS_MARK, Filters, any_of
from dashboards.ask.query_clauses import none_of


@dataclass(frozen=True)
class DemoScope:
    """The messages that were published, by key, and the ids of the articles that came of them; None means all."""

    keys: tuple[str, ...] | None = None
    articles: tuple[str, ...] | None = None

    @property
    def filters(self) -> Filters:
        """The filters of a report."""
        return Filters(articles=self.articles)

    def narrow(self, alias: str, query: Any = None) -> dict[str, Any]:
        """Returns the query for documents of an alias that are in the scope and match `query`."""
        clauses = [] if query is None else [query]
        if alias == "dead-letters":
            clauses += [] if self.keys is None else [any_of("key", self.keys)]
        else:
            clauses += [none_of(HAS_MARK), *([] if self.articles is None else [any_of("article_id", self.articles)])]
        return {"bool": {"filter": clauses}}


def find_scope(es: Elasticsearch, keys: Iterable[str]) -> DemoScope:
    """Returns the scope of the messages with these keys: their articles, and the items of their pages.

    Raises what the client raises.
    """
    known = tuple(dict.fromkeys(keys))
    es.indices.refresh(index="articles", ignore_unavailable=True)
    query = {"bool": {"should": [any_of("article_id", known), any_of("parent_id", known)]}}
    hits = scan(es, index="articles", query={"query": query, "_source": ["article_id"]}, ignore_unavailable=True)
    return DemoScope(known, tuple(sorted(hit["_source"]["article_id"] for hit in hits)))
