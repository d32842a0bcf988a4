"""The status of a run on Flink: that of any run, and what only Flink has."""

from dataclasses import dataclass

from pipelines.run.status import RunStatus
from schemas.metrics import Key


@dataclass
class FlinkStatus(RunStatus):
    """`state` is Flink's word for the state of the job, `unreachable` names what does not answer.

    `checkpoint_bytes` is the size of the last complete checkpoint, `checkpoint_age` its age in seconds; both are None
    before the first. `deaths` has the restarts of the job under an empty name, since they have no worker.
    `subtask_records` are the records that each subtask has read since its start.
    """

    state: str = ""
    unreachable: str = ""
    checkpoint_bytes: int | None = None
    checkpoint_age: float | None = None
    failed_checkpoints: int = 0
    subtask_records: tuple[int, ...] = ()

    @property
    def waiting_for(self) -> list[str]:
        """The servers that the run waits for, with the reasons."""
        state = f"Flink ({self.state.lower()})" if self.state and self.state != "RUNNING" else ""
        mine = [self.unreachable or state] if self.unreachable or state else []
        return [*([] if self.is_last else mine), *super().waiting_for]

    def metrics(self) -> dict[Key, float]:
        """Returns all values by the names of `schemas.metrics`."""
        found = super().metrics()
        if self.checkpoint_bytes is not None:
            found["newsclaims_flink_checkpoint_bytes", ()] = self.checkpoint_bytes
        if self.checkpoint_age is not None:
            found["newsclaims_flink_checkpoint_age_seconds", ()] = self.checkpoint_age
        found["newsclaims_flink_failed_checkpoints_total", ()] = self.failed_checkpoints
        for subtask, records in enumerate(self.subtask_records):
            found["newsclaims_flink_subtask_records", (str(subtask),)] = records
        return found

    def line(self) -> str:
        """Returns the status line."""
        parts = [super().line()]
        if restarts := sum(self.deaths.values()):
            parts.append(f"{restarts:,} restarts")
        if self.checkpoint_bytes is not None:
            parts.append(f"checkpoint {self.checkpoint_bytes / 1e6:,.1f} MB")
        return " · ".join(parts)
