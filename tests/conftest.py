"""Fixtures for all tests: the real Kafka and Elasticsearch, started once a session when a test first asks for them."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local import stack as embedded
from deploy.settings import Settings


@dataclass(frozen=True)
class Stack:
    """The running servers. `environ` holds what a child process needs in its environment to use them."""

    settings: Settings
    environ: dict[str, str]

    @property
    def bootstrap_servers(self) -> str:
        """Kafka's address, host:port."""
        return self.settings.kafka.bootstrap_servers[0]

    @property
    def elasticsearch_url(self) -> str:
        """Elasticsearch's URL."""
        return self.settings.elasticsearch.urls[0]


def free_ports(count: int) -> list[int]:
    """Ports that are free now, all different."""
    with ExitStack() as probes:
        sockets = [probes.enter_context(closing(socket.socket())) for _ in range(count)]
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in sockets]


def embedded_environ(directory: Path) -> dict[str, str]:
    """The environment of an embedded stack of its own in `directory`; the programs come from the user's cache."""
    kafka, controller, elasticsearch = free_ports(3)
    return {
        "NEWSCLAIMS_DATA_DIR": str(directory),
        "NEWSCLAIMS_CACHE_DIR": str(Settings.load().embedded.cache_dir),
        "NEWSCLAIMS_KAFKA_PORT": str(kafka),
        "NEWSCLAIMS_CONTROLLER_PORT": str(controller),
        "NEWSCLAIMS_ELASTICSEARCH_PORT": str(elasticsearch),
    }


@contextmanager
def servers_of_their_own() -> Iterator[tuple[Path, dict[str, str]]]:
    """A Kafka and an Elasticsearch for one benchmark: a directory, and the environment that reaches them.

    Both are gone afterwards, with their data.
    """
    with tempfile.TemporaryDirectory(prefix="newsclaims-bench-") as name:
        directory = Path(name)
        directory.chmod(0o755)  # the servers' user must be able to enter it
        environ = embedded_environ(directory / "data")
        embedded.up(Settings.load(environ))
        try:
            yield directory, environ
        finally:
            embedded.down(Settings.load(environ))


@pytest.fixture(scope="session")
def stack_directory() -> Iterator[Path]:
    """A directory that the servers' user can enter even where the tests run as root, unlike pytest's own."""
    directory = Path(tempfile.mkdtemp(prefix="newsclaims-tests-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def stack(stack_directory: Path) -> Iterator[Stack]:
    """One Kafka and one Elasticsearch for the session, on free ports, with data that goes when the session ends."""
    environ = embedded_environ(stack_directory / "session")
    embedded.up(Settings.load(environ))
    running = Settings.load(environ)
    addresses = {
        "KAFKA_BOOTSTRAP_SERVERS": running.kafka.bootstrap_servers[0],
        "ELASTICSEARCH_URL": running.elasticsearch.urls[0],
    }
    try:
        yield Stack(Settings.load(environ | addresses), environ | addresses)
    finally:
        embedded.down(running)
