"""One Kafka and one Elasticsearch with TLS, logins and permissions, for all processes of a test run."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from deploy.local import stack as embedded
from deploy.local.security import ServerSecurity
from deploy.settings import Settings
from tests.conftest import embedded_environ
from tests.security.certificates import find_certificates, make_certificates
from tests.security.servers import ADMIN, CANARY, SecureServers


@pytest.fixture(scope="session")
def secure_servers() -> Iterator[SecureServers]:
    """The servers, prepared by `init`. The first process of a test run starts them, the last one stops them."""
    directory = (
        Path(tempfile.gettempdir()) / f"newsclaims-secure-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    )
    with count_users(directory) as users:
        servers = start(directory) if users == 1 else connect(directory)
    yield servers
    with count_users(directory, leaves=True) as users:
        if users == 0:
            embedded.down(Settings.load(read_ports(directory)))
            shutil.rmtree(directory)


@contextmanager
def count_users(directory: Path, leaves: bool = False) -> Iterator[int]:
    """Yields the number of processes that use the servers, with or without this one. Other processes wait meanwhile."""
    with open(f"{directory}.lock", "a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        users = int(file.read() or 0) + (-1 if leaves else 1)
        yield users
        file.truncate(0)
        file.write(str(users))
    if leaves and users == 0:
        os.unlink(f"{directory}.lock")


def start(directory: Path) -> SecureServers:
    """Starts the servers."""
    directory.mkdir(mode=0o755)
    ports = embedded_environ(directory / "data")
    (directory / "ports.json").write_bytes(msgspec.json.encode(ports))
    certificates = make_certificates(directory)
    security = ServerSecurity(
        ca_file=certificates.ca, certificate_file=certificates.server, key_file=certificates.server_key,
        user=ADMIN, password=CANARY,
    )  # fmt: skip
    embedded.up(Settings.load(ports), security=security)
    servers = connect(directory)
    servers.run("init").check()
    return servers


def connect(directory: Path) -> SecureServers:
    """Returns the servers that run."""
    running = Settings.load(read_ports(directory))
    return SecureServers(
        find_certificates(directory), running.kafka.bootstrap_servers[0], running.elasticsearch.urls[0], directory
    )


def read_ports(directory: Path) -> dict[str, str]:
    """Returns the environment of the embedded stack."""
    return msgspec.json.decode((directory / "ports.json").read_bytes(), type=dict[str, str])
