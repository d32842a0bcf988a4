"""Pipeline health: whether what is published is searchable in seconds, and if not, where it waits. For ops."""

from typing import Final

from dashboards.ask import queries
from dashboards.boards.panels import Bars, Board, Column, Lines, Link, Listing, Number, Panel, Section

BOARD: Final = Board(
    uid="newsclaims-pipeline-health",
    title="Pipeline health",
    description="Lag, age of the oldest unprocessed record, throughput, latencies by step, dead letters, the "
    "servers. `newsclaims run` and `newsclaims monitor` write what is shown here.",
    dimensions=("watch",),
    since="now-3h",
    refresh="10s",
    sections=(
        Section("At a glance", (
            Panel(title="Lag", description="Records that are published and not yet processed, the worst partition.",
                  query=queries.LAG_WORST, chart=Number("last", ((100.0, "orange"), (1000.0, "red"))), width=4,
                  height=4),
            Panel(title="Oldest waiting", description="Age of the oldest record that is not processed.",
                  query=queries.OLDEST_WORST, unit="s",
                  chart=Number("last", ((60.0, "orange"), (600.0, "red"))), width=4,
                  height=4),
            Panel(title="Read", description="Records read from Kafka in the chosen time.", query=queries.READ,
                  chart=Number(), width=4, height=4),
            Panel(title="Dead letters", description="Messages that could not be processed and are not replayed yet.",
                  query=queries.DEAD_LETTERS_TOTAL, chart=Number(levels=((1.0, "orange"), (100.0, "red"))), width=4,
                  height=4),
            Panel(title="Servers", description="Whether Kafka and Elasticsearch answer.", query=queries.SERVERS,
                  unit="none", width=4, height=4,
                  chart=Number("last", words=(("0", "away", "red"), ("1", "up", "green")), sparkline=False)),
            Panel(title="Elasticsearch", description="Health of the cluster: yellow lacks copies, red lacks data.",
                  query=queries.ELASTICSEARCH_HEALTH, unit="none", width=4, height=4,
                  chart=Number("last", words=(("0", "green", "green"), ("1", "yellow", "yellow"), ("2", "red", "red")),
                               sparkline=False)),
        )),
        Section("Flow", (
            Panel(title="Lag by partition", description="Records between the job's committed offset and the end.",
                  query=queries.LAG, chart=Lines("partition")),
            Panel(title="Oldest unprocessed record", description="How long the next record to be processed has waited.",
                  query=queries.OLDEST, unit="s", chart=Lines("partition")),
            Panel(title="Throughput by step", description="Records that left each step in each interval of the chart.",
                  query=queries.THROUGHPUT, chart=Lines("step")),
            Panel(title="What was written", description="Records by what the sink did: written, unchanged, older.",
                  query=queries.OUTCOMES, chart=Bars("outcome")),
        )),
        Section("What comes out", (
            Panel(title="Claims indexed by watch", description="What the job wrote of each watch, whenever published.",
                  query=queries.INDEXED_BY_WATCH, chart=Bars("watch"), width=24, height=7),
        )),
        Section("Latency", (
            Panel(title="Latency by step", description="95 of 100 records spend at most so long in each step.",
                  query=queries.STEP_LATENCY, unit="s", chart=Lines("step", log=True)),
            Panel(title="Age at write",
                  description="From a record's time in Kafka until Elasticsearch has acknowledged it: half, 95 and 99 "
                  "of 100 records.",
                  query=queries.AGE_AT_WRITE, unit="s", chart=Lines("quantile", log=True)),
            Panel(title="Duration of bundles", description="From a bundle's first record until all of it is written.",
                  query=queries.BUNDLES, unit="s", chart=Lines("quantile", log=True)),
            Panel(title="Sizes of messages", description="Bytes of the messages that were read.", query=queries.SIZES,
                  unit="bytes", chart=Lines("quantile", log=True)),
        )),
        Section("What failed", (
            Panel(title="Dead letters by reason", description="When messages failed, and why.",
                  query=queries.DEAD_LETTERS, chart=Bars("reason", "reason")),
            Panel(title="Documents by outcome", description="What Elasticsearch did with the documents it was sent.",
                  query=queries.DOCUMENT_OUTCOMES, chart=Bars("outcome")),
            Panel(title="Open dead letters",
                  description="The newest fifty. `newsclaims dead-letters replay` sends them back in.",
                  query=queries.LATEST_DEAD_LETTERS, unit="string", width=24, height=8,
                  chart=Listing(columns=(
                      Column("failed_at", "Failed", "dateTimeAsIso", 180), Column("step", "Step", width=90),
                      Column("reason", "Reason", width=130), Column("error", "Error"),
                      Column("topic", "Topic", width=120), Column("partition", "Partition", "none", 80),
                      Column("offset", "Offset", "none", 90), Column("attempts", "Tries", "none", 70),
                  ))),
        )),
        Section("Servers", (
            Panel(title="Size of the indices", description="Bytes on disk behind each alias.",
                  query=queries.INDEX_BYTES, unit="bytes", chart=Lines("index"), width=8),
            Panel(title="Freshness of the indices", description="Time since the newest document was written.",
                  query=queries.FRESHNESS, unit="s", chart=Lines("index"), width=8),
            Panel(title="Ends of the topics", description="Offset after the last record, the furthest partition.",
                  query=queries.END_OFFSETS, chart=Lines("topic"), width=8),
            Panel(title="Heap of Elasticsearch", description="Heap in use, of the fullest node.", query=queries.HEAP,
                  unit="percentunit", chart=Lines(area=True), width=6),
            Panel(title="Free disk of Elasticsearch", description="Of the fullest node.", query=queries.FREE_DISK,
                  unit="bytes", chart=Lines(area=True), width=6),
            Panel(title="Memory of workers", description="Resident memory; a worker that grows is replaced.",
                  query=queries.WORKER_MEMORY, unit="bytes", chart=Lines("worker"), width=6),
            Panel(title="Workers that died", description="Each is replaced; what it had not committed is read again.",
                  query=queries.WORKER_DEATHS, chart=Bars(), width=6),
        )),
        Section("Alerts", (
            Panel(title="Conditions", description="The numbers that alerts compare with their thresholds.",
                  query=queries.CONDITIONS, unit="none", chart=Lines("alert", log=True)),
            Panel(title="Alerts", description="What began to be out of order, and where to look.",
                  query=queries.ALERTS, unit="string",
                  chart=Listing(columns=(
                      Column("at", "Since", "dateTimeAsIso", 180), Column("alert", "Alert", width=150),
                      Column("subject", "About", width=150), Column("detail", "What"),
                      Column("value", "Number", "short", 85),
                      Column("url", "Article", width=110, link=Link("The article as published", "page", "url")),
                  ))),
        )),
    ),
)  # fmt: skip
