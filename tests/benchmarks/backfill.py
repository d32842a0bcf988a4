"""Measures the speed of a backfill, in articles of 3 kB per second, compared with the sink's first write of them.

The articles are the gold articles of the claims, repeated under many addresses. One watch matches nothing, so that
everything is read and nothing is written. The other watch matches everything.
"""

import time
from collections.abc import Iterator

from elasticsearch import Elasticsearch

from deploy import bootstrap
from deploy.settings import Settings
from pipelines.backfill import BackfillOrder, BackfillResult, backfill
from pipelines.connections import make_sink_topics
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.writer import BatchWriter
from pipelines.io.kafka.publishing import Publisher
from pipelines.text.extraction import extract
from pipelines.text.watches.matching import Watchlist
from pipelines.transforms.documents import to_documents
from pipelines.transforms.parcel import Parcel
from schemas.watches import Watch
from tests.benchmarks.ratios import report_ratio
from tests.benchmarks.text import pages
from tests.conftest import servers_of_their_own
from tests.pipelines.messages import article, record

ARTICLES = 1_000
BATCH_ARTICLES = 25
"""Articles that the sink writes at a time: about a thousand documents, as in the job."""


def make_document_sets() -> Iterator[DocumentSet]:
    """Yields all articles as documents."""
    texts = [text for page in pages() for text in extract(page)]
    for number in range(ARTICLES):
        yield from to_documents(Parcel(record(b""), article(number), (texts[number % len(texts)],)))


def time_first_write(settings: Settings) -> float:
    """Writes the articles as the job does. Returns the seconds that it took."""
    found = list(make_document_sets())
    published = make_sink_topics(settings.kafka.client_options())
    with Elasticsearch(**settings.elasticsearch.client_options()) as client:
        publisher = Publisher(published.producer())
        writer = BatchWriter(BulkSender(client), publisher, published)
        start = time.perf_counter()
        for first in range(0, len(found), BATCH_ARTICLES):
            writer.write(found[first : first + BATCH_ARTICLES])
        took = time.perf_counter() - start
        publisher.close()
    return took


def time_backfill(settings: Settings, **lists: tuple[str, ...]) -> tuple[float, BackfillResult]:
    """Backfills a watch. Returns the seconds that it took, and its result."""
    order = BackfillOrder(Watchlist([Watch(name="new", title="new", **lists)]), ("new",))  # type: ignore[arg-type]
    start = time.perf_counter()
    done = backfill(settings, order, lambda *_: None)
    return time.perf_counter() - start, done


def main() -> None:
    """Prints the rates, and their ratios to the first write."""
    with servers_of_their_own() as (_, environ):
        settings = Settings.load(environ)
        bootstrap.init(settings)
        first = time_first_write(settings)
        print(f"first write: {ARTICLES / first:.0f} articles per second")
        for about, lists in (("nothing matches", {"words": ("unheard",)}), ("all match", {"languages": ("en",)})):
            took, done = time_backfill(settings, **lists)
            print(
                f"backfill, {about}: {ARTICLES / took:.0f} articles per second, {done.changed} articles with "
                f"{done.claims} claims marked"
            )
            report_ratio(f"backfill, {about}", first / took)


if __name__ == "__main__":
    main()
