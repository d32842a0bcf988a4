"""Flink's REST interface, as much of it as a run needs."""

import json
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import urllib3

from schemas.errors import Permanent, Retryable

TIMEOUT_SECONDS = 10.0
QUERY_BYTES = 3000
"""The longest query of a request: Flink refuses a first line of more than 4096 bytes."""

ENDED = ("FAILED", "FINISHED", "CANCELED")
"""The states of a job that is over."""


class FlinkUnreachable(Retryable):
    """Flink does not answer, or not yet: asking again later may help."""


class FlinkRefused(Permanent):
    """Flink refuses a request; `status` is that of HTTP."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class FlinkCluster:
    """A cluster, at the address of its REST interface. All methods raise `FlinkUnreachable` and `FlinkRefused`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._pool = urllib3.PoolManager(timeout=TIMEOUT_SECONDS, retries=False)

    def close(self) -> None:
        """Closes the connections."""
        self._pool.clear()

    def find_jobs(self, name: str) -> dict[str, str]:
        """Returns the ids and states of the jobs of this name, the newest last."""
        found = [job for job in self._get("/jobs/overview")["jobs"] if job["name"] == name]
        return {job["jid"]: job["state"] for job in sorted(found, key=lambda job: job["start-time"])}

    def read_job(self, job: str) -> dict[str, Any]:
        """Returns what Flink says about a job: its state and its vertices."""
        return dict(self._get(f"/jobs/{job}"))

    def read_checkpoints(self, job: str) -> dict[str, Any]:
        """Returns the numbers of checkpoints and the latest ones."""
        return dict(self._get(f"/jobs/{job}/checkpoints"))

    def read_restarts(self, job: str) -> int:
        """Returns how often Flink has restarted the job."""
        found = self._get(f"/jobs/{job}/metrics?get=numRestarts")
        return int(float(found[0]["value"])) if found else 0

    def read_exceptions(self, job: str) -> list[tuple[int, str]]:
        """Returns the time (milliseconds since 1970) and the stack trace of the last failures, the oldest first."""
        answer = self._get(f"/jobs/{job}/exceptions?maxExceptions=5")
        entries = (answer.get("exceptionHistory") or {}).get("entries") or []
        found = [(int(entry["timestamp"]), str(entry["stacktrace"])) for entry in entries]
        if not found and answer.get("root-exception"):
            found.append((int(answer.get("timestamp") or 0), str(answer["root-exception"])))
        return sorted(found)

    def read_metrics(self, job: str, vertex: str, chosen: str) -> Iterator[tuple[int, str, float]]:
        """Yields subtask, name and value of the metrics of a vertex whose names contain `chosen`."""
        path = f"/jobs/{job}/vertices/{vertex}/metrics"
        names = [each["id"] for each in self._get(path) if chosen in each["id"]]
        for group in _split_names(names):
            for each in self._get(f"{path}?get={','.join(map(urllib.parse.quote, group))}"):
                subtask, _, name = each["id"].partition(".")
                if subtask.isdigit():
                    yield int(subtask), name, _parse_number(each["value"])

    def read_subtasks(self, job: str, vertex: str) -> list[dict[str, Any]]:
        """Returns what Flink says about each subtask of a vertex."""
        return list(self._get(f"/jobs/{job}/vertices/{vertex}")["subtasks"])

    def read_setting(self, name: str) -> str | None:
        """Returns a setting of the cluster, or None."""
        return next((each["value"] for each in self._get("/jobmanager/config") if each["key"] == name), None)

    def begin_stop(self, job: str, directory: str | None) -> str:
        """Asks Flink to stop the job with a savepoint. Returns the id of the request."""
        body = {"drain": False, **({"targetDirectory": directory} if directory else {})}
        return str(self._ask("POST", f"/jobs/{job}/stop", body)["request-id"])

    def read_savepoint(self, job: str, request: str) -> tuple[bool, str | None]:
        """Returns whether the savepoint is over, and its path. Raises `FlinkRefused` if it failed."""
        answer = self._get(f"/jobs/{job}/savepoints/{request}")
        if answer["status"]["id"] != "COMPLETED":
            return False, None
        operation = answer.get("operation") or {}
        if "location" not in operation:
            cause = str((operation.get("failure-cause") or {}).get("stack-trace", "no reason given"))
            raise FlinkRefused(f"Flink could not write the savepoint: {cause.splitlines()[0]}", 500)
        return True, str(operation["location"])

    def cancel(self, job: str) -> None:
        """Cancels the job. Its last checkpoints stay."""
        self._ask("PATCH", f"/jobs/{job}?mode=cancel")

    def _get(self, path: str) -> Any:
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        try:
            answer = self._pool.request(
                method, f"{self.url}{path}", body=json.dumps(body) if body is not None else None,
                headers={"Content-Type": "application/json", "Accept": "application/json"},
            )  # fmt: skip
        except urllib3.exceptions.HTTPError as error:
            raise FlinkUnreachable(f"Flink at {self.url} does not answer: {error}") from error
        if answer.status >= 500 or answer.status in (408, 429):
            raise FlinkUnreachable(f"Flink at {self.url} answers with status {answer.status}: {_explain(answer.data)}")
        if answer.status >= 400:
            raise FlinkRefused(f"Flink at {self.url} refuses {method} {path}: {_explain(answer.data)}", answer.status)
        try:
            return json.loads(answer.data or b"{}")
        except ValueError:
            raise Permanent(
                f"{self.url} does not look like Flink (the response is not JSON); is a proxy in front of it?"
            ) from None


def _split_names(names: Iterable[str]) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    for name in names:
        length = len(urllib.parse.quote(name)) + 1
        if group and size + length > QUERY_BYTES:
            yield group
            group, size = [], 0
        group.append(name)
        size += length
    if group:
        yield group


def _explain(data: bytes) -> str:
    """Returns the first line of the errors in an answer."""
    try:
        errors = json.loads(data)["errors"]
    except (ValueError, KeyError, TypeError):
        return data.decode("utf-8", "replace")[:200] or "no reason given"
    lines = [line for error in errors for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else "no reason given"


def _parse_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
