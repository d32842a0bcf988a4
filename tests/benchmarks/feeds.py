"""1,000 feeds on 50 hosts polled by one `newsclaims feeds run`: polls per minute, memory, and the limits of each host.

First with a second between two requests to a host. Then without spacing, compared with a bare client that fetches the
same documents with as many threads, but parses and delivers nothing.
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
from werkzeug import Request, Response

from deploy import bootstrap
from deploy.settings import Settings
from tests.benchmarks.ratios import report_ratio
from tests.conftest import servers_of_their_own
from tests.connectors.sample_feeds import item, rss
from tests.connectors.web_server import WebServer

FEEDS, HOSTS, ENTRIES = 1_000, 50, 20


class Sites:
    """What the hosts, all on this machine, saw: when requests began, and how many ran at the same time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.begun: dict[str, list[float]] = defaultdict(list)
        self.running: Counter[str] = Counter()
        self.most = 0

    def respond(self, request: Request) -> Response:
        """Returns a feed of its own for each path."""
        name = request.host.partition(":")[0]
        number = int(request.path.rpartition("/")[2])
        with self.lock:
            self.begun[name].append(time.monotonic())
            self.running[name] += 1
            self.most = max(self.most, self.running[name])
        response = Response(rss(*(item(number * 100 + entry) for entry in range(ENTRIES))))
        response.call_on_close(lambda: self.end(name))
        return response

    def end(self, name: str) -> None:
        """Notes that a response of the host is sent."""
        with self.lock:
            self.running[name] -= 1

    def smallest_gap(self) -> float:
        """Returns the shortest time between the starts of two requests to one host, in seconds."""
        return min(later - earlier for times in self.begun.values() for earlier, later in pairwise(times))


@contextmanager
def serve_sites() -> Iterator[tuple[Sites, list[str]]]:
    """Runs the sites; yields them and the addresses of all feeds."""
    sites = Sites()
    with WebServer("0.0.0.0") as server:
        urls = [server.url(f"/{number}", f"127.0.0.{number % HOSTS + 1}") for number in range(FEEDS)]
        server.responders = {f"/{number}": sites.respond for number in range(FEEDS)}
        yield sites, urls


def main() -> None:
    """Starts servers of its own, and prints the results."""
    with servers_of_their_own() as (directory, environ):
        bootstrap.init(Settings.load(environ))
        for spacing in (1.0, 0.0):
            with serve_sites() as (sites, urls):
                seconds, memory = poll_once(directory, environ, urls, f"s{spacing:g}", spacing)
            rate, gap = FEEDS / seconds * 60, sites.smallest_gap()
            print(f"spacing {spacing:g} s   {rate:,.0f} polls a minute, {memory / 1e6:.0f} MB; "
                  f"per host at most {sites.most} requests at once, at least {gap:.2f} s apart")  # fmt: skip
    with serve_sites() as (_, urls):
        bare = fetch_all(urls)
    print(f"bare client   {FEEDS / bare * 60:,.0f} fetches a minute")
    report_ratio("feeds", bare / seconds)  # without spacing, each with its entries to Kafka


def poll_once(
    directory: Path, environ: dict[str, str], urls: list[str], prefix: str, spacing: float
) -> tuple[float, int]:
    """Polls all feeds once in a process; returns its run time in seconds and its peak resident memory in bytes."""
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
    measured = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            memory = max(memory, measured.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.2)
    if process.wait():
        sys.exit(f"newsclaims feeds run ended with {process.returncode}")
    return time.monotonic() - began, memory


def fetch_all(urls: list[str]) -> float:
    """Fetches all documents with a plain client; returns the seconds."""
    began = time.monotonic()
    with urllib3.PoolManager(num_pools=HOSTS, maxsize=24) as client, ThreadPoolExecutor(24) as pool:
        for _ in pool.map(lambda url: client.request("GET", url).data, urls):
            pass
    return time.monotonic() - began
