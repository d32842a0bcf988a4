"""Measures the memory of a worker that is idle for 20,000 polls, and of two that read 50,000 small articles.

The FnApiRunner keeps memory for each bundle, so an idle worker would grow without end if it were not replaced. The
bound is the limit in `pipelines.run.supervisor.RunLimits`, plus what a worker may add before it is replaced.

The growth is that of both workers together: their highest memory while the last 10,000 articles are read, against that
while the second 10,000 are read. `memory growth` measures only the busy workers, with the limits that users have.
"""

import sys
from dataclasses import replace

from kafka import KafkaProducer

from deploy import bootstrap
from deploy.settings import Settings
from pipelines import lifecycle
from pipelines.run.options import make_run_options
from pipelines.run.status import RunStatus
from pipelines.run.supervisor import RunLimits, run
from tests.benchmarks.ratios import report_ratio
from tests.conftest import servers_of_their_own
from tests.pipelines.messages import message

POLLS = 20_000
ARTICLES = 50_000
PART = 10_000
"""Records between two looks at how much memory has grown."""
BUNDLE_MEGABYTES = 200
"""What a worker may add to its limit before it has noticed and drained: a fetch, a bundle, a second of growth."""
MEGABYTE = 1024 * 1024


class PeakMemory:
    """Keeps the highest memory of any worker. Stops the run after `polls`."""

    def __init__(self, polls: int | None = None) -> None:
        self.polls = polls
        self.peak = 0.0
        self.together: dict[int, int] = {}
        """The highest memory of all workers together, for each 10,000 records."""
        self.last = RunStatus()

    def __call__(self, status: RunStatus) -> None:
        """Takes a status of the run."""
        self.last = status
        self.peak = max(self.peak, *status.memory)
        part = status.records_in // PART
        self.together[part] = max(self.together.get(part, 0), sum(status.memory))
        if self.polls and status.total("newsclaims_polls_total") >= self.polls:
            lifecycle.stop_requested.set()


def report(what: str, found: PeakMemory, bound: int) -> None:
    """Prints the peak, the bound and their ratio."""
    peak = found.peak / MEGABYTE
    polls, replacements = found.last.total("newsclaims_polls_total"), found.last.replacements
    records = found.last.records_in
    print(
        f"{what}: peak {peak:,.0f} MB, bound {bound} MB ({polls:,} polls, {records:,} records, {replacements} replaced)"
    )
    report_ratio(f"memory, {what}", peak / bound)


def main() -> None:
    """Starts servers, and measures both with the job as users run it."""
    with servers_of_their_own() as (_, environ):
        settings = Settings.load(environ)
        bootstrap.init(settings)
        measure(settings)


def measure(settings: Settings) -> None:
    """Runs the idle worker, then the busy ones with a low limit and with the usual one."""
    bound = RunLimits().megabytes + BUNDLE_MEGABYTES
    if "growth" not in sys.argv:
        idle = PeakMemory(POLLS)
        # Polls take a millisecond here: at a second each, 20,000 would take six hours.
        run(replace(make_run_options(settings), idle_seconds=0.001, report_seconds=0.5), idle)
        lifecycle.stop_requested.clear()
        report("idle", idle, bound)
        # A low limit, so that workers are replaced several times in a short run.
        report("busy", read_all(settings, 0, RunLimits(bundles=20)), bound)
    busy = read_all(settings, ARTICLES, RunLimits())
    parts = ", ".join(f"{memory / MEGABYTE:,.0f}" for _, memory in sorted(busy.together.items()))
    print(f"both workers, MB, for each {PART:,} records: {parts} ({busy.last.replacements} replaced)")
    report_ratio("memory, growth", busy.together[ARTICLES // PART - 1] / busy.together[1])


def read_all(settings: Settings, first: int, limits: RunLimits) -> PeakMemory:
    """Publishes articles with numbers from `first` on, and reads them with two workers."""
    producer = KafkaProducer(**settings.kafka.client_options(), linger_ms=20)
    for number in range(first, first + ARTICLES):
        producer.send("raw-articles", key=str(number).encode(), value=message(number))
    producer.close()
    busy = PeakMemory()
    run(replace(make_run_options(settings, 2, until_caught_up=True, limits=limits), report_seconds=0.5), busy)
    return busy


if __name__ == "__main__":
    main()
