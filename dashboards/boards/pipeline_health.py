"""The board Pipeline health, for operations: whether articles become searchable in seconds, or where they wait."""

from typing import Final

from dashboards.ask import queries
from dashboards.boards.columns import TO_PAGE
from dashboards.boards.panels import Bars, Board, Lines, Listing, Number, Panel, Section, TableColumn

BOARD: Final = Board(
    uid="newsclaims-pipeline-health",
    title="Pipeline health",
    description="Lag, age of the oldest unprocessed record, throughput, latency by step, dead letters and servers. "
    "`newsclaims run` and `newsclaims monitor` write the measurements shown here.",
    dimensions=("watch",),
    since="now-3h",
    refresh="10s",
    sections=(
        Section("At a glance", (
            Panel(title="Lag", description="Records published but not yet processed, in the partition with the most.",
                  query=queries.LAG_WORST, chart=Number("last", ((100.0, "orange"), (1000.0, "red"))), width=4,
                  height=4),
            Panel(title="Oldest waiting", description="Age of the oldest unprocessed record.",
                  query=queries.OLDEST_WORST, unit="s",
                  chart=Number("last", ((60.0, "orange"), (600.0, "red"))), width=4,
                  height=4),
            Panel(title="Read", description="Records read from Kafka in the selected time range.", query=queries.READ,
                  chart=Number(), width=4, height=4),
            Panel(title="Dead letters", description="Messages that could not be processed and are not yet replayed.",
                  query=queries.DEAD_LETTERS_TOTAL, chart=Number(levels=((1.0, "orange"), (100.0, "red"))), width=4,
                  height=4),
            Panel(title="Servers", description="Whether Kafka and Elasticsearch respond.", query=queries.SERVERS,
                  unit="none", width=4, height=4,
                  chart=Number("last", words=(("0", "unreachable", "red"), ("1", "up", "green")), sparkline=False)),
            Panel(title="Elasticsearch", description="Cluster health: yellow means missing replicas, red missing data.",
                  query=queries.ELASTICSEARCH_HEALTH, unit="none", width=4, height=4,
                  chart=Number("last", words=(("0", "green", "green"), ("1", "yellow", "yellow"), ("2", "red", "red")),
                               sparkline=False)),
        )),
        Section("Flow", (
            Panel(title="Lag by partition", description="Records between the committed offset and the end offset.",
                  query=queries.LAG, chart=Lines("partition")),
            Panel(title="Oldest unprocessed record", description="How long the next record to process has waited.",
                  query=queries.OLDEST, unit="s", chart=Lines("partition")),
            Panel(title="Throughput by step", description="Records that left each step in each interval.",
                  query=queries.THROUGHPUT, chart=Lines("step")),
            Panel(title="Write outcomes", description="Records by what the sink did: written, unchanged or older.",
                  query=queries.OUTCOMES, chart=Bars("outcome")),
        )),
        Section("Output", (
            Panel(title="Claims indexed by watch", description="Claims that the job indexed, by watch.",
                  query=queries.INDEXED_BY_WATCH, chart=Bars("watch"), width=24, height=7),
        )),
        Section("Latency", (
            Panel(title="Latency by step", description="95th percentile of the time that a record spends in each step.",
                  query=queries.STEP_LATENCY, unit="s", chart=Lines("step", log=True)),
            Panel(title="Age at write",
                  description="Time from a record's Kafka timestamp until Elasticsearch acknowledged it: median, 95th "
                  "and 99th percentiles.",
                  query=queries.AGE_AT_WRITE, unit="s", chart=Lines("quantile", log=True)),
            Panel(title="Bundle duration", description="Time from a bundle's first record until all of it is written.",
                  query=queries.BUNDLES, unit="s", chart=Lines("quantile", log=True)),
            Panel(title="Message size", description="Size of the messages that were read.", query=queries.SIZES,
                  unit="bytes", chart=Lines("quantile", log=True)),
        )),
        Section("Failures", (
            Panel(title="Dead letters by reason", description="Messages that failed, by reason.",
                  query=queries.DEAD_LETTERS, chart=Bars("reason", "reason")),
            Panel(title="Documents by outcome", description="What Elasticsearch did with the documents sent to it.",
                  query=queries.DOCUMENT_OUTCOMES, chart=Bars("outcome")),
            Panel(title="Open dead letters",
                  description="The newest fifty. `newsclaims dead-letters replay` sends them to their topic again.",
                  query=queries.LATEST_DEAD_LETTERS, unit="string", width=24, height=8,
                  chart=Listing(columns=(
                      TableColumn("failed_at", "Failed", "dateTimeAsIso", 180), TableColumn("step", "Step", width=90),
                      TableColumn("reason", "Reason", width=130), TableColumn("error", "Error"),
                      TableColumn("topic", "Topic", width=120), TableColumn("partition", "Partition", "none", 80),
                      TableColumn("offset", "Offset", "none", 90), TableColumn("attempts", "Tries", "none", 70),
                  ))),
        )),
        Section("Workers", (
            Panel(title="Records by worker",
                  description="Records read from Kafka, by the worker's number. Workers of several runs with the same "
                  "number are added up.",
                  query=queries.WORKER_RECORDS, chart=Bars("worker"), width=8),
            Panel(title="Claims by worker", description="Claims passed to the sink, by the worker's number.",
                  query=queries.WORKER_CLAIMS, chart=Bars("worker"), width=8),
            Panel(title="Dead letters by worker", description="Messages that failed, by the worker's number.",
                  query=queries.WORKER_DEAD_LETTERS, chart=Bars("worker"), width=8),
            Panel(title="Records by run", description="Records read from Kafka, by run: host and process.",
                  query=queries.RUN_RECORDS, chart=Bars("run"), width=8),
            Panel(title="Worker memory", description="Resident memory; a worker that grows too large is replaced.",
                  query=queries.WORKER_MEMORY, unit="bytes", chart=Lines("worker"), width=8),
            Panel(title="Worker deaths", description="Each is replaced; uncommitted records are read again.",
                  query=queries.WORKER_DEATHS, chart=Bars("worker"), width=8),
        )),
        Section("Servers", (
            Panel(title="Index size", description="Size on disk of the indices behind each alias.",
                  query=queries.INDEX_BYTES, unit="bytes", chart=Lines("index"), width=8),
            Panel(title="Index freshness", description="Time since the newest document was written.",
                  query=queries.FRESHNESS, unit="s", chart=Lines("index"), width=8),
            Panel(title="Topic end offsets", description="End offset of the longest partition of each topic.",
                  query=queries.END_OFFSETS, chart=Lines("topic"), width=8),
            Panel(title="Elasticsearch heap", description="Share of the heap in use on the fullest node.",
                  query=queries.HEAP,
                  unit="percentunit", chart=Lines(area=True)),
            Panel(title="Elasticsearch free disk", description="Free disk space on the fullest node.",
                  query=queries.FREE_DISK,
                  unit="bytes", chart=Lines(area=True)),
        )),
        Section("Assertions", (
            Panel(title="Age of assertions",
                  description="Time since the last pass over the assertions that succeeded: First said on Claim volume "
                  "shows nothing newer.",
                  query=queries.ASSERTIONS_AGE, unit="s", chart=Lines()),
            Panel(title="Passes over assertions", description="Passes of monitors by outcome.",
                  query=queries.ASSERTION_PASSES, chart=Bars("outcome")),
        )),
        Section("Alerts", (
            Panel(title="Conditions", description="The values that alerts compare with their thresholds.",
                  query=queries.CONDITIONS, unit="none", chart=Lines("alert", log=True)),
            Panel(title="Alerts", description="Alerts that started, what they are about, and where to look.",
                  query=queries.ALERTS, unit="string",
                  chart=Listing(columns=(
                      TableColumn("at", "Since", "dateTimeAsIso", 180), TableColumn("alert", "Alert", width=150),
                      TableColumn("subject", "About", width=150), TableColumn("detail", "What"),
                      TableColumn("value", "Number", "short", 85),
                      TableColumn("url", "Article", width=110, link=TO_PAGE),
                  ))),
        )),
    ),
)  # fmt: skip
