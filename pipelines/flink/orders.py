"""What the client of a run tells the process that submits the job, as JSON lines."""

from typing import Any

import msgspec


class SubmitOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The job to submit. `settings` are those of the job, without anything secret: workers load their own.

    `restore` is the path of a savepoint or checkpoint, or None for a start from the offsets of the group. Times are in
    seconds.
    """

    job: str
    name: str
    topic: str
    settings: dict[str, Any]
    job_server: str
    worker: str
    parallelism: int
    restore: str | None
    checkpoint_seconds: float
    turn_seconds: float


class SubmitAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the job as the job server sees it, and the error if there was one."""

    state: str
    error: str = ""
