"""Measures articles a second, and processor time by process, with 1, 2 and 4 workers and on Flink with 1 and 2.

Each job first reads some articles, so that its start is not counted. Then all articles are published at once, and the
time until the group has committed them counts. Flink is a cluster of its own: a JobManager, TaskManagers with a slot
each, and a job server, with turns of a second and checkpoints every three. Articles have 0.85 kB and were published
within a month. Everything runs on this machine: more workers than cores bring nothing here, and their cost shows.

The ratio is the processor time of all processes of the job on Flink, against the same number of workers without it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count as count_up
from pathlib import Path

import psutil

from deploy.flink.jars import install_jars
from tests.benchmarks.ratios import report_ratio
from tests.benchmarks.stream import DAYS, ROOT, is_server, make_articles, measure_cpu, name_server, publish
from tests.cluster.processes import Client, Cluster
from tests.conftest import Stack
from tests.faults.__main__ import servers
from tests.faults.job import wait_until_read
from tests.pipelines.run.running import emptied

ARTICLES = 1_500
WARM_UP = 300
WORKERS = (1, 2, 4)
ON_FLINK = (1, 2)
LONGEST = 600.0
"""Seconds after which a job must have read everything."""

Find = Callable[[], dict[str, list[psutil.Process]]]
"""Finds the processes of a job, by what they are."""


@dataclass(frozen=True)
class Throughput:
    """What a job did: articles a second, and milliseconds of processor time an article by process."""

    name: str
    rate: float
    cost: dict[str, float]

    @property
    def own(self) -> float:
        """Milliseconds an article of the job's own processes."""
        return sum(cost for name, cost in self.cost.items() if name not in ("Kafka", "Elasticsearch"))

    def row(self) -> str:
        """Returns the row of the table."""
        parts = ", ".join(f"{name} {cost:.1f}" for name, cost in self.cost.items())
        return f"| {self.name} | {self.rate:.1f} | {sum(self.cost.values()):.1f} | {parts} |"


HEADER = "| job | articles/s | CPU, ms an article | by process |\n|---|---|---|---|"


class ScaleRun:
    """Publishes articles to the servers of a stack and measures the jobs that read them."""

    def __init__(self, stack: Stack, articles: int) -> None:
        self.stack = stack
        self.articles = articles
        self.numbers = count_up(step=max(articles, WARM_UP))
        data = stack.environ["NEWSCLAIMS_DATA_DIR"]
        self.servers = [each for each in psutil.process_iter(["cmdline"]) if is_server(each, data)]

    def read(self, count: int, find: Find) -> float:
        """Publishes articles, and returns the seconds until the group has committed them.

        Raises `RuntimeError` if that takes too long, or if the job ends before, as after Ctrl-C.
        """
        messages = list(make_articles(DAYS["one month"], count, next(self.numbers)))
        began = time.monotonic()
        publish([self.stack.bootstrap_servers], messages)
        if not wait_until_read(self.stack, LONGEST, lambda: has_ended(find)):
            why = "the job has ended" if has_ended(find) else f"{LONGEST:.0f} s were not enough"
            raise RuntimeError(f"{count} articles were not read: {why}")
        return time.monotonic() - began

    def measure(self, name: str, find: Find) -> Throughput:
        """Measures a job that runs."""
        self.read(WARM_UP, find)
        before = self.measure_cpu(find)
        seconds = self.read(self.articles, find)
        cost: defaultdict[str, float] = defaultdict(float)
        for key, after in self.measure_cpu(find).items():
            cost[key[0]] += 1000 * (after - before.get(key, 0.0)) / self.articles
        return Throughput(name, self.articles / seconds, dict(cost))

    def measure_cpu(self, find: Find) -> dict[tuple[str, int], float]:
        """Returns the processor seconds of the job and the servers, by what they are and their number."""
        found = find()
        for server in self.servers:
            found.setdefault(name_server(server), []).append(server)
        times = {}
        for name, processes in found.items():
            for process in processes:
                with suppress(psutil.NoSuchProcess):
                    times[name, process.pid] = measure_cpu(process)
        return times


def has_ended(find: Find) -> bool:
    """Returns whether the process that was started for a job has ended. It is the first that `find` names."""
    started = next(iter(find().values()))
    return any(not each.is_running() or each.status() == psutil.STATUS_ZOMBIE for each in started)


@contextmanager
def run_workers(stack: Stack, workers: int, directory: Path) -> Iterator[Find]:
    """Runs `newsclaims run` for the block."""
    with (directory / f"run-{workers}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "newsclaims", "run", "--workers", str(workers)],
            env={**os.environ, **stack.environ, "PYTHONPATH": str(ROOT)}, cwd=directory, stdout=log, stderr=log,
        )  # fmt: skip
    supervisor = psutil.Process(process.pid)
    try:
        yield lambda: {"supervisor": [supervisor], "workers": supervisor.children()}
    finally:
        process.terminate()
        process.wait(90)


@contextmanager
def run_on_flink(stack: Stack, workers: int, directory: Path, jars: Path) -> Iterator[Find]:
    """Runs a cluster with so many TaskManagers, and the job on it, for the block."""
    folder = directory / f"flink-{workers}"
    folder.mkdir()
    cluster = Cluster(stack, folder, jars, slots=1)
    names = [f"taskmanager{number}" for number in range(workers)]

    def find() -> dict[str, list[psutil.Process]]:
        processes = {name: psutil.Process(each.pid) for name, each in cluster.processes.items()}
        return {
            "client": [psutil.Process(client.process.pid)],
            "job server": [processes["jobserver"]],
            "JobManager": [processes["jobmanager"]],
            "TaskManagers": [processes[name] for name in names],
            "workers": cluster.find_workers(),
        }

    try:
        cluster.start(*names)
        client = Client(cluster, workers, ("--restore", "none"))
        try:
            yield find
        finally:
            client.stop()
    finally:
        cluster.kill_everything()


def measure_all(run: ScaleRun, workers: Sequence[int], on_flink: Sequence[int], directory: Path) -> list[Throughput]:
    """Measures each job, prints its row, and returns all."""
    print(HEADER, flush=True)
    found = []
    for number in workers:
        with run_workers(run.stack, number, directory) as find:
            found.append(run.measure(f"{number} workers", find))
        print(found[-1].row(), flush=True)
    jars = install_jars() if on_flink else Path()
    for number in on_flink:
        with run_on_flink(run.stack, number, directory, jars) as find:
            found.append(run.measure(f"Flink, {number}", find))
        print(found[-1].row(), flush=True)
    return found


def main() -> None:
    """Starts servers, measures each job, and prints the table and the ratio."""
    parser = argparse.ArgumentParser(prog="scale", description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--workers", type=int, nargs="*", default=WORKERS)
    parser.add_argument("--flink", type=int, nargs="*", default=ON_FLINK)
    options = parser.parse_args()
    with servers() as stack, tempfile.TemporaryDirectory(prefix="newsclaims-scale-") as name:
        found = measure_all(ScaleRun(emptied(stack), options.articles), options.workers, options.flink, Path(name))
    own = {each.name: each.own for each in found}
    if {"2 workers", "Flink, 2"} <= own.keys():
        report_ratio("scale", own["Flink, 2"] / own["2 workers"])


if __name__ == "__main__":
    main()
