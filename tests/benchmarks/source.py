"""Measures the records per second of `ReadFromKafka` with a trivial map, compared with a plain loop of kafka-python.

Both read the same topic of the same embedded broker to its end, in one process, with the same fetch sizes. The source
does more: it claims each offset, adds a timestamp to each record, passes it to Beam and commits. Rounds alternate, and
the medians are compared.
"""

import statistics
import time
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from kafka import TopicPartition

from deploy.settings import Settings
from pipelines import counters
from pipelines.io.kafka.offsets import make_consumer
from pipelines.io.kafka.source import ReadFromKafka
from tests.benchmarks.ratios import report_ratio
from tests.conftest import servers_of_their_own
from tests.pipelines.topics import Topic

RECORDS = 200_000
VALUE = b"x" * 300
ROUNDS = 5
"""Rounds of both that count, after one to warm up."""


def measure_source(topic: Topic) -> float:
    """Returns the records per second, from listing the partitions to the last commit."""
    counters.reset()
    pipeline = beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([]))
    source = ReadFromKafka(topic.name, topic.consumer, start="earliest", until_caught_up=True)
    _ = pipeline | source | beam.Map(measure_value)
    began = time.perf_counter()
    pipeline.run()
    seconds = time.perf_counter() - began
    assert counters.snapshot()["newsclaims_source_records_total", ()] == RECORDS
    return RECORDS / seconds


def measure_value(record: Any) -> int:
    """Returns the length of the value: the trivial map."""
    return len(record.value)


def measure_poll_loop(topic: Topic) -> float:
    """Returns the records per second, from the connection to the last record."""
    began = time.perf_counter()
    client = make_consumer(topic.consumer)
    partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
    client.assign(partitions)
    for partition in partitions:
        client.seek(partition, 0)
    count = 0
    while count < RECORDS:
        for records in client.poll(timeout_ms=1000, max_records=5000).values():
            count += sum(len(record.value) > 0 for record in records)
    seconds = time.perf_counter() - began
    client.close()
    return RECORDS / seconds


def main() -> None:
    """Starts an embedded Kafka, fills a topic, and prints both rates and their ratio."""
    with servers_of_their_own() as (_, environ):
        measure(Topic(Settings.load(environ).kafka.bootstrap_servers[0], partitions=2))


def measure(topic: Topic) -> None:
    """Fills the topic, and reads it with both in turns."""
    topic.publish([VALUE] * RECORDS)
    source, plain = [], []
    for _ in range(ROUNDS + 1):
        plain.append(measure_poll_loop(topic))
        source.append(measure_source(topic))
    ours, theirs = statistics.median(source[1:]), statistics.median(plain[1:])
    print(f"{RECORDS:,} records of {len(VALUE)} bytes, two partitions, median of {ROUNDS} rounds")
    print(f"ReadFromKafka and a map  {ours:10,.0f} records/s")
    print(f"plain poll loop          {theirs:10,.0f} records/s")
    report_ratio("source", ours / theirs)


if __name__ == "__main__":
    main()
