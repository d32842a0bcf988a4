"""One worker process: runs a job over the partitions that its group gives it, until it has to stop.

`pipelines.run.supervisor` starts it as `python -m pipelines.run.worker FD`. The order comes as one JSON line on
standard input; reports go as JSON lines to the file descriptor FD. When standard input ends, the supervisor is gone.
"""

import gc
import importlib
import logging
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, TextIO

import apache_beam as beam
import msgspec
import psutil
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from deploy.kafka_connection import find_refusal
from deploy.safe_text import LineFormatter
from deploy.signals import stop_signals
from pipelines import counters, lifecycle
from pipelines.io.held_options import hold
from pipelines.io.kafka.group_reader import close_readers
from pipelines.io.kafka.group_source import ReadGroup
from pipelines.io.kafka.source import Pace
from pipelines.run.graph import check_fused
from pipelines.run.orders import WorkerOrder, WorkerReport
from pipelines.run.worker_process import LOG_FORMAT
from schemas.errors import Permanent, TooManyDeadLetters

_log = logging.getLogger(__name__)

Job = Callable[[beam.Pipeline, beam.PTransform, dict[str, Any]], Any]
"""Builds the chain: (pipeline, source of `KafkaRecord`, the job's own settings)."""

EXIT_PERMANENT = 78
"""Exit code after an error that a restart does not repair (EX_CONFIG of sysexits.h)."""
ORPHAN_SECONDS = 10.0
"""How long a worker without a supervisor may drain."""

LEAST_BUNDLES = 2
"""A worker is not replaced before it has done this many. Otherwise, a limit below the memory of a new worker would
replace workers without any progress."""

MEGABYTE = 1024 * 1024


class Reporter:
    """Sends the counters regularly, and starts a drain when the process reaches one of its limits."""

    def __init__(self, order: WorkerOrder, pipe: TextIO) -> None:
        self.order = order
        self.pipe = pipe
        self._ended = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> None:
        """Reports until `end`. Another thread notices that the supervisor is gone."""
        while not self._ended.wait(self.order.report_seconds):
            self.send()
            self.check_limits()

    def send(self, end: str | None = None, message: str = "") -> None:
        """Sends one report."""
        values = [(name, labels, value) for (name, labels), value in counters.snapshot().items()]
        report = WorkerReport(values=values, memory=_measure_memory(), end=end, message=message)
        with self._lock:
            try:
                self.pipe.write(msgspec.json.encode(report).decode() + "\n")
                self.pipe.flush()
            except OSError:
                self._ended.set()

    def end(self, end: str, message: str) -> None:
        """Sends the last report."""
        self._ended.set()
        self.send(end, message)

    def check_limits(self) -> None:
        """Starts a drain if the process has reached a limit and must be replaced."""
        bundles = counters.snapshot().get(("newsclaims_bundles_total", ()), 0)
        megabytes = _measure_memory() // MEGABYTE
        if bundles < LEAST_BUNDLES:
            return
        if bundles >= self.order.bundles:
            lifecycle.request_replacement(f"{bundles:.0f} bundles done")
        elif megabytes >= self.order.megabytes:
            lifecycle.request_replacement(f"{megabytes} MB in use")


def main() -> int:
    """Runs the worker; returns its exit code."""
    # By force: Beam configures logging while it is imported.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter(LOG_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in ("pipelines", "schemas"):  # schemas.files reports that a file was read again
        logging.getLogger(ours).setLevel(logging.INFO)
    # kafka-python logs each failed attempt to connect; the source logs once that Kafka is unreachable, and once that it
    # is back. trafilatura logs the pages of which it gets nothing, which the reader then reads in another way.
    for chatty in ("kafka", "trafilatura"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    # Ctrl-C reaches the whole terminal group; the supervisor decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with stop_signals(lifecycle.stop_requested.set, (signal.SIGTERM,)):
        return run(msgspec.json.decode(sys.stdin.readline(), type=WorkerOrder))


def run(order: WorkerOrder) -> int:
    """Carries out an order and reports it; returns the process's exit code."""
    reporter = Reporter(order, os.fdopen(int(sys.argv[1]), "w"))
    threading.Thread(target=_watch_supervisor, daemon=True).start()
    threading.Thread(target=reporter.run, daemon=True).start()
    end, message = _perform(order)
    if end == "stopped" and lifecycle.replacement:
        end, message = "replace", lifecycle.replacement[-1]
    reporter.end(end, message)
    return {"permanent": EXIT_PERMANENT, "too_many_dead_letters": TooManyDeadLetters.exit_code, "failed": 1}.get(end, 0)


def _perform(order: WorkerOrder) -> tuple[str, str]:
    """Runs the job. Returns how it ended, and the error, if any, in one sentence."""
    try:
        run_job(order)
    except TooManyDeadLetters as error:
        return "too_many_dead_letters", summarize_error(error)
    except Permanent as error:
        return "permanent", summarize_error(error)
    except Exception as error:  # noqa: BLE001 - the supervisor gets the error as a report
        if lifecycle.stop_requested.is_set():
            return "stopped", f"uncommitted: {summarize_error(error)}"
        _log.exception("the job failed")
        return "failed", summarize_error(error)
    return ("stopped" if lifecycle.stop_requested.is_set() else "finished"), ""


def run_job(order: WorkerOrder) -> None:
    """Builds the job, checks its graph, and runs it to its end on the FnApiRunner.

    The runner is explicit, because Beam's `DirectRunner` uses Prism if it can, without saying so. Raises what the job
    raises.
    """
    source = ReadGroup(
        order.topic,
        hold("consumer", order.consumer),
        stop_offsets=order.stop_offsets,
        pace=Pace(idle_seconds=order.idle_seconds, records=order.bundle_records),
        diagnose=find_refusal,
    )
    pipeline = beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([]))
    load_job(order.job)(pipeline, source, order.settings)
    check_fused(pipeline)
    # What was imported lives as long as the process: no full collection of garbage needs to look at it again.
    gc.freeze()
    try:
        pipeline.run().wait_until_finish()
    finally:
        close_readers()


def load_job(path: str) -> Job:
    """Returns the job at `module:function`. Raises `Permanent` if there is none."""
    module, _, name = path.partition(":")
    try:
        job: Job = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise Permanent(f"The job {path!r} cannot be loaded: {error}") from error
    return job


def summarize_error(error: Exception) -> str:
    """Returns the error in one line, without the step that Beam appends, and without a traceback."""
    lines = [line for line in _STEP.sub("", str(error)).splitlines() if line.strip()]
    return lines[-1].strip() if lines else repr(error)


_STEP = re.compile(r" \[while running '[^']*'\]")


def _watch_supervisor() -> None:
    """Ends the process once the supervisor is gone: after a drain, or without one if that takes too long."""
    while sys.stdin.readline():
        pass
    lifecycle.stop_requested.set()
    time.sleep(ORPHAN_SECONDS)
    os._exit(1)


def _measure_memory() -> int:
    return int(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    sys.exit(main())
