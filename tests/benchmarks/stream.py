"""Measures articles a second of the whole job, next to an earlier commit of this repository, in the same call.

`--commit` is checked out into a folder of its own; both run on the same Python packages. Each has servers of its own,
which its own `newsclaims up` starts; those of the other one are idle meanwhile. Articles have 0.85 kB: sentences of the
sample feed, in a new order for each. They are published before a run, which ends when it has caught up. The seconds
that a run needs to start and end without any articles are subtracted.

CPU is counted by process: the supervisor, its workers, and the two servers. On a machine with other work, its ratio
says more than that of articles a second.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from kafka import KafkaProducer

from deploy.settings import Settings
from tests.benchmarks.ratios import report_ratio
from tests.conftest import embedded_environ
from tests.pipelines.messages import message

ROOT = Path(__file__).parents[2]
EARLIER = "9a8c4f2"
ARTICLES = 1_500
ROUNDS = 2
WORKERS = 2
FETCHED_AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
DAYS = {"three years": 3 * 365, "one month": 18}
"""Over how many days before the fetch the articles were published."""

TEXTS = ROOT / "deploy" / "demo" / "articles"
"""Articles whose sentences are shuffled into new ones."""
BODY = 850
"""Characters of a body."""


@dataclass
class Checkout:
    """A folder with a version of this repository, and the environment that reaches its servers."""

    name: str
    folder: Path
    environ: dict[str, str]
    rates: dict[str, list[float]] = field(default_factory=dict)
    costs: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    empty: tuple[float, dict[str, float]] = (0.0, {})
    """Seconds, and processor seconds by process, of a run without articles."""

    def add(self, spread: str, count: int, seconds: float, cpu: dict[str, float]) -> None:
        """Keeps the result of a run, without what a run without articles takes."""
        without, own = self.empty
        self.rates.setdefault(spread, []).append(count / max(0.1, seconds - without))
        cost = {name: 1000 * max(0.0, each - own[name]) / count for name, each in cpu.items()}
        self.costs.setdefault(spread, []).append(cost)

    def publish(self, messages: Iterable[bytes]) -> None:
        """Sends the messages to the topic of this version's Kafka."""
        publish(Settings.load(self.environ).kafka.bootstrap_servers, messages)

    def call(self, *arguments: str) -> str:
        """Runs a command of this version. Returns what it prints."""
        with self.start(*arguments) as process:
            printed, errors = process.communicate()
        if process.returncode:
            raise RuntimeError(f"{self.name}: {arguments} failed: {errors[-2000:]}")
        return printed

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Starts a command of this version."""
        environ = os.environ | self.environ | {"PYTHONPATH": str(self.folder)}
        return subprocess.Popen(
            [sys.executable, "-m", "newsclaims", *arguments],
            cwd=self.folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


class CpuMeter:
    """Counts the processor seconds of a process and its children, and of the servers below a folder."""

    def __init__(self, pid: int, data: str) -> None:
        self.seconds: dict[tuple[str, int], float] = {}
        self.supervisor = psutil.Process(pid)
        self.servers = [each for each in psutil.process_iter(["cmdline"]) if is_server(each, data)]
        self.ended = threading.Event()
        self.before = {process.pid: measure_cpu(process) for process in self.servers}
        self.thread = threading.Thread(target=self.watch)

    def watch(self) -> None:
        """Reads the times until the end: a process that has ended has none."""
        while not self.ended.wait(0.2):
            try:
                self.seconds["supervisor", self.supervisor.pid] = measure_cpu(self.supervisor)
                for worker in self.supervisor.children():
                    self.seconds["workers", worker.pid] = measure_cpu(worker)
            except psutil.Error:
                continue

    def __enter__(self) -> "CpuMeter":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()
        for server in self.servers:
            self.seconds[name_server(server), server.pid] = measure_cpu(server) - self.before[server.pid]

    def totals(self) -> dict[str, float]:
        """Returns the seconds of each kind of process."""
        found = dict.fromkeys(("supervisor", "workers", "Elasticsearch", "Kafka"), 0.0)
        for (name, _), seconds in self.seconds.items():
            found[name] += seconds
        return found


def is_server(process: psutil.Process, data: str) -> bool:
    """Returns whether the process is a server whose data is in the folder."""
    line = process.info["cmdline"] or []
    return bool(line) and "java" in line[0] and any(data in part for part in line)


def name_server(process: psutil.Process) -> str:
    """Returns what a server is."""
    return "Kafka" if "kafka.Kafka" in process.info["cmdline"] else "Elasticsearch"


def measure_cpu(process: psutil.Process) -> float:
    """Returns the processor seconds of a process."""
    times = process.cpu_times()
    return float(times.user + times.system)


def read_sentences() -> list[str]:
    """Returns the sentences of the sample feed that are long enough to be read as text."""
    texts = [file.read_text("utf-8") for file in sorted(TEXTS.rglob("*.txt"))]
    lines = [line.strip() for text in texts for line in re.split(r"(?<=[.!?])\s+|\n", text)]
    return [line for line in dict.fromkeys(lines) if 40 < len(line) < 400 and line.endswith(".")]


def make_articles(days: int, count: int, first: int) -> Iterator[bytes]:
    """Yields messages of articles that were published on random days before the fetch."""
    chance = random.Random(first)
    sentences = read_sentences()
    for number in range(first, first + count):
        body = " ".join(chance.sample(sentences, 12))
        body = body[: body.find(". ", BODY - 100) + 1] or body[:BODY]
        published = FETCHED_AT - timedelta(days=chance.uniform(0, days))
        yield message(
            number,
            title=f"{chance.choice(sentences)[:70].rpartition(' ')[0]} ({number})",
            body=body,
            published_at=published.strftime("%Y-%m-%dT%H:%M:%SZ"),
            fetched_at=FETCHED_AT.strftime("%Y-%m-%dT%H:%M:%SZ"),
            revision=int(FETCHED_AT.timestamp() * 1000),
        )


def publish(servers: Sequence[str], messages: Iterable[bytes]) -> None:
    """Sends the messages to the topic of a Kafka at these addresses, spread over its partitions."""
    producer = KafkaProducer(bootstrap_servers=servers, linger_ms=20)
    for number, value in enumerate(messages):
        producer.send("raw-articles", key=str(number).encode(), value=value)
    producer.close()


def catch_up(checkout: Checkout, workers: int) -> tuple[dict[str, float], dict[str, float]]:
    """Runs the job until it has caught up. Returns its summary, and processor seconds by process."""
    data = checkout.environ["NEWSCLAIMS_DATA_DIR"]
    arguments = ("run", "--until-caught-up", "--json", "--workers", str(workers))
    with checkout.start(*arguments) as process, CpuMeter(process.pid, data) as meter:
        printed, errors = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{checkout.name}: the run failed: {errors[-2000:]}")
    return json.loads(printed), meter.totals()


def measure(checkouts: list[Checkout], options: argparse.Namespace) -> None:
    """Runs both in turns."""
    first = 0
    for round_ in range(options.rounds + 1):
        for spread, days in DAYS.items():
            for checkout in checkouts:
                # The first round warms up servers and files, and is not counted.
                count = options.articles if round_ else options.articles // 5
                checkout.publish(make_articles(days, count, first))
                summary, cpu = catch_up(checkout, options.workers)
                if int(summary["records_in"]) != count:
                    raise RuntimeError(f"{checkout.name} read {summary['records_in']} of {count} articles")
                if round_:
                    checkout.add(spread, count, summary["seconds"], cpu)
            first += options.articles
        if not round_:
            for checkout in checkouts:
                summary, cpu = catch_up(checkout, options.workers)
                checkout.empty = summary["seconds"], cpu


def report(checkouts: list[Checkout], check: bool) -> None:
    """Prints rates, processor time by process, and the ratios."""
    for spread in DAYS:
        print(f"articles of {spread}")
        rates, totals = [], []
        for checkout in checkouts:
            rates.append(statistics.median(checkout.rates[spread]))
            cost = {
                name: statistics.median(each[name] for each in checkout.costs[spread])
                for name in checkout.costs[spread][0]
            }
            split = ", ".join(f"{name} {each:.1f}" for name, each in cost.items())
            total = sum(cost.values())
            totals.append(total)
            print(f"  {checkout.name:14} {rates[-1]:6.1f} articles/s; CPU {total:5.1f} ms an article: {split}")
        print(f"  ratio of CPU {totals[0] / totals[1]:.2f}: what both cores could do, whatever else they have to do")
        report_ratio(f"stream, {spread}", rates[1] / rates[0], check)


@contextmanager
def check_out(commit: str, folder: Path) -> Iterator[Path]:
    """A worktree of the commit, for the block."""
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--detach", "--force", str(folder), commit], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True, capture_output=True)


def main() -> None:
    """Checks out the commit, starts the servers of both, and prints the ratios."""
    parser = argparse.ArgumentParser(prog="stream", description=__doc__)
    parser.add_argument("--commit", default=EARLIER)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--alone", action="store_true", help="Only this checkout, without a ratio.")
    parser.add_argument("--no-bounds", action="store_true")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="newsclaims-stream-")))
        folder.chmod(0o755)  # the servers' user must be able to enter it
        checkouts = [Checkout("this checkout", ROOT, embedded_environ(folder / "now"))]
        if not options.alone:
            earlier = stack.enter_context(check_out(options.commit, folder / "tree"))
            checkouts.insert(0, Checkout(options.commit, earlier, embedded_environ(folder / "earlier")))
        for checkout in checkouts:
            stack.callback(checkout.call, "down")
            checkout.call("up")
            checkout.call("init")
        measure(checkouts, options)
        if options.alone:
            for spread in DAYS:
                print(spread, checkouts[0].rates[spread], checkouts[0].costs[spread])
        else:
            report(checkouts, not options.no_bounds)


if __name__ == "__main__":
    main()
