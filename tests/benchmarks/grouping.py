"""Grouping among many stored articles: look-ups of stories a second, and what a pass over the assertions costs.

Stored articles of a year are simulated: of their text only the keys by which copies are found, with the pairs of
words that news repeats, and four claims each. The look-ups search two of the buckets, as those of the job do; a pass
over assertions searches all. Each cost is compared with what an article costs the stream (`deploy/capacity`).

Alone: `python -m tests.benchmarks.grouping --articles 1000000`. Without the option there are 20,000, which takes some
minutes.
"""

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import numpy as np
import psutil
from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk

from deploy import bootstrap
from deploy.assertions.refreshing import run_pass
from deploy.capacity.figures import load_figures
from deploy.settings import Settings
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.stories.fingerprints import Fingerprint, build_fingerprint
from pipelines.stories.lookup import Newcomer, find_originals
from pipelines.transforms.stories import BATCH
from schemas.elasticsearch.indices import FAMILIES, LEDGER
from tests.benchmarks.buckets import find_server
from tests.benchmarks.ratios import report_ratio
from tests.conftest import servers_of_their_own

ARTICLES = 20_000
LAST = datetime(2026, 11, 28, tzinfo=UTC)
DAYS = 360
CLAIMS = 4
"""Claims of an article."""
REPEATED = 0.3
"""Share of the claims that repeat an earlier one."""
PAIRS = 300
"""Word pairs of an article."""
COMMON = 20_000
"""Word pairs that many articles have, the frequent ones most."""
COMMON_SHARE = 0.25
NEW = 2_000
"""Articles that are looked up, and then written before the second pass."""
MESSAGE_BYTES = 2_000
"""Size of the article whose cost in the stream is the measure."""


@dataclass
class Sample:
    """Makes articles with chance that repeats."""

    chance: np.random.Generator
    articles: int

    def fingerprint(self) -> Fingerprint:
        """Returns the fingerprint of a text: new pairs of words, and common ones by Zipf's law."""
        common = int(PAIRS * COMMON_SHARE)
        new = self.chance.integers(0, 2**32, PAIRS - common, dtype=np.uint64)
        rank = np.minimum(self.chance.zipf(1.3, common), COMMON).astype(np.uint64)
        drawn = np.concatenate([new, rank * np.uint64(2654435761) % np.uint64(2**32)]).astype(np.uint32)
        return build_fingerprint(drawn.tolist(), [])

    def when(self, number: int) -> datetime:
        """Returns when an article was published: evenly over the year."""
        return LAST - timedelta(days=DAYS * (1 - number / self.articles))


def make_documents(sample: Sample, numbers: range) -> Iterator[dict[str, Any]]:
    """Yields the article, its claims and its entry in the ledger for each number."""
    chooser = random.Random(numbers.start)
    for number in numbers:
        at, id = sample.when(number), f"{number:024x}"
        bucket = f"{at:%Y.%m}"
        shared = {"article_id": id, "published_at": at.isoformat(), "publisher": f"p{number % 200}", "story_id": id}
        printed = sample.fingerprint()
        yield {
            "_index": FAMILIES["articles"].index(bucket), "_id": id,
            "_source": shared | {"story_keys": printed.keys, "fingerprint": msgspec.to_builtins(printed.pack())},
        }  # fmt: skip
        for place in range(CLAIMS):
            said = number if chooser.random() > REPEATED else int(number * chooser.random())
            assertion = f"{(said * CLAIMS + place) * 0x9E3779B97F4A7C15 % 2**96:024x}"
            yield {
                "_index": FAMILIES["claims"].index(bucket), "_id": f"{id}-{place}",
                "_source": shared | {
                    "claim_id": f"{id}-{place}", "assertion_id": assertion, "feed": "f", "language": "en",
                    "status": "asserted", "text": "The harbour board said that 41 boats were lost in the delta.",
                    "claimant": {"name": f"Body {number % 500}", "kind": "organisation", "id": f"name/{number % 500}"},
                },
            }  # fmt: skip
        yield {"_index": LEDGER.index(""), "_id": id, "_source": {"article_id": id, "revision": 1}}


def index_all(client: Elasticsearch, documents: Iterator[dict[str, Any]]) -> None:
    """Indexes documents and makes them searchable."""
    for _ in parallel_bulk(client, documents, thread_count=2, chunk_size=2_000):
        pass
    client.indices.refresh(index="articles,claims,ledger")


@dataclass
class Meter:
    """Processor time of Elasticsearch and of this process since it was made, in seconds."""

    server: psutil.Process

    def __post_init__(self) -> None:
        self.before, self.began = self.read(), time.perf_counter()

    def read(self) -> tuple[float, float]:
        return sum(self.server.cpu_times()[:2]), time.process_time()

    def per_article(self, articles: int) -> tuple[float, float, float]:
        """Returns milliseconds of Elasticsearch and of this process for an article, and articles a second."""
        server, own = (1_000 * (now - then) / articles for now, then in zip(self.read(), self.before, strict=True))
        return server, own, articles / (time.perf_counter() - self.began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES, help="Stored articles.")
    articles = parser.parse_args().articles
    costs = load_figures().find_costs("cpu_ms", ("workers", "elasticsearch"), MESSAGE_BYTES)
    whole = sum(costs.values())
    with servers_of_their_own() as (directory, environ):
        settings = Settings.load(environ)
        with Elasticsearch(**settings.elasticsearch.client_options(), request_timeout=300) as client:
            bootstrap.prepare(None, client)
            sample = Sample(np.random.default_rng(16), articles)
            began = time.perf_counter()
            index_all(client, make_documents(sample, range(articles)))
            print(f"{articles:,} articles and {articles * CLAIMS:,} claims in {time.perf_counter() - began:.0f} s")
            server = find_server(directory)
            share = measure_look_ups(client, sample, server, whole)
            share += measure_passes(client, sample, server, whole)
    report_ratio("grouping", share)


def measure_look_ups(client: Elasticsearch, sample: Sample, server: psutil.Process, whole: float) -> float:
    """Looks up new articles of the last days in batches as the job does. Returns the share of the stream's time."""
    sender = BulkSender(client)
    for _ in range(2):  # the first time warms the server up
        newcomers = [Newcomer(f"new-{number}", LAST, sample.fingerprint()) for number in range(NEW)]
        meter = Meter(server)
        for first in range(0, NEW, BATCH):
            find_originals(sender, newcomers[first : first + BATCH], 1)
    elastic, own, rate = meter.per_article(NEW)
    print(
        f"look-ups of stories: {rate:,.0f} articles a second; {elastic:.2f} ms of Elasticsearch and {own:.2f} ms of "
        f"the worker for an article, {(elastic + own) / whole:.1%} of the stream's processor time"
    )
    return (elastic + own) / whole


def measure_passes(client: Elasticsearch, sample: Sample, server: psutil.Process, whole: float) -> float:
    """Counts all assertions, then those of new articles. Returns the share of the stream's time of the second."""
    meter = Meter(server)
    done = run_pass(client)
    elastic, own, rate = meter.per_article(sample.articles)
    print(
        f"pass over everything: {done.counted:,} assertions in {done.seconds:.0f} s, {rate:,.0f} articles a second; "
        f"{elastic:.2f} ms of Elasticsearch and {own:.2f} ms of the monitor for an article"
    )
    for turn in range(2):  # the first time warms the server up
        first = sample.articles + turn * NEW
        index_all(client, make_documents(sample, range(first, first + NEW)))
        meter = Meter(server)
        done = run_pass(client)
    elastic, own, rate = meter.per_article(NEW)
    print(
        f"pass over {NEW:,} new articles: {done.counted:,} assertions in {done.seconds:.1f} s, {rate:,.0f} articles a "
        f"second; {elastic:.2f} ms of Elasticsearch and {own:.2f} ms of the monitor for an article, "
        f"{(elastic + own) / whole:.1%} of the stream's processor time"
    )
    meter = Meter(server)
    run_pass(client)
    print(f"pass without changes: {meter.per_article(1)[0]:.0f} ms of Elasticsearch")
    return (elastic + own) / whole


if __name__ == "__main__":
    main()
