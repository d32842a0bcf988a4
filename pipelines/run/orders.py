"""The messages between a supervisor and its workers, as JSON lines."""

from typing import Any

import msgspec


class WorkerOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The task of a worker. `job` is the path of a `pipelines.run.worker.Job`, `module:function`.

    After `bundles` bundles, or with more than `megabytes` of resident memory, it drains and is replaced.
    """

    job: str
    settings: dict[str, Any]
    topic: str
    consumer: dict[str, Any]
    stop_offsets: dict[int, int] | None
    bundles: int
    megabytes: int
    idle_seconds: float
    bundle_records: int
    report_seconds: float

    def __repr__(self) -> str:
        # The settings contain passwords.
        return f"WorkerOrder({self.job!r}, {self.topic!r})"


class WorkerReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report of a worker. The last one has `end`: finished, stopped, replace, permanent,
    too_many_dead_letters or failed."""

    values: list[tuple[str, tuple[str, ...], float]]
    memory: int
    end: str | None = None
    message: str = ""
