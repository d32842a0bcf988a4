"""A Flink in memory: as much of its REST interface as a run uses."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

RAISED = (
    "java.util.concurrent.ExecutionException: java.lang.RuntimeException: Error received from SDK harness for "
    'instruction 7: Traceback (most recent call last):\n  File "sdk_worker.py", line 1\n'
    "schemas.errors.{kind}: {message} [while running 'write/ParDo']\n\n\tat org.apache.beam.Job.run(Job.java:1)\n"
)
LOST = "org.apache.flink.runtime.jobmaster.JobMasterException: TaskManager with id tm2 is no longer reachable.\n\tat x"


@dataclass
class FakeJob:
    """A job on the fake cluster. `counters` are by subtask and name."""

    name: str = "newsclaims newsclaims"
    state: str = "RUNNING"
    parallelism: int = 2
    restarts: int = 0
    completed: int = 0
    size: int = 1000
    path: str | None = None
    counters: dict[str, float] = field(default_factory=dict)
    exceptions: list[tuple[int, str]] = field(default_factory=list)


class FakeFlink:
    """The cluster. `jobs` are by id; `savepoint` is what a stop writes, or None if it fails."""

    def __init__(self, server: HTTPServer) -> None:
        self.jobs: dict[str, FakeJob] = {}
        self.config = {"state.savepoints.dir": "file:///savepoints"}
        self.savepoint: str | None = "file:///savepoints/savepoint-1"
        self.is_down = False
        self.requests: list[str] = []
        self.url = server.url_for("").rstrip("/")
        server.expect_request(re.compile(".*")).respond_with_handler(self.handle)

    def handle(self, request: Request) -> Response:
        self.requests.append(f"{request.method} {request.path}")
        if self.is_down:
            return Response("starting", status=503)
        if request.path == "/jobs/overview":
            listed = [
                {"jid": job, "name": each.name, "state": each.state, "start-time": number}
                for number, (job, each) in enumerate(self.jobs.items())
            ]
            return reply({"jobs": listed})
        if request.path == "/jobmanager/config":
            return reply([{"key": key, "value": value} for key, value in self.config.items()])
        _, _, job, *rest = request.path.split("/")
        if job not in self.jobs:
            return reply({"errors": ["NotFoundException: Job could not be found", "at java"]}, 404)
        return self.handle_job(request, job, self.jobs[job], "/".join(rest))

    def handle_job(self, request: Request, job: str, found: FakeJob, rest: str) -> Response:
        if request.method == "PATCH":
            found.state = "CANCELED"
            return reply({})
        if rest == "stop":
            if self.savepoint:
                found.state = "FINISHED"
            return reply({"request-id": "r1"}, 202)
        if rest.startswith("savepoints/"):
            cause = {"failure-cause": {"stack-trace": "java.io.IOException: no space\n\tat x"}}
            operation = {"location": self.savepoint} if self.savepoint else cause
            return reply({"status": {"id": "COMPLETED"}, "operation": operation})
        return reply(self.describe(request, job, found, rest))

    def describe(self, request: Request, job: str, found: FakeJob, rest: str) -> Any:
        chosen = request.args.get("get", "").split(",")
        if rest == "checkpoints":
            latest = {"external_path": found.path, "state_size": found.size, "latest_ack_timestamp": 1000}
            return {
                "counts": {"completed": found.completed, "failed": 0},
                "latest": {"completed": latest if found.completed else None},
            }
        if rest == "exceptions":
            entries = [{"timestamp": at, "stacktrace": trace} for at, trace in found.exceptions]
            return {"exceptionHistory": {"entries": entries}}
        if rest == "metrics":
            return [{"id": "numRestarts", "value": str(found.restarts)}]
        if rest.endswith("/metrics"):
            if request.args:
                return [{"id": name, "value": str(found.counters[name])} for name in chosen]
            return [{"id": name} for name in found.counters]
        vertex = {"id": "v2", "name": "[3]read/{records, parcel}", "parallelism": found.parallelism}
        tasks = {"RUNNING": found.parallelism if found.state == "RUNNING" else 0}
        return {"jid": job, "state": found.state, "vertices": [{**vertex, "tasks": tasks}]}


def reply(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json")
