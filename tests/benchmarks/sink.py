"""Measures the documents per second of `WriteToElasticsearch`, compared with `elasticsearch.helpers.bulk`.

Both start from the same documents as Python values. They write them to the same embedded server, into indices with the
same mappings, in one process with one connection. The sink does more: it reads the ledger and the marks, sets versions
and `indexed_at`, checks the outcome of each item and writes the ledger. Rounds alternate, each into empty indices, and
the medians are compared.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from elasticsearch import Elasticsearch, helpers

import schemas
from deploy import bootstrap
from deploy.settings import Settings
from pipelines.io.elasticsearch.documents import Document, DocumentSet
from pipelines.io.elasticsearch.sink import WriteToElasticsearch
from pipelines.io.kafka.record import KafkaRecord
from schemas.elasticsearch.indices import FAMILIES
from tests.benchmarks.ratios import report_ratio
from tests.conftest import servers_of_their_own

ARTICLES = 3_000
CHILDREN = 4
"""Number of claims, and of figures, of each article."""
ROUNDS = 7
WARM_UP = 3
"""Rounds of both that do not count: in these the server compiles its code."""
BUCKET = "1999"
EXAMPLES = Path(schemas.__file__).parent / "examples"

Values = dict[str, Any]


def make_articles(count: int = ARTICLES) -> list[list[tuple[str, str, Values]]]:
    """Returns the documents of each article: family, id, source."""
    article, claim, figure = (
        json.loads((EXAMPLES / name).read_bytes())
        for name in ("article/good-full.json", "claim/good-full.json", "figure/good-at-least.json")
    )
    for each in (article, claim, figure):
        del each["indexed_at"]
    return [
        [
            ("articles", f"a{number}", article | {"article_id": f"a{number}"}),
            *(("claims", f"a{number}-c{n}", claim | {"claim_id": f"a{number}-c{n}"}) for n in range(CHILDREN)),
            *(
                ("figures", f"a{number}-f{n}", figure | {"figure_id": f"a{number}-f{n}", "claim_id": f"a{number}-c{n}"})
                for n in range(CHILDREN)
            ),
        ]
        for number in range(count)
    ]


def write_with_sink(client: Elasticsearch, found: list[list[tuple[str, str, Values]]]) -> None:
    """Writes all documents in one bundle."""
    write = WriteToElasticsearch(lambda: client).write
    write.setup()
    write.start_bundle()
    for documents in found:
        write.process(make_set(documents, BUCKET))
    write.finish_bundle()


def make_set(documents: list[tuple[str, str, Values]], bucket: str) -> DocumentSet:
    """Returns the documents of an article, the article first, as the sink takes them."""
    _, owner, article = documents[0]
    return DocumentSet(
        owner_id=owner,
        revision=article["revision"],
        rules_version=article["rules_version"],
        content_scope="full",
        content_hash="hash",
        bucket=bucket,
        documents=tuple(
            Document(family, id, msgspec.json.encode(source), claim_id=source.get("claim_id"))
            for family, id, source in documents
        ),
        origin=KafkaRecord("raw-articles", 0, 0, 0, None, None),
    )


def write_with_helpers(client: Elasticsearch, found: list[list[tuple[str, str, Values]]]) -> None:
    """Writes all documents as the documentation of the client shows."""

    def actions() -> Iterator[Values]:
        for documents in found:
            for family, id, source in documents:
                yield {"_index": FAMILIES[family].index(BUCKET), "_id": id, "_source": source}

    helpers.bulk(client, actions())


def time_round(client: Elasticsearch, write: Callable[..., None], found: list[list[tuple[str, str, Values]]]) -> float:
    """Returns the seconds of one round into empty indices."""
    client.indices.delete(index=[family.index(BUCKET) for family in FAMILIES.values()], ignore_unavailable=True)
    bootstrap.prepare(None, client)
    for family in FAMILIES.values():
        if family.bucketed:
            client.indices.create(index=family.index(BUCKET))
    started = time.perf_counter()
    write(client, found)
    took = time.perf_counter() - started
    client.indices.refresh(index="articles,claims,figures")
    indexed = client.count(index="articles,claims,figures")["count"]
    if indexed != sum(len(documents) for documents in found):
        raise AssertionError(f"{indexed} documents are indexed")
    return took


def main() -> None:
    """Starts a server, and prints both rates and their ratio."""
    found = make_articles()
    documents = sum(len(each) for each in found)
    with (
        servers_of_their_own() as (_, environ),
        Elasticsearch(**Settings.load(environ).elasticsearch.client_options()) as client,
    ):
        sink, plain = measure(client, found)
    print(f"WriteToElasticsearch  {documents / sink:8,.0f} documents/s  ({documents:,} documents, median of {ROUNDS})")
    print(f"helpers.bulk          {documents / plain:8,.0f} documents/s")
    report_ratio("sink", plain / sink)


def measure(client: Elasticsearch, found: list[list[tuple[str, str, Values]]]) -> tuple[float, float]:
    """Returns the median seconds of both, after the rounds that warm up the server."""
    times: dict[Callable[..., None], list[float]] = {write_with_sink: [], write_with_helpers: []}
    for _ in range(WARM_UP + ROUNDS):
        for write, taken in times.items():
            taken.append(time_round(client, write, found))
    return statistics.median(times[write_with_sink][WARM_UP:]), statistics.median(times[write_with_helpers][WARM_UP:])


if __name__ == "__main__":
    main()
