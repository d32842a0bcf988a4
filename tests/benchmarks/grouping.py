"""Grouping among many stored articles: what a look-up of a story and a pass over the assertions cost.

Stored articles of two years are simulated by what look-ups and passes read of them: claims and assertions of all
months, and the keys of the articles in the months that look-ups search. The articles that are looked up and then
counted are whole. Each cost is compared with what an article costs the stream (`deploy/capacity`).

Among a million: `python -m tests.benchmarks.grouping --articles 1000000`. Without the option there are 20,000.
"""

import argparse
import random
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import msgspec
import numpy as np
import psutil
from elasticsearch import Elasticsearch

from deploy import bootstrap
from deploy.assertions.positions import read_positions
from deploy.assertions.refreshing import PassResult, run_pass, write_state
from deploy.capacity.figures import load_figures
from deploy.settings import Settings
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.stories.fingerprints import Fingerprint, build_fingerprint
from pipelines.stories.grouping import Original, StoryIndex
from pipelines.stories.lookup import Newcomer, find_originals
from pipelines.transforms.stories import BATCH, REMEMBERED
from schemas.elasticsearch.assertions import PassState
from schemas.elasticsearch.indices import ASSERTIONS, FAMILIES, LEDGER
from schemas.identity import digest
from tests.benchmarks.buckets import find_server
from tests.benchmarks.ratios import report_ratio
from tests.conftest import servers_of_their_own

ARTICLES = 20_000
LAST = datetime(2026, 11, 10, tzinfo=UTC)
DAYS = 720
SEARCHED_DAYS = 41
"""Days before `LAST` whose articles can be in the buckets that a look-up searches."""
CLAIMS = 4
"""Claims of an article."""
REPEATED = 0.3
"""Share of the claims that repeat an earlier one."""
FAVOUR = 3
"""The larger, the more of the repeats are of few and recent claims."""
PAIRS = 300
"""Word pairs of an article."""
COMMON = 20_000
"""Word pairs that many articles have, the frequent ones most."""
COMMON_SHARE = 0.25
NEW = 2_000
"""Articles that are looked up, and as many that are written before each pass."""
MESSAGE_BYTES = 2_000
"""Size of the article whose cost in the stream is the measure."""
REQUEST = 4_000
"""Documents in one bulk request."""

Documents = Iterator[tuple[str, str, dict[str, Any]]]
"""Index, id and source of each."""


@dataclass
class Sample:
    """Makes articles with chance that repeats. `articles` are stored before the measurement."""

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
        """Returns when an article was published: evenly over the days, and new ones on the last."""
        return LAST - timedelta(days=DAYS * max(0.0, 1 - number / self.articles))

    def choose_claims(self, number: int) -> list[str]:
        """Returns the ids of the assertions of an article: new ones, and some of earlier articles."""
        chooser = random.Random(number)
        said = (number - int(number * chooser.random() ** FAVOUR) if chooser.random() < REPEATED else number
                for _ in range(CLAIMS))  # fmt: skip
        return [digest(str(each), str(place)) for place, each in enumerate(said)]


def make_stored(sample: Sample) -> Documents:
    """Yields what look-ups and passes read of the stored articles."""
    seen: set[str] = set()
    for number in range(sample.articles):
        at, id = sample.when(number), f"{number:024x}"
        bucket = f"{at:%Y.%m}"
        shared = {"article_id": id, "published_at": at.isoformat(), "publisher": f"p{number % 200}", "story_id": id}
        if LAST - at < timedelta(days=SEARCHED_DAYS):
            printed = sample.fingerprint()
            keys = {"story_keys": printed.keys, "fingerprint": msgspec.to_builtins(printed.pack())}
            yield FAMILIES["articles"].index(bucket), id, shared | keys
        for place, assertion in enumerate(sample.choose_claims(number)):
            said = {"claim_id": f"{id}-{place}", "assertion_id": assertion}
            yield FAMILIES["claims"].index(bucket), f"{id}-{place}", shared | said
            if assertion not in seen:
                seen.add(assertion)
                counted = {"assertion_id": assertion, "marked": ["out", "also"], "article_ids": [id], "digest": "old"}
                yield ASSERTIONS.index(""), assertion, counted


def make_new(sample: Sample, numbers: range) -> Documents:
    """Yields the article, its claims and its entry in the ledger for each number, with all that a pass copies."""
    for number in numbers:
        at, id = sample.when(number), f"{number:024x}"
        bucket = f"{at:%Y.%m}"
        shared = {
            "article_id": id, "published_at": at.isoformat(), "publisher": f"p{number % 200}", "story_id": id,
            "url": f"https://news.example/{number}/boats-lost-in-the-delta", "title": f"Boats lost, report {number}",
            "feed": "coast", "language": "en", "ingest_mode": "live", "watches": ["losses"],
        }  # fmt: skip
        for place, assertion in enumerate(sample.choose_claims(number)):
            source = shared | {
                "claim_id": f"{id}-{place}", "assertion_id": assertion, "status": "asserted", "event": "loss",
                "text": f"The harbour board said on Tuesday that {number} boats were lost in the delta, pier {place}.",
                "claimant": {"name": f"Body {number % 500}", "kind": "organisation", "id": f"name/{number % 500}"},
                "unit_classes": ["vehicles"], "disputes": [f"losses in the delta {number % 900}"],
                "entities": [f"Body {number % 500}", "Delta", f"Pier {number % 300}"],
            }  # fmt: skip
            yield FAMILIES["claims"].index(bucket), f"{id}-{place}", source
        yield LEDGER.index(""), id, {"article_id": id, "revision": 1}


def index_all(client: Elasticsearch, documents: Documents) -> None:
    """Indexes documents from two threads, and makes them searchable."""
    with ThreadPoolExecutor(2) as pool:
        running: list[Any] = []
        while part := list(islice(documents, REQUEST)):
            lines = [
                msgspec.json.encode({"index": {"_index": index, "_id": id}})
                + b"\n"
                + msgspec.json.encode(source)
                + b"\n"
                for index, id, source in part
            ]
            running.append(pool.submit(send, client, lines))
            if len(running) > 2:
                running.pop(0).result()
        for each in running:
            each.result()
    client.indices.refresh(index="articles,claims,ledger,assertions")


def send(client: Elasticsearch, lines: Iterable[Any]) -> None:
    """Sends a bulk request. Raises `SystemExit` if a document was refused."""
    found = client.bulk(operations=list(lines), filter_path="errors,items.*.error")
    if found["errors"]:
        raise SystemExit(f"Elasticsearch refused a document: {found['items'][:1]}")


def load(client: Elasticsearch, sample: Sample) -> None:
    """Stores the articles without refreshing, and a pass that has counted them."""
    for bucket in sorted({f"{LAST - timedelta(days=day):%Y.%m}" for day in range(DAYS + 1)}):
        for family in ("articles", "claims"):
            client.options(ignore_status=400).indices.create(index=FAMILIES[family].index(bucket))
    set_refresh_interval(client, "-1")
    index_all(client, make_stored(sample))
    set_refresh_interval(client, "1s")
    now, at = read_positions(client, "claims,ledger,assertions"), datetime.now(UTC)
    write_state(client, PassState(
        name="assertions", positions={index: dict(shards) for index, shards in now.numbers.items()},
        index_ids=dict(now.index_ids), at=at, full_at=at,
    ))  # fmt: skip


def set_refresh_interval(client: Elasticsearch, interval: str) -> None:
    """Sets how often what is written can be found."""
    settings = {"index": {"refresh_interval": interval}}
    client.indices.put_settings(index="articles,claims,assertions", settings=settings)


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
            server = find_server(directory)
            meter = Meter(server)
            load(client, sample)
            counts = ", ".join(f"{client.count(index=each)['count']:,} {each}" for each in ("claims", "assertions"))
            print(f"{articles:,} articles, {counts} in {time.perf_counter() - began:.0f} s; processor time of "
                  f"Elasticsearch {meter.per_article(1)[0] / 1_000:.0f} s, of this process "
                  f"{meter.per_article(1)[1] / 1_000:.0f} s", flush=True)  # fmt: skip
            share = measure_look_ups(client, sample, server, whole)
            share += measure_passes(client, sample, server, whole)
    report_ratio("grouping", share)


def measure_look_ups(client: Elasticsearch, sample: Sample, server: psutil.Process, whole: float) -> float:
    """Looks up new articles in batches as a job that runs for long. Returns the share of the stream's time."""
    sender, remembered = BulkSender(client), StoryIndex(REMEMBERED)
    for number in range(REMEMBERED):
        printed = sample.fingerprint()
        remembered.add(Original(f"seen-{number}", LAST, printed), printed.keys)
    for _ in range(2):  # the first time warms the server up
        newcomers = [Newcomer(f"new-{number}", LAST, sample.fingerprint()) for number in range(NEW)]
        meter = Meter(server)
        for first in range(0, NEW, BATCH):
            find_originals(sender, newcomers[first : first + BATCH], 1, remembered.is_common)
    elastic, own, rate = meter.per_article(NEW)
    print(
        f"look-ups of stories: {rate:,.0f} articles a second; {elastic:.2f} ms of Elasticsearch and {own:.2f} ms of "
        f"the worker for an article, {(elastic + own) / whole:.1%} of the stream's processor time", flush=True,
    )  # fmt: skip
    return (elastic + own) / whole


def measure_passes(client: Elasticsearch, sample: Sample, server: psutil.Process, whole: float) -> float:
    """Counts the assertions of new articles. Returns the share of the stream's time."""
    done = PassResult()
    for turn in range(3):  # the first two warm the server up
        first = sample.articles + turn * NEW
        index_all(client, make_new(sample, range(first, first + NEW)))
        meter = Meter(server)
        done = run_pass(client)
        if done.full:
            raise SystemExit("the pass went over everything: it is not what is to be measured")
    elastic, own, rate = meter.per_article(NEW)
    print(
        f"pass over {NEW:,} new articles: {done.counted:,} assertions in {done.seconds:.1f} s, {rate:,.0f} articles a "
        f"second; {elastic:.2f} ms of Elasticsearch and {own:.2f} ms of the monitor for an article, "
        f"{(elastic + own) / whole:.1%} of the stream's processor time", flush=True,
    )  # fmt: skip
    meter = Meter(server)
    run_pass(client)
    print(f"pass without changes: {meter.per_article(1)[0]:.0f} ms of Elasticsearch", flush=True)
    return (elastic + own) / whole


if __name__ == "__main__":
    main()
