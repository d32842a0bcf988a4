"""Every metric the product counts, in one table. Code counts by these names only; boards and alerts read them.

Counters, histograms and gauges are kept in a process (`pipelines.counters`, the monitor), shown to Prometheus, and
written to the index `health` as `schemas.records.HealthSample`: a counter as what it grew by in the sample's seconds,
so that sums over any time are right however often a process restarts; a histogram as its quantiles over those seconds.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Key = tuple[str, tuple[str, ...]]
"""Metric name and label values, in the order of the metric's row. A histogram is kept as the counts of its buckets and
the sum of what was observed: the last label of such a key is one of `Metric.buckets`, or `SUM`."""

SUM = "sum"

Kind = Literal["counter", "gauge", "histogram", "event"]
"""An event is a fact with a time and a `detail`, in the index only, such as new rules."""

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)
"""Upper bounds of a histogram of durations: a step takes milliseconds, a record waits for hours after an outage."""
BYTES = (1e3, 2.5e3, 5e3, 1e4, 2.5e4, 5e4, 1e5, 2.5e5, 5e5, 1e6, 2.5e6, 5e6, 1e7)
QUANTILES = (0.5, 0.95, 0.99)
"""Those that a histogram's samples carry."""


@dataclass(frozen=True)
class Metric:
    """One metric: its unit is in its name, its labels are fixed."""

    name: str
    kind: Kind
    unit: str
    labels: tuple[str, ...]
    meaning: str
    bounds: tuple[float, ...] = ()
    """Upper bounds of a histogram's buckets, inclusive; what is above the last has a bucket of its own."""

    @cached_property
    def buckets(self) -> tuple[str, ...]:
        """Names of a histogram's buckets, in order: their upper bounds, as Prometheus writes them."""
        return (*map(str, self.bounds), "+Inf")


METRICS = {
    metric.name: metric
    for metric in (
        Metric("newsclaims_records_total", "counter", "records", ("step", "outcome"),
               "Records that left a step, by outcome"),
        Metric("newsclaims_dead_letters_total", "counter", "records", ("step", "reason"), "Dead letters, by reason"),
        Metric("newsclaims_claims_total", "counter", "claims", (), "Claims handed to the sink"),
        Metric("newsclaims_figures_total", "counter", "figures", (), "Figures handed to the sink"),
        Metric("newsclaims_documents_total", "counter", "documents", ("outcome",),
               "Documents by what Elasticsearch did with them"),
        Metric("newsclaims_bulk_requests_total", "counter", "requests", ("outcome",), "Bulk requests by HTTP outcome"),
        Metric("newsclaims_bundles_total", "counter", "bundles", (), "Bundles finished"),
        Metric("newsclaims_polls_total", "counter", "polls", (), "Polls of Kafka"),
        Metric("newsclaims_source_records_total", "counter", "records", (), "Records read from Kafka"),
        Metric("newsclaims_source_lost_total", "counter", "records", (),
               "Records that retention removed before they were read"),
        Metric("newsclaims_source_waiting", "gauge", "boolean", (), "1 while the source waits for Kafka"),
        Metric("newsclaims_source_added_partitions", "gauge", "partitions", (),
               "Partitions added since the start, read from the next start on"),
        Metric("newsclaims_commit_failures_total", "counter", "commits", (), "Commits of offsets that Kafka refused"),
        Metric("newsclaims_sink_waiting", "gauge", "boolean", (), "1 while the sink waits for Elasticsearch"),
        Metric("newsclaims_step_seconds", "histogram", "seconds", ("step",), "Time that a record spends in a step",
               SECONDS),
        Metric("newsclaims_bundle_seconds", "histogram", "seconds", (),
               "Time from a bundle's first record to its end, when all of it is written", SECONDS),
        Metric("newsclaims_age_at_write_seconds", "histogram", "seconds", (),
               "Age of a record, from its time in Kafka to its acknowledged write", SECONDS),
        Metric("newsclaims_message_bytes", "histogram", "bytes", (), "Sizes of messages read from Kafka", BYTES),
        Metric("newsclaims_workers", "gauge", "processes", (), "Worker processes of a run"),
        Metric("newsclaims_worker_memory_bytes", "gauge", "bytes", ("worker",), "Resident memory of a worker"),
        Metric("newsclaims_worker_replacements_total", "counter", "processes", (),
               "Workers replaced after their share of bundles or memory"),
        Metric("newsclaims_worker_deaths_total", "counter", "processes", (), "Workers that died"),
        Metric("newsclaims_rules_changed", "event", "changes", (), "The rules or watches that articles are read with"),
        Metric("newsclaims_server_up", "gauge", "boolean", ("server",), "1 while Kafka, Elasticsearch answer"),
        Metric("newsclaims_topic_end_offset", "gauge", "records", ("topic", "partition"),
               "Offset after the last record of a partition"),
        Metric("newsclaims_consumer_lag_records", "gauge", "records", ("topic", "partition"),
               "Records between the job's committed offset and the end of the partition"),
        Metric("newsclaims_oldest_unprocessed_seconds", "gauge", "seconds", ("topic", "partition"),
               "Age of the oldest record that the job has not committed; 0 where there is none"),
        Metric("newsclaims_index_documents", "gauge", "documents", ("index",), "Documents behind an alias"),
        Metric("newsclaims_index_bytes", "gauge", "bytes", ("index",), "Bytes on disk behind an alias"),
        Metric("newsclaims_index_freshness_seconds", "gauge", "seconds", ("index",),
               "Time since the newest document was written"),
        Metric("newsclaims_elasticsearch_health", "gauge", "level", (), "0 green, 1 yellow, 2 red"),
        Metric("newsclaims_elasticsearch_heap_share", "gauge", "share", (), "Heap in use, of the fullest node"),
        Metric("newsclaims_elasticsearch_free_bytes", "gauge", "bytes", (), "Free disk of the fullest node"),
        Metric("newsclaims_elasticsearch_rejected_total", "counter", "requests", (),
               "Writes that the nodes rejected: full queues, too many bytes under way"),
        Metric("newsclaims_feeds", "gauge", "feeds", ("state",), "Feeds by state: ok, failing, silent"),
        Metric("newsclaims_condition", "gauge", "various", ("alert", "subject"),
               "The number that an alert's rule compares with its threshold, see `schemas.alerts`"),
        Metric("newsclaims_alert", "event", "alerts", ("alert", "subject"), "An alert began: its words in `detail`"),
    )
}  # fmt: skip
