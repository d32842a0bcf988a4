"""Ends a job on Flink: with a savepoint, or, if there can be none, by a cancellation."""

import logging
import time
from collections.abc import Callable

from pipelines.flink.rest import ENDED, FlinkCluster, FlinkRefused, FlinkUnreachable

_log = logging.getLogger(__name__)

SAVEPOINT_SECONDS = 180.0
"""How long a savepoint may take: a turn of every partition, and the writing."""
CANCEL_SECONDS = 60.0


def stop_with_savepoint(cluster: FlinkCluster, job: str, directory: str | None, wait: Callable[[], None]) -> str | None:
    """Stops the job with a savepoint and returns its path; calls `wait` between two questions.

    If Flink writes none, the job is cancelled, and the answer is None: its last checkpoint stays. A job whose cluster
    does not answer goes on.
    """
    deadline = time.monotonic() + SAVEPOINT_SECONDS
    try:
        request = cluster.begin_stop(job, directory)
        while time.monotonic() < deadline:
            is_over, path = cluster.read_savepoint(job, request)
            if is_over:
                await_end(cluster, job, wait)
                return path
            wait()
        why = f"it took longer than {SAVEPOINT_SECONDS:.0f} s"
    except FlinkRefused as error:
        why = str(error)
    except FlinkUnreachable as error:
        _log.warning("The job goes on, and the next run finds it: %s", error)
        return None
    _log.warning("The job is cancelled without a savepoint (%s); its last checkpoint stays", why)
    cancel_job(cluster, job, wait)
    return None


def cancel_job(cluster: FlinkCluster, job: str, wait: Callable[[], None]) -> None:
    """Cancels the job, and waits until it is over. Logs if that fails."""
    try:
        cluster.cancel(job)
        await_end(cluster, job, wait)
    except (FlinkRefused, FlinkUnreachable) as error:
        _log.warning("The job may go on in Flink, because it could not be cancelled: %s", error)


def await_end(cluster: FlinkCluster, job: str, wait: Callable[[], None]) -> None:
    """Waits until the job is over, or for `CANCEL_SECONDS`."""
    deadline = time.monotonic() + CANCEL_SECONDS
    while time.monotonic() < deadline and cluster.read_job(job)["state"] not in ENDED:
        wait()
