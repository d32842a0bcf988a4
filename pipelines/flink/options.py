"""The options of a run on Flink, from the settings and the command line. It imports neither Beam nor the text rules."""

from dataclasses import dataclass
from pathlib import Path

from deploy.settings import Settings
from deploy.settings.flink import FlinkSettings
from pipelines.flink.orders import SubmitOrder
from pipelines.flink.paths import MEMORY, WATCHES, WATCHES_KEPT
from pipelines.flink.resume_points import AUTO
from pipelines.io.kafka.offsets import Start
from pipelines.run.options import make_run_options
from pipelines.run.supervisor import RunOptions
from schemas.identity import digest

SECRET = ("kafka", "elasticsearch")
"""Settings of the job that may contain passwords: workers load their own."""


@dataclass(frozen=True, kw_only=True)
class FlinkOptions:
    """What to run and where. `run` is what any runner needs; its `workers` are the parallelism of the job.

    `restore` is `auto` (the last savepoint or complete checkpoint of this group), `none` (the offsets of the group) or
    a path. Beyond `checkpoint_megabytes` the job is started afresh from the offsets of the group. A turn of a partition
    lasts up to `turn_seconds`: it delays records by as much, and shorter ones let checkpoints grow faster.
    """

    run: RunOptions
    flink: FlinkSettings
    name: str
    resume_file: Path
    restore: str = AUTO
    checkpoint_seconds: float = 30.0
    checkpoint_megabytes: float = 200.0
    turn_seconds: float = 5.0

    def make_order(self, restore: str | None) -> SubmitOrder:
        """Returns the order for the process that submits the job. It contains no secrets."""
        own = {"memory": MEMORY, "watches": WATCHES, "watches_kept": WATCHES_KEPT}
        settings = {name: value for name, value in self.run.settings.items() if name not in SECRET}
        return SubmitOrder(
            job=self.run.job, name=self.name, topic=self.run.topic, settings=settings | own,
            job_server=self.flink.job_server, worker=self.flink.worker, parallelism=self.run.workers, restore=restore,
            checkpoint_seconds=self.checkpoint_seconds, turn_seconds=self.turn_seconds,
        )  # fmt: skip


def make_flink_options(  # noqa: PLR0913 - one for each option of the command
    settings: Settings,
    workers: int = 1,
    start: Start = "committed",
    restore: str = AUTO,
    checkpoint_seconds: float = 30.0,
    checkpoint_megabytes: float = 200.0,
    turn_seconds: float = 5.0,
) -> FlinkOptions:
    """Returns the options for `pipelines.flink.runner.run`. Raises what `make_run_options` raises."""
    return FlinkOptions(
        run=make_run_options(settings, workers, start=start),
        flink=settings.flink,
        name=f"newsclaims {settings.group}",
        resume_file=settings.embedded.data_dir / f"flink-{digest(settings.group)}.json",
        restore=restore,
        checkpoint_seconds=checkpoint_seconds,
        checkpoint_megabytes=checkpoint_megabytes,
        turn_seconds=turn_seconds,
    )
