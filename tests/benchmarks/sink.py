"""Documents a second through `WriteToElasticsearch`, and through plain `elasticsearch.helpers.bulk` beside it.

Both start from the same documents as Python values, write them to the same embedded server into indices with the same
mappings, one process, one connection. The sink does more: it reads the ledger, sets versions and `indexed_at`, looks at
each item's outcome and writes the ledger. Rounds alternate, each into empty indices; the medians count.
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
"""Claims, and figures, of each article."""
ROUNDS = 5
BUCKET = "1999"
EXAMPLES = Path(schemas.__file__).parent / "examples"

Values = dict[str, Any]


def articles() -> list[list[tuple[str, str, Values]]]:
    """For each article its documents: family, id, source."""
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
            *(("figures", f"a{number}-f{n}", figure | {"figure_id": f"a{number}-f{n}"}) for n in range(CHILDREN)),
        ]
        for number in range(ARTICLES)
    ]


def through_the_sink(client: Elasticsearch, found: list[list[tuple[str, str, Values]]]) -> None:
    """One bundle."""
    write = WriteToElasticsearch(lambda: client).write
    write.setup()
    write.start_bundle()
    for documents in found:
        _, owner, article = documents[0]
        write.process(
            DocumentSet(
                owner_id=owner,
                revision=article["revision"],
                rules_version=article["rules_version"],
                content_scope="full",
                content_hash="hash",
                bucket=BUCKET,
                documents=tuple(Document(family, id, msgspec.json.encode(source)) for family, id, source in documents),
                origin=KafkaRecord("raw-articles", 0, 0, 0, None, None),
            )
        )
    write.finish_bundle()


def through_helpers_bulk(client: Elasticsearch, found: list[list[tuple[str, str, Values]]]) -> None:
    """As the client's documentation shows."""

    def actions() -> Iterator[Values]:
        for documents in found:
            for family, id, source in documents:
                yield {"_index": FAMILIES[family].index(BUCKET), "_id": id, "_source": source}

    helpers.bulk(client, actions())


def seconds(client: Elasticsearch, write: Callable[..., None], found: list[list[tuple[str, str, Values]]]) -> float:
    """Time of one round into empty indices."""
    client.indices.delete(index=[family.index(BUCKET) for family in FAMILIES.values()], ignore_unavailable=True)
    bootstrap.prepare(None, client)
    for family in FAMILIES.values():
        if family.bucketed:
            client.indices.create(index=family.index(BUCKET))
    started = time.perf_counter()
    write(client, found)
    took = time.perf_counter() - started
    client.indices.refresh(index="articles,claims,figures")
    there = client.count(index="articles,claims,figures")["count"]
    if there != sum(len(documents) for documents in found):
        raise AssertionError(f"{there} documents are there")
    return took


def main() -> None:
    """Starts a server of its own, and prints both rates and their ratio."""
    found = articles()
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
    """Median seconds of both, after a round each that warms the server up."""
    times: dict[Callable[..., None], list[float]] = {through_the_sink: [], through_helpers_bulk: []}
    for _ in range(ROUNDS + 1):
        for write, taken in times.items():
            taken.append(seconds(client, write, found))
    return statistics.median(times[through_the_sink][1:]), statistics.median(times[through_helpers_bulk][1:])


if __name__ == "__main__":
    main()
