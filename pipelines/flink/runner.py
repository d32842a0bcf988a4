"""`newsclaims run --runner flink`: submits the job to a cluster, or finds it there, and watches it.

SIGTERM stops the job with a savepoint, from which the next run continues, with another parallelism if wanted. A client
that is killed leaves the job running, and the next run finds it. If the cluster has forgotten the job, it is submitted
again from its last complete checkpoint. The offsets of the group are always a safe place to start as well: they are
committed only after the records before them are written.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from typing import Any

from deploy.kafka_connection import find_refusal
from deploy.signals import stop_signals
from pipelines import lifecycle
from pipelines.flink.options import FlinkOptions
from pipelines.flink.rest import ENDED, FlinkCluster, FlinkRefused, FlinkUnreachable
from pipelines.flink.resume_points import AUTO, NONE, ResumeFile, ResumePoint, choose_resume_path
from pipelines.flink.status import FlinkStatus
from pipelines.flink.stopping import cancel_job, stop_with_savepoint
from pipelines.flink.submission import Submission
from pipelines.flink.watching import JobView, JobWatch, Totals
from pipelines.io.kafka.offsets import ask_until_answered, find_start_offsets, list_partitions, move_group
from pipelines.run.lag import LagMeter
from pipelines.run.rate import RateMeter
from pipelines.run.status import RunStatus, open_display
from schemas.errors import Permanent

_log = logging.getLogger(__name__)

STEP_SECONDS = 1.0
"""How often Flink is asked, and the status is published."""
LAG_SECONDS = 2.0
RATE_SECONDS = 30.0
"""The time over which the rate is measured: counters come from Flink every few seconds."""
SUBMIT_SECONDS = 600.0
"""How long a submission may take. The job server uploads some 150 MB with each."""
RETRY_SECONDS = 5.0
FAILURES = 5
"""So many failures of our workers in a row, without a checkpoint between them, end the run."""

Watcher = Callable[[RunStatus], None]


def run(options: FlinkOptions, watch: Watcher | None = None) -> dict[str, Any]:
    """Runs the job until SIGTERM or SIGINT, which stops it with a savepoint.

    `watch` gets every status, the last one however the run ends. Returns the summary of the last status. Raises
    `Permanent` for an error that a restart does not repair, for a job that fails repeatedly or that somebody cancelled,
    and `TooManyDeadLetters` if too much of its input dies; the job is cancelled by then.
    """
    with stop_signals(lifecycle.stop_requested.set):
        if ask_until_answered(options.run.consumer, lambda client: _begin(client, options), find_refusal) is None:
            return RunStatus().summary()
        with open_display() as show, closing(FlinkCluster(options.flink.url)) as cluster:
            return _Runner(options, cluster, [show, watch] if watch else [show]).run()


def _begin(client: Any, options: FlinkOptions) -> bool:
    """Checks that the topic is there, and moves the group if the run has to start elsewhere."""
    partitions = list_partitions(client, options.run.topic)
    if options.run.start != "committed":
        move_group(client, find_start_offsets(client, partitions, options.run.start))
    return True


class _Runner:
    def __init__(self, options: FlinkOptions, cluster: FlinkCluster, watchers: list[Watcher]) -> None:
        self.options = options
        self.cluster = cluster
        self.watchers = watchers
        self.resume = ResumeFile(options.resume_file)
        self.watch: JobWatch | None = None
        self.restore: str | None = None
        self.is_finished = False
        self.unreachable = ""
        self.totals = Totals()
        self.replacements = 0
        self.failures = 0
        self.completed_at_failure = 0
        self.restarts_seen = 0
        self.began = time.monotonic()
        self.rate_meter = RateMeter(RATE_SECONDS)
        self.lag_meter = LagMeter(options.run.consumer, options.run.topic)
        self.lag: dict[int, int] | None = None

    def run(self) -> dict[str, Any]:
        """Runs the job; see the function."""
        ended = threading.Event()
        failure: Permanent | None = None
        with closing(self.lag_meter):
            threading.Thread(target=self.watch_lag, args=(ended,), daemon=True).start()
            try:
                self.attach()
                while not lifecycle.stop_requested.is_set() and not self.is_finished:
                    self.follow() if self.watch else self.submit()
                    self.pause()
                if self.watch and not self.is_finished:
                    self.stop()
            except Permanent as error:
                failure = error
            finally:
                ended.set()
            self.lag = None if failure else self.lag_meter.measure(LAG_SECONDS)
        status = self.publish(is_last=True)
        if failure:
            raise failure
        return status.summary()

    def attach(self) -> None:
        """Finds the job on the cluster, or decides where to start it."""
        while not lifecycle.stop_requested.is_set():
            try:
                self.check_cluster()
                running = [
                    job for job, state in self.cluster.find_jobs(self.options.name).items() if state not in ENDED
                ]
            except FlinkUnreachable as error:
                self.report_unreachable("Flink", error)
                self.pause(RETRY_SECONDS)
                continue
            self.unreachable = ""
            self.choose_start(running)
            return

    def choose_start(self, running: list[str]) -> None:
        options = self.options
        if not running:
            is_moved = options.run.start != "committed"
            self.restore = choose_resume_path(NONE if is_moved else options.restore, self.resume.read())
            return
        if options.run.start != "committed" or options.restore != AUTO:
            raise Permanent(
                f"The job {options.name!r} runs on {options.flink.url} already, so --start and --restore do not apply: "
                "stop it first."
            )
        self.follow_job(running[-1])
        assert self.watch is not None
        view = self.watch.update()
        _log.info("The job runs already, with parallelism %d", view.parallelism)
        if view.parallelism != options.run.workers:
            _log.info("It is stopped with a savepoint and restored with parallelism %d", options.run.workers)
            self.restore = self.stop()

    def check_cluster(self) -> None:
        """Raises `Permanent` if the cluster has nowhere to write savepoints."""
        names = ("execution.checkpointing.savepoint-dir", "state.savepoints.dir")
        if not self.options.flink.savepoints and not any(map(self.cluster.read_setting, names)):
            raise Permanent(
                f"The cluster at {self.options.flink.url} has no directory for savepoints: set FLINK_SAVEPOINTS, or "
                f"{names[1]} in the configuration of Flink."
            )

    def follow_job(self, job: str) -> None:
        self.watch = JobWatch(self.cluster, job)
        self.failures = self.completed_at_failure = self.restarts_seen = 0

    def submit(self) -> None:
        """Submits the job, and returns once Flink has it, or when that failed for now."""
        try:
            known = set(self.cluster.find_jobs(self.options.name))
            where = f"from {self.restore}" if self.restore else "from the offsets of its group"
            _log.info("The job is submitted, parallelism %d, %s", self.options.run.workers, where)
            with closing(Submission(self.options.make_order(self.restore))) as submission:
                self.await_job(submission, known)
        except FlinkUnreachable as error:
            self.report_unreachable("Flink", error)
            self.pause(RETRY_SECONDS)

    def await_job(self, submission: Submission, known: set[str]) -> None:
        deadline = time.monotonic() + SUBMIT_SECONDS
        while not lifecycle.stop_requested.is_set():
            fresh = [job for job in self.cluster.find_jobs(self.options.name) if job not in known]
            if fresh:
                self.unreachable = ""
                self.follow_job(fresh[-1])
                return
            error = submission.find_error()
            if error and error.state == "REFUSED":
                raise Permanent(error.error)
            if error or time.monotonic() > deadline:
                why = error.error if error else f"it was not on Flink after {SUBMIT_SECONDS:.0f} s"
                self.report_unreachable("Flink's job server", f"the job could not be submitted: {why}")
                self.pause(RETRY_SECONDS)
                return
            self.pause()

    def follow(self) -> None:
        """Reads the job once, and acts on what it finds."""
        assert self.watch is not None
        try:
            view = self.watch.update()
            self.unreachable = ""
            if view.checkpoint_path:
                self.resume.write(ResumePoint(path=view.checkpoint_path, job=view.job))
            if view.restarts > self.restarts_seen or view.state in ("FAILED", "FAILING", "RESTARTING"):
                self.restarts_seen = view.restarts
                self.handle_failure(view)
            self.handle_state(view)
        except FlinkUnreachable as error:
            self.report_unreachable("Flink", error)
        except FlinkRefused as error:
            if error.status != 404:
                raise
            _log.warning("Flink has forgotten the job %s: it is submitted again", self.watch.view.job)
            self.retire()
            self.restore = choose_resume_path(AUTO, self.resume.read())

    def handle_failure(self, view: JobView) -> None:
        """Ends the run for an error that a restart does not repair, and for one failure after the other."""
        assert self.watch is not None
        failure = self.watch.take_failure()
        if failure is None:
            return
        if failure.kind:
            self.abandon(failure.kind(failure.message))
        _log.warning("Flink restarts the job: %s", failure.message)
        if view.completed > self.completed_at_failure:
            self.failures = 0
        self.completed_at_failure = view.completed
        self.failures += failure.is_ours
        if self.failures >= FAILURES:
            self.abandon(
                Permanent(
                    f"The job failed {self.failures} times in a row without a checkpoint between; last error: "
                    f"{failure.message}"
                )
            )

    def abandon(self, error: Permanent) -> None:
        """Cancels the job and raises the error."""
        assert self.watch is not None
        cancel_job(self.cluster, self.watch.view.job, self.publish_while_waiting)
        raise error

    def handle_state(self, view: JobView) -> None:
        if view.state == "FINISHED":
            self.is_finished = True
        elif view.state == "CANCELED":
            self.is_finished = True
            raise Permanent(f"The job {self.options.name!r} was cancelled in Flink.")
        elif view.state == "FAILED":
            self.handle_failed()
        elif view.state == "RUNNING" and (view.checkpoint_bytes or 0) > self.options.checkpoint_megabytes * 1e6:
            size = (view.checkpoint_bytes or 0) / 1e6
            _log.info("The checkpoint has grown to %.0f MB: the job starts afresh from the offsets of its group", size)
            self.stop()
            self.replacements += 1
            self.restore = None

    def handle_failed(self) -> None:
        """Submits a job that Flink gave up again; one that could not be restored, from the offsets of the group."""
        assert self.watch is not None
        failure = self.watch.last_failure or "Flink gives no reason"
        if self.watch.view.completed or self.restore is None:
            self.failures += 1
            if self.failures >= FAILURES:
                raise Permanent(f"The job failed {self.failures} times in a row; last error: {failure}")
            restore = choose_resume_path(AUTO, self.resume.read())
        elif self.options.restore != AUTO:
            raise Permanent(f"The job could not be restored from {self.restore}: {failure}")
        else:
            _log.warning("The job could not be restored from %s (%s): it starts from the offsets of its group",
                         *(self.restore, failure))  # fmt: skip
            self.resume.clear()
            restore = None
        kept = self.failures
        self.retire()
        self.failures, self.restore = kept, restore
        self.pause(RETRY_SECONDS)

    def stop(self) -> str | None:
        """Stops the job with a savepoint, which the next start restores. Returns its path, or that of a checkpoint."""
        assert self.watch is not None
        job = self.watch.view.job
        path = stop_with_savepoint(self.cluster, job, self.options.flink.savepoints, self.publish_while_waiting)
        if path:
            _log.info("The job is stopped, with the savepoint %s", path)
            self.resume.write(ResumePoint(path=path, job=job))
        self.retire()
        return path or choose_resume_path(AUTO, self.resume.read())

    def retire(self) -> None:
        assert self.watch is not None
        self.totals.retire(self.watch)
        self.watch = None

    def report_unreachable(self, what: str, why: object) -> None:
        if self.unreachable != what:
            _log.warning("%s, trying again", str(why).rstrip("."))
        self.unreachable = what

    def pause(self, seconds: float | None = None) -> None:
        """Publishes the status, and waits, by default for one step, unless the run has to stop."""
        end = time.monotonic() + (STEP_SECONDS if seconds is None else seconds)
        while True:
            self.publish()
            if lifecycle.stop_requested.wait(max(0.0, min(STEP_SECONDS, end - time.monotonic()))):
                return
            if time.monotonic() >= end:
                return

    def publish_while_waiting(self) -> None:
        """Publishes the status, and waits although the run has to stop."""
        self.publish()
        time.sleep(STEP_SECONDS / 2)

    def publish(self, is_last: bool = False) -> FlinkStatus:
        """Passes the status to every display, and returns it."""
        status = self.make_status()
        status.is_last = is_last
        for watcher in self.watchers:
            watcher(status)
        return status

    def make_status(self) -> FlinkStatus:
        """Returns the current status, over all jobs of the run."""
        view = self.watch.view if self.watch else JobView("")
        values = Counter(self.totals.values)
        for key, value in (self.watch.values if self.watch else {}).items():
            values[key] += value  # type: ignore[assignment]
        now = time.monotonic()
        status = FlinkStatus(
            values=dict(values),
            seconds=now - self.began,
            workers=view.running,
            replacements=self.replacements,
            deaths={"": self.totals.restarts + view.restarts},
            lag=None if self.lag is None else sum(self.lag.values()),
            state=view.state if self.watch else "NOT SUBMITTED",
            unreachable=self.unreachable,
            checkpoint_bytes=view.checkpoint_bytes,
            checkpoint_age=None if view.checkpoint_at is None else max(0.0, time.time() - view.checkpoint_at),
            failed_checkpoints=self.totals.failed_checkpoints + view.failed_checkpoints,
            subtask_records=view.subtask_records,
        )
        status.rate = max(0.0, self.rate_meter.measure(now, status.records_in))
        return status

    def watch_lag(self, ended: threading.Event) -> None:
        while not ended.wait(LAG_SECONDS):
            self.lag = self.lag_meter.measure()
