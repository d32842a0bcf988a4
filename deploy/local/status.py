"""Status and logs of the two servers, embedded or not: versions, addresses, health and sizes."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from deploy.local.servers import EmbeddedServer
from deploy.local.stack import find_external_addresses, is_external, list_embedded_servers, read_state, tail
from deploy.probing import ServerInfo, probe_elasticsearch, probe_kafka
from deploy.settings import Settings
from schemas.errors import Permanent

FOLLOW_SECONDS = 0.2
"""Seconds between two looks at a log that is followed."""

State = Literal["running", "stopped", "not answering"]


@dataclass(frozen=True)
class ServerStatus:
    """The status of one server. Sizes are in bytes. They are None for a server that is not embedded."""

    server: str
    state: State
    embedded: bool
    address: str
    version: str | None
    health: str | None
    pid: int | None
    memory: int | None
    data: int | None
    log: str | None


def find_status(settings: Settings) -> list[ServerStatus]:
    """Returns the status of Kafka and of Elasticsearch, embedded or not. Probes each once."""
    return [
        _find_external_status(server, settings)
        if is_external(server, settings)
        else _find_embedded_status(server, settings)
        for server in list_embedded_servers(settings)
    ]


def _probe(server: EmbeddedServer, settings: Settings) -> ServerInfo | None:
    info = probe_kafka(settings.kafka) if server.name == "kafka" else probe_elasticsearch(settings.elasticsearch)
    return info if isinstance(info, ServerInfo) else None


def _find_external_status(server: EmbeddedServer, settings: Settings) -> ServerStatus:
    info = _probe(server, settings)
    return ServerStatus(
        server=server.name,
        state="running" if info else "not answering",
        embedded=False,
        address=find_external_addresses(server, settings),
        version=info.version if info else None,
        health=info.health if info else None,
        pid=None,
        memory=None,
        data=None,
        log=None,
    )


def _find_embedded_status(server: EmbeddedServer, settings: Settings) -> ServerStatus:
    identity = read_state(settings.embedded).get(server.name)
    is_running = identity is not None and identity.find() is not None
    info = _probe(server, settings) if is_running else None
    return ServerStatus(
        server=server.name,
        state="running" if info else "not answering" if is_running else "stopped",
        embedded=True,
        address=settings.embedded.find_address(server.name) or server.address,
        version=server.version,
        health=info.health if info else None,
        pid=identity.pid if identity and is_running else None,
        memory=identity.measure_memory() if identity and is_running else None,
        data=_measure(server.data),
        log=str(server.log),
    )


def _measure(directory: Path) -> int:
    """Returns the bytes that the files below `directory` occupy. Ignores files that are removed meanwhile or hidden."""
    total = 0
    for path in directory.rglob("*"):
        try:
            # Count blocks, not lengths: Kafka reserves index files of 10 MB that are empty.
            total += path.stat().st_blocks * 512
        except OSError:
            continue
    return total


def read_logs(settings: Settings, service: str, *, lines: int = 50, follow: bool = False) -> Iterator[str]:
    """Yields the last `lines` lines of a server's log. With `follow`, yields each new line, without end.

    Raises `Permanent` for an unknown service, or one that has never run.
    """
    server = next((server for server in list_embedded_servers(settings) if server.name == service), None)
    if server is None:
        raise Permanent(f"{service!r} is not an embedded server: choose kafka or elasticsearch.")
    path = server.log if server.log.exists() else server.output
    if not path.exists():
        raise Permanent(f"{server.title} has no log yet in {path.parent}: start it with `newsclaims up`.")
    yield from tail(path, lines)
    if follow:
        yield from _follow(path)


def _follow(path: Path) -> Iterator[str]:
    position = path.stat().st_size
    rest = b""
    while True:
        if path.stat().st_size < position:  # The log was rotated: read the new file from its start.
            position = 0
        with path.open("rb") as file:
            file.seek(position)
            fresh = file.read()
            position += len(fresh)
        *complete, rest = (rest + fresh).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in complete)
        if not fresh:
            time.sleep(FOLLOW_SECONDS)
