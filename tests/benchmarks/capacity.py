"""Measures what an article costs: processor time by process and step, and bytes in topics and indices.

`--json FILE` writes the figures; `python -m deploy.capacity.renew FILE` makes the table of `newsclaims capacity` of
them. Articles of two sizes are measured, so that the table has a part for each article and a part for each kB. Their
sentences are those of the sample feed, in a new order for each. Sizes of indices are those after a force merge. The
topic `raw-articles` is measured without compression; pollers compress.

The ratio compares the bytes with those of the table: it shows when the table is out of date, on any machine.
"""

import argparse
import json
import random
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from elasticsearch import Elasticsearch
from kafka import KafkaAdminClient
from prometheus_client.parser import text_string_to_metric_families

from deploy.capacity.figures import load_figures
from deploy.settings import Settings
from schemas.elasticsearch.indices import FAMILIES
from tests.benchmarks.history import find_commit
from tests.benchmarks.ratios import report_ratio
from tests.benchmarks.stream import FETCHED_AT, ROOT, Checkout, CpuMeter, read_sentences
from tests.conftest import embedded_environ, free_ports
from tests.pipelines.messages import message

ARTICLES = 2_000
SIZES = (850, 3_400)
"""Characters of a body."""
DAYS = 18
STEPS = "newsclaims_step_seconds"
TOPICS = ("raw-articles", "claims")


class StepMeter:
    """Reads the seconds by step from the metrics of a run, until it ends."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/metrics"
        self.seconds: dict[str, float] = {}
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self) -> None:
        """Keeps the latest values: the port is closed with the run."""
        while not self.ended.wait(0.3):
            with suppress(OSError), urllib.request.urlopen(self.address, timeout=5) as answer:
                for family in text_string_to_metric_families(answer.read().decode()):
                    for sample in family.samples:
                        if sample.name == f"{STEPS}_sum":
                            self.seconds[sample.labels["step"]] = sample.value

    def __enter__(self) -> "StepMeter":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()


def make_articles(characters: int, count: int, first: int) -> Iterator[bytes]:
    """Yields messages whose bodies have about so many characters."""
    chance = random.Random(first)
    sentences = read_sentences()
    for number in range(first, first + count):
        body: list[str] = []
        while sum(map(len, body)) + len(body) < characters:
            body.append(chance.choice(sentences))
        published = FETCHED_AT - timedelta(days=chance.uniform(0, DAYS))
        yield message(
            number,
            title=f"{chance.choice(sentences)[:70].rpartition(' ')[0]} ({number})",
            body=" ".join(body),
            published_at=published.strftime("%Y-%m-%dT%H:%M:%SZ"),
            fetched_at=FETCHED_AT.strftime("%Y-%m-%dT%H:%M:%SZ"),
            revision=int(FETCHED_AT.timestamp() * 1000),
        )


def catch_up(checkout: Checkout, workers: int) -> tuple[dict[str, Any], dict[str, float], dict[str, float]]:
    """Runs the job until it has caught up. Returns its summary, and seconds by process and by step."""
    [port] = free_ports(1)
    data = checkout.environ["NEWSCLAIMS_DATA_DIR"]
    options = ("--until-caught-up", "--json", "--workers", str(workers), "--metrics-port", str(port))
    with checkout.start("run", *options) as process, CpuMeter(process.pid, data) as cpu, StepMeter(port) as steps:
        printed, errors = process.communicate()
    if process.returncode:
        raise RuntimeError(f"the run failed: {errors[-2000:]}")
    return json.loads(printed), cpu.totals(), steps.seconds


def measure_bytes(settings: Settings) -> dict[str, dict[str, float]]:
    """Returns the bytes of each topic and of each family of indices, and the documents of each family."""
    with Elasticsearch(**settings.elasticsearch.client_options(), request_timeout=300) as client:
        names = ",".join(f"{family}*" for family in FAMILIES)
        client.indices.refresh(index=names)
        client.indices.forcemerge(index=names, max_num_segments=1)
        found = client.indices.stats(index=names, metric="store,docs")["indices"]
    indices, documents = dict.fromkeys(FAMILIES, 0.0), dict.fromkeys(FAMILIES, 0.0)
    for name, each in found.items():
        family = max((one for one in FAMILIES if name.startswith(f"{one}-g")), key=len)
        indices[family] += each["primaries"]["store"]["size_in_bytes"]
        documents[family] += each["primaries"]["docs"]["count"]
    admin = KafkaAdminClient(**settings.kafka.client_options())
    topics = dict.fromkeys(TOPICS, 0.0)
    for broker in admin.describe_log_dirs(list(TOPICS)):
        for folder in broker["log_dirs"]:
            for topic in folder["topics"]:
                topics[topic["name"]] += sum(part["partition_size"] for part in topic["partitions"])
    admin.close()
    return {"topics": topics, "indices": indices, "documents": documents}


def measure_size(checkout: Checkout, characters: int, options: argparse.Namespace, first: int) -> dict[str, Any]:
    """Returns the figures of articles of one size, for each article: CPU in milliseconds, and bytes."""
    settings = Settings.load(checkout.environ)
    _, empty, _ = catch_up(checkout, options.workers)
    before = measure_bytes(settings)
    messages = list(make_articles(characters, options.articles, first))
    checkout.publish(messages)
    summary, cpu, steps = catch_up(checkout, options.workers)
    if summary["records_in"] != len(messages):
        raise RuntimeError(f"{summary['records_in']} of {len(messages)} articles were read")
    after = measure_bytes(settings)
    count = len(messages)
    return {
        "message_bytes": sum(map(len, messages)) / count,
        "cpu_ms": {name: 1000 * max(0.0, seconds - empty[name]) / count for name, seconds in cpu.items()},
        "step_ms": {name: 1000 * seconds / count for name, seconds in steps.items()},
        **{
            kind: {name: (value - before[kind][name]) / count for name, value in after[kind].items()} for kind in before
        },
    }


def compare_with_table(found: dict[str, Any]) -> float:
    """Returns the bytes of an article in topics and in the indices that grow with articles, against the table."""
    table = load_figures()
    indices, topics = table.find_index_bytes(found["message_bytes"]), table.find_topic_bytes(found["message_bytes"])
    measured = sum(found["indices"][name] for name in indices) + sum(found["topics"][name] for name in topics)
    return float(measured / (sum(indices.values()) + sum(topics.values())))


def main() -> None:
    """Starts servers, measures both sizes, and prints the figures and their ratio to the table."""
    parser = argparse.ArgumentParser(prog="capacity", description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="newsclaims-capacity-")))
        folder.chmod(0o755)  # the servers' user must be able to enter it
        checkout = Checkout("this checkout", ROOT, embedded_environ(folder / "now"))
        stack.callback(checkout.call, "down")
        checkout.call("up")
        checkout.call("init")
        # Warms up servers and files, and is not counted.
        checkout.publish(make_articles(SIZES[0], options.articles // 5, 10_000_000))
        sizes = {}
        for number, characters in enumerate(SIZES):
            sizes[characters] = measure_size(checkout, characters, options, number * options.articles)
            print(f"body of {characters} characters: {json.dumps(sizes[characters])}", flush=True)
    commit, date = find_commit()
    found = {"commit": commit, "date": date, "articles": options.articles, "sizes": sizes}
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    report_ratio("capacity", compare_with_table(sizes[SIZES[0]]))


if __name__ == "__main__":
    main()
