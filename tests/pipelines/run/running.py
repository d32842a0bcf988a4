"""Runs the product in tests: commands as child processes with the servers of the session, and a gate to close."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from deploy import bootstrap
from schemas.topics import load_topics
from tests.conftest import Stack

ROOT = Path(__file__).parents[3]
DEADLINE = 120.0
"""Seconds after which an expected event counts as missing; a loaded machine is ten times slower than an idle one."""


def command(
    stack: Stack, *arguments: object, seconds: float = 280.0, folder: Path = ROOT, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Runs a command in the folder, which must end within `seconds`."""
    return subprocess.run(
        [sys.executable, "-m", "newsclaims", *map(str, arguments)], cwd=folder,
        env={**os.environ, **stack.environ, "PYTHONPATH": str(ROOT), **environ}, capture_output=True, text=True,
        timeout=seconds, check=False,
    )  # fmt: skip


def emptied(stack: Stack, *groups: str) -> Stack:
    """Puts the servers into the state after `init` on a new machine. `groups` are further groups to forget."""
    with Elasticsearch(stack.elasticsearch_url) as client:
        erase(client)
        # A re-processing leaves a template that forbids the indices of the generation that it replaced.
        client.options(ignore_status=404).indices.delete_index_template(name="newsclaims-*")
    admin = KafkaAdminClient(bootstrap_servers=stack.bootstrap_servers)
    topics = set(admin.list_topics())
    admin.delete_topics([name for name in load_topics() if name in topics])
    eventually(lambda: not set(load_topics()) & set(admin.list_topics()))
    # The broker forgets the offsets of a topic that is gone some time later: a new topic would be read from its middle.
    for group in (stack.settings.group, *groups):
        eventually(lambda group=group: is_forgotten(admin, group))
    admin.close()
    bootstrap.init(stack.settings)
    return stack


def erase(client: Elasticsearch) -> None:
    """Deletes all our indices, and those restored next to them."""
    if found := sorted(client.indices.get(index="*-g*", expand_wildcards="open")):
        client.indices.delete(index=found)


def is_forgotten(admin: KafkaAdminClient, group: str) -> bool:
    """Deletes a consumer group, and returns whether it is gone. A new broker does not answer for groups at once."""
    with suppress(KafkaError):
        return str(admin.delete_groups([group])[group]) in ("OK", "GroupIdNotFoundError")
    return False


@contextmanager
def running(stack: Stack, *arguments: object, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """Runs `newsclaims run` in the background, and ends it with SIGTERM when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "newsclaims", "run", *map(str, arguments)],
        env={**os.environ, **stack.environ, **environ}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def eventually(what: Callable[[], Any], seconds: float = DEADLINE) -> Any:
    """Waits for something to be true and returns it; fails with its name otherwise."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what.__name__} did not come true in {seconds:.0f} s")


def send(stack: Stack, *values: bytes, key: bytes = b"key") -> None:
    """Sends raw messages to `raw-articles`, unchanged."""
    producer = KafkaProducer(bootstrap_servers=stack.bootstrap_servers, max_request_size=12_000_000)
    sent = [producer.send("raw-articles", key=key, value=value) for value in values]
    producer.flush()
    producer.close()
    assert all(future.succeeded() for future in sent)


def documents(stack: Stack, alias: str, **term: object) -> list[dict[str, Any]]:
    """Returns all documents behind an alias, or those with this term, after a refresh."""
    with Elasticsearch(stack.elasticsearch_url) as client:
        client.indices.refresh(index=alias)
        query = {"bool": {"filter": [{"term": {name: value}} for name, value in term.items()]}}
        return [hit["_source"] for hit in client.search(index=alias, query=query, size=10_000)["hits"]["hits"]]


def count(stack: Stack, alias: str, refresh: bool = True) -> int:
    """How many documents are behind an alias."""
    with Elasticsearch(stack.elasticsearch_url) as client:
        if refresh:
            client.indices.refresh(index=alias)
        return int(client.count(index=alias)["count"])


def messages(stack: Stack, topic: str) -> list[Any]:
    """Every message of a topic."""
    consumer = KafkaConsumer(bootstrap_servers=stack.bootstrap_servers)
    partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    found: list[Any] = []
    while any(consumer.position(partition) < ends[partition] for partition in partitions):
        for batch in consumer.poll(timeout_ms=500).values():
            found += batch
    consumer.close()
    return found


def json_of(run: subprocess.CompletedProcess[str]) -> Any:
    """What a command printed with `--json`."""
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


class Gate:
    """A TCP port in front of a server: it forwards if it is open, and refuses if it is closed."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.listener: socket.socket | None = None
        self.connections: list[socket.socket] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def open(self) -> None:
        """Starts to forward."""
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def close(self) -> None:
        """Refuses new connections, and closes the current ones."""
        if self.listener:
            # Wakes the thread that waits in accept; close alone would leave the port listening until then.
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self.connections, self.listener = [], None

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
                server = socket.create_connection(self.target)
            except OSError:
                return
            self.connections += [client, server]
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._forward, args=(source, target), daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return
