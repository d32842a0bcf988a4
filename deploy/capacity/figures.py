"""The measured costs of an article, from `figures.yaml`."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

import msgspec

from schemas.errors import Permanent

FILE = "figures.yaml"
PROCESSES = ("workers", "supervisor", "elasticsearch", "kafka")
ARTICLE = ("articles", "claims", "figures", "ledger")
"""The families of indices that grow with each article."""


class MeasuredSize(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an article of one size costs: milliseconds of processor time by process, and bytes without copies.

    `step_share` is the share of each step in a worker's time before it writes.
    """

    message_bytes: float
    cpu_ms: dict[str, float]
    step_share: dict[str, float]
    topic_bytes: dict[str, float]
    index_bytes: dict[str, float]
    documents: dict[str, float]


class MemoryFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Memory in MB that a process may use."""

    worker: float
    supervisor: float
    elasticsearch_node: float
    kafka_node: float


class CapacityFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table. `busy_share` is the part of its time that a worker computes, and does not wait for servers."""

    commit: str
    date: str
    articles: int
    busy_share: float
    memory_mb: MemoryFigures
    sizes: tuple[MeasuredSize, MeasuredSize]

    def interpolate(self, field: str, name: str, message_bytes: float) -> float:
        """Returns a cost for messages of a size, on the line through the two measured sizes; never below zero."""
        small, large = self.sizes
        low, high = getattr(small, field)[name], getattr(large, field)[name]
        slope = (high - low) / (large.message_bytes - small.message_bytes)
        return max(0.0, float(low + slope * (message_bytes - small.message_bytes)))

    def find_costs(self, field: str, names: Iterable[str], message_bytes: float) -> dict[str, float]:
        """Returns several costs for messages of a size by name."""
        return {name: self.interpolate(field, name, message_bytes) for name in names}

    def find_cpu_ms(self, message_bytes: float) -> dict[str, float]:
        """Returns the milliseconds of processor time of an article by process."""
        return self.find_costs("cpu_ms", PROCESSES, message_bytes)

    def find_step_shares(self, message_bytes: float) -> dict[str, float]:
        """Returns the share of each step in a worker's time before it writes."""
        shares = self.find_costs("step_share", self.sizes[0].step_share, message_bytes)
        total = sum(shares.values())
        return {name: share / total for name, share in shares.items()}

    def find_index_bytes(self, message_bytes: float) -> dict[str, float]:
        """Returns the bytes of an article in each family of indices that grows with articles, without replicas."""
        return self.find_costs("index_bytes", ARTICLE, message_bytes)

    def find_topic_bytes(self, message_bytes: float) -> dict[str, float]:
        """Returns the bytes of an article in each topic, without copies and compression."""
        return self.find_costs("topic_bytes", self.sizes[0].topic_bytes, message_bytes)


def parse_figures(data: bytes | str, name: str = FILE) -> CapacityFigures:
    """Reads a table. Raises `Permanent`, with file and field, if it is invalid."""
    try:
        found = msgspec.yaml.decode(data, type=CapacityFigures)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise Permanent(f"{name} is not a table of capacity figures: {error}") from error
    small, large = found.sizes
    if not 0 < small.message_bytes < large.message_bytes:
        raise Permanent(f"{name}: sizes must begin with the smaller articles")
    for size in found.sizes:
        _require(name, "cpu_ms", size.cpu_ms, PROCESSES)
        _require(name, "index_bytes", size.index_bytes, ARTICLE)
        for field in ("step_share", "topic_bytes"):
            _require(name, field, getattr(size, field), tuple(getattr(small, field)))
    return found


def _require(file: str, field: str, found: Mapping[str, float], names: tuple[str, ...]) -> None:
    if missing := sorted(set(names) - found.keys()):
        raise Permanent(f"{file}: {field} has no {', '.join(missing)}")


@cache
def load_figures() -> CapacityFigures:
    """Reads the table of this release."""
    return parse_figures(resources.files(__package__).joinpath(FILE).read_bytes())
