"""What a supervisor and its workers say to each other, as JSON lines."""

from typing import Any

import msgspec


class WorkerOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker is to do. `job` is the path of a `pipelines.run.worker.Job`, `module:function`.

    After `bundles` bundles or above `megabytes` of resident memory it drains, to be replaced.
    """

    job: str
    settings: dict[str, Any]
    topic: str
    consumer: dict[str, Any]
    share: tuple[int, int]
    stop_offsets: dict[int, int] | None
    bundles: int
    megabytes: int
    idle_seconds: float
    bundle_records: int
    report_seconds: float


class WorkerReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker tells. `end`, in its last report: finished, stopped, replace, permanent, failed."""

    values: list[tuple[str, tuple[str, ...], float]]
    memory: int
    end: str | None = None
    message: str = ""
