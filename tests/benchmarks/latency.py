"""Measures how soon an article is searchable: 50 articles, one a second, while `newsclaims run` streams.

The baseline is a document that is indexed directly into the same index, and searched for in the same way. Both wait for
Elasticsearch's refresh (`refresh_interval` is 1 s), so no pipeline can be faster.
"""

import json
import os
import statistics
import subprocess
import sys
import time

from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from deploy import bootstrap
from deploy.settings import Settings
from tests.benchmarks.ratios import report_ratio
from tests.conftest import servers_of_their_own
from tests.pipelines.messages import fields, message

ARTICLES = 50
TARGET_SECONDS = 3.0
"""The median that the README promises."""


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
        ranked = sorted(taken)
        print(f"{name}  median {statistics.median(ranked):.2f} s, p95 {ranked[int(0.95 * len(ranked))]:.2f} s, "
              f"max {ranked[-1]:.2f} s  ({len(ranked)} articles)")  # fmt: skip
    report_ratio("latency", statistics.median(pipeline) / statistics.median(baseline))
    print(f"bound                  {TARGET_SECONDS:.0f} s at the median")


def measure(settings: Settings) -> tuple[list[float], list[float]]:
    """Returns the seconds of each article through the pipeline, and of each document that is indexed directly."""
    producer = KafkaProducer(**settings.kafka.client_options())
    pipeline, baseline = [], []
    with Elasticsearch(**settings.elasticsearch.client_options()) as client:
        producer.send("raw-articles", key=b"warm-up", value=message(0))
        wait_for(client, fields(0)["url"], time.monotonic())
        for number in range(1, ARTICLES + 1):
            began = time.monotonic()
            producer.send("raw-articles", key=str(number).encode(), value=message(number))
            producer.flush()
            pipeline.append(wait_for(client, fields(number)["url"], began))
            time.sleep(max(0.0, 1 - (time.monotonic() - began)))
        (indexed,) = client.search(index="articles", size=1)["hits"]["hits"]
        for number in range(ARTICLES):
            # Spread the writes over the refresh interval, as those of articles are.
            time.sleep(0.137 * (number % 7))
            began = time.monotonic()
            url = f"https://baseline.example/{number}"
            client.index(index=indexed["_index"], document={**indexed["_source"], "url": url})
            baseline.append(wait_for(client, url, began))
    producer.close()
    return pipeline, baseline


def wait_for(client: Elasticsearch, url: str, began: float) -> float:
    """Waits until a search finds the article with this address. Returns the seconds since `began`."""
    while not client.count(index="articles", query={"term": {"url": url}})["count"]:
        if time.monotonic() - began > 120:
            raise TimeoutError(f"{url} did not become searchable: {json.dumps(client.info().body)}")
        time.sleep(0.02)
    return time.monotonic() - began


if __name__ == "__main__":
    main()
