"""1,000 feeds on 50 hosts polled by one `newsclaims feeds run`: polls a minute, memory, and the limits of each host.

First politely, a second between two requests to a host; then without spacing, beside a bare client that fetches the
same documents with as many threads, parses nothing and delivers nothing.
"""

import os
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import psutil
import urllib3

from deploy import bootstrap
from deploy.settings import Settings
from tests.benchmarks.ratios import report_ratio
from tests.conftest import servers_of_their_own
from tests.connectors.sample_feeds import item, rss
from tests.connectors.web_server import Handler, Server

FEEDS, HOSTS, ENTRIES = 1_000, 50, 20


class Sites:
    """What the hosts, all on this machine, saw: beginnings of requests, and how many there were at once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.begun: dict[str, list[float]] = defaultdict(list)
        self.running: Counter[str] = Counter()
        self.most = 0

    def answer(self, handler: Handler) -> None:
        """A feed of its own for each path."""
        name = handler.headers["Host"].partition(":")[0]
        number = int(handler.path.rpartition("/")[2])
        with self.lock:
            self.begun[name].append(time.monotonic())
            self.running[name] += 1
            self.most = max(self.most, self.running[name])
        handler.reply(200, rss(*(item(number * 100 + entry) for entry in range(ENTRIES))).encode())
        with self.lock:
            self.running[name] -= 1

    def smallest_gap(self) -> float:
        """Seconds between two requests to one host at least."""
        return min(later - earlier for times in self.begun.values() for earlier, later in pairwise(times))


@contextmanager
def serving() -> Iterator[tuple[Sites, list[str]]]:
    """The sites, and the addresses of all feeds."""
    sites, server = Sites(), Server("0.0.0.0")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    urls = [server.url(f"/{number}", f"127.0.0.{number % HOSTS + 1}") for number in range(FEEDS)]
    server.answers = {f"/{number}": sites.answer for number in range(FEEDS)}
    yield sites, urls
    server.shutdown()
    server.server_close()
    thread.join()


def main() -> None:
    """Starts servers of its own, and prints the figures."""
    with servers_of_their_own() as (directory, environ):
        bootstrap.init(Settings.load(environ))
        for spacing in (1.0, 0.0):
            with serving() as (sites, urls):
                seconds, memory = polled(directory, environ, urls, f"s{spacing:g}", spacing)
            rate, apart = FEEDS / seconds * 60, sites.smallest_gap()
            print(f"spacing {spacing:g} s   {rate:,.0f} polls a minute, {memory / 1e6:.0f} MB; "
                  f"to one host {sites.most} at once at most, {apart:.2f} s apart at least")  # fmt: skip
    with serving() as (_, urls):
        bare = fetched(urls)
    print(f"bare client   {FEEDS / bare * 60:,.0f} fetches a minute")
    report_ratio("feeds", bare / seconds)  # without spacing, each with its entries to Kafka


def polled(directory: Path, environ: dict[str, str], urls: list[str], prefix: str, spacing: float) -> tuple[float, int]:
    """Seconds for polling all feeds once, from start to end of the process, and its largest resident memory."""
    entries = [
        f"  {prefix}-{number}: {{url: '{url}', settings: {{allow_private: true, robots: false}}}}\n"
        for number, url in enumerate(urls)
    ]
    file = directory / "feeds.yaml"
    file.write_text("feeds:\n" + "".join(entries))
    began, memory = time.monotonic(), 0
    process = subprocess.Popen(
        [sys.executable, "-m", "newsclaims", "feeds", "run", "-f", file, "--once", "--spacing", str(spacing)],
        env={**os.environ, **environ}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            memory = max(memory, watched.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.2)
    if process.wait():
        sys.exit(f"newsclaims feeds run ended with {process.returncode}")
    return time.monotonic() - began, memory


def fetched(urls: list[str]) -> float:
    """Seconds for fetching all documents with a plain client."""
    began = time.monotonic()
    with urllib3.PoolManager(num_pools=HOSTS, maxsize=24) as client, ThreadPoolExecutor(24) as pool:
        for _ in pool.map(lambda url: client.request("GET", url).data, urls):
            pass
    return time.monotonic() - began
