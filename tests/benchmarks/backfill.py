"""Speed of a backfill, beside the sink's first writing of the same articles: articles of 3 kB a second.

The articles are the gold articles of the claims under many addresses. One watch matches nothing, so that all is read
and nothing is written; the other matches all.
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
TOGETHER = 25
"""Articles that the sink writes at a time: some thousand documents, as in the job."""


def sets() -> Iterator[DocumentSet]:
    """All articles as documents."""
    texts = [text for page in pages() for text in extract(page)]
    for number in range(ARTICLES):
        yield from to_documents(Parcel(record(b""), article(number), (texts[number % len(texts)],)))


def written(settings: Settings) -> float:
    """Writes the articles as the job does; gives the seconds that it took."""
    found = list(sets())
    published = make_sink_topics(settings.kafka.client_options())
    with Elasticsearch(**settings.elasticsearch.client_options()) as client:
        publisher = Publisher(published.producer())
        writer = BatchWriter(BulkSender(client), publisher, published)
        start = time.perf_counter()
        for first in range(0, len(found), TOGETHER):
            writer.write(found[first : first + TOGETHER])
        took = time.perf_counter() - start
        publisher.close()
    return took


def marked(settings: Settings, **lists: tuple[str, ...]) -> tuple[float, BackfillResult]:
    """Backfills a watch; gives the seconds that it took and what it did."""
    order = BackfillOrder(Watchlist([Watch(name="new", title="new", **lists)]), ("new",))  # type: ignore[arg-type]
    start = time.perf_counter()
    done = backfill(settings, order, lambda *_: None)
    return time.perf_counter() - start, done


def main() -> None:
    """Prints the rates, and their ratios to the first writing."""
    with servers_of_their_own() as (_, environ):
        settings = Settings.load(environ)
        bootstrap.init(settings)
        first = written(settings)
        print(f"first writing: {ARTICLES / first:.0f} articles a second")
        for about, lists in (("nothing matches", {"words": ("unheard",)}), ("all match", {"languages": ("en",)})):
            took, done = marked(settings, **lists)
            print(
                f"backfill, {about}: {ARTICLES / took:.0f} articles a second, {done.changed} articles with "
                f"{done.claims} claims marked"
            )
            report_ratio(f"backfill, {about}", first / took)


if __name__ == "__main__":
    main()
