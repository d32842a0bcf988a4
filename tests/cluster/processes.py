"""A standalone Flink cluster from the pinned jars: JobManager, TaskManagers and job server, each a JVM of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from deploy.flink.start import CONFIG, make_command
from deploy.local.java import find_java
from pipelines.flink.rest import FlinkCluster, FlinkUnreachable
from tests.conftest import Stack, free_ports
from tests.pipelines.run.running import ROOT

START_SECONDS = 300.0
QUICK_START = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1"}
"""The processes live for minutes: compiling less costs less than it brings."""


@dataclass
class Cluster:
    """The processes of a cluster in a directory, with `slots` slots for each TaskManager."""

    stack: Stack
    directory: Path
    jars: Path
    slots: int = 2
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rpc, self.blob, self.rest, self.job, self.artifact, self.expansion = free_ports(6)
        self.java = find_java().command
        for name in ("checkpoints", "savepoints", "tmp", "artifacts", "config"):
            (self.directory / name).mkdir()
        # The job server gives each job its own directories: they must be those of the cluster.
        shipped = (CONFIG / "flink-conf.yaml").read_text("utf-8")
        config = shipped.replace("file:///var/lib/flink/", f"file://{self.directory}/")
        (self.directory / "config" / "flink-conf.yaml").write_text(config, "utf-8")

    @property
    def url(self) -> str:
        """The address of the REST interface."""
        return f"http://127.0.0.1:{self.rest}"

    @property
    def environ(self) -> dict[str, str]:
        """What a client needs in its environment."""
        return {
            **self.stack.environ,
            "FLINK_URL": self.url,
            "FLINK_JOB_SERVER": f"127.0.0.1:{self.job}",
            "NEWSCLAIMS_FLINK_WORKER": str(Path(sys.executable).with_name("newsclaims-flink-worker")),
        }

    def start(self, *taskmanagers: str) -> None:
        """Starts what does not run, and waits until it answers."""
        if "jobmanager" not in self.processes:
            self._launch("jobmanager", "jobmanager", [*self._settings(), "--host", "127.0.0.1"])
        for name in taskmanagers:
            if name not in self.processes:
                own = {"taskmanager.host": "127.0.0.1", "taskmanager.resource-id": name,
                       "taskmanager.numberOfTaskSlots": self.slots}  # fmt: skip
                self._launch(name, "taskmanager", [*self._settings(), *make_properties(own)])
        if "jobserver" not in self.processes:
            self.start_job_server()
        wait_for(self.is_up, "the cluster answers")

    def start_job_server(self) -> None:
        """Starts the job server."""
        self._launch("jobserver", "jobserver", [
            f"--flink-master=127.0.0.1:{self.rest}", "--job-host=127.0.0.1", f"--job-port={self.job}",
            f"--artifact-port={self.artifact}", f"--expansion-port={self.expansion}",
            f"--artifacts-dir={self.directory / 'artifacts'}",
        ])  # fmt: skip

    def _settings(self) -> list[str]:
        return make_properties({
            "jobmanager.rpc.address": "127.0.0.1", "jobmanager.rpc.port": self.rpc, "blob.server.port": self.blob,
            "rest.address": "127.0.0.1", "rest.port": self.rest, "rest.bind-address": "127.0.0.1",
            "io.tmp.dirs": self.directory / "tmp", "heartbeat.interval": 2000,
            "restart-strategy.exponential-delay.max-backoff": "2 s",
        })  # fmt: skip

    def _launch(self, name: str, role: str, arguments: list[str]) -> None:
        command = make_command(role, self.java, self.jars, self.directory / "config", arguments)
        environ = {**os.environ, **self.stack.environ, "PYTHONPATH": str(ROOT), **QUICK_START}
        with (self.directory / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def is_up(self) -> bool:
        """Whether every process answers."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise AssertionError(f"{name} ended with {process.returncode}: {self.directory / name}.log")
        cluster = FlinkCluster(self.url)
        try:
            found = cluster._get("/overview")
        except FlinkUnreachable:
            return False
        finally:
            cluster.close()
        wanted = sum(name.startswith("taskmanager") for name in self.processes)
        return int(found["taskmanagers"]) == wanted and listens(self.processes["jobserver"].pid, self.job)

    def find_workers(self) -> list[psutil.Process]:
        """Returns the Python workers of all TaskManagers."""
        found = []
        for name, process in self.processes.items():
            if name.startswith("taskmanager"):
                with suppress(psutil.Error):
                    found += psutil.Process(process.pid).children(recursive=True)
        return [each for each in found if "flink-worker" in " ".join(each.cmdline())]

    def kill(self, *names: str) -> None:
        """Kills processes at once (SIGKILL); the workers of a TaskManager notice it."""
        for name in names:
            process = self.processes.pop(name)
            process.kill()
            process.wait()

    def kill_everything(self) -> None:
        """Kills all processes at once, and what they have started."""
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.processes.clear()


def make_properties(values: dict[str, object]) -> list[str]:
    """Returns arguments that change settings of Flink."""
    return [f"-D{name}={value}" for name, value in values.items()]


def listens(pid: int, port: int) -> bool:
    """Whether the process listens on the port."""
    with suppress(psutil.Error):
        found = psutil.Process(pid).net_connections("tcp")
        return any(each.status == psutil.CONN_LISTEN and each.laddr[1] == port for each in found)
    return False


def wait_for(what: Callable[[], object], name: str, seconds: float = START_SECONDS) -> None:
    """Waits until something is true; fails with its name otherwise."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return
        time.sleep(0.5)
    raise AssertionError(f"not in {seconds:.0f} s: {name}")


@dataclass
class Client:
    """`newsclaims run --runner flink`, as an operator starts it."""

    cluster: Cluster
    workers: int
    more: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        with (self.cluster.directory / "client.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "newsclaims", "run", "--runner", "flink", "--workers", str(self.workers),
                 "--checkpoint-seconds", "3", "--turn-seconds", "1", *self.more],
                env={**os.environ, **self.cluster.environ, "PYTHONPATH": str(ROOT)}, cwd=self.cluster.directory,
                stdout=log, stderr=log,
            )  # fmt: skip

    def stop(self, seconds: float = 120) -> int:
        """Stops the job with SIGTERM, which takes a savepoint. Returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9

    def kill(self) -> None:
        """Kills the client; the job goes on."""
        self.process.kill()
        self.process.wait()
