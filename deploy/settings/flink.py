"""Settings of the Flink cluster that runs the job."""

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.settings.addresses import split_url
from schemas.errors import Permanent

DEFAULT_URL = "http://localhost:8081"
DEFAULT_JOB_SERVER = "localhost:8099"
DEFAULT_WORKER = "newsclaims-flink-worker"

VARIABLES = {
    "FLINK_URL": f"Flink's REST interface; default: {DEFAULT_URL}",
    "FLINK_JOB_SERVER": f"Beam's job server for Flink as host:port; default: {DEFAULT_JOB_SERVER}",
    "FLINK_SAVEPOINTS": "Directory for savepoints, as Flink sees it; default: that of the cluster",
    "NEWSCLAIMS_FLINK_WORKER": f"Command that starts a worker on a TaskManager; default: {DEFAULT_WORKER}",
}


@dataclass(frozen=True, kw_only=True)
class FlinkSettings:
    """How to reach the cluster. `worker` is the command on the TaskManagers that starts a Python worker."""

    url: str = DEFAULT_URL
    job_server: str = DEFAULT_JOB_SERVER
    savepoints: str | None = None
    worker: str = DEFAULT_WORKER


def read_flink(values: Mapping[str, str]) -> FlinkSettings:
    """Reads the settings. Raises `Permanent` with one sentence that names the variable if one is invalid."""
    url, user, _ = split_url("FLINK_URL", values.get("FLINK_URL", DEFAULT_URL), DEFAULT_URL, None)
    if user:
        raise Permanent("FLINK_URL contains a user, which Flink's REST interface does not know: remove it.")
    server = values.get("FLINK_JOB_SERVER", DEFAULT_JOB_SERVER)
    host, _, port = server.rpartition(":")
    if not host or "/" in server or not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise Permanent(f"FLINK_JOB_SERVER is {server!r}, which is not host:port, as in {DEFAULT_JOB_SERVER}.")
    return FlinkSettings(
        url=url, job_server=server, savepoints=values.get("FLINK_SAVEPOINTS"),
        worker=values.get("NEWSCLAIMS_FLINK_WORKER", DEFAULT_WORKER),
    )  # fmt: skip
