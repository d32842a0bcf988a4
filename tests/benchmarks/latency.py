"""Measures how soon an article is searchable: 500 articles, ten a second, while `newsclaims run` streams.

The baseline are documents that are indexed directly into the same index at the same rate, and searched for in the same
way. Both wait for Elasticsearch's refresh (`refresh_interval` is 1 s), so no pipeline can be faster.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from deploy import bootstrap
from deploy.settings import Settings
from tests.benchmarks.ratios import report_ratio
from tests.conftest import servers_of_their_own
from tests.pipelines.messages import fields, message

ARTICLES = 500
RATE = 10
"""Articles a second."""
MEDIAN_SECONDS = 1.5
"""The median that is wanted at this rate."""
P99_SECONDS = 4.0
"""The 99th percentile that is wanted at this rate."""
LOOK_SECONDS = 0.02
"""How often a search looks for what is still missing."""


class Arrivals:
    """When each address was sent, and the seconds until a search found it. `look` runs in a thread of its own."""

    def __init__(self, client: Elasticsearch) -> None:
        self.client = client
        self.sent: dict[str, float] = {}
        self.seconds: dict[str, float] = {}
        self.is_done = threading.Event()

    def look(self) -> None:
        """Looks for the addresses that are still missing, until all have been sent and found.

        An article that is not found within two minutes ends it.
        """
        while True:
            was_done = self.is_done.is_set()
            missing = [url for url in list(self.sent) if url not in self.seconds]
            if was_done and not missing:
                return
            if missing and time.monotonic() - min(self.sent[url] for url in missing) > 120:
                return
            if missing:
                self.search(missing)
            time.sleep(LOOK_SECONDS)

    def search(self, urls: list[str]) -> None:
        """Notes which of the addresses a search finds now."""
        found = self.client.search(
            index="articles", query={"terms": {"url": urls}}, size=len(urls), source=False, docvalue_fields=["url"]
        )
        now = time.monotonic()
        for hit in found["hits"]["hits"]:
            url = hit["fields"]["url"][0]
            self.seconds[url] = now - self.sent[url]

    def measure(self, send: Callable[[str, int], None], urls: list[str]) -> list[float]:
        """Calls `send` for each address at the rate, and returns the seconds of each. Raises `TimeoutError`."""
        looking = threading.Thread(target=self.look, daemon=True)
        looking.start()
        began = time.monotonic()
        for number, url in enumerate(urls):
            time.sleep(max(0.0, began + number / RATE - time.monotonic()))
            self.sent[url] = time.monotonic()
            send(url, number)
        self.is_done.set()
        looking.join()
        if len(self.seconds) < len(urls):
            raise TimeoutError(f"{len(urls) - len(self.seconds)} of {len(urls)} articles did not become searchable")
        return sorted(self.seconds.values())


def main() -> None:
    """Starts servers and a job, and prints the seconds from producing an article to a search hit."""
    with servers_of_their_own() as (_, environ):
        bootstrap.init(Settings.load(environ))
        job = subprocess.Popen(
            [sys.executable, "-m", "newsclaims", "run"],
            env={**os.environ, **environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            pipeline, baseline = measure(Settings.load(environ))
        finally:
            job.terminate()
            job.wait(60)
    for name, taken in (("produce to search hit", pipeline), ("index to search hit  ", baseline)):
        print(f"{name}  median {statistics.median(taken):.2f} s, p99 {find_p99(taken):.2f} s, "
              f"max {taken[-1]:.2f} s  ({len(taken)} articles, {RATE} a second)")  # fmt: skip
    print(f"wanted                 median {MEDIAN_SECONDS} s, p99 {P99_SECONDS} s")
    report_ratio("latency", statistics.median(pipeline) / statistics.median(baseline))
    report_ratio("latency, p99", find_p99(pipeline) / find_p99(baseline))


def find_p99(ranked: list[float]) -> float:
    """Returns the 99th percentile of ranked seconds."""
    return ranked[int(0.99 * len(ranked))]


def measure(settings: Settings) -> tuple[list[float], list[float]]:
    """Returns the ranked seconds of the articles through the pipeline, and of documents that are indexed directly."""
    producer = KafkaProducer(**settings.kafka.client_options())
    with Elasticsearch(**settings.elasticsearch.client_options()) as client:

        def produce(_: str, number: int) -> None:
            producer.send("raw-articles", key=str(number).encode(), value=message(number))
            producer.flush()

        # The first articles wait until the job has started, and warm it up.
        Arrivals(client).measure(produce, [fields(number)["url"] for number in range(100)])
        first = 1_000
        pipeline = Arrivals(client).measure(
            lambda url, number: produce(url, first + number),
            [fields(first + number)["url"] for number in range(ARTICLES)],
        )
        (indexed,) = client.search(index="articles", size=1)["hits"]["hits"]

        def index(url: str, _: int) -> None:
            client.index(index=indexed["_index"], document={**indexed["_source"], "url": url})

        baseline = Arrivals(client).measure(index, [f"https://baseline.example/{n}" for n in range(ARTICLES)])
    producer.close()
    return pipeline, baseline


if __name__ == "__main__":
    main()
