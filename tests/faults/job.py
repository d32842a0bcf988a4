"""The real job and the real servers, to be killed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from elasticsearch import Elasticsearch
from kafka import KafkaProducer
from kafka.errors import KafkaError

from deploy.local import stack as embedded
from deploy.local.stack import read_state
from pipelines.io.kafka.offsets import make_consumer, measure_lag
from tests.conftest import Stack
from tests.faults.articles import Outgoing
from tests.pipelines.run.running import ROOT

TOPIC = "raw-articles"


@dataclass
class Job:
    """`newsclaims run`, which is started again when it ends, as a service manager does."""

    stack: Stack
    directory: Path
    environ: dict[str, str] = field(default_factory=dict)
    name: str = "job"
    starts: int = 0
    workers: int = 2

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = True
        self.process = self._launch()
        threading.Thread(target=self._keep, daemon=True).start()

    def _launch(self) -> subprocess.Popen[bytes]:
        self.starts += 1
        with (self.directory / f"{self.name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "newsclaims", "run", "--workers", str(self.workers)],
                env={**os.environ, **self.stack.environ, "PYTHONPATH": str(ROOT), **self.environ},
                cwd=self.directory, stdout=log, stderr=log,
            )  # fmt: skip

    def _keep(self) -> None:
        while self._wanted:
            time.sleep(0.3)
            with self._lock:
                if self._wanted and self.process.poll() is not None:
                    self.process = self._launch()

    def kill_supervisor(self) -> None:
        """Kills the supervisor; its workers notice that it is gone."""
        with suppress(ProcessLookupError):
            self.process.kill()

    def kill_worker(self, rng: random.Random) -> bool:
        """Kills a worker. Returns whether there was one."""
        with suppress(psutil.Error):
            workers = psutil.Process(self.process.pid).children()
            if workers:
                rng.choice(workers).kill()
                return True
        return False

    def kill_machine(self) -> None:
        """Kills the supervisor and its workers at once, for good, as when the machine loses power."""
        with self._lock:
            self._wanted = False
        send_to_all(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def freeze(self, seconds: float) -> None:
        """Stops the supervisor and its workers for a while, as when a virtual machine is paused."""
        send_to_all(self.process.pid, signal.SIGSTOP)
        time.sleep(seconds)
        send_to_all(self.process.pid, signal.SIGCONT)

    def stop(self) -> int:
        """Stops the job with SIGTERM, and returns its exit code."""
        with self._lock:
            if not self._wanted:
                return 0
            self._wanted = False
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(90)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return -9


def send_to_all(pid: int, number: int) -> None:
    """Sends a signal to a process and all that it has started."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                each.send_signal(number)


class Publisher:
    """Publishes messages at an even pace in the background, each until Kafka has acknowledged it."""

    def __init__(self, stack: Stack, messages: Sequence[Outgoing], seconds: float) -> None:
        self.stack = stack
        self.messages = messages
        self.pause = seconds / max(1, len(messages))
        self.sent: list[Outgoing] = []
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        began = time.monotonic()
        with closing(self._connect()) as producer:
            left = list(self.messages)
            waiting: list[tuple[Outgoing, object]] = []
            while left or waiting:
                if left:
                    message = left.pop(0)
                    try:
                        waiting.append((message, producer.send(TOPIC, key=message.key, value=message.value)))
                    except KafkaError:
                        left.insert(0, message)
                        time.sleep(0.5)
                if len(waiting) >= 200 or not left:
                    with suppress(KafkaError):
                        producer.flush(timeout=5)
                    failed = [each for each, future in waiting if future.is_done and not future.succeeded()]
                    self.sent += [each for each, future in waiting if future.is_done and future.succeeded()]
                    waiting = [pair for pair in waiting if not pair[1].is_done]
                    left = failed + left
                time.sleep(max(0.0, began + self.pause * (len(self.messages) - len(left)) - time.monotonic()))

    def _connect(self) -> KafkaProducer:
        return KafkaProducer(
            bootstrap_servers=self.stack.bootstrap_servers, acks="all", delivery_timeout_ms=300_000,
            max_block_ms=60_000, linger_ms=5,
        )  # fmt: skip

    def finish(self) -> None:
        """Waits until everything is published."""
        self.thread.join(600)
        if self.thread.is_alive():
            raise AssertionError(f"Kafka has acknowledged only {len(self.sent)} of {len(self.messages)} messages")


def wait_until_read(stack: Stack, seconds: float, has_ended: Callable[[], bool] = lambda: False) -> bool:
    """Waits until the group has committed everything, or the job `has_ended`. Returns whether it has committed it."""
    settings = {**stack.settings.kafka.client_options(), "group_id": stack.settings.group}
    end = time.monotonic() + seconds
    with closing(make_consumer(settings)) as client:
        while time.monotonic() < end and not has_ended():
            with suppress(KafkaError):
                if not any(measure_lag(client, TOPIC).values()):
                    return True
            time.sleep(0.5)
    return False


def kill_server(stack: Stack, name: str) -> None:
    """Kills a server at once."""
    send_signal(stack, name, signal.SIGKILL)


def send_signal(stack: Stack, name: str, number: int) -> None:
    """Sends a signal to a server and to what it has started."""
    identity = read_state(stack.settings.embedded).get(name)
    process = identity.find() if identity else None
    if process is None:
        raise AssertionError(f"{name} does not run")
    send_to_all(process.pid, number)


def start_servers(stack: Stack) -> None:
    """Starts the servers that do not run, on the same ports and data."""
    given = {name: value for name, value in stack.environ.items() if name.startswith("NEWSCLAIMS_")}
    embedded.up(type(stack.settings).load(given))


def put_settings(stack: Stack, settings: dict[str, object]) -> None:
    """Changes settings of the cluster."""
    with Elasticsearch(stack.elasticsearch_url, request_timeout=60) as client:
        client.cluster.put_settings(persistent=settings)


def put_block(stack: Stack, on: bool) -> None:
    """Makes every index of articles, claims and figures read-only, or writable again."""
    with Elasticsearch(stack.elasticsearch_url, request_timeout=60) as client:
        for family in ("articles", "claims", "figures"):
            client.indices.put_settings(index=f"{family}-*", settings={"index.blocks.write": on or None})


def read_log(directory: Path) -> str:
    """Returns what the jobs logged."""
    return "\n".join(file.read_text("utf-8", "replace") for file in sorted(directory.glob("*.log")))
