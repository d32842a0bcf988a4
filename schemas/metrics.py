"""Every metric the product counts, in one table. Code counts by these names only; boards and alerts read them."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["counter", "gauge"]


@dataclass(frozen=True)
class Metric:
    """One metric: its unit is in its name, its labels are fixed."""

    name: str
    kind: Kind
    unit: str
    labels: tuple[str, ...]
    meaning: str


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
    )
}  # fmt: skip
