"""Memory of a worker that is idle for 20,000 polls, and of one that takes 50,000 small articles, with replacement.

The FnApiRunner keeps memory for each bundle, so without replacement an idle worker grows without end. The bound is what
`pipelines.supervisor.Limits` promises: its megabytes, and what one more bundle may hold on top.
"""

import tempfile
from pathlib import Path
from typing import Any

from deploy.local import stack
from deploy.settings import Settings
from pipelines import lifecycle
from pipelines.status import Status
from pipelines.supervisor import Limits, RunOptions, run
from tests.conftest import embedded_environ
from tests.pipelines.topics import Topic

POLLS = 20_000
ARTICLES = 50_000
BUNDLE_MEGABYTES = 200
"""What a worker may hold above its limit until it has noticed and drained: a fetch, a bundle, a second of growth."""
MEGABYTE = 1024 * 1024


class Watch:
    """Keeps the highest memory of any worker; stops the run after `polls`."""

    def __init__(self, polls: int | None = None) -> None:
        self.polls = polls
        self.peak = 0.0
        self.last = Status()

    def __call__(self, status: Status) -> None:
        """Takes a status."""
        self.last = status
        self.peak = max(self.peak, *status.memory)
        if self.polls and status.total("newsclaims_polls_total") >= self.polls:
            lifecycle.stop_requested.set()


def options(topic: Topic, directory: str, **more: Any) -> RunOptions:
    """A job that appends each record to a file."""
    settings = {"path": str(Path(directory) / "out")}
    given = {"job": "tests.pipelines.jobs:append", "topic": topic.name, "consumer": topic.consumer}
    return RunOptions(**given, settings=settings, report_seconds=0.5, **more)


def report(what: str, watch: Watch, bound: int) -> None:
    """Prints peak and bound. Raises `AssertionError` above the bound."""
    peak = watch.peak / MEGABYTE
    polls, replacements = watch.last.total("newsclaims_polls_total"), watch.last.replacements
    records = watch.last.records_in
    print(
        f"{what}: peak {peak:,.0f} MB, bound {bound} MB ({polls:,} polls, {records:,} records, {replacements} replaced)"
    )
    assert peak < bound


def main() -> None:
    """Starts an embedded Kafka and measures both."""
    with tempfile.TemporaryDirectory(prefix="newsclaims-bench-") as directory:
        Path(directory).chmod(0o755)
        environ = embedded_environ(Path(directory) / "data")
        stack.up(Settings.load(environ))
        try:
            measure(Settings.load(environ).kafka.bootstrap_servers[0], directory)
        finally:
            stack.down(Settings.load(environ))


def measure(servers: str, directory: str) -> None:
    """Runs both workers."""
    bound = Limits().megabytes + BUNDLE_MEGABYTES
    idle = Watch(POLLS)
    # Polls of a millisecond: 20,000 of a second would take six hours.
    run(options(Topic(servers, partitions=2), directory, idle_seconds=0.001), idle)
    lifecycle.stop_requested.clear()
    report("idle", idle, bound)
    topic = Topic(servers, partitions=2)
    topic.publish([b'{"body": "%d"}' % number for number in range(ARTICLES)])
    busy = Watch()
    # So few that a worker is replaced several times in a short run.
    run(options(topic, directory, until_caught_up=True, limits=Limits(bundles=5)), busy)
    report("50,000 small articles", busy, bound)


if __name__ == "__main__":
    main()
