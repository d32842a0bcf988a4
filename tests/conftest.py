"""Fixtures for all tests: a real Kafka and Elasticsearch, started once in a session when a test first needs them."""

import random
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from xdist.scheduler import LoadScopeScheduling

from deploy.local import stack as embedded
from deploy.local.ports import is_free
from deploy.settings import Settings

TESTS = Path(__file__).parent
SIGN = re.compile(r"mark\.integration|\bdemo(?:_data)?: ")
"""What a file with tests on the servers has: the mark, or the fixtures of the sample feed, which bring it."""
SERVERS = ("pipelines", "dashboards", "deploy", "connectors", "security")
"""Folders with tests that use the servers, the slowest first."""


def pytest_configure(config: pytest.Config) -> None:
    """Ignores a warning of urllib3, which trafilatura causes when it is imported without PySocks.

    requests ignores it too, but pytest forgets that filter after the test in which requests was imported.
    """
    config.addinivalue_line("filterwarnings", "ignore:SOCKS support in urllib3:urllib3.exceptions.DependencyWarning")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist distributes them
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the tests that use the servers first, folder by folder, so that no slow test comes at the end.

    Raises `UsageError` if such a test is in a file that would be shared between processes.
    """
    for item in items:
        file = item.path.relative_to(TESTS.parent).as_posix()
        if is_on_servers(item) and not uses_servers(file):
            raise pytest.UsageError(f"{item.nodeid} uses the servers, but {file} has no sign of it: {SIGN.pattern}")
    items.sort(key=find_position)


def is_on_servers(item: pytest.Item) -> bool:
    """Returns whether a test uses the servers of the session."""
    return "stack_directory" in getattr(item, "fixturenames", ()) and find_folder(item.path) in SERVERS


def find_folder(path: Path) -> str:
    """Returns the folder of a test below `tests`."""
    return path.relative_to(TESTS).parts[0]


def find_position(item: pytest.Item) -> int:
    """Returns the position of the folder of a test."""
    return SERVERS.index(find_folder(item.path)) if is_on_servers(item) else len(SERVERS)


@pytest.hookimpl(optionalhook=True)  # the damaged rules (tests/mutants) are tested without pytest-xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "FolderScheduling | None":
    """Shares the tests between processes by folder (`--dist loadscope`)."""
    return FolderScheduling(config, log) if config.getoption("dist") == "loadscope" else None


class FolderScheduling(LoadScopeScheduling):
    """Gives the tests of a folder that use the servers to one process, in their order, and each other test to any.

    Each process has servers of its own: no other folder empties what the tests of one folder have loaded. Groups of
    pytest-xdist 3.8 cannot be used, see `docs/decisions/test-order.md`.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return file.split("/")[1] if uses_servers(file) else nodeid


@cache
def uses_servers(file: str) -> bool:
    """Returns whether a file, relative to the root of the project, has tests that use the servers of the session.

    The process that shares the tests knows only their names, so this looks into the file.
    """
    path = TESTS.parent / file
    return find_folder(path) in SERVERS and bool(SIGN.search(path.read_text("utf-8")))


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
    """Ports that are free now, all different.

    They are below those that a system gives to outgoing connections, one of which could take a port before its server
    starts.
    """
    candidates = random.sample(range(18_000, 32_000), 1_000)
    return list(islice(filter(is_free, candidates), count))


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
    """A directory that the user of the servers can enter even if the tests run as root, unlike pytest's own."""
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


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost, signed by itself, with its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "certificate.pem"
    file.write_bytes(plain + signed.public_bytes(serialization.Encoding.PEM))
    return file
