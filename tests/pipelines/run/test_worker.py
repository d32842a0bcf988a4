"""What a worker does in its own process, without a supervisor or servers."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.run.orders import WorkerOrder
from pipelines.run.worker import run_job
from tests.pipelines.run import jobs


@contextmanager
def unfrozen() -> Iterator[None]:
    """Gives the objects of this process back to the garbage collector afterwards."""
    try:
        yield
    finally:
        gc.unfreeze()


def test_collector_passes_over_what_was_loaded_before_the_job() -> None:
    order = WorkerOrder(
        job="tests.pipelines.run.jobs:count_frozen", settings={}, topic="raw-articles", consumer={"group_id": "g"},
        stop_offsets=None, bundles=1, megabytes=1000, idle_seconds=1, bundle_records=1, report_seconds=1,
    )  # fmt: skip
    before = len(gc.get_objects())
    with unfrozen():
        run_job(order)
    assert jobs.frozen[0] > before / 2
