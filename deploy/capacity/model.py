"""From the load and the measured costs to sizes, lag, and the resource that breaks first.

A resource with k cores and c seconds an article takes k / c articles a second; a worker is one core that computes a
part of its time (`busy_share`), and a partition feeds one worker at most. The slowest resource decides the rate of the
whole chain. What comes above that rate waits in Kafka, and is worked off later: a fluid model, without chance. A test
compares it with a simulation that has chance, bundles and partitions.
"""

import math
from dataclasses import dataclass, field

from deploy.capacity.figures import CapacityFigures
from deploy.capacity.load import DAY_SECONDS, STEP_SECONDS, ArticleLoad

MARGIN_DISK = 1.5
"""Disk for each stored byte: merges need room, and Elasticsearch stops using a disk that is 85 % full."""
CORE_STEP = 0.5
"""Cores are rounded up to this."""


@dataclass(frozen=True)
class CapacityOptions:
    """What is asked. Sizes that are None are chosen by the model. `utilisation` is a share."""

    load: ArticleLoad
    message_bytes: float
    utilisation: float = 0.6
    workers: int | None = None
    partitions: int = 4
    elasticsearch_cores: float | None = None
    kafka_cores: float | None = None
    replicas: int = 1
    kafka_copies: int = 3
    retention_days: float = 365.0
    raw_days: float = 30.0
    disk_bytes: float | None = None


@dataclass(frozen=True)
class ResourceNeed:
    """One resource: its size, the articles a second that it takes, and how busy it is at the busiest moment.

    `breaks_at` is the articles a day, of the same shape, at whose busiest moment it is full.
    """

    name: str
    size: float
    unit: str
    rate: float
    busy_at_peak: float
    breaks_at: float


@dataclass(frozen=True)
class BurstResult:
    """What a burst does: the most articles that wait, for how long the last of them waits, and the time to catch up.

    Times are seconds from the begin of the burst on, or None if it never catches up.
    """

    most_waiting: float
    longest_wait_seconds: float
    caught_up_seconds: float | None


@dataclass(frozen=True)
class CapacityPlan:
    """The answer. Bytes are with all copies; `disk` is what to provide for them."""

    options: CapacityOptions
    needs: list[ResourceNeed]
    burst: BurstResult
    usual_day_waiting: float | None
    index_bytes: float
    topic_bytes: float
    disk: dict[str, float]
    memory_mb: dict[str, float]
    cpu_ms: dict[str, float]
    step_share: dict[str, float]
    full_after_days: float | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def first(self) -> ResourceNeed:
        """The resource that breaks first."""
        return min(self.needs, key=lambda need: need.breaks_at)

    @property
    def rate(self) -> float:
        """Articles a second that the whole chain takes."""
        return min(need.rate for need in self.needs)


def make_plan(options: CapacityOptions, figures: CapacityFigures) -> CapacityPlan:
    """Chooses sizes if none are given, and finds out what they do."""
    costs = figures.find_cpu_ms(options.message_bytes)
    needs = find_needs(options, costs, figures.busy_share)
    rate = min(need.rate for need in needs)
    indices = sum(figures.find_index_bytes(options.message_bytes).values()) * (1 + options.replicas)
    topics = figures.find_topic_bytes(options.message_bytes)
    days = {"raw-articles": options.raw_days, "claims": options.retention_days}
    per_day = options.load.articles_per_day
    index_bytes = indices * per_day * options.retention_days
    topic_bytes = sum(size * days[name] for name, size in topics.items()) * per_day * options.kafka_copies
    workers = next(need.size for need in needs if need.name == "workers")
    nodes = 1 + options.replicas
    disk = {"elasticsearch": index_bytes * MARGIN_DISK, "kafka": topic_bytes * MARGIN_DISK}
    return CapacityPlan(
        options=options,
        needs=needs,
        burst=find_burst(options.load, rate),
        usual_day_waiting=find_usual_waiting(options.load, rate),
        index_bytes=index_bytes,
        topic_bytes=topic_bytes,
        disk=disk,
        memory_mb={
            "workers": workers * figures.memory_mb.worker + figures.memory_mb.supervisor,
            "elasticsearch": nodes * figures.memory_mb.elasticsearch_node,
            "kafka": options.kafka_copies * figures.memory_mb.kafka_node,
        },
        cpu_ms=costs,
        step_share=figures.find_step_shares(options.message_bytes),
        full_after_days=options.disk_bytes / MARGIN_DISK / (indices * per_day) if options.disk_bytes else None,
        remarks=list_remarks(options, needs),
    )


def find_needs(options: CapacityOptions, costs: dict[str, float], busy_share: float) -> list[ResourceNeed]:
    """Returns every resource with its size: what is given, or the least that keeps the utilisation."""
    load = options.load
    worker_seconds = (costs["workers"] + costs["supervisor"]) / 1000 / busy_share
    workers = options.workers or max(1, math.ceil(load.peak_rate * worker_seconds / options.utilisation))
    elasticsearch = costs["elasticsearch"] / 1000 * (1 + options.replicas)
    kafka = costs["kafka"] / 1000 * options.kafka_copies

    def choose(given: float | None, seconds: float) -> float:
        wanted = load.peak_rate * seconds / options.utilisation
        return given or max(CORE_STEP, math.ceil(wanted / CORE_STEP) * CORE_STEP)

    def need(name: str, size: float, unit: str, seconds: float) -> ResourceNeed:
        rate = size / seconds
        return ResourceNeed(name, size, unit, rate, load.peak_rate / rate, rate * DAY_SECONDS / load.peak)

    return [
        need("workers", workers, "processes, a core each", worker_seconds),
        need("partitions", options.partitions, "partitions of raw-articles", worker_seconds),
        need("elasticsearch", choose(options.elasticsearch_cores, elasticsearch), "cores", elasticsearch),
        need("kafka", choose(options.kafka_cores, kafka), "cores", kafka),
    ]


def find_burst(load: ArticleLoad, rate: float) -> BurstResult:
    """Returns what a burst at the busiest moment does to a chain that takes `rate` articles a second."""
    waiting = max(0.0, load.burst_rate - rate) * load.burst_seconds
    if not waiting:
        return BurstResult(0.0, 0.0, 0.0)
    spare = rate - load.peak_rate
    caught_up = load.burst_seconds + waiting / spare if spare > 0 else None
    return BurstResult(waiting, waiting / rate, caught_up)


def find_usual_waiting(load: ArticleLoad, rate: float) -> float | None:
    """Returns the most articles that wait on a usual day; None if more wait each day, because the mean is too much."""
    if load.mean >= rate:
        return None
    waiting = most = 0.0
    # The second day begins with what is left of the first.
    for each in load.list_rates() * 2:
        waiting = max(0.0, waiting + (each - rate) * STEP_SECONDS)
        most = max(most, waiting)
    return most


def list_remarks(options: CapacityOptions, needs: list[ResourceNeed]) -> list[str]:
    """Returns what a reader must do that the sizes alone do not say."""
    workers = next(need for need in needs if need.name == "workers")
    found = []
    if workers.size > options.partitions:
        found.append(
            f"raw-articles has {options.partitions} partitions, and {workers.size:g} workers share it: give it at "
            f"least {workers.size:g} before the first start; a higher number later breaks the order of keys once"
        )
    return found + [
        f"{need.name} cannot take the busiest moment of a usual day: articles wait for hours"
        for need in needs
        if need.busy_at_peak >= 1 and need.name != "partitions"
    ]
