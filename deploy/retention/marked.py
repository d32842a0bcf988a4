"""Claims that analysts marked: counts them in an index, and writes them to a file before their bucket is dropped."""

import json
import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from schemas.elasticsearch.indices import MARKS
from schemas.errors import Permanent

AT_ONCE: Final = 1_000
"""Ids in one query."""


class MarkedClaims:
    """Knows which claims are marked. Reads all marks once: there are few, because people make them."""

    def __init__(self, client: Elasticsearch) -> None:
        self.client = client
        self.ids = tuple(read_marked_ids(client))

    def queries(self) -> Iterator[dict[str, Any]]:
        """Yields queries that find each marked claim of an index once.

        The field `mark` of a claim follows from the marks. A claim may lack it, or keep it, if a write has failed.
        """
        yield {"exists": {"field": "mark"}}
        ids = iter(self.ids)
        while some := list(islice(ids, AT_ONCE)):
            yield {"bool": {"filter": {"ids": {"values": some}}, "must_not": {"exists": {"field": "mark"}}}}

    def count(self, index: str) -> int:
        """Returns the number of marked claims in an index."""
        self.client.indices.refresh(index=index)
        return sum(self.client.count(index=index, query=query)["count"] for query in self.queries())

    def iterate(self, index: str) -> Iterator[dict[str, Any]]:
        """Yields the marked claims of an index."""
        for query in self.queries():
            for hit in scan(self.client, index=index, query={"query": query}):
                yield hit["_source"]


def read_marked_ids(client: Elasticsearch) -> Iterator[str]:
    """Yields the ids of all marked claims. A server of an earlier release has no marks."""
    if client.indices.exists_alias(name=MARKS.name):
        client.indices.refresh(index=MARKS.name)
        for hit in scan(client, index=MARKS.name, query={"_source": False}):
            yield hit["_id"]


def export_marked(client: Elasticsearch, marked: MarkedClaims, claims: Sequence[str], file: Path) -> int:
    """Writes the marked claims of these indices, and their articles, as JSON lines. Returns the number of claims.

    A line has `family` and `document`. The file must not exist. It is on the disk when this returns. Raises `Permanent`
    if it cannot be written.
    """
    count = 0
    try:
        with file.open("x", encoding="utf-8") as out:
            for index in claims:
                articles: set[str] = set()
                for claim in marked.iterate(index):
                    out.write(json.dumps({"family": "claims", "document": claim}, ensure_ascii=False) + "\n")
                    articles.add(claim["article_id"])
                    count += 1
                for article in read_articles(client, index, sorted(articles)):
                    out.write(json.dumps({"family": "articles", "document": article}, ensure_ascii=False) + "\n")
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError:
        raise Permanent(f"--export-marked: {file} exists: name a new file") from None
    except OSError as error:
        raise Permanent(f"--export-marked: {file} cannot be written: {error.strerror}") from error
    return count


def read_articles(client: Elasticsearch, claims: str, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yields the articles with these ids from the index of articles in the bucket of an index of claims."""
    index = claims.replace("claims-", "articles-", 1)
    for first in range(0, len(ids), AT_ONCE):
        query = {"query": {"ids": {"values": list(ids[first : first + AT_ONCE])}}}
        for hit in scan(client, index=index, query=query, ignore_unavailable=True):
            yield hit["_source"]
