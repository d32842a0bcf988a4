"""Measures Elasticsearch's processor time for articles of three years, by the buckets and the refresh of the indices.

The sink writes the same documents each time, in batches of 70 articles, as a busy worker does. Processor time is
counted and not seconds, because refreshing goes on during the writes.
"""

import random
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psutil
from elasticsearch import Elasticsearch

from deploy import bootstrap
from deploy.settings import Settings
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.writer import BatchWriter
from schemas.elasticsearch.buckets import Buckets
from schemas.elasticsearch.index_settings import IndexSettings, make_defaults
from tests.benchmarks.ratios import report_ratio
from tests.benchmarks.sink import make_articles, make_set
from tests.conftest import servers_of_their_own

ARTICLES = 1_000
BATCH = 70
DAYS = 3 * 365
FETCHED_AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
MONTHS, YEARS = Buckets("month", 24), Buckets("month", 3)
SETUPS = (
    ("months for two years, refreshed each second", MONTHS, "1s"),
    ("months for two years, refreshed each 30 s", MONTHS, "30s"),
    ("years after three months, refreshed each second", YEARS, "1s"),
    ("years after three months, refreshed each 30 s", YEARS, "30s"),
)
"""What is compared. The first is how it was, the last is how a run catches up now."""


def make_sets(buckets: Buckets) -> list[DocumentSet]:
    """Returns the articles of three years, each with the bucket of its time."""
    chance = random.Random(7)
    found = []
    for documents in make_articles(ARTICLES):
        published = FETCHED_AT - timedelta(days=chance.uniform(0, DAYS))
        found.append(make_set(documents, buckets.find_bucket(published, FETCHED_AT)))
    return found


def measure(client: Elasticsearch, server: psutil.Process, buckets: Buckets, refresh: str) -> float:
    """Returns the milliseconds of processor time that an article takes in empty indices."""
    if there := sorted(client.indices.get(index="*-g1*")):
        client.indices.delete(index=there)
    settings: Mapping[str, IndexSettings] = {
        name: msgspec.structs.replace(each, refresh_interval=refresh) for name, each in make_defaults().items()
    }
    bootstrap.prepare(None, client, settings)
    writer = BatchWriter(BulkSender(client))
    sets = make_sets(buckets)
    before = read_cpu(server)
    for first in range(0, len(sets), BATCH):
        writer.write(sets[first : first + BATCH])
    time.sleep(2)  # the last refresh belongs to the writes
    return 1000 * (read_cpu(server) - before) / len(sets)


def read_cpu(server: psutil.Process) -> float:
    """Returns the processor seconds of the server."""
    return float(sum(server.cpu_times()[:2]))


def find_server(directory: Path) -> psutil.Process:
    """Returns the process of the embedded node."""
    return psutil.Process(int((directory / "data" / "elasticsearch" / "tmp" / "pid").read_text()))


def main() -> None:
    """Starts a server, warms it up, and prints the cost of each setup."""
    with (
        servers_of_their_own() as (directory, environ),
        Elasticsearch(**Settings.load(environ).elasticsearch.client_options(), request_timeout=120) as client,
    ):
        server = find_server(directory)
        measure(client, server, MONTHS, "1s")
        costs = []
        for name, buckets, refresh in SETUPS:
            costs.append(measure(client, server, buckets, refresh))
            print(f"{name:50} {costs[-1]:5.2f} ms an article")
    report_ratio("buckets", costs[0] / costs[-1])


if __name__ == "__main__":
    main()
