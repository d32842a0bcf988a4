"""All metrics in one table. Code may use only these names; boards and alerts read them.

A process (the job with `pipelines.counters`, or the monitor) keeps counters, histograms and gauges. It serves them to
Prometheus and writes them to the index `health` as `schemas.operations.records.HealthSample`. The sample of a counter
has its growth in the sample's seconds, so that sums over any time are right even if the process restarts. The samples
of a histogram have its quantiles over these seconds.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Key = tuple[str, tuple[str, ...]]
"""Name and label values of a metric, in the order of its row. A histogram has a key for the count of each bucket and
one for the sum of all observations: the last label is one of `Metric.buckets`, or `SUM`."""

SUM = "sum"
WORKER = "worker"
"""The label of counters that are kept by worker: the worker's number in its run, which its replacement takes over."""

Kind = Literal["counter", "gauge", "histogram", "event"]
"""An event has a time and a `detail` and is written to the index only, for example a change of rules."""

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)
"""Upper bounds of a histogram of durations: a step takes milliseconds, but after an outage a record waits for hours."""
BYTES = (1e3, 2.5e3, 5e3, 1e4, 2.5e4, 5e4, 1e5, 2.5e5, 5e5, 1e6, 2.5e6, 5e6, 1e7)
QUANTILES = (0.5, 0.95, 0.99)
"""The quantiles in the samples of a histogram."""


@dataclass(frozen=True)
class Metric:
    """One metric. Its name contains its unit, and its labels are fixed."""

    name: str
    kind: Kind
    unit: str
    labels: tuple[str, ...]
    meaning: str
    bounds: tuple[float, ...] = ()
    """Upper bounds of the buckets of a histogram, inclusive. There is one more bucket above the last bound."""

    @cached_property
    def buckets(self) -> tuple[str, ...]:
        """Names of the buckets of a histogram, in order: their upper bounds as Prometheus writes them."""
        return (*map(str, self.bounds), "+Inf")

    @cached_property
    def own_labels(self) -> tuple[str, ...]:
        """The labels that the code which counts gives. A worker does not know its number: `add_worker` adds it."""
        return tuple(label for label in self.labels if label != WORKER)


def add_worker(key: Key, worker: str) -> Key:
    """Returns the key of a count of a worker. If its metric is kept by worker, the key names the worker."""
    name, labels = key
    return (name, (*labels, worker)) if METRICS[name].labels[-1:] == (WORKER,) else key


METRICS = {
    metric.name: metric
    for metric in (
        Metric("newsclaims_records_total", "counter", "records", ("step", "outcome"),
               "Records that left a step, by outcome"),
        Metric("newsclaims_dead_letters_total", "counter", "records", ("step", "reason", WORKER),
               "Dead letters, by reason"),
        Metric("newsclaims_dead_letter_share", "gauge", "share", (),
               "Share of a worker's last 1,000 messages that became dead letters"),
        Metric("newsclaims_claims_total", "counter", "claims", (WORKER,), "Claims passed to the sink"),
        Metric("newsclaims_figures_total", "counter", "figures", (), "Figures passed to the sink"),
        Metric("newsclaims_story_copies_total", "counter", "articles", (),
               "Articles that are copies of an earlier one"),
        Metric("newsclaims_documents_total", "counter", "documents", ("outcome",),
               "Documents sent to Elasticsearch, by outcome"),
        Metric("newsclaims_bulk_requests_total", "counter", "requests", ("outcome",), "Bulk requests by HTTP outcome"),
        Metric("newsclaims_bundles_total", "counter", "bundles", (), "Finished bundles"),
        Metric("newsclaims_polls_total", "counter", "polls", (), "Polls of Kafka"),
        Metric("newsclaims_source_records_total", "counter", "records", (WORKER,), "Records read from Kafka"),
        Metric("newsclaims_source_lost_total", "counter", "records", (),
               "Records that retention deleted before they were read"),
        Metric("newsclaims_source_waiting", "gauge", "boolean", (), "1 while the source waits for Kafka"),
        Metric("newsclaims_source_added_partitions", "gauge", "partitions", (),
               "Partitions added since the start, which are read after a restart"),
        Metric("newsclaims_commit_failures_total", "counter", "commits", (), "Commits of offsets that Kafka refused"),
        Metric("newsclaims_rebalances_total", "counter", "changes", (), "Times that a worker got or lost partitions"),
        Metric("newsclaims_fenced_total", "counter", "workers", (),
               "Workers that lost partitions before they had written what they read, and were replaced"),
        Metric("newsclaims_group_runs", "gauge", "runs", (), "Runs that share the partitions of the group"),
        Metric("newsclaims_group_members", "gauge", "workers", (), "Workers of all runs that share the partitions"),
        Metric("newsclaims_owned_partitions", "gauge", "partitions", (), "Partitions that this run reads"),
        Metric("newsclaims_owned_lag", "gauge", "records", (), "Lag of the partitions that this run reads"),
        Metric("newsclaims_sink_waiting", "gauge", "boolean", (), "1 while the sink waits for Elasticsearch"),
        Metric("newsclaims_sink_waiting_reason", "gauge", "boolean", ("reason",),
               "1 for the reason while the sink waits, such as unreachable, busy, blocked or slow"),
        Metric("newsclaims_step_seconds", "histogram", "seconds", ("step",), "Time that a record spends in a step",
               SECONDS),
        Metric("newsclaims_bundle_seconds", "histogram", "seconds", (),
               "Time from the first record of a bundle until all of it is written", SECONDS),
        Metric("newsclaims_age_at_write_seconds", "histogram", "seconds", (),
               "Age of a record when its write is acknowledged, from its time in Kafka", SECONDS),
        Metric("newsclaims_message_bytes", "histogram", "bytes", (), "Sizes of messages read from Kafka", BYTES),
        Metric("newsclaims_workers", "gauge", "processes", (), "Worker processes of a run"),
        Metric("newsclaims_worker_memory_bytes", "gauge", "bytes", (WORKER,), "Resident memory of a worker"),
        Metric("newsclaims_worker_replacements_total", "counter", "processes", (),
               "Workers replaced because they reached their limit of bundles or memory"),
        Metric("newsclaims_worker_deaths_total", "counter", "processes", (WORKER,), "Workers that died"),
        Metric("newsclaims_flink_checkpoint_bytes", "gauge", "bytes", (),
               "Size of the last complete checkpoint of the job on Flink"),
        Metric("newsclaims_flink_checkpoint_age_seconds", "gauge", "seconds", (),
               "Age of the last complete checkpoint of the job on Flink"),
        Metric("newsclaims_flink_failed_checkpoints_total", "counter", "checkpoints", (),
               "Checkpoints of the job on Flink that failed"),
        Metric("newsclaims_flink_subtask_records", "gauge", "records", (WORKER,),
               "Records that a subtask on Flink has read since its start"),
        Metric("newsclaims_rules_changed", "event", "changes", (),
               "The text rules or the watches changed; `detail` names them"),
        Metric("newsclaims_server_up", "gauge", "boolean", ("server",),
               "1 while the server (Kafka, Elasticsearch) answers"),
        Metric("newsclaims_topic_end_offset", "gauge", "records", ("topic", "partition"),
               "Offset after the last record of a partition"),
        Metric("newsclaims_consumer_lag_records", "gauge", "records", ("topic", "partition"),
               "Records between the job's committed offset and the end of the partition"),
        Metric("newsclaims_oldest_unprocessed_seconds", "gauge", "seconds", ("topic", "partition"),
               "Age of the oldest record that the job has not committed; 0 if there is none"),
        Metric("newsclaims_index_documents", "gauge", "documents", ("index",),
               "Documents behind an alias, without replicas"),
        Metric("newsclaims_index_bytes", "gauge", "bytes", ("index",), "Bytes on disk behind an alias, with replicas"),
        Metric("newsclaims_index_freshness_seconds", "gauge", "seconds", ("index",),
               "Time since the newest document was written"),
        Metric("newsclaims_elasticsearch_health", "gauge", "level", (),
               "Health of the cluster: 0 green, 1 yellow, 2 red"),
        Metric("newsclaims_elasticsearch_heap_share", "gauge", "share", (),
               "Share of the heap in use, on the node with the highest"),
        Metric("newsclaims_elasticsearch_free_bytes", "gauge", "bytes", (),
               "Free disk space, on the node with the least"),
        Metric("newsclaims_elasticsearch_rejected_total", "counter", "requests", (),
               "Writes that nodes rejected because of full queues or too many bytes in flight"),
        Metric("newsclaims_feeds", "gauge", "feeds", ("state",), "Feeds by state: ok, failing, silent"),
        Metric("newsclaims_retention_started", "event", "runs", (), "A monitor began a run of retention"),
        Metric("newsclaims_retention_runs_total", "counter", "runs", ("outcome",),
               "Runs of retention by monitors, by outcome: ok, failed; `detail` says why"),
        Metric("newsclaims_retention_documents_total", "counter", "documents", ("index",),
               "Documents that monitors dropped because they were beyond their retention"),
        Metric("newsclaims_assertion_passes_total", "counter", "passes", ("outcome",),
               "Passes over the assertions by monitors, by outcome: ok, failed; `detail` says why"),
        Metric("newsclaims_assertions_age_seconds", "gauge", "seconds", (),
               "Time since the last pass over the assertions that succeeded"),
        Metric("newsclaims_condition", "gauge", "various", ("alert", "subject"),
               "The number of an alert, which its rule compares with a threshold (`schemas.alerts`)"),
        Metric("newsclaims_alert", "event", "alerts", ("alert", "subject"), "An alert began; `detail` describes it"),
    )
}  # fmt: skip
