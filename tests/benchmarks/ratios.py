"""The ratios that benchmarks print, and the bounds that each must keep.

Both sides of a ratio are measured in the same call, so that it holds on any machine. A bound leaves room for noise: the
value in the comment was measured on two cores. A benchmark outside its bound ends with an error.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bound:
    """The least or the greatest value of a ratio, and what the ratio compares."""

    compares: str
    least: float = 0.0
    most: float = float("inf")
    margin: float = 0.25
    """The share by which a ratio may be worse than the median of its history (`tests.benchmarks.history`)."""

    def holds(self, ratio: float) -> bool:
        """Returns whether a ratio is within the bound."""
        return self.least <= ratio <= self.most

    def __str__(self) -> str:
        return f"at least {self.least:g}" if self.least else f"at most {self.most:g}"


BOUNDS = {
    "source": Bound("records a second: ReadFromKafka against a plain poll loop", least=0.4),  # 0.52
    "sink": Bound("documents a second: WriteToElasticsearch against helpers.bulk", least=0.85),  # 0.97
    "latency": Bound("seconds to a search hit: the pipeline against indexing directly", most=3.0),  # 1.67
    "latency, p99": Bound("99th percentile of the same", most=5.0),
    "memory, idle": Bound("peak memory of a worker against its stated bound", most=1.0),  # 0.30
    "memory, busy": Bound("peak memory of a worker against its stated bound", most=1.0),  # 0.23
    "memory, growth": Bound("memory of the job after 40,000 articles against after 10,000", most=1.1),
    "reading, HTML": Bound("pages a second: read against trafilatura alone", least=0.45),  # 0.61
    "reading, plain text": Bound("pages a second: read against trafilatura alone", least=0.6),  # 1.26
    "text": Bound("processor time: extract against counting the same words ten times", most=14.0),  # 9.3
    "languages": Bound("short texts a second: extract against langdetect alone", least=8.0),  # 20
    "figures": Bound("processor time: figures against counting the same words ten times", most=1.2),  # 0.70
    "stories": Bound("F1 of pairs: stories against MinHash LSH at its best threshold", least=1.4),
    "grouping": Bound("processor time: stories and assertions against the stream", most=0.15),  # 0.06
    "watches, 3": Bound("processor time: 3 watches against the text side", most=0.1),  # 0.04
    "watches, 300": Bound("processor time: 300 watches against the text side", most=0.3),  # 0.15
    "watches, 1000": Bound("processor time: 1,000 watches against the text side", most=0.7),  # 0.40
    "backfill, nothing matches": Bound("articles a second: backfill against the first writing", least=2.0),  # 3.77
    "backfill, all match": Bound("articles a second: backfill against the first writing", least=0.5),  # 0.90
    "exports, jsonl": Bound("claims a second: export against helpers.scan", least=0.6),  # 0.89
    "exports, csv": Bound("claims a second: export against helpers.scan", least=0.35),  # 0.55
    "exports, parquet": Bound("claims a second: export against helpers.scan", least=0.4),  # 0.64
    "buckets": Bound("Elasticsearch's CPU an article: months, each second against years, each 30 s", least=1.5),
    "stream, three years": Bound("articles a second: this checkout against commit 9a8c4f2", least=1.2),  # 1.66
    "stream, one month": Bound("articles a second: this checkout against commit 9a8c4f2", least=0.6),  # 0.78
    "scale": Bound("processor time of the job's processes: two workers on Flink against two without", most=3.0),
    "capacity": Bound("bytes an article in topics and indices: measured against the table", most=1.25),  # 1.00
    "feeds": Bound("feeds a minute: the poller against a plain client", least=0.05),  # 0.13
    "boards": Bound("95th percentile in seconds of the slowest panel as a board opens", most=2.0),  # 0.09
}
"""The bound of each ratio, by the benchmark's name and what it measured."""


MEASURED: dict[str, float] = {}
"""The ratios that this process has reported, by name."""


def report_ratio(name: str, ratio: float, check: bool = True) -> None:
    """Prints a ratio with its bound. Raises `SystemExit` when it is outside, if it is to be checked."""
    bound = BOUNDS[name]
    MEASURED[name] = ratio
    print(f"ratio {ratio:.2f} ({bound}): {bound.compares}", flush=True)
    if check and not bound.holds(ratio):
        raise SystemExit(f"{name}: the ratio {ratio:.2f} is outside its bound ({bound})")
