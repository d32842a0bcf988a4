"""A simulation of a burst: articles come by chance, and workers, partitions and Elasticsearch work them off in bundles.

It shares no formula with the model. Articles arrive as a Poisson process, and fall on partitions by chance. Each worker
owns partitions, takes a bundle of what waits in them, computes for as long as its articles cost (which differs from
article to article), and has the bundle written. A bundle is spread over the cores of Elasticsearch, each of which
serves one after the other; the worker waits for its own, and for the way there and back.
"""

import heapq
import math
from collections import deque
from dataclasses import dataclass, field
from random import Random

BUNDLE = 200
FEW = 40
"""Articles for each worker that are in work in any case: fewer do not count as a backlog."""
SPREAD = 0.6
"""Standard deviation of the logarithm of an article's cost."""


@dataclass
class SimulatedChain:
    """A chain with its costs in seconds an article. `latency_seconds` is the least that a worker waits for one."""

    workers: int
    partitions: int
    worker_seconds: float
    latency_seconds: float
    elasticsearch_seconds: float
    elasticsearch_cores: int
    queues: list[deque[float]] = field(init=False)
    free: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.queues = [deque() for _ in range(self.partitions)]
        self.free = [0.0] * self.elasticsearch_cores

    def take_bundle(self, worker: int) -> list[float]:
        """Returns the times of the articles that a worker takes now, the oldest first, from its partitions in turn."""
        own = [queue for number, queue in enumerate(self.queues) if number % self.workers == worker]
        taken: list[float] = []
        while len(taken) < BUNDLE and any(own):
            taken += [queue.popleft() for queue in own if queue]
        return taken

    def write(self, count: int, now: float) -> float:
        """Returns when Elasticsearch has written a bundle."""
        part = count * self.elasticsearch_seconds / self.elasticsearch_cores
        self.free = [max(now, free) + part for free in self.free]
        return max(max(self.free), now + count * self.latency_seconds)


@dataclass(frozen=True)
class SimulatedBurst:
    """What was seen: the most articles that waited, the longest wait, and when the chain had caught up."""

    most_waiting: int
    longest_wait: float
    caught_up: float | None


def simulate(
    chain: SimulatedChain, usual: float, burst: float, burst_seconds: float, end: float, seed: int = 7
) -> SimulatedBurst:
    """Runs a chain for `end` seconds: first a burst of `burst` articles a second, then the usual rate."""
    chance = Random(seed)
    shift = -(SPREAD**2) / 2  # so that the mean of the costs is that of the chain
    events: list[tuple[float, int, int]] = [(0.0, 1, worker) for worker in range(chain.workers)]
    heapq.heapify(events)
    heapq.heappush(events, (chance.expovariate(burst), 0, 0))
    waiting = most = 0
    longest, caught_up = 0.0, None
    in_work: dict[int, list[float]] = {}
    while events:
        now, kind, worker = heapq.heappop(events)
        if now > end:
            break
        if kind == 0:
            chain.queues[chance.randrange(chain.partitions)].append(now)
            waiting += 1
            most = max(most, waiting)
            heapq.heappush(events, (now + chance.expovariate(burst if now < burst_seconds else usual), 0, 0))
            continue
        done = in_work.pop(worker, [])
        waiting -= len(done)
        longest = max([longest, *(now - came for came in done)])
        if caught_up is None and now > burst_seconds and waiting <= FEW * chain.workers:
            caught_up = now
        bundle = chain.take_bundle(worker)
        if not bundle:
            heapq.heappush(events, (now + 0.1, 1, worker))
            continue
        in_work[worker] = bundle
        cost = sum(math.exp(chance.gauss(shift, SPREAD)) for _ in bundle) * chain.worker_seconds
        heapq.heappush(events, (chain.write(len(bundle), now + cost), 1, worker))
    return SimulatedBurst(most, longest, caught_up)
